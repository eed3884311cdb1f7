"""The action "Create backup" of a disk, which may be attached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from volumes.backups.create import CreateBackupAction

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.values import Disk, Snapshot


class CreateBackup(CreateBackupAction):
    """Create a backup of a disk."""

    name = "back-up-disk"
    path = "create-backup/"

    @classmethod
    def address_of(cls, disk: Disk) -> dict[str, str]:
        """Return the URL parameter with the disk's id."""
        return {"disk_id": disk.id}

    @classmethod
    def refusal_for(cls, _cloud: Cloud, disk: Disk) -> _StrPromise | None:
        """Return why a backup can't be created now, or None."""
        return disk.refusal_to_back_up

    def refusal_of_service(self, disk: Disk, _snapshot: Snapshot | None, *, service: bool | None) -> object:  # noqa: ARG002  # without a service the backup fails without any harm
        """Return why a backup can't be created now, or None; a disk without a status could not be read."""
        return disk.refusal_to_back_up if disk.status_code else None
