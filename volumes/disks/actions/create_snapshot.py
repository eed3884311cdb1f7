"""The action "Create snapshot" of a disk, which may be attached."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.cloud.parallel import together
from dashboard.web import events
from volumes import commands, outcome_check, quota_lines
from volumes.cinder import quota, snapshots
from volumes.disks.actions.base import DiskAction
from volumes.llnvme import is_ll_nvme
from volumes.names import proposed_name
from volumes.quota_lines import Need
from volumes.snapshots.forms import SnapshotForm

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.values import Disk


class CreateSnapshot(DiskAction):
    """Create a snapshot of a disk."""

    name = "create-snapshot"
    path = "create-snapshot/"
    label = gettext_lazy("Create snapshot")
    icon = "camera"
    audit_name = "snapshot.create"
    form_class = SnapshotForm
    template_name = "disks/actions/create_snapshot.html"
    events: ClassVar[tuple[str, ...]] = (events.SNAPSHOTS_CHANGED,)
    form: SnapshotForm

    @classmethod
    def refusal_for(cls, _cloud: Cloud, disk: Disk) -> _StrPromise | None:
        """Return why a snapshot can't be created now, or None."""
        return disk.refusal_to_snapshot

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Read the disk, the names of its snapshots, and the quota."""
        found_disk, taken_names, project_quota, quotas_by_type = together(
            self.needed(self.find_disk),
            self.optional(partial(snapshots.names_of, self.cloud, self.disk_id)),
            self.optional(partial(quota.of_project, self.cloud)),
            self.optional(partial(quota.of_types, self.cloud)),
        )
        disk = found_disk or self.unknown_disk
        need = Need(disk.type_name, snapshots=1, gigabytes=disk.size)
        self.form.propose(
            name=proposed_name(disk.plain_name, "snapshot", timezone.localdate(), taken_names or frozenset())
        )
        return super().get_context_data(
            disk=disk,
            lines=quota_lines.lines(project_quota, quotas_by_type, [need]),
            refusal=disk.refusal_to_snapshot if found_disk else None,
            is_ll_nvme=is_ll_nvme(disk.type_name),
            backups=settings.BACKUPS,
            **kwargs,
        )

    def act(self) -> str:
        """Request the snapshot."""
        sent = self.form.cleaned_data
        snapshot = snapshots.create(self.cloud, self.disk_id, sent["name"], sent["description"], sent["properties"])
        return _("Snapshot “%(name)s” is being created.") % {"name": snapshot.inline_title}

    def find_outcome(self) -> str:
        """Return a sentence about the disk's newest snapshot with that name."""
        name = self.form.cleaned_data["name"]
        return outcome_check.describe_newest(self.cloud, snapshots.SNAPSHOTS, name, volume_id=self.disk_id)

    def get_command(self) -> str:
        """Return the command for the values typed so far."""
        return commands.create_snapshot(self.disk_id, **self.form.typed())

    def get_success_url(self) -> str:
        """Return the URL of the disk's snapshot list, which shows the new one."""
        return self.reverse("disk-snapshots", disk_id=self.disk_id)
