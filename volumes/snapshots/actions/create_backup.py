"""The action "Create backup" of a snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from volumes.backups.create import CreateBackupAction
from volumes.cinder import disks, snapshots
from volumes.cinder.values import DISK_ELSEWHERE
from volumes.snapshots.addresses import with_disk

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.values import Disk, Snapshot

NO_SERVICE = gettext_lazy("This cloud has no working backup service: its operator has to set one up.")


class CreateBackup(CreateBackupAction):
    """Create a backup of a snapshot."""

    name = "back-up-snapshot"
    path = "create-backup/"

    @classmethod
    def address_of(cls, snapshot: Snapshot) -> dict[str, str]:
        """Return the URL parameters with the ids of the snapshot and its disk."""
        return with_disk(snapshot)

    @classmethod
    def refusal_for(cls, _cloud: Cloud, snapshot: Snapshot) -> _StrPromise | None:
        """Return why a backup can't be created now, or None."""
        return snapshot.refusal_to_back_up

    @property
    def snapshot_id(self) -> str:
        """The snapshot's id, from the URL."""
        return str(self.kwargs["snapshot_id"])

    def find_disk(self) -> Disk:
        """Read the disk, which may belong to another project.

        Raises:
            CloudError: the cloud failed.
        """
        return disks.find_or_missing(self.cloud, self.disk_id)

    def find_snapshot(self) -> Snapshot | None:
        """Read the snapshot.

        Raises:
            NotFound: the project has no such snapshot.
            CloudError: the cloud failed.
        """
        return snapshots.find(self.cloud, self.snapshot_id)

    def refusal_of_service(self, disk: Disk, snapshot: Snapshot | None, *, service: bool | None) -> object:
        """Return why a backup can't be created now, or None.

        Without a backup service Cinder would accept the request and leave the snapshot in "backing-up" for good.
        """
        if disk.is_missing:
            return DISK_ELSEWHERE
        if snapshot is None:
            return disk.refusal_to_back_up if disk.status_code else None
        return NO_SERVICE if service is False else snapshot.refusal_to_back_up
