"""What forms about disks have in common: sizes, and choices that the cloud offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.web.forms import WritingForm
from dashboard.web.templatetags.formats import gigabytes
from volumes.names import MAX_LENGTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from volumes.cinder.values import Record

# Cinder's largest integer, in GiB (cinder/db/constants.py)
MAX_SIZE = 2**31 - 1


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
    too_small = _("It must be at least %(smallest)s GB, the size of what it is made from.")
    size = SizeField(_("Size (GB)"))
    smallest = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse a size below that: Cinder does (cinder/volume/flows/api/create_volume.py; cinder/volume/api.py)."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        smallest = cleaned.get("smallest") or 1
        if (cleaned.get("size") or smallest) < smallest:
            self.add_error("size", forms.ValidationError(self.too_small, params={"smallest": smallest}))
        return cleaned


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
