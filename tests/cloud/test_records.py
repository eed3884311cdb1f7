"""The tests start from records that Keystone and Cinder would have made: they are copies of real ones."""

import os
import re
from typing import Any

import pytest

from dashboard.devcloud.administrator import IDENTITY, Administrator, sign_in
from tests.support.devcloud import PASSWORD, Project, project_pattern
from tests.support.records import GIB

OWN = {"id", "created_at", "updated_at", "links", "os-vol-tenant-attr:tenant_id"}
OFFSET = 5 * 1024**2


@pytest.fixture
def keystone(administrator: Administrator) -> Any:
    def ask(path: str) -> Any:
        return administrator.session.get(path, endpoint_filter=IDENTITY).json()

    return ask


def told(one: Any) -> dict[str, Any]:
    return {key: value for key, value in one.to_dict().items() if key not in OWN}


def test_a_project_and_its_users_are_like_those_that_keystone_makes(
    project: Project, administrator: Administrator, keystone: Any
) -> None:
    pattern = project_pattern(administrator)
    for path, copied, made, word in (
        ("projects", project.project_id, pattern.project, "project"),
        ("users", project.user_id, pattern.member, "member"),
    ):
        [one, other] = [next(iter(keystone(f"/{path}/{each}").values())) for each in (copied, made)]
        assert re.fullmatch(rf"{word}-\w+", one["name"])
        assert {**one, "id": "", "name": "", "links": {}} == {**other, "id": "", "name": "", "links": {}}
    assert project.password == PASSWORD
    for name, roles in ((project.username, {"member", "reader"}), (project.reader_username, {"reader"})):
        session = sign_in(project.auth_url, name, PASSWORD, project.project_name)
        body = session.get("/auth/tokens", endpoint_filter=IDENTITY, headers={"X-Subject-Token": session.get_token()})
        token = body.json()["token"]
        assert token["project"]["id"] == project.project_id
        assert {role["name"] for role in token["roles"]} == roles


@pytest.mark.parametrize(
    "options",
    [{}, {"volume_type": "ceph-ssd", "description": "words", "metadata": {"a": "b", "c": ""}}],
    ids=["plain", "with all"],
)
def test_a_disk_is_like_one_that_cinder_makes(project: Project, options: dict[str, Any]) -> None:
    copied = project.create_disk("one", 2, **options)
    usage = project.volume_client().limits.get().to_dict()["absolute"]
    asked = project.ask_for_disk("one", 2, **options)
    volumes = project.volume_client().volumes
    assert told(volumes.get(copied.id)) == told(volumes.get(asked.id))
    files = [project.disk_file(disk.id).stat() for disk in (copied, asked)]
    assert files[0].st_size == files[1].st_size
    assert files[0].st_blocks == files[1].st_blocks == 0
    twice = project.volume_client().limits.get().to_dict()["absolute"]
    for name in ("totalVolumesUsed", "totalGigabytesUsed"):
        assert twice[name] == 2 * usage[name] > 0


def test_a_snapshot_is_like_one_that_cinder_makes(project: Project) -> None:
    options: dict[str, Any] = {"description": "words", "metadata": {"a": "b"}}
    disk = project.create_disk(volume_type="ceph-hdd")
    with project.disk_file(disk.id).open("r+b") as file:
        file.seek(OFFSET)
        file.write(b"first")
    copied = project.create_snapshot(disk.id, "one", **options)
    usage = project.volume_client().quotas.get(project.project_id, usage=True)
    asked = project.ask_for_snapshot(disk.id, "one", **options)
    snapshots = project.volume_client().volume_snapshots
    assert told(snapshots.get(copied.id)) == told(snapshots.get(asked.id))
    for one in (copied, asked):
        with project.disk_file(one.id).open("rb") as file:
            assert os.fstat(file.fileno()).st_size == GIB
            assert os.pread(file.fileno(), 5, OFFSET) == b"first"
    twice = project.volume_client().quotas.get(project.project_id, usage=True)
    for name in ("snapshots", "snapshots_ceph-hdd"):
        assert getattr(twice, name)["in_use"] == 2 * getattr(usage, name)["in_use"] == 2
    assert twice.gigabytes["in_use"] == 3
