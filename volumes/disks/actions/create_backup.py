"""Create backup of a disk, also of an attached one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from volumes.backups.create import CreateBackupAction

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.values import Disk, Snapshot


class CreateBackup(CreateBackupAction):
    """Make a backup of a disk."""

    name = "back-up-disk"
    path = "create-backup/"

    @classmethod
    def address_of(cls, disk: Disk) -> dict[str, str]:
        """Return the disk's id."""
        return {"disk_id": disk.id}

    @classmethod
    def refusal_for(cls, _cloud: Cloud, disk: Disk) -> _StrPromise | None:
        """Return why no backup can be made now."""
        return disk.refusal_to_back_up

    def refusal_of_service(self, disk: Disk, _snapshot: Snapshot | None, *, service: bool | None) -> object:  # noqa: ARG002  # without a service the backup fails, and harms nothing
        """Return why no backup can be made now; nothing is known of a disk without a status."""
        return disk.refusal_to_back_up if disk.status_code else None
