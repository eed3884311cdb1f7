"""Form fields and helpers of the disk dialogs: sizes, and choices that the cloud offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.web.forms import WritingForm
from dashboard.web.templatetags.formats import gigabytes
from volumes.cinder.values import short_ids_of
from volumes.disk_types import type_words
from volumes.names import MAX_LENGTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from volumes.cinder.values import Record

# Cinder's largest integer, in GiB (cinder/db/constants.py)
MAX_SIZE = 2**31 - 1


class SizeField(forms.IntegerField):
    """A size in GiB."""

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, min_value=1, max_value=MAX_SIZE)


class ChoiceOfCloud(forms.CharField):
    """A choice of values that the cloud offers. The cloud validates it and replaces an empty one by its default."""

    widget = forms.Select

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, required=False, max_length=MAX_LENGTH)


class SizedForm(WritingForm):
    """A form with a disk size. `smallest` is its lower limit in GiB: the size of the disk's source."""

    quota_field = "size"
    too_small = _("It must be at least %(smallest)s GB, the size of its source.")
    size = SizeField(_("Size (GB)"))
    smallest = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        """Check the lower limit, as Cinder does (cinder/volume/flows/api/create_volume.py; cinder/volume/api.py)."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        smallest = cleaned.get("smallest") or 1
        if (cleaned.get("size") or smallest) < smallest:
            self.add_error("size", forms.ValidationError(self.too_small, params={"smallest": smallest}))
        return cleaned


def offer(field: forms.BoundField, own: str, names: Iterable[str]) -> None:
    """Offer names of types or zones in a select field, and keep the present choice.

    An empty value means `own`, the source's value.
    """
    others = {str(field.value() or ""), *names} - {own, ""}
    usual = ("", type_words(own) if own else _("The cloud's default"))
    _set_widget(field, forms.Select(choices=[usual, *((name, type_words(name)) for name in sorted(others))]))


def offer_types(field: forms.BoundField, names: Sequence[str]) -> None:
    """Offer `names` in a select field, and keep the present choice."""
    offered = dict.fromkeys([*filter(None, [str(field.value() or "")]), *names])
    _set_widget(field, forms.Select(choices=[(name, type_words(name)) for name in offered]))


def choice_words(record: Record, short_ids: Mapping[str, str]) -> str:
    """Return a record as an option: name and size, and the beginning of its id where others look like it."""
    short_id = short_ids.get(record.id, "")
    return f"{record.inline_title}, {gigabytes(record.size)}" + (f" ({short_id})" if short_id else "")


def offer_records(field: forms.BoundField, records: Sequence[Record]) -> None:
    """Offer disks or snapshots by name and size. A present choice that is missing among them is kept with its id."""
    short = short_ids_of(records)
    labels = {record.id: choice_words(record, short) for record in records}
    chosen = str(field.value() or "")
    if chosen and chosen not in labels:
        labels[chosen] = chosen
    widget = forms.Select(choices=[("", "—"), *labels.items()])
    _set_widget(field, widget)


def _set_widget(field: forms.BoundField, widget: forms.Select) -> None:
    widget.attrs = {name: value for name, value in field.field.widget.attrs.items() if name != "maxlength"}
    field.field.widget = widget
