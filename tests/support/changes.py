"""Every dialog that changes something in the cloud, as the audit log records it."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.support.actions import BACKUP, DISK, SNAPSHOT, url_of
from tests.support.pages import HERE
from volumes.actions import Action
from volumes.backups.actions.restore import Restore
from volumes.disks.actions.change_type import ChangeType
from volumes.disks.actions.clone import Clone
from volumes.disks.actions.create import CreateDisk
from volumes.disks.actions.create_backup import CreateBackup
from volumes.disks.actions.create_snapshot import CreateSnapshot
from volumes.disks.actions.edit_properties import EditProperties
from volumes.disks.actions.rename import Rename
from volumes.disks.actions.resize import Resize
from volumes.disks.actions.set_bootable import SetBootable
from volumes.snapshots.actions.create_backup import CreateBackup as CreateBackupOfSnapshot
from volumes.snapshots.actions.create_disk import CreateDiskFromSnapshot
from volumes.snapshots.actions.edit import Edit
from volumes.snapshots.actions.roll_back import RollBack

ONE_DISK, ONE_SNAPSHOT = f"{HERE}/disks/{DISK}/", f"{HERE}/snapshots/{SNAPSHOT}/"
# Texts that must not appear in a log: they are typed into every form that has such a field
SECRET = {"description": "our-private-words", "properties": "key=our-private-value\nname=our-private-name"}


@dataclass(frozen=True)
class Change:
    """The values that are typed into an action's dialog, and what the log contains besides user, place and time.

    Its name in the log is the action's own, unless it is `named` otherwise.
    """

    dialog: type[Action]
    typed: dict[str, str] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)
    named: str = ""

    def __str__(self) -> str:
        return f"{self.action} by {self.url.rsplit('/', 2)[1]} {'-'.join(self.typed)}"

    @property
    def url(self) -> str:
        return url_of(self.dialog)

    @property
    def action(self) -> str:
        return self.named or self.dialog.audit_name


CHANGES = [
    Change(CreateSnapshot, {"name": "before", **SECRET}, {"disk_id": DISK, "name": "before"}),
    Change(Edit, {"name": "after"}, {"id": SNAPSHOT, "name": "after"}),
    Change(Edit, {"properties": SECRET["properties"]}, {"id": SNAPSHOT}, named="snapshot.set-properties"),
    Change(RollBack, {}, {"id": DISK, "snapshot_id": SNAPSHOT}),
    Change(CreateDisk, {"name": "new", "size": "3", **SECRET}, {"name": "new", "size": 3}),
    Change(Clone, {"name": "twin"}, {"name": "twin", "size": 10, "source_disk_id": DISK}),
    Change(CreateDiskFromSnapshot, {"name": "copy", **SECRET}, {"name": "copy", "size": 10, "snapshot_id": SNAPSHOT}),
    Change(Restore, {"name": "back", **SECRET}, {"name": "back", "size": 10, "backup_id": BACKUP}),
    Change(Rename, {"name": "after", "description": SECRET["description"]}, {"id": DISK, "name": "after"}),
    Change(Resize, {"size": "20"}, {"id": DISK, "size": 20}),
    Change(ChangeType, {"disk_type": "ceph-hdd"}, {"id": DISK, "disk_type": "ceph-hdd"}),
    Change(SetBootable, {"bootable": "true"}, {"id": DISK, "bootable": True}),
    Change(SetBootable, {"bootable": "false"}, {"id": DISK, "bootable": False}),
    Change(EditProperties, {"properties": SECRET["properties"]}, {"id": DISK}),
    Change(CreateBackup, {"name": "kept", "description": SECRET["description"]}, {"disk_id": DISK, "name": "kept"}),
    Change(CreateBackupOfSnapshot, {"name": "kept"}, {"disk_id": DISK, "snapshot_id": SNAPSHOT, "name": "kept"}),
]
EVERY_CHANGE = pytest.mark.parametrize("change", CHANGES, ids=str)
