"""The dialogs' forms, with Cinder's limits."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.forms import WritingForm
from volumes.names import MAX_LENGTH


class DescriptionField(forms.CharField):
    """A description, written over several lines if need be; Cinder takes only one (its parameter_types.py)."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Description"), required=False, max_length=MAX_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
        )

    def to_python(self, value: object) -> str:
        """Return it as one line."""
        return " ".join(str(super().to_python(value) or "").splitlines())


class CreateSnapshotForm(WritingForm):
    """Name and description of a new snapshot; both may be empty."""

    name = forms.CharField(label=_("Snapshot name"), required=False, max_length=MAX_LENGTH)
    description = DescriptionField()
