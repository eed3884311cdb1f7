"""Creation of disks: empty, or from a snapshot, a disk or a backup."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dashboard.cloud.errors import TypeWithdrawn
from dashboard.cloud.ids import CLOUD_ID
from dashboard.cloud.optional import optional
from dashboard.cloud.parallel import together
from dashboard.web import events
from volumes import commands, outcome_check, quota_lines
from volumes.actions import Action
from volumes.cinder import backups, choices, disks, quota, snapshots
from volumes.cinder.disks import NewDisk
from volumes.cinder.listing import SEARCH_ROWS, Query
from volumes.cinder.values import DISK_ELSEWHERE, Backup, Disk, Snapshot
from volumes.disks.forms import MAX_SIZE, ChoiceOfCloud, SizedForm, offer, offer_records
from volumes.forms import DescriptionField, NameField, text, typed
from volumes.names import proposed_name
from volumes.quota_lines import Need

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from dashboard.cloud.errors import CloudError
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
    """A new disk: empty, or from the snapshot, disk or backup with the id `source_id`."""

    name = NameField(_("Disk name"))
    description = DescriptionField(free=True)
    source = forms.ChoiceField(label=_("Source"), choices=list(SOURCES.items()), initial=EMPTY)
    source_id = forms.CharField(label=_("Made from"), required=False, widget=forms.Select)
    disk_type = ChoiceOfCloud(_("Disk type"))
    zone = ChoiceOfCloud(_("Availability zone"))
    # Whether the source gives no type that can be used, so that one has to be chosen
    type_needed = forms.BooleanField(required=False, widget=forms.HiddenInput)
    field_order = ("name", "description", "source", "source_id", "size", "disk_type", "zone")

    source_is_fixed = False

    def fix_source(self, kind: str, source_id: str) -> None:
        """Set the source, so that submitted values can't change it."""
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
        """Offer types and zones. An empty value leaves the choice to the cloud, which uses the source's own."""
        offer(self["disk_type"], own_type, types)
        offer(self["zone"], own_zone, zones)

    def resemble(self, original: Disk | None, types: Sequence[str], zones: Sequence[str]) -> None:
        """Propose the type and zone of a backup's disk if they exist; the cloud itself would use its defaults."""
        if original and original.type_name in types:
            self.initial.setdefault("disk_type", original.type_name)
        if original and original.zone in zones:
            self.initial.setdefault("zone", original.zone)

    def ask_for_type(self, reason: object) -> None:
        """Require a type, and give the reason beside the field."""
        self.initial["type_needed"] = "1"
        self.fields["disk_type"].help_text = str(reason)

    def clean(self) -> dict[str, Any]:
        """Require a source unless the disk is to be empty, and a type if the source gives none."""
        cleaned = super().clean()
        if cleaned.get("type_needed") and not cleaned.get("disk_type"):
            self.add_error(
                "disk_type", forms.ValidationError(_("Choose a disk type: that of the source can't be used."))
            )
        if cleaned.get("source") not in (None, EMPTY) and not self.origin():
            self.add_error("source_id", forms.ValidationError(_("Choose the source of the disk.")))
        return cleaned

    def chosen(self, kind: str) -> str:
        """Return the id of the source if the source is of this kind and the id is valid, else an empty string."""
        source = self.initial.get("source") if self.source_is_fixed else text(self, "source")
        value = text(self, "source_id") if source == kind else ""
        return value if CLOUD_ID.fullmatch(value) else ""

    def origin(self) -> dict[str, str]:
        """Return the source as a keyword argument for NewDisk and for commands.create_disk; empty for an empty disk."""
        names = {"snapshot_id": SNAPSHOT, "source_disk_id": DISK, "backup_id": BACKUP}
        return {name: self.chosen(kind) for name, kind in names.items() if self.chosen(kind)}

    def typed(self) -> dict[str, Any]:
        """Return the values typed so far, valid or not."""
        values = typed(self, "name", "description", "zone", "size")
        return {**values, "type_name": text(self, "disk_type"), **self.origin()}


