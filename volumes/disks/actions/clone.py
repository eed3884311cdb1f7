"""The action "Clone disk": a new disk with the data of another one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy

from dashboard.cloud.parallel import together
from volumes import commands, quota_lines
from volumes.cinder import quota
from volumes.cinder.disks import NewDisk
from volumes.disks.actions.base import DiskAction
from volumes.disks.forms import SizedForm
from volumes.disks.new import create, newest_named
from volumes.forms import NameField, typed
from volumes.names import MAX_LENGTH
from volumes.quota_lines import Need

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.values import Disk

SUFFIX = "_clone"


class CloneForm(SizedForm):
    """Name and size of the new disk."""

    name = NameField(gettext_lazy("Disk name"))
    field_order = ("name", "size")

    def typed(self) -> dict[str, Any]:
        """Return the values typed so far, valid or not."""
        return typed(self, "name", "size")


class Clone(DiskAction):
    """Create a disk with the data of another one."""

    name = "clone-disk"
    path = "clone/"
    label = gettext_lazy("Clone disk")
    icon = "copy"
    audit_name = "disk.create"
    form_class = CloneForm
    template_name = "disks/actions/clone.html"
    form: CloneForm

    @classmethod
    def refusal_for(cls, _cloud: Cloud, disk: Disk) -> _StrPromise | None:
        """Return why it can't be cloned now, or None."""
        return disk.refusal_to_clone

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Read the disk and the quota."""
        disk, project_quota, quotas_by_type = together(
            self.needed(self.find_disk),
            self.optional(partial(quota.of_project, self.cloud)),
            self.optional(partial(quota.of_types, self.cloud)),
        )
        shown = disk or self.unknown_disk
        need = Need(shown.type_name, disks=1, gigabytes=shown.size)
        if disk:
            name = disk.plain_name[: MAX_LENGTH - len(SUFFIX)] + SUFFIX
            self.form.propose(name=name, size=disk.size, smallest=disk.size)
        refusal = disk.refusal_to_clone if disk else None
        lines = quota_lines.lines(project_quota, quotas_by_type, [need])
        return super().get_context_data(disk=shown, lines=lines, refusal=refusal, **kwargs)

    def act(self) -> str:
        """Request the new disk."""
        sent = self.form.cleaned_data
        return create(self.cloud, NewDisk(name=sent["name"], size=sent["size"], source_disk_id=self.disk_id))

    def find_outcome(self) -> str:
        """Return a sentence about the newest disk with that name."""
        return newest_named(self.cloud, self.form.cleaned_data["name"])

    def get_command(self) -> str:
        """Return the command for the values typed so far."""
        left_to_cloud = {"description": "", "type_name": "", "zone": ""}
        return commands.create_disk(**self.form.typed(), **left_to_cloud, source_disk_id=self.disk_id)

    def get_success_url(self) -> str:
        """Return the URL of the list of disks, which shows the new one."""
        return self.reverse("disks")
