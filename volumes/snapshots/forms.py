"""The form of a snapshot."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from dashboard.web.forms import WritingForm
from volumes import properties
from volumes.forms import DescriptionField, NameField, PropertiesField, text, typed


class SnapshotForm(WritingForm):
    """Name, description and properties of a snapshot; all may be empty."""

    name = NameField(_("Snapshot name"))
    description = DescriptionField()
    properties = PropertiesField()

    def typed(self) -> dict[str, Any]:
        """Return what was typed so far, right or wrong."""
        return {**typed(self, "name", "description"), "properties": properties.typed_so_far(text(self, "properties"))}