class NewDiskAction(Action):
    """Create a disk from a source that is chosen in the form or fixed by a subclass."""

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
        """Read the source, the choices that the cloud offers, and the quota."""
        read_source = self._find_source()
        source, offered, types, zones, project_quota, quotas_by_type = together(
            self.needed(read_source) if self.form.source_is_fixed else self.optional(read_source),
            self.optional(self._offered_sources),
            self.optional(partial(choices.disk_types, self.cloud)),
            self.optional(partial(choices.zones, self.cloud)),
            self.optional(partial(quota.of_project, self.cloud)),
            self.optional(partial(quota.of_types, self.cloud)),
        )
        if not self.form.source_is_fixed:
            if source is None and offered is not None:
                # The chosen source is of another kind or no longer exists.
                self.form["source_id"].initial = ""
            offer_records(self.form["source_id"], offered or ())
        names = [disk_type.name for disk_type in types or ()]
        original = self._disk_of(source)
        self._offer(source, original, names, zones or ())
        size = source.size if source else 1
        needs = [Need(name, disks=1, gigabytes=size) for name in names] or [Need(disks=1, gigabytes=size)]
        return super().get_context_data(
            source=source,
            lines=quota_lines.lines(project_quota, quotas_by_type, needs, together=False),
            refusal=self.refusal_for_source(source, original) if self.form.source_is_fixed else None,
            **kwargs,
        )

    def refusal_for_source(self, source: Any, original: Disk | None) -> object:
        """Return why a disk can't be created from the source now, or None; `original` is the disk of the source."""
        if isinstance(source, Snapshot) and original and original.is_missing:
            return DISK_ELSEWHERE
        return self.refusal_of(source)

    def get_title(self) -> str:
        """Return the same title for every source."""
        return gettext("Create disk")

    def act(self) -> str:
        """Request the new disk."""
        sent = self.form.cleaned_data
        new_disk = NewDisk(
            name=sent["name"],
            description=sent["description"],
            size=sent["size"],
            type_name=sent["disk_type"],
            zone=sent["zone"],
            **self.form.origin(),
        )
        return create(self.cloud, new_disk)

    def find_outcome(self) -> str:
        """Return a sentence about the newest disk with that name."""
        return newest_named(self.cloud, self.form.cleaned_data["name"])

    def explain(self, error: CloudError) -> CloudError:
        """Name the chosen type if the cloud says that it isn't available."""
        return error.naming(self.form.cleaned_data["disk_type"]) if isinstance(error, TypeWithdrawn) else error

    def get_command(self) -> str:
        """Return the command for the values typed so far."""
        return commands.create_disk(**self.form.typed())

    def get_success_url(self) -> str:
        """Return the URL of the list of disks, which shows the new one."""
        return self.reverse("disks")

    def _find_source(self) -> Callable[[], Record | None]:
        """Return a function that reads the source of the disk; it returns None for an empty disk."""
        doors: tuple[tuple[str, Callable[..., Record]], ...] = (
            (SNAPSHOT, snapshots.find),
            (DISK, disks.find),
            (BACKUP, backups.find),
        )
        chosen = ((find, self.form.chosen(kind)) for kind, find in doors)
        return next((partial(find, self.cloud, source_id) for find, source_id in chosen if source_id), lambda: None)

    def _offered_sources(self) -> list[Record] | None:
        """Read the newest 1,000 snapshots or disks to choose from; None if the form has no such choice."""
        kind = str(self.form["source"].value())
        if self.form.source_is_fixed or kind not in (SNAPSHOT, DISK):
            return None
        page: Any = (snapshots if kind == SNAPSHOT else disks).page(self.cloud, Query(per_page=SEARCH_ROWS))
        return [record for record in page.rows if not record.refusal_to_clone]

    def _offer(self, source: Record | None, original: Disk | None, types: Sequence[str], zones: Sequence[str]) -> None:
        """Offer types and zones in the form, and propose values that fit the source and its disk."""
        reason = _why_type_is_needed(source, original, types)
        if reason:
            self.form.ask_for_type(reason)
        if source and self.form.source_is_fixed:
            named = original if original and original.name else source
            self.form.initial.setdefault("name", proposed_name(named.plain_name, "", timezone.localdate()))
        if isinstance(source, Backup):
            self.form.resemble(original, types, zones)
            original = None
        own_type = "—" if reason else original.type_name if original else ""
        self.form.offer(own_type, types, original.zone if original else "", zones)
        if source:
            self.form.initial["smallest"] = source.size
            self.form.initial["size"] = max(source.size, _number(self.form.initial.get("size")))

    def _disk_of(self, source: Record | None) -> Disk | None:
        """Return the disk whose type and zone are the new disk's defaults, or None."""
        if source is None or isinstance(source, Disk):
            return source
        disk_id = source.disk_id if isinstance(source, Snapshot | Backup) else ""
        return optional(partial(disks.find_or_missing, self.cloud, disk_id), None)() if disk_id else None


def _why_type_is_needed(source: Record | None, original: Disk | None, types: Sequence[str]) -> object:
    """Return why the type of the source's disk can't be used, or None; without a list of types none can be chosen."""
    if not types:
        return None
    if isinstance(source, Backup) and original and original.is_missing:
        return gettext("The disk of this backup no longer exists, so its type is unknown.")
    if original and original.type_name and original.type_name not in types:
        return gettext("The type “%(name)s” of the source is not available to this project.") % {
            "name": original.type_name
        }
    return None


def create(cloud: Cloud, new_disk: NewDisk) -> str:
    """Request a new disk and return the message for the user.

    Raises:
        CloudError: the cloud refused or failed.
    """
    return gettext("Disk “%(name)s” is being created.") % {"name": disks.create(cloud, new_disk).inline_title}


def newest_named(cloud: Cloud, name: str) -> str:
    """Return a sentence about the project's newest disk with that name.

    Raises:
        CloudError: the cloud can't be asked.
    """
    return outcome_check.describe_newest(cloud, disks.VOLUMES, name)


def _number(value: object) -> int:
    digits = str(value or "")
    return int(digits) if digits.isdecimal() and len(digits) < len(str(MAX_SIZE)) else 0
