"""One disk, snapshot or backup: of this project, and with an id."""

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
