"""The dialogs' forms, with Cinder's limits."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.forms import WritingForm
from volumes import properties
from volumes.names import MAX_LENGTH

if TYPE_CHECKING:
    from collections.abc import Iterable

# Cinder's largest integer, in GiB (cinder/db/constants.py)
MAX_SIZE = 2**31 - 1
BEYOND_THE_BASIC_PLANE = 0xFFFF
SOURCES = {"snapshot": _("Disk snapshot"), "backup": _("Backup")}


class NameField(forms.CharField):
    """A name; it may be empty."""

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, required=False, max_length=MAX_LENGTH)


class DescriptionField(forms.CharField):
    """A description, written over several lines if need be; Cinder takes only one.

    Those of snapshots and backups hold no signs beyond U+FFFF, as most emoji are, and no invisible ones
    (cinder/api/validation/parameter_types.py, description). Those of disks hold any: they are `free`.
    """

    def __init__(self, *, free: bool = False) -> None:
        self.free = free
        super().__init__(
            label=_("Description"), required=False, max_length=MAX_LENGTH, widget=forms.Textarea(attrs={"rows": 2})
        )

    def to_python(self, value: object) -> str:
        """Return it as one line."""
        return " ".join(str(super().to_python(value) or "").splitlines())

    def validate(self, value: str) -> None:
        """Refuse what Cinder would refuse, naming the first sign of it."""
        super().validate(value)
        bad = "" if self.free else next((sign for sign in value if not _can_be_described(sign)), "")
        if bad:
            told = _("A description can't hold the sign “%(sign)s” (U+%(code)s).")
            raise forms.ValidationError(told, params={"sign": bad, "code": f"{ord(bad):04X}"})


def _can_be_described(sign: str) -> bool:
    category = unicodedata.category(sign)
    return ord(sign) < BEYOND_THE_BASIC_PLANE and category[0] != "C" and (category[0] != "Z" or category == "Zs")


class PropertiesField(forms.CharField):
    """Properties, one ``key=value`` a line; its value is a dict."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Properties"),
            required=False,
            help_text=_("One key=value a line."),
            widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "class": "code"}),
        )

    def clean(self, value: Any) -> dict[str, str]:
        """Return what the lines tell."""
        return properties.parse(super().clean(value))


class ChoiceOfCloud(forms.CharField):
    """One of what the cloud offers: it knows what is right, and an empty one leaves the choice to it."""

    widget = forms.Select

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, required=False, max_length=MAX_LENGTH)


class CreateSnapshotForm(WritingForm):
    """Name, description and properties of a new snapshot; all may be empty."""

    name = NameField(_("Snapshot name"))
    description = DescriptionField()
    properties = PropertiesField()

    def typed(self) -> dict[str, Any]:
        """Return what was typed so far, right or wrong."""
        return {**typed(self, "name", "description"), "properties": properties.typed_so_far(text(self, "properties"))}


class EditSnapshotForm(CreateSnapshotForm):
    """The same of a snapshot that exists. `seen` is what it was like when the dialog opened, as JSON."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def typed(self) -> dict[str, Any]:
        """Return what was typed so far; no properties where those that are there can't be edited."""
        found = super().typed()
        before = self.seen_before().get("properties", {})
        return found if properties.can_be_written(before) else {**found, "properties": None}

    def seen_before(self) -> dict[str, Any]:
        """Return what the snapshot was like when the dialog opened, as far as the form tells."""
        try:
            found = json.loads(self["seen"].value() or "{}")
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            return {}
        pairs = found.get("properties")
        return {**found, "properties": {str(key): str(pairs[key]) for key in pairs} if isinstance(pairs, dict) else {}}

    def see(self, there: dict[str, Any]) -> None:
        """Let the form that is shown again know what is there now: saved again, it replaces that."""
        self.replace_sent(seen=json.dumps(there))


class RollBackForm(WritingForm):
    """The confirmation of a roll-back."""

    def typed(self) -> dict[str, Any]:
        """Return nothing: there is nothing to type."""
        return {}


class CreateBackupForm(WritingForm):
    """Name and description of a new backup, and whether it holds only what changed since the last one."""

    name = NameField(_("Backup name"))
    description = DescriptionField()
    incremental = forms.BooleanField(label=_("Incremental"), required=False)

    def typed(self) -> dict[str, Any]:
        """Return what was typed so far, right or wrong."""
        return {**typed(self, "name", "description"), "incremental": bool(self["incremental"].value())}


class CreateDiskForm(WritingForm):
    """A new disk with the bytes of a snapshot or a backup. `smallest` is that one's size in GiB."""

    name = NameField(_("Disk name"))
    description = DescriptionField(free=True)
    source = forms.ChoiceField(label=_("Source"), choices=list(SOURCES.items()))
    disk_type = ChoiceOfCloud(_("Disk type"))
    zone = ChoiceOfCloud(_("Availability zone"))
    size = forms.IntegerField(label=_("Size (GB)"), min_value=1, max_value=MAX_SIZE)
    smallest = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def offer_source(self, kind: str) -> None:
        """Offer only the source that the dialog was opened from."""
        self.fields["source"] = forms.ChoiceField(label=_("Source"), choices=[(kind, SOURCES[kind])])

    def offer(self, own_type: str, types: Iterable[str], own_zone: str, zones: Iterable[str]) -> None:
        """Offer what the cloud has; the source's own type and zone come first, and mean to leave it to the cloud."""
        offer(self["disk_type"], own_type, types)
        offer(self["zone"], own_zone, zones)

    def clean(self) -> dict[str, Any]:
        """Refuse a size below that of the source: Cinder does (cinder/volume/flows/api/create_volume.py)."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        smallest = cleaned.get("smallest") or 1
        if (cleaned.get("size") or smallest) < smallest:
            told = _("It must be at least %(smallest)s GB, the size of what it is made from.")
            self.add_error("size", forms.ValidationError(told, params={"smallest": smallest}))
        return cleaned

    def typed(self) -> dict[str, Any]:
        """Return what was typed so far, right or wrong."""
        kept = typed(self, "name", "description", "zone", "size")
        return {**kept, "type_name": text(self, "disk_type")}


def offer(field: forms.BoundField, own: str, names: Iterable[str]) -> None:
    """Offer `own`, which the new disk has anyway, and these `names`; what was chosen before stays so."""
    others = {str(field.value() or ""), *names} - {own, ""}
    choice = forms.Select(choices=[("", own or "—"), *((name, name) for name in sorted(others))])
    choice.attrs = field.field.widget.attrs
    field.field.widget = choice


def text(form: forms.Form, name: str) -> str:
    """Return a field as it was typed, without the spaces around it."""
    value = form[name].value()
    return "" if value is None else str(value).strip()


def typed(form: forms.Form, *names: str) -> dict[str, str]:
    """Return fields as they were typed, each as the one line that Cinder takes."""
    return {name: " ".join(text(form, name).splitlines()) for name in names}
