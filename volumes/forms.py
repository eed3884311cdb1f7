"""The dialogs' forms, with Cinder's limits."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.forms import WritingForm
from volumes.names import MAX_LENGTH


class CreateSnapshotForm(WritingForm):
    """Name and description of a new snapshot; both may be empty."""

    name = forms.CharField(label=_("Snapshot name"), required=False, max_length=MAX_LENGTH)
    description = forms.CharField(
        label=_("Description"), required=False, max_length=MAX_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )
