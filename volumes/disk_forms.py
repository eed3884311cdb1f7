"""The forms of the disks' dialogs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.cloud.ids import CLOUD_ID
from dashboard.web.forms import WritingForm
from dashboard.web.templatetags.formats import gigabytes
from volumes import properties
from volumes.cinder import disks
from volumes.forms import DescriptionField, EditingForm, NameField, PropertiesField, text, typed
from volumes.names import MAX_LENGTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from volumes.cinder.values import Disk, Record

# Cinder's largest integer, in GiB (cinder/db/constants.py)
MAX_SIZE = 2**31 - 1
EMPTY, SNAPSHOT, DISK, BACKUP = "empty", "snapshot", "disk", "backup"
SOURCES = {
    EMPTY: _("Empty disk"),
    SNAPSHOT: _("Disk snapshot"),
    DISK: _("Disk"),
    BACKUP: _("Backup"),
}


class SizeField(forms.IntegerField):
    """A size in GiB."""

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, min_value=1, max_value=MAX_SIZE)


class ChoiceOfCloud(forms.CharField):
    """One of what the cloud offers: it knows what is right, and an empty one leaves the choice to it."""

    widget = forms.Select

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, required=False, max_length=MAX_LENGTH)


class SizedForm(WritingForm):
    """A form with a size that has a lower limit: `smallest`, in GiB, that of what the disk is made from."""

    quota_field = "size"
    size = SizeField(_("Size (GB)"))
    smallest = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse a size below that: Cinder does (cinder/volume/flows/api/create_volume.py; cinder/volume/api.py)."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        smallest = cleaned.get("smallest") or 1
        if (cleaned.get("size") or smallest) < smallest:
            self.add_error("size", forms.ValidationError(self.too_small, params={"smallest": smallest}))
        return cleaned

    too_small = _("It must be at least %(smallest)s GB, the size of what it is made from.")


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


class CloneDiskForm(SizedForm):
    """A new disk with the bytes of another one."""

    name = NameField(_("Disk name"))
    field_order = ("name", "size")

    def typed(self) -> dict[str, Any]:
        """Return what was typed so far, right or wrong."""
        return typed(self, "name", "size")


class ResizeDiskForm(SizedForm):
    """A bigger size for a disk: disks only grow."""

    size = SizeField(_("New size (GB)"))
    attached = forms.BooleanField(widget=forms.HiddenInput, required=False)
    too_small = _("It must be at least %(smallest)s GB: disks only grow.")

    def typed(self) -> dict[str, Any]:
        """Return what was typed so far, right or wrong."""
        return {**typed(self, "size"), "attached": text(self, "attached") == "True"}


class ChangeTypeForm(WritingForm):
    """Another type for a disk, and whether its bytes may move to other storage for that."""

    disk_type = forms.CharField(label=_("Disk type"), max_length=MAX_LENGTH, widget=forms.Select)
    migrate = forms.BooleanField(label=_("Migrate if needed"), required=False)

    def typed(self) -> dict[str, Any]:
        """Return what was typed so far, right or wrong."""
        return {"type_name": text(self, "disk_type"), "migrate": bool(self["migrate"].value())}


class RenameDiskForm(EditingForm):
    """Name and description of a disk."""

    name = NameField(_("Disk name"))
    description = DescriptionField(free=True)

    def typed(self) -> dict[str, Any]:
        """Return what was typed so far, right or wrong."""
        return typed(self, "name", "description")


class DiskPropertiesForm(EditingForm):
    """The properties of a disk."""

    properties = PropertiesField(disks.PROPERTY_KEY)

    def typed(self) -> dict[str, Any]:
        """Return what was typed so far, right or wrong."""
        return {"properties": properties.typed_so_far(text(self, "properties"))}


def offer(field: forms.BoundField, own: str, names: Iterable[str]) -> None:
    """Offer `own`, which the new disk has anyway, and these `names`; what was chosen before stays so."""
    others = {str(field.value() or ""), *names} - {own, ""}
    choice = forms.Select(choices=[("", own or _("The cloud's default")), *((name, name) for name in sorted(others))])
    _put(field, choice)


def offer_types(field: forms.BoundField, names: Sequence[str]) -> None:
    """Offer these types; what was chosen before stays so."""
    chosen = str(field.value() or "")
    choice = forms.Select(choices=[(name, name) for name in dict.fromkeys([*filter(None, [chosen]), *names])])
    _put(field, choice)


def offer_records(field: forms.BoundField, records: Sequence[Record]) -> None:
    """Offer these disks or snapshots by name and size; what was chosen before stays so, if only by its id."""
    named = {one.id: f"{one.title}, {gigabytes(one.size)}" for one in records}
    chosen = str(field.value() or "")
    if chosen and chosen not in named:
        named[chosen] = chosen
    choice = forms.Select(choices=[("", "—"), *named.items()])
    _put(field, choice)


def _put(field: forms.BoundField, choice: forms.Select) -> None:
    choice.attrs = {name: value for name, value in field.field.widget.attrs.items() if name != "maxlength"}
    field.field.widget = choice
