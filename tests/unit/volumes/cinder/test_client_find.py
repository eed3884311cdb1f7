"""One disk, snapshot or backup: of this project, and with an id."""

from dataclasses import replace
from typing import Any, NamedTuple

import pytest
from django.test import Client

from dashboard.cloud import errors
from dashboard.cloud.keystone import Cloud
from tests.support.cloud_rows import an_id, backup, snapshot, volume
from tests.support.fake_cloud import OTHER_PROJECT, PROJECT, FakeCloud
from tests.support.pages import HERE
from volumes.cinder import backups, disks, snapshots
from volumes.cinder.disks import NewDisk


class Kind(NamedTuple):
    """A resource: its path, the name of its object, a row, the field with its project, and the door's function."""

    path: str
    name: str
    row: dict[str, Any]
    owner_field: str
    find: Any

    def answer(self, cloud: FakeCloud, **changes: object) -> None:
        cloud.http.get(cloud.at(f"/{self.path}/{an_id(1)}"), json={self.name: {**self.row, **changes}})


KINDS = [
    Kind("volumes", "volume", volume(1), "os-vol-tenant-attr:tenant_id", disks.find),
    Kind("snapshots", "snapshot", snapshot(1), "os-extended-snapshot-attributes:project_id", snapshots.find),
    Kind("backups", "backup", backup(1), "os-backup-project-attr:project_id", backups.find),
]
EVERY_KIND = pytest.mark.parametrize("kind", KINDS, ids=[kind.path for kind in KINDS])


@EVERY_KIND
def test_it_finds_none_of_another_project(cloud: FakeCloud, here: Cloud, kind: Kind) -> None:
    """Cinder shows an administrator the resources of all projects below the URL of any project."""
    for owner in (PROJECT, None, ""):
        kind.answer(cloud, **{kind.owner_field: owner})
        assert kind.find(here, an_id(1)).id == an_id(1)
    kind.answer(cloud, **{kind.owner_field: OTHER_PROJECT})
    with pytest.raises(errors.NotFound):
        kind.find(here, an_id(1))


@EVERY_KIND
@pytest.mark.parametrize("spoilt_id", [None, "", "7", 7, "../..", [an_id(1)]])
def test_it_is_broken_without_a_usable_id(cloud: FakeCloud, here: Cloud, kind: Kind, spoilt_id: object) -> None:
    kind.answer(cloud, id=spoilt_id)
    with pytest.raises(errors.Broken, match="without a usable id"):
        kind.find(here, an_id(1))


WRITES: dict[str, Any] = {
    "resize": lambda here: disks.resize(here, an_id(1), 20),
    "rename": lambda here: disks.rename(here, an_id(1), "x", ""),
    "properties": lambda here: disks.replace_properties(here, an_id(1), {}),
    "delete": lambda here: disks.delete(here, an_id(1)),
    "delete with its snapshots": lambda here: disks.delete(here, an_id(1), cascade=True),
    "clone": lambda here: disks.create(here, NewDisk("x", 1, source_disk_id=an_id(1))),
    "disk from its snapshot": lambda here: disks.create(here, NewDisk("x", 1, snapshot_id=an_id(1001))),
    "restore": lambda here: disks.create(here, NewDisk("x", 1, backup_id=an_id(2001))),
    "roll back": lambda here: disks.roll_back(here, an_id(1), an_id(1001)),
    "create snapshot": lambda here: snapshots.create(here, an_id(1), "x", ""),
    "rename snapshot": lambda here: snapshots.rename(here, an_id(1001), "x", ""),
    "delete snapshot": lambda here: snapshots.delete(here, an_id(1001)),
    "delete backup": lambda here: backups.delete(here, an_id(2001)),
    "back up": lambda here: backups.create(here, an_id(1), "", "x", "", incremental=False, attached=False),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=list(WRITES))
def test_an_administrator_changes_none_of_another_project(cloud: FakeCloud, here: Cloud, write: Any) -> None:
    owners = [kind.owner_field for kind in KINDS]
    cloud.volumes = [{**volume(1), owners[0]: OTHER_PROJECT}]
    cloud.snapshots = [{**snapshot(1001), owners[1]: OTHER_PROJECT}]
    cloud.backups = [{**backup(2001), owners[2]: OTHER_PROJECT}]
    administrator = replace(here, roles=("admin", "member"))
    with pytest.raises(errors.NotFound):
        write(administrator)
    assert [one for one in cloud.asked() if not one.startswith("GET")] == []


def test_an_administrator_changes_what_is_the_projects(cloud: FakeCloud, here: Cloud) -> None:
    cloud.volumes = [volume(1)]
    disks.resize(replace(here, roles=("admin",)), an_id(1), 20)
    assert cloud.asked()[-2:] == [f"GET /volumes/{an_id(1)}", f"POST /volumes/{an_id(1)}/action"]
    cloud.forget()
    disks.rename(here, an_id(1), "x", "")
    assert cloud.asked() == [f"PUT /volumes/{an_id(1)}"]


def test_a_created_resource_without_an_id_is_an_unknown_outcome(cloud: FakeCloud, here: Cloud) -> None:
    cloud.http.post(cloud.at("/volumes"), status_code=202, json={"volume": {"name": "x"}})
    cloud.http.post(cloud.at("/snapshots"), status_code=202, json={"snapshot": {"id": None}})
    with pytest.raises(errors.OutcomeUnknown):
        disks.create(here, NewDisk("x", 1))
    with pytest.raises(errors.OutcomeUnknown):
        snapshots.create(here, an_id(1), "x", "")


def test_the_pages_of_another_projects_disk_are_not_there(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, **{"os-vol-tenant-attr:tenant_id": OTHER_PROJECT})]
    for path in ("", "snapshots/", "delete/", "rename/", "create-snapshot/"):
        assert signed_in.get(f"{HERE}/disks/{an_id(1)}/{path}").status_code == 404, path
