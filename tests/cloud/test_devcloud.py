"""The embedded cloud itself: what the other tests and new users of Diskboard rely on."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cinderclient import exceptions

from dashboard.devcloud.administrator import Administrator, sign_in, volume_client
from dashboard.devcloud.child import ChildDied
from dashboard.devcloud.launcher import DevCloud
from dashboard.devcloud.sample import fill
from tests.support.devcloud import Project, make_project, wait_for_status, wait_until

OFFSET = 5 * 1024**2
WRITERS = 16
MEBIBYTE = 1024**2
MOTHER = """
import sys, time
from pathlib import Path
from dashboard.devcloud.launcher import DevCloud
cloud = DevCloud(Path(sys.argv[1]))
cloud.start()
print(*cloud.pids, flush=True)
time.sleep(600)
"""


def write(project: Project, resource_id: str, content: bytes) -> None:
    with project.disk_file(resource_id).open("r+b") as opened:
        opened.seek(OFFSET)
        opened.write(content)


def read(project: Project, resource_id: str) -> bytes:
    with project.disk_file(resource_id).open("rb") as opened:
        opened.seek(OFFSET)
        return opened.read(5)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def room_taken(path: Path) -> int:
    return path.stat().st_blocks * 512


@pytest.fixture(scope="module")
def own_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("own-cloud")


@pytest.fixture
def own_cloud(own_directory: Path) -> Iterator[DevCloud]:
    """A cloud that a test may stop and restart; all of them use the same directory."""
    with DevCloud(own_directory) as cloud:
        yield cloud


def test_copies_hold_the_bytes_of_their_moment(project: Project) -> None:
    disk = project.ask_for_disk(volume_type="ceph-ssd")
    write(project, disk.id, b"first")
    snapshot = project.ask_for_snapshot(disk.id)
    write(project, disk.id, b"later")

    clone = project.create_disk("clone", 2, source_volid=disk.id)
    restored = project.create_disk("from snapshot", 1, snapshot_id=snapshot.id)

    assert read(project, clone.id) == b"later"
    assert read(project, restored.id) == b"first"
    assert project.disk_file(clone.id).stat().st_size == 2 * 1024**3
    assert room_taken(project.disk_file(clone.id)) < MEBIBYTE

    volumes = project.volume_client().volumes
    volumes.revert_to_snapshot(disk, snapshot)
    wait_for_status(volumes, disk.id)
    assert read(project, disk.id) == b"first"


@pytest.mark.sized
def test_a_backup_brings_the_bytes_back(project: Project, full: bool) -> None:
    disk = project.create_disk()
    if not full:
        project.shrink(disk.id)
    write(project, disk.id, b"saved")
    backup = project.create_backup(disk.id)
    write(project, disk.id, b"other")

    client = project.volume_client()
    restored = client.restores.restore(backup.id).volume_id
    wait_for_status(client.backups, backup.id)
    wait_for_status(client.volumes, restored)

    assert read(project, restored) == b"saved"
    assert room_taken(project.disk_file(restored)) < 16 * MEBIBYTE


@pytest.mark.full
def test_many_write_at_once(project: Project) -> None:
    volumes = project.volume_client().volumes

    def create(number: int) -> str:
        return str(volumes.create(1, name=f"disk {number}").id)

    with ThreadPoolExecutor(WRITERS) as pool:
        made = list(pool.map(create, range(2 * WRITERS)))
    for disk_id in made:
        wait_for_status(volumes, disk_id)


@pytest.mark.full
def test_many_sign_in_at_once(project: Project) -> None:
    def token(_number: int) -> str | None:
        session = sign_in(project.auth_url, project.username, project.password, project.project_name)
        return session.get_token()

    with ThreadPoolExecutor(WRITERS) as pool:
        assert all(pool.map(token, range(2 * WRITERS)))


def test_a_reader_may_only_look(project: Project) -> None:
    disk = project.create_disk()
    client = project.reader_client()

    assert [found.id for found in client.volumes.list()] == [disk.id]
    with pytest.raises(exceptions.Forbidden):
        client.volumes.create(1)
    with pytest.raises(exceptions.Forbidden):
        client.volume_snapshots.create(disk.id)


def test_a_disk_can_be_attached_grown_and_retyped(project: Project) -> None:
    disk = project.create_disk(volume_type="ceph-hdd")
    volumes = project.volume_client().volumes
    volumes.extend(disk, 3)
    wait_for_status(volumes, disk.id)
    volumes.retype(disk, "ef-nvme", "never")
    wait_until(lambda: volumes.get(disk.id).volume_type == "ef-nvme", "the type is changed")
    wait_for_status(volumes, disk.id)

    attachment = project.attach(disk.id, "/dev/vdc")
    assert volumes.get(disk.id).attachments[0]["device"] == "/dev/vdc"
    project.detach(attachment, disk.id)
    assert volumes.get(disk.id).size == 3


def test_what_does_not_fit_fails_with_a_message(project: Project) -> None:
    disk = project.create_failed_disk()
    messages = project.volume_client().messages.list(search_opts={"resource_uuid": disk.id})
    assert [message.resource_uuid for message in messages] == [disk.id]


def test_a_snapshot_can_refuse_to_go(project: Project) -> None:
    disk = project.create_disk()
    snapshot = project.create_snapshot(disk.id)
    project.break_deletion(snapshot.id)
    snapshots = project.volume_client().volume_snapshots
    snapshots.delete(snapshot)
    wait_for_status(snapshots, snapshot.id, "error_deleting")


def test_a_thousand_more_are_made_in_a_moment(project: Project) -> None:
    disk = project.create_disk()
    snapshot = project.create_snapshot(disk.id)
    copies = project.multiply_disk(disk.id, 1_200)
    project.multiply_snapshot(snapshot.id, 30)

    client = project.volume_client()
    assert client.volumes.list(limit=1, search_opts={"with_count": True})[1] == 1_201
    assert len(client.volume_snapshots.list(search_opts={"volume_id": disk.id})) == 31
    used = {limit.name: limit.value for limit in client.limits.get().absolute}
    assert (used["totalVolumesUsed"], used["totalSnapshotsUsed"]) == (1_201, 31)
    client.volumes.delete(copies[0])
    wait_until(lambda: client.volumes.list(limit=1, search_opts={"with_count": True})[1] == 1_200, "it is gone")


@pytest.mark.full
def test_state_survives_an_end_of_any_kind(own_directory: Path) -> None:
    with DevCloud(own_directory) as cloud:
        pids = cloud.pids
        administrator = Administrator(cloud.environment())
        project = make_project(cloud, administrator)
        disk = project.ask_for_disk("kept")
    assert not any(is_running(pid) for pid in pids)

    cloud = DevCloud(own_directory)
    cloud.start()
    assert cloud.auth_url == project.auth_url
    for pid in cloud.pids:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: _has_died(cloud), "the death is noticed")
    cloud.stop()

    with DevCloud(own_directory) as again:
        session = sign_in(again.auth_url, project.username, project.password, project.project_name)
        assert volume_client(session).volumes.get(disk.id).name == "kept"


def _has_died(cloud: DevCloud) -> bool:
    try:
        cloud.check()
    except ChildDied:
        return True
    return False


@pytest.mark.full
def test_it_ends_with_a_parent_that_is_killed(own_directory: Path) -> None:
    command = [sys.executable, "-c", MOTHER, str(own_directory)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as mother:
        assert mother.stdout
        pids = [int(word) for word in mother.stdout.readline().split()]
        assert len(pids) == 2
        mother.kill()
    wait_until(lambda: not any(is_running(pid) for pid in pids), "the servers are gone", 5)


@pytest.mark.full
def test_a_server_that_dies_at_the_start_is_reported(tmp_path: Path) -> None:
    (tmp_path / "keystone.sqlite").mkdir()
    (tmp_path / "keystone.release").write_text("0")
    with pytest.raises(ChildDied, match=r"Keystone ended with code 1[\s\S]*unable to open database"):
        DevCloud(tmp_path).start()


@pytest.mark.full
def test_the_sample_is_made_once(own_cloud: DevCloud) -> None:
    assert fill(own_cloud)
    assert not fill(own_cloud)

    session = sign_in(own_cloud.auth_url, "demo", "demo", "demo")
    client = volume_client(session)
    disks = client.volumes.list()
    by_name = {disk.name: disk for disk in disks}
    assert len(disks) == len(by_name) == 12
    assert "" in by_name
    assert any(len(name) == 255 for name in by_name)
    assert "Архив бухгалтерии" in by_name
    assert by_name["web-data"].status == "in-use"
    assert by_name["web-data"].attachments[0]["device"] == "/dev/vdb"
    assert by_name["web-root"].bootable == "true"
    assert by_name["game-cache"].volume_type == "ef-nvme"
    failed = [disk for disk in disks if disk.status == "error"]
    assert client.messages.list(search_opts={"resource_uuid": failed[0].id})

    snapshots = client.volume_snapshots.list()
    assert {snapshot.status for snapshot in snapshots} == {"available"}
    assert len({snapshot.created_at[:10] for snapshot in snapshots}) > 5
    assert any(snapshot.metadata and snapshot.description for snapshot in snapshots)

    staging = volume_client(sign_in(own_cloud.auth_url, "demo", "demo", "staging"))
    assert len(staging.volumes.list()) == 2
    viewer = volume_client(sign_in(own_cloud.auth_url, "viewer", "viewer", "demo"))
    with pytest.raises(exceptions.Forbidden):
        viewer.volumes.create(1)
