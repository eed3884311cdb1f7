"""New disks: empty, or with the bytes of a snapshot, a disk or a backup."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dashboard.cloud.ids import CLOUD_ID
from dashboard.cloud.parallel import together
from dashboard.web import events
from volumes import commands, outcome_check
from volumes.actions import Action
from volumes.cinder import backups, choices, disks, quota, snapshots
from volumes.cinder.disks import NewDisk
from volumes.cinder.listing import SEARCH_ROWS, Query
from volumes.cinder.values import Backup, Disk, Snapshot
from volumes.disks.forms import MAX_SIZE, ChoiceOfCloud, SizedForm, offer, offer_records
from volumes.forms import DescriptionField, NameField, text, typed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from dashboard.cloud.keystone import Cloud
    from dashboard.web.forms import WritingForm
    from volumes.cinder.values import Record

EMPTY, SNAPSHOT, DISK, BACKUP = "empty", "snapshot", "disk", "backup"
SOURCES = {
    EMPTY: _("Empty disk"),
    SNAPSHOT: _("Disk snapshot"),
    DISK: _("Disk"),
    BACKUP: _("Backup"),
}


class CreateDiskForm(SizedForm):
    """A new disk: empty, or with the bytes of a snapshot, a disk or a backup, which `source_id` names."""

    name = NameField(_("Disk name"))
    description = DescriptionField(free=True)
    source = forms.ChoiceField(label=_("Source"), choices=list(SOURCES.items()), initial=EMPTY)
    source_id = forms.CharField(label=_("Made from"), required=False, widget=forms.Select)
    disk_type = ChoiceOfCloud(_("Disk type"))
    zone = ChoiceOfCloud(_("Availability zone"))
    field_order = ("name", "description", "source", "source_id", "size", "disk_type", "zone")

    source_is_fixed = False

    def fix_source(self, kind: str, source_id: str) -> None:
        """Let it be made from this one, whatever is sent."""
        self.offer_sources(kind)
        self.source_is_fixed = True
        self.initial.update(source=kind, source_id=source_id)
        self.fields["source_id"].disabled = True
        self.fields["source_id"].widget = forms.HiddenInput()

    def offer_sources(self, *kinds: str) -> None:
        """Offer only these kinds of source."""
        choices = [(kind, SOURCES[kind]) for kind in kinds]
        self.fields["source"] = forms.ChoiceField(label=_("Source"), choices=choices, initial=kinds[0])

    def offer(self, own_type: str, types: Iterable[str], own_zone: str, zones: Iterable[str]) -> None:
        """Offer what the cloud has; the source's own type and zone come first, and mean to leave it to the cloud."""
        offer(self["disk_type"], own_type, types)
        offer(self["zone"], own_zone, zones)

    def resemble(self, own: Disk | None, types: Sequence[str], zones: Sequence[str]) -> None:
        """Choose the type and zone of a backup's disk, where the cloud has them: by itself it takes its defaults."""
        if own and own.type_name in types:
            self.initial.setdefault("disk_type", own.type_name)
        if own and own.zone in zones:
            self.initial.setdefault("zone", own.zone)

    def clean(self) -> dict[str, Any]:
        """Ask for what it is to be made from, unless it is to be empty."""
        cleaned = super().clean()
        if cleaned.get("source") not in (None, EMPTY) and not self.origin():
            self.add_error("source_id", forms.ValidationError(_("Choose what the disk is to be made from.")))
        return cleaned

    def chosen(self, kind: str) -> str:
        """Return the id of the source, where it is of this kind and is an id."""
        now = self.initial.get("source") if self.source_is_fixed else text(self, "source")
        value = text(self, "source_id") if now == kind else ""
        return value if CLOUD_ID.fullmatch(value) else ""

    def origin(self) -> dict[str, str]:
        """Return what it is made from, as the door to Cinder and the commands name it."""
        names = {"snapshot_id": SNAPSHOT, "source_disk_id": DISK, "backup_id": BACKUP}
        return {name: self.chosen(kind) for name, kind in names.items() if self.chosen(kind)}

    def typed(self) -> dict[str, Any]:
        """Return what was typed so far, right or wrong."""
        kept = typed(self, "name", "description", "zone", "size")
        return {**kept, "type_name": text(self, "disk_type"), **self.origin()}


