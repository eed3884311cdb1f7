"""Every dialog that changes something in the cloud: the values typed into it, and its request to Cinder."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.support.actions import BACKUP, DISK, SNAPSHOT, url_of
from tests.support.canned import HTMX
from tests.support.cloud_rows import an_id, volume
from tests.support.pages import HERE, sent_by
from tests.support.views import stock_one_of_each
from tests.support.wrong_answers import watch_elsewhere
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

if TYPE_CHECKING:
    from django.test import Client

    from tests.support.fake_cloud import FakeCloud

ANOTHER = an_id(2)


@dataclass(frozen=True)
class Write:
    """A dialog's address, the request by which it changes something, and the values typed before it is sent."""

    url: str
    asks: str
    typed: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.path} {self.asks.rsplit('/', 1)[1]}"

    @property
    def path(self) -> str:
        return self.url.removeprefix(f"{HERE}/")

    def form(self, client: Client) -> dict[str, Any]:
        """The fields that the opened dialog sends after typing."""
        return sent_by(client.get(self.url, headers=HTMX), **self.typed)

    def goes_wrong(self, cloud: FakeCloud, **http: Any) -> None:
        """Let Cinder give this answer to the dialog's request."""
        method, path = self.asks.split(" ")
        cloud.http.register_uri(method, cloud.at(path), **http)
        watch_elsewhere(cloud)


NAMED = {"name": "a <new> name"}
SIZED = {**NAMED, "size": "12"}
PROPERTIES = {"properties": "a=1\nb=<2>"}
DISK_ACTION = f"POST /volumes/{DISK}/action"
# Those that come back with the typed values
FORMS = [
    Write(url_of(CreateDisk), "POST /volumes", {**SIZED, "disk_type": "ceph-hdd", "description": "why"}),
    Write(url_of(Clone), "POST /volumes", SIZED),
    Write(url_of(CreateDiskFromSnapshot), "POST /volumes", SIZED),
    Write(url_of(Restore), "POST /volumes", SIZED),
    Write(url_of(Resize), DISK_ACTION, {"size": "12"}),
    Write(url_of(ChangeType), DISK_ACTION, {"disk_type": "ceph-hdd", "migrate": "on"}),
    Write(url_of(Rename), f"PUT /volumes/{DISK}", {**NAMED, "description": "why"}),
    Write(url_of(EditProperties), f"PUT /volumes/{DISK}/metadata", PROPERTIES),
    Write(url_of(CreateSnapshot), "POST /snapshots", {**NAMED, **PROPERTIES}),
    Write(url_of(Edit), f"PUT /snapshots/{SNAPSHOT}", {**NAMED, "description": "why"}),
    Write(url_of(Edit), f"PUT /snapshots/{SNAPSHOT}/metadata", PROPERTIES),
    Write(url_of(RollBack), DISK_ACTION),
    Write(url_of(CreateBackup), "POST /backups", {**NAMED, "incremental": "on"}),
    Write(url_of(CreateBackupOfSnapshot), "POST /backups", NAMED),
]
# Those that show the outcome of each resource in its row
MANY = [
    Write(f"{HERE}/disks/delete/run/", f"DELETE /volumes/{ANOTHER}", {"ids": [ANOTHER]}),
    Write(f"{HERE}/snapshots/delete/run/", f"DELETE /snapshots/{SNAPSHOT}", {"ids": [SNAPSHOT]}),
    Write(f"{HERE}/backups/delete/run/", f"DELETE /backups/{BACKUP}", {"ids": [BACKUP]}),
    Write(f"{HERE}/disks/create-snapshots/run/", "POST /snapshots", {**NAMED, "key": "k", "ids": [ANOTHER]}),
]
# Acts at once as a menu entry, without a form that could come back
BOOTABLE = Write(url_of(SetBootable), DISK_ACTION, {"bootable": "true"})


def stock_for_writes(cloud: FakeCloud) -> None:
    """Add the resources of these dialogs to the cloud: the disk `ANOTHER` has no snapshots, so it can be deleted."""
    stock_one_of_each(cloud)
    cloud.volumes.append(volume(2))


def written(cloud: FakeCloud) -> list[str]:
    """The changes that Cinder was asked for."""
    return [one for one in cloud.asked() if not one.startswith(("GET", "HEAD"))]
