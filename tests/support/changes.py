"""Every dialog that changes something in the cloud, as the audit log knows it."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.support.cloud_rows import an_id
from tests.support.pages import HERE

DISK, SNAPSHOT, BACKUP = an_id(1), an_id(1001), an_id(2001)
ONE_DISK, ONE_SNAPSHOT = f"{HERE}/disks/{DISK}/", f"{HERE}/snapshots/{SNAPSHOT}/"
# What a log must not tell: it is typed into every form that has such a field
SECRET = {"description": "our-private-words", "properties": "key=our-private-value\nname=our-private-name"}


@dataclass(frozen=True)
class Change:
    """A dialog's address, the action it is, what is typed, and what is told of it beside who, where and when."""

    url: str
    action: str
    typed: dict[str, str] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.action} by {self.url.rsplit('/', 2)[1]} {'-'.join(self.typed)}"


CHANGES = [
    Change(
        f"{ONE_DISK}create-snapshot/",
        "snapshot.create",
        {"name": "before", **SECRET},
        {"disk_id": DISK, "name": "before"},
    ),
    Change(f"{ONE_SNAPSHOT}edit/", "snapshot.edit", {"name": "after"}, {"id": SNAPSHOT, "name": "after"}),
    Change(f"{ONE_SNAPSHOT}edit/", "snapshot.set-properties", {"properties": SECRET["properties"]}, {"id": SNAPSHOT}),
    Change(f"{ONE_DISK}snapshots/{SNAPSHOT}/roll-back/", "disk.roll-back", {}, {"id": DISK, "snapshot_id": SNAPSHOT}),
    Change(f"{HERE}/disks/create/", "disk.create", {"name": "new", "size": "3", **SECRET}, {"name": "new", "size": 3}),
    Change(f"{ONE_DISK}clone/", "disk.create", {"name": "twin"}, {"name": "twin", "size": 10, "source_disk_id": DISK}),
    Change(
        f"{ONE_SNAPSHOT}create-disk/",
        "disk.create",
        {"name": "copy", **SECRET},
        {"name": "copy", "size": 10, "snapshot_id": SNAPSHOT},
    ),
    Change(
        f"{HERE}/backups/{BACKUP}/create-disk/",
        "disk.create",
        {"name": "back", **SECRET},
        {"name": "back", "size": 10, "backup_id": BACKUP},
    ),
    Change(
        f"{ONE_DISK}rename/",
        "disk.edit",
        {"name": "after", "description": "our-private-words"},
        {"id": DISK, "name": "after"},
    ),
    Change(f"{ONE_DISK}resize/", "disk.resize", {"size": "20"}, {"id": DISK, "size": 20}),
    Change(
        f"{ONE_DISK}change-type/", "disk.change-type", {"disk_type": "ceph-hdd"}, {"id": DISK, "disk_type": "ceph-hdd"}
    ),
    Change(f"{ONE_DISK}bootable/", "disk.set-bootable", {"bootable": "true"}, {"id": DISK, "bootable": True}),
    Change(f"{ONE_DISK}bootable/", "disk.set-bootable", {"bootable": "false"}, {"id": DISK, "bootable": False}),
    Change(f"{ONE_DISK}properties/", "disk.set-properties", {"properties": SECRET["properties"]}, {"id": DISK}),
    Change(
        f"{ONE_DISK}create-backup/",
        "backup.create",
        {"name": "kept", "description": "our-private-words"},
        {"disk_id": DISK, "name": "kept"},
    ),
    Change(
        f"{ONE_DISK}snapshots/{SNAPSHOT}/create-backup/",
        "backup.create",
        {"name": "kept"},
        {"disk_id": DISK, "snapshot_id": SNAPSHOT, "name": "kept"},
    ),
]
EVERY_CHANGE = pytest.mark.parametrize("change", CHANGES, ids=str)