class NewDiskAction(Action):
    """Make a disk of a source that the form names, or that a subclass fixes."""

    form_class = CreateDiskForm
    template_name = "disks/actions/create.html"
    audit_name = "disk.create"
    events: ClassVar[tuple[str, ...]] = (events.DISKS_CHANGED,)
    form: CreateDiskForm

    def get_form(self, form_class: type[WritingForm] | None = None) -> CreateDiskForm:  # noqa: ARG002  # Django's own
        """Return the form with the sources that this action offers."""
        form = CreateDiskForm(**self.get_form_kwargs())
        self.choose_sources(form)
        return form

    def choose_sources(self, form: CreateDiskForm) -> None:
        """Offer sources in the form, or fix one."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Read the source, what the cloud offers, and what the quota leaves."""
        read_source = self._find_source()
        source, offered, types, zones, left, of_types = together(
            self.needed(read_source) if self.form.source_is_fixed else self.optional(read_source),
            self.optional(self._offered_sources),
            self.optional(partial(choices.disk_types, self.cloud)),
            self.optional(partial(choices.zones, self.cloud)),
            self.optional(partial(quota.of, self.cloud)),
            self.optional(partial(quota.of_types, self.cloud)),
        )
        if not self.form.source_is_fixed:
            if source is None and offered is not None:
                # What was chosen is of another kind, or gone.
                self.form["source_id"].initial = ""
            offer_records(self.form["source_id"], offered or ())
        names = [disk_type.name for disk_type in types or ()]
        self._offer(source, names, zones or ())
        return super().get_context_data(
            source=source,
            quota=left,
            # Cinder answers with types too that the project can't use.
            of_types={name: of_types[name] for name in names if name in of_types} if of_types else {},
            refusal=self.refusal_for_source(source) if self.form.source_is_fixed else None,
            **kwargs,
        )

    def refusal_for_source(self, source: Any) -> object:
        """Return why no disk can be made from the source now."""
        return self.refusal_for(self.cloud, source) if source else None

    def get_title(self) -> str:
        """Return the same name for every source."""
        return gettext("Create disk")

    def act(self) -> str:
        """Ask for the disk."""
        sent = self.form.cleaned_data
        wanted = NewDisk(
            name=sent["name"],
            description=sent["description"],
            size=sent["size"],
            type_name=sent["disk_type"],
            zone=sent["zone"],
            **self.form.origin(),
        )
        return create(self.cloud, wanted)

    def find_outcome(self) -> str:
        """Say which is the newest disk of that name."""
        return newest_named(self.cloud, self.form.cleaned_data["name"])

    def get_command(self) -> str:
        """Return the command with what was typed so far."""
        return commands.create_disk(**self.form.typed())

    def get_success_url(self) -> str:
        """Return the list of disks, which has the new one."""
        return self.reverse("disks")

    def _find_source(self) -> Callable[[], Record | None]:
        """Return how to read what the disk is to be made from; that is None for an empty one."""
        doors: tuple[tuple[str, Callable[..., Record]], ...] = (
            (SNAPSHOT, snapshots.find),
            (DISK, disks.find),
            (BACKUP, backups.find),
        )
        chosen = ((find, self.form.chosen(kind)) for kind, find in doors)
        return next((partial(find, self.cloud, source_id) for find, source_id in chosen if source_id), lambda: None)

    def _offered_sources(self) -> list[Record] | None:
        """Read the newest 1,000 snapshots or disks to choose from; None where there is nothing to choose."""
        kind = str(self.form["source"].value())
        if self.form.source_is_fixed or kind not in (SNAPSHOT, DISK):
            return None
        page: Any = (snapshots if kind == SNAPSHOT else disks).page(self.cloud, Query(per_page=SEARCH_ROWS))
        return [record for record in page.rows if not record.refusal_to_clone]

    def _offer(self, source: Record | None, types: Sequence[str], zones: Sequence[str]) -> None:
        """Offer types and zones in the form, and propose what fits the source."""
        own = self._disk_of(source)
        if isinstance(source, Backup):
            self.form.resemble(own, types, zones)
            own = None
        self.form.offer(own.type_name if own else "", types, own.zone if own else "", zones)
        if source:
            self.form.initial["smallest"] = source.size
            self.form.initial["size"] = max(source.size, _number(self.form.initial.get("size")))

    def _disk_of(self, source: Record | None) -> Disk | None:
        """Return the disk whose type and zone the new one has, unless others are asked for."""
        if source is None or isinstance(source, Disk):
            return source
        disk_id = source.disk_id if isinstance(source, Snapshot | Backup) else ""
        return self.optional(partial(disks.find_or_unknown, self.cloud, disk_id))() if disk_id else None


def create(cloud: Cloud, wanted: NewDisk) -> str:
    """Ask for a new disk; return what the person is told.

    Raises:
        CloudError: the cloud refused or failed.
    """
    return gettext("Disk “%(name)s” is being created.") % {"name": disks.create(cloud, wanted).title}


def newest_named(cloud: Cloud, name: str) -> str:
    """Say which is the project's newest disk of that name.

    Raises:
        CloudError: the cloud can't be asked.
    """
    return outcome_check.describe_newest(cloud, disks.VOLUMES, name)


def _number(value: object) -> int:
    digits = str(value or "")
    return int(digits) if digits.isdecimal() and len(digits) < len(str(MAX_SIZE)) else 0
