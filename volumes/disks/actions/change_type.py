"""Change disk type."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.cloud.parallel import together
from dashboard.web.form_renderer import CHECKBOX_GROUP
from dashboard.web.forms import WritingForm
from volumes import commands, quota_lines
from volumes.cinder import choices, disks, quota
from volumes.disks.actions.base import DiskAction
from volumes.disks.forms import offer_types
from volumes.forms import text
from volumes.names import MAX_LENGTH
from volumes.outcome_check import disk_now
from volumes.quota_lines import Need

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.values import Disk


class ChangeTypeForm(WritingForm):
    """A new type for a disk, and whether its data may move to other storage for it."""

    disk_type = forms.CharField(label=gettext_lazy("Disk type"), max_length=MAX_LENGTH, widget=forms.Select)
    migrate = forms.BooleanField(
        label=gettext_lazy("Migrate if needed"),
        required=False,
        help_text=gettext_lazy("Allow moving the data to other storage if the new type requires it."),
        template_name=CHECKBOX_GROUP,
    )

    def typed(self) -> dict[str, Any]:
        """Return the values typed so far, valid or not."""
        return {"type_name": text(self, "disk_type"), "migrate": bool(self["migrate"].value())}


class ChangeType(DiskAction):
    """Change the type of a disk."""

    name = "change-disk-type"
    path = "change-type/"
    label = gettext_lazy("Change disk type")
    icon = "replace"
    audit_name = "disk.change-type"
    form_class = ChangeTypeForm
    template_name = "disks/actions/change_type.html"
    form: ChangeTypeForm

    @classmethod
    def refusal_for(cls, _cloud: Cloud, disk: Disk) -> _StrPromise | None:
        """Return why the type can't be changed now, or None."""
        return disk.refusal_to_change_type

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Read the disk and the other types that the cloud offers."""
        disk, types, quotas_by_type = together(
            self.needed(self.find_disk),
            self.optional(partial(choices.disk_types, self.cloud)),
            self.optional(partial(quota.of_types, self.cloud)),
        )
        others = [disk_type.name for disk_type in types or () if not disk or disk_type.name != disk.type_name]
        self.form.propose(disk_type=next(iter(others), ""))
        offer_types(self.form["disk_type"], others)
        refusal = disk.refusal_to_change_type if disk else None
        shown = disk or self.unknown_disk
        # The project's own quotas already contain the disk.
        needs = [Need(name, disks=1, gigabytes=shown.size) for name in others]
        lines = quota_lines.lines(None, quotas_by_type, needs)
        return super().get_context_data(disk=shown, lines=lines, refusal=refusal, **kwargs)

    def act(self) -> str:
        """Request the new type."""
        sent = self.form.cleaned_data
        disks.change_type(self.cloud, self.disk_id, sent["disk_type"], migrate=sent["migrate"])
        return _("The disk's type is being changed.")

    def find_outcome(self) -> str:
        """Return a sentence with the disk's present status, size and type."""
        return disk_now(self.cloud, self.disk_id)

    def get_command(self) -> str:
        """Return the command for the values chosen so far."""
        return commands.change_type(self.disk_id, **self.form.typed())
