"""The action "Edit properties" of a disk; a button on the disk's page opens it, not the menu."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.cloud.parallel import together
from volumes import commands, properties
from volumes.cinder import disks
from volumes.disks.actions.base import DiskAction
from volumes.forms import EditingForm, PropertiesField, text
from volumes.outcome_check import saved

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.values import Disk


class PropertiesForm(EditingForm):
    """The properties of a disk."""

    properties = PropertiesField(disks.PROPERTY_KEY)

    def typed(self) -> dict[str, Any]:
        """Return the values typed so far, valid or not."""
        return {"properties": properties.typed_so_far(text(self, "properties"))}


class EditProperties(DiskAction):
    """Replace a disk's properties, unless someone else has changed them in the meantime."""

    name = "edit-disk-properties"
    path = "properties/"
    label = gettext_lazy("Edit properties")
    icon = "pencil"
    audit_name = "disk.set-properties"
    form_class = PropertiesForm
    template_name = "disks/actions/edit_properties.html"
    form: PropertiesForm

    @classmethod
    def refusal_for(cls, _cloud: Cloud, disk: Disk) -> _StrPromise | None:
        """Return why the properties can't be changed now, or None."""
        return disk.refusal_to_change_properties

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Read the disk, and its properties without those that Cinder adds."""
        disk, current = together(self.needed(self.find_disk), self.needed(self._own_properties))
        if current is not None:
            self.form.propose(properties=properties.as_text(current), seen=json.dumps({"properties": current}))
        refusal = self.refusal_of(disk)
        if current is not None and not properties.can_be_written(current, disks.PROPERTY_KEY):
            refusal = properties.ONLY_BY_COMMAND
        return super().get_context_data(disk=disk or self.unknown_disk, refusal=refusal, **kwargs)

    def act(self) -> str:
        """Replace the properties if they differ."""
        current, wanted = self._own_properties(), self.form.cleaned_data["properties"]
        self.form.refuse_if_changed({"properties": current}, {"properties": wanted})
        if wanted != current:
            disks.replace_properties(self.cloud, self.disk_id, wanted)
        return _("The disk's properties are saved.")

    def find_outcome(self) -> str:
        """Return a sentence that says whether the properties were saved."""
        return saved(self._own_properties(), self.form.cleaned_data["properties"])

    def get_command(self) -> str:
        """Return the command for the values typed so far."""
        return commands.set_disk_properties(self.disk_id, **self.form.typed())

    def _own_properties(self) -> dict[str, str]:
        return disks.own_properties(self.cloud, self.disk_id)
