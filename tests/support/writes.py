"""Every dialog that changes something in the cloud: what is typed into it, and what that asks of Cinder."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.support.canned import HTMX
from tests.support.cloud_rows import an_id, volume
from tests.support.pages import HERE, sent_by
from tests.support.views import BACKUP, DISK, SNAPSHOT, stock_one_of_each
from tests.support.wrong_answers import watch_elsewhere

if TYPE_CHECKING:
    from django.test import Client

    from tests.support.fake_cloud import FakeCloud

ANOTHER = an_id(2)


@dataclass(frozen=True)
class Write:
    """A dialog by its path, the request by which it changes something, and what is typed before it is sent."""

    path: str
    asks: str
    typed: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.path} {self.asks.rsplit('/', 1)[1]}"

    @property
    def url(self) -> str:
        return f"{HERE}/{self.path}"

    def form(self, client: Client) -> dict[str, Any]:
        """What the opened dialog sends, once typed into."""
        return sent_by(client.get(self.url, headers=HTMX), **self.typed)

    def goes_wrong(self, cloud: FakeCloud, **http: Any) -> None:
        """Let Cinder answer so to what the dialog asks of it."""
        method, path = self.asks.split(" ")
        cloud.http.register_uri(method, cloud.at(path), **http)
        watch_elsewhere(cloud)


NAMED = {"name": "a <new> name"}
# Those that come back with what was typed
FORMS = [
    Write("disks/create/", "POST /volumes", {**NAMED, "size": "12", "disk_type": "ceph-hdd", "description": "why"}),
    Write(f"disks/{DISK}/clone/", "POST /volumes", {**NAMED, "size": "12"}),
    Write(f"snapshots/{SNAPSHOT}/create-disk/", "POST /volumes", {**NAMED, "size": "12"}),
    Write(f"backups/{BACKUP}/create-disk/", "POST /volumes", {**NAMED, "size": "12"}),
    Write(f"disks/{DISK}/resize/", f"POST /volumes/{DISK}/action", {"size": "12"}),
    Write(f"disks/{DISK}/change-type/", f"POST /volumes/{DISK}/action", {"disk_type": "ceph-hdd", "migrate": "on"}),
    Write(f"disks/{DISK}/rename/", f"PUT /volumes/{DISK}", {**NAMED, "description": "why"}),
    Write(f"disks/{DISK}/properties/", f"PUT /volumes/{DISK}/metadata", {"properties": "a=1\nb=<2>"}),
    Write(f"disks/{DISK}/create-snapshot/", "POST /snapshots", {**NAMED, "properties": "a=1\nb=<2>"}),
    Write(f"snapshots/{SNAPSHOT}/edit/", f"PUT /snapshots/{SNAPSHOT}", {**NAMED, "description": "why"}),
    Write(f"snapshots/{SNAPSHOT}/edit/", f"PUT /snapshots/{SNAPSHOT}/metadata", {"properties": "a=1\nb=<2>"}),
    Write(f"disks/{DISK}/snapshots/{SNAPSHOT}/roll-back/", f"POST /volumes/{DISK}/action"),
    Write(f"disks/{DISK}/create-backup/", "POST /backups", {**NAMED, "incremental": "on"}),
    Write(f"disks/{DISK}/snapshots/{SNAPSHOT}/create-backup/", "POST /backups", NAMED),
]
# Those that tell each one's outcome in its row
MANY = [
    Write("disks/delete/run/", f"DELETE /volumes/{ANOTHER}", {"ids": [ANOTHER]}),
    Write("snapshots/delete/run/", f"DELETE /snapshots/{SNAPSHOT}", {"ids": [SNAPSHOT]}),
    Write("backups/delete/run/", f"DELETE /backups/{BACKUP}", {"ids": [BACKUP]}),
    Write("disks/create-snapshots/run/", "POST /snapshots", {**NAMED, "key": "k", "ids": [ANOTHER]}),
]
# Acts at once where it is a menu entry, without a form to come back to
BOOTABLE = Write(f"disks/{DISK}/bootable/", f"POST /volumes/{DISK}/action", {"bootable": "true"})


def stock_for_writes(cloud: FakeCloud) -> None:
    """Let the cloud have what these dialogs are about: the disk `ANOTHER` has no snapshots, so it can be deleted."""
    stock_one_of_each(cloud)
    cloud.volumes.append(volume(2))


def written(cloud: FakeCloud) -> list[str]:
    """What Cinder was asked to change."""
    return [one for one in cloud.asked() if not one.startswith(("GET", "HEAD"))]
