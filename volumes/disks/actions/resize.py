"""The action "Resize disk"; disks can only grow."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.cloud.parallel import together
from volumes import commands, quota_lines
from volumes.cinder import disks, quota
from volumes.disks.actions.base import DiskAction
from volumes.disks.forms import SizedForm, SizeField
from volumes.forms import text, typed
from volumes.outcome_check import disk_now
from volumes.quota_lines import Need

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.values import Disk


class ResizeForm(SizedForm):
    """A new size for a disk."""

    size = SizeField(gettext_lazy("New size (GB)"))
    attached = forms.BooleanField(widget=forms.HiddenInput, required=False)
    too_small = gettext_lazy("It must be at least %(smallest)s GB: disks only grow.")

    def typed(self) -> dict[str, Any]:
        """Return the values typed so far, valid or not."""
        return {**typed(self, "size"), "attached": text(self, "attached") == "True"}


class Resize(DiskAction):
    """Increase the size of a disk, which may be attached if the cloud supports that."""

    name = "resize-disk"
    path = "resize/"
    label = gettext_lazy("Resize disk")
    icon = "expand"
    audit_name = "disk.resize"
    form_class = ResizeForm
    template_name = "disks/actions/resize.html"
    form: ResizeForm

    @classmethod
    def refusal_for(cls, cloud: Cloud, disk: Disk) -> _StrPromise | None:
        """Return why the disk can't grow now, or None. The cloud's version is read only for an attached disk."""
        return disk.refusal_to_resize(attached_possible=not disk.is_attached or disks.can_resize_attached(cloud))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Read the disk and the quota."""
        disk, project_quota, quotas_by_type = together(
            self.needed(self.find_disk),
            self.optional(partial(quota.of_project, self.cloud)),
            self.optional(partial(quota.of_types, self.cloud)),
        )
        shown = disk or self.unknown_disk
        lines = quota_lines.lines(project_quota, quotas_by_type, [Need(shown.type_name, gigabytes=1)])
        if disk:
            self.form.propose(size=disk.size + 1, smallest=disk.size + 1, attached=disk.is_attached)
        refusal = self.refusal_for(self.cloud, disk) if disk else None
        return super().get_context_data(disk=shown, lines=lines, refusal=refusal, **kwargs)

    def act(self) -> str:
        """Request the new size."""
        disks.resize(self.cloud, self.disk_id, self.form.cleaned_data["size"])
        return _("The disk is being resized.")

    def find_outcome(self) -> str:
        """Return a sentence with the disk's present status, size and type."""
        return disk_now(self.cloud, self.disk_id)

    def get_command(self) -> str:
        """Return the command for the size typed so far."""
        return commands.resize_disk(self.disk_id, **self.form.typed())
