"""The action "Rename disk", which also changes the description."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.cloud.visible import isolated, shown_name
from volumes import commands
from volumes.cinder import disks
from volumes.disks.actions.base import DiskAction
from volumes.forms import DescriptionField, EditingForm, NameField, typed
from volumes.outcome_check import saved

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.values import Disk


class RenameForm(EditingForm):
    """Name and description of a disk."""

    name = NameField(gettext_lazy("Disk name"))
    description = DescriptionField(free=True)

    def typed(self) -> dict[str, Any]:
        """Return the values typed so far, valid or not."""
        return typed(self, "name", "description")


class Rename(DiskAction):
    """Change a disk's name and description, unless someone else has changed them in the meantime."""

    name = "rename-disk"
    path = "rename/"
    label = gettext_lazy("Rename disk")
    icon = "pencil"
    audit_name = "disk.edit"
    form_class = RenameForm
    template_name = "disks/actions/rename.html"
    form: RenameForm

    @classmethod
    def refusal_for(cls, _cloud: Cloud, disk: Disk) -> _StrPromise | None:
        """Return why it can't be renamed now, or None."""
        return disk.refusal_to_edit

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Read the disk, and propose its present name and description."""
        disk = self.needed(self.find_disk)()
        if disk:
            current = _names(disk)
            self.form.propose(**current, seen=json.dumps(current))
        refusal = self.refusal_of(disk)
        return super().get_context_data(disk=disk or self.unknown_disk, refusal=refusal, **kwargs)

    def act(self) -> str:
        """Save the name and description if they differ."""
        current = _names(self.find_disk())
        wanted = self._wanted()
        self.form.refuse_if_changed(current, wanted)
        if wanted != current:
            disks.rename(self.cloud, self.disk_id, wanted["name"], wanted["description"])
        return _("Disk “%(name)s” is saved.") % {"name": isolated(shown_name(wanted["name"], self.disk_id))}

    def find_outcome(self) -> str:
        """Return a sentence that says whether the change was saved."""
        return saved(_names(self.find_disk()), self._wanted())

    def get_command(self) -> str:
        """Return the command for the values typed so far."""
        return commands.rename_disk(self.disk_id, **self.form.typed())

    def _wanted(self) -> dict[str, str]:
        return {name: self.form.cleaned_data[name] for name in ("name", "description")}


def _names(disk: Disk) -> dict[str, str]:
    return {"name": disk.name, "description": disk.description}
