"""The form fields of a snapshot."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from dashboard.web.forms import WritingForm
from volumes import properties
from volumes.forms import DescriptionField, NameField, PropertiesField, text, typed


class SnapshotForm(WritingForm):
    """Name, description and properties of a snapshot, all optional."""

    name = NameField(_("Snapshot name"))
    description = DescriptionField()
    properties = PropertiesField()

    def typed(self) -> dict[str, Any]:
        """Return the values typed so far, valid or not."""
        return {**typed(self, "name", "description"), "properties": properties.typed_so_far(text(self, "properties"))}
