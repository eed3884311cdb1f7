"""Fixtures of every test on the real Keystone and Cinder.

One cloud serves the whole run; the first worker that needs it starts it. Each test gets a separate project, so that
tests run in any order and in parallel.
"""

import contextlib
import fcntl
import functools
import logging
import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from keystoneauth1.session import Session

from dashboard.devcloud.administrator import (
    MICROVERSION,
    Administrator,
    sign_in,
    volume_client,
)
from dashboard.devcloud.launcher import DevCloud
from dashboard.devcloud.parameters import REGION
from tests.support import records

LOG = logging.getLogger(__name__)
WAIT_SECONDS = 30.0
POLL_SECONDS = 0.05
FEW_BYTES = 64 * 1024
PASSWORD = f"secret-{secrets.token_hex(5)}"


def wait_until(met: Callable[[], bool], what: str, seconds: float = WAIT_SECONDS) -> None:
    """Return once the condition holds; raise AssertionError naming ``what`` if it doesn't in time."""
    deadline = time.monotonic() + seconds
    pause = POLL_SECONDS
    while not met():
        assert time.monotonic() < deadline, f"Waited {seconds:g} s in vain until {what}"
        time.sleep(pause)
        # Checks that are too frequent slow down what the test waits for.
        pause = min(pause * 1.3, 4 * POLL_SECONDS)


def wait_for_status(manager: Any, resource_id: str, status: str = "available") -> Any:
    """Return the disk, snapshot or backup once it has the status; fail at once if it gets an error status instead."""
    last: list[Any] = []

    def reached() -> bool:
        last[:] = [manager.get(resource_id)]
        current = last[0].status
        assert current == status or "error" not in current, f"{resource_id} went to {current}"
        return bool(current == status)

    wait_until(reached, f"{resource_id} is {status}")
    return last[0]


@dataclass(frozen=True, slots=True)
class Project:
    """A project of one test, with a user who may write in it and one who may only read."""

    project_id: str
    project_name: str
    user_id: str
    username: str
    password: str = field(repr=False)
    reader_username: str
    reader_password: str = field(repr=False)
    auth_url: str
    cloud: DevCloud = field(repr=False)
    administrator: Administrator = field(repr=False)
    session: Session = field(repr=False)

    def volume_client(self, microversion: str = MICROVERSION) -> Any:
        """A cinderclient of the member."""
        return volume_client(self.session, microversion)

    def reader_client(self, microversion: str = MICROVERSION) -> Any:
        """A cinderclient of the reader."""
        session = sign_in(self.auth_url, self.reader_username, self.reader_password, self.project_name)
        return volume_client(session, microversion)

    def create_disk(
        self,
        name: str = "disk",
        size: int = 1,
        *,
        volume_type: str | None = None,
        description: str | None = None,
        metadata: Mapping[str, str] | None = None,
        **source: str,
    ) -> Any:
        """Create a disk of this size in GB, available at once: a copy of a disk that Cinder has created.

        With a source, in cinderclient's terms, Cinder itself creates it.
        """
        if source:
            return self.ask_for_disk(name, size, **source)
        own = records.Own(
            project_id=self.project_id,
            user_id=self.user_id,
            name=name,
            description=description,
            metadata=metadata or {},
        )
        made = records.copy_disk(self.cloud, disk_pattern(self.administrator), own, size, volume_type)
        volumes = self.volume_client().volumes
        # The client reads further attributes from Cinder on access.
        return volumes.resource_class(volumes, {"id": made, "name": name, "size": size, "status": "available"})

    def ask_for_disk(self, name: str = "disk", size: int = 1, **options: Any) -> Any:
        """Let Cinder itself create a disk, and return it once available; the options are cinderclient's."""
        volumes = self.volume_client().volumes
        made = volumes.create(size, name=name, **options)
        return wait_for_status(volumes, made.id)

    def create_disks(self, count: int, name: str = "disk") -> list[Any]:
        """Many disks of 1 GB, named ``name-000`` and so on."""
        return [self.create_disk(f"{name}-{number:03}") for number in range(count)]

    def create_snapshot(
        self,
        disk_id: str,
        name: str = "snapshot",
        *,
        description: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> Any:
        """Create a snapshot, available at once: a copy of one that Cinder has created, with the bytes of this disk."""
        own = records.Own(
            project_id=self.project_id,
            user_id=self.user_id,
            name=name,
            description=description,
            metadata=metadata or {},
        )
        made = records.copy_snapshot(self.cloud, snapshot_pattern(self.administrator), own, disk_id)
        snapshots = self.volume_client().volume_snapshots
        return snapshots.resource_class(snapshots, {"id": made, "name": name, "status": "available"})

    def ask_for_snapshot(self, disk_id: str, name: str = "snapshot", **options: Any) -> Any:
        """Let Cinder itself create a snapshot, and return it once available; the options are cinderclient's."""
        snapshots = self.volume_client().volume_snapshots
        made = snapshots.create(disk_id, name=name, **options)
        return wait_for_status(snapshots, made.id)

    def create_snapshots(self, disk_id: str, count: int, name: str = "snapshot") -> list[Any]:
        """Many snapshots of one disk, named ``name-000`` and so on."""
        return [self.create_snapshot(disk_id, f"{name}-{number:03}") for number in range(count)]

    def create_backup(self, disk_id: str, name: str = "backup", **options: Any) -> Any:
        """Create a backup, and return it once available: it takes some seconds for every GB of the disk's file."""
        backups = self.volume_client().backups
        made = backups.create(disk_id, name=name, **options)
        return wait_for_status(backups, made.id)

    def shrink(self, disk_id: str) -> None:
        """Cut the disk's file to its first bytes, whatever the disk's size: a backup of it takes no time."""
        os.truncate(self.disk_file(disk_id), FEW_BYTES)

    def create_failed_disk(self, name: str = "failed") -> Any:
        """A disk in status error with Cinder's own message: it is bigger than the storage."""
        volumes = self.volume_client().volumes
        made = volumes.create(60_000, name=name)
        return wait_for_status(volumes, made.id, "error")

    def attach(self, disk_id: str, device: str = "/dev/vdb", instance: str = "") -> str:
        """Attach the disk to an instance that doesn't exist, as Nova would; return the attachment's id."""
        client = self.volume_client()
        connector = {"mountpoint": device, "host": "compute-1", "initiator": "iqn.test"}
        instance = instance or "5f0c1c5e-8a3d-4d0b-9a53-0f6c3b1d7a11"
        attachment = client.attachments.create(disk_id, connector, instance, "rw")
        client.attachments.complete(attachment["id"])
        wait_for_status(client.volumes, disk_id, "in-use")
        return str(attachment["id"])

    def detach(self, attachment_id: str, disk_id: str) -> None:
        """End an attachment as Nova would: Cinder refuses it to a member while an instance uses the disk."""
        nova = Administrator(self.cloud.environment()).session.get_token()
        self.session.delete(
            f"/attachments/{attachment_id}",
            endpoint_filter={"service_type": "volumev3", "region_name": REGION},
            headers={"X-Service-Token": str(nova), "OpenStack-API-Version": f"volume {MICROVERSION}"},
        )
        wait_for_status(self.volume_client().volumes, disk_id)

    def multiply_disk(self, disk_id: str, count: int, name: str = "copy") -> list[str]:
        """Add this number of copies of the disk, ``name-0000`` and so on, at once: records without files."""
        ids = records.multiply(self.cloud, "volumes", disk_id, count, name)
        size = self.volume_client().volumes.get(disk_id).size
        self._count_in({"volumes": count, "gigabytes": count * size})
        return ids

    def multiply_snapshot(self, snapshot_id: str, count: int, name: str = "copy") -> list[str]:
        """Add this number of copies of the snapshot, as ``multiply_disk`` does."""
        ids = records.multiply(self.cloud, "snapshots", snapshot_id, count, name)
        size = self.volume_client().volume_snapshots.get(snapshot_id).size
        self._count_in({"snapshots": count, "gigabytes": count * size})
        return ids

    def set_statuses(self, statuses: Mapping[str, str]) -> None:
        """Set other statuses of disks, by their ids."""
        with records.database(self.cloud) as database:
            rows = [(status, disk_id) for disk_id, status in statuses.items()]
            database.executemany("UPDATE volumes SET status = ? WHERE id = ?", rows)

    def _count_in(self, more: dict[str, int]) -> None:
        with records.database(self.cloud) as database:
            records.count_in(database, self.project_id, more)

    def backdate(self, *resource_ids: str, **ago: float) -> None:
        """Make disks, snapshots or backups older by this ``timedelta``, and unchanged since."""
        moment = (datetime.now(UTC) - timedelta(**ago)).strftime("%Y-%m-%d %H:%M:%S.%f")
        with records.database(self.cloud) as database:
            for table in ("volumes", "snapshots", "backups"):
                database.executemany(
                    f"UPDATE {table} SET created_at = :moment, updated_at = :moment WHERE id = :id",
                    [{"moment": moment, "id": one} for one in resource_ids],
                )

    def break_deletion(self, snapshot_id: str) -> None:
        """Make the storage fail when the snapshot is deleted: it ends in error_deleting."""
        path = self.disk_file(snapshot_id)
        path.unlink()
        path.mkdir()

    def disk_file(self, resource_id: str) -> Path:
        """The file with the bytes of a disk or snapshot."""
        return self.cloud.disk_file(resource_id)


class EarlyCloud(DevCloud):
    """A cloud whose `start` returns at once: it goes on in the background, and `wait` returns when it is up."""

    def _wait(self, marker: str, _report: Callable[[str], None]) -> None:
        self._marker.write_text(marker)

    @property
    def _marker(self) -> Path:
        return self.directory / "marker"

    def wait(self) -> None:
        """Return when both servers answer."""
        super()._wait(self._marker.read_text(), LOG.info)


class Membership:
    """A share in the run's cloud: the process with the first share starts it, and stops it after the last one."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(exist_ok=True)
        self._started, self._ready = directory / "started", directory / "ready"
        self._start_lock = directory / "start.lock"
        self._users = (directory / "users.lock").open("w")
        fcntl.flock(self._users, fcntl.LOCK_SH)
        with _locked(self._start_lock):
            self._is_first = not self._started.exists()
            self._cloud = EarlyCloud(directory) if self._is_first else EarlyCloud.running(directory)
            if self._is_first:
                self._cloud.start()
                self._started.touch()

    def cloud(self) -> DevCloud:
        """The cloud, once it is ready."""
        with _locked(self._start_lock):
            if not self._ready.exists():
                self._cloud.wait()
                Administrator(self._cloud.environment()).ensure_disk_types()
                self._ready.touch()
        return self._cloud

    def end(self) -> None:
        """Return the share."""
        with self._users:
            if self._is_first:
                fcntl.flock(self._users, fcntl.LOCK_EX)
                self._ready.unlink(missing_ok=True)
                self._started.unlink()
                self._cloud.stop()


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session", autouse=True)
def membership(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Membership | None]:
    """Start the cloud before the run's first test, if any test needs it: meanwhile the other tests run."""
    if not any("devcloud" in getattr(item, "fixturenames", ()) for item in request.session.items):
        yield None
        return
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if hasattr(request.config, "workerinput") else base
    membership = Membership(shared / "devcloud")
    yield membership
    membership.end()


@pytest.fixture(scope="session")
def devcloud(membership: Membership) -> DevCloud:
    """The run's cloud, without the sample project but with its disk types."""
    return membership.cloud()


@pytest.fixture(scope="session")
def administrator(devcloud: DevCloud) -> Administrator:
    """The cloud's administrator, for example for quotas."""
    return Administrator(devcloud.environment())


@pytest.fixture
def project(devcloud: DevCloud, administrator: Administrator) -> Project:
    """A new project for this test alone."""
    return make_project(devcloud, administrator)


@dataclass(frozen=True)
class Pattern:
    """The ids of a project that Keystone has created, and of its member and its reader."""

    project: str
    member: str
    reader: str


@functools.cache
def project_pattern(administrator: Administrator) -> Pattern:
    """The project that the others are copied from."""
    name, member, reader = (f"pattern-{word}-{secrets.token_hex(5)}" for word in ("project", "member", "reader"))
    pattern = Pattern(
        administrator.create_project(name),
        administrator.create_user(member, PASSWORD),
        administrator.create_user(reader, PASSWORD),
    )
    administrator.grant("member", pattern.member, pattern.project)
    administrator.grant("reader", pattern.reader, pattern.project)
    return pattern


@functools.cache
def disk_pattern(administrator: Administrator) -> str:
    """The id of the disk that the others are copied from."""
    made = administrator.volumes.volumes.create(1, name="pattern")
    return str(wait_for_status(administrator.volumes.volumes, made.id).id)


@functools.cache
def snapshot_pattern(administrator: Administrator) -> str:
    """The id of the snapshot that the others are copied from."""
    made = administrator.volumes.volume_snapshots.create(disk_pattern(administrator), name="pattern")
    return str(wait_for_status(administrator.volumes.volume_snapshots, made.id).id)


def make_project(cloud: DevCloud, administrator: Administrator) -> Project:
    """Create a project with a member and a reader at once: a copy of one that Keystone has created."""
    pattern = project_pattern(administrator)
    unique = secrets.token_hex(5)
    name, member, reader = (f"{word}-{unique}" for word in ("project", "member", "reader"))
    with records.database(cloud, "keystone") as database:
        project_id = records.copy_project(database, pattern.project, name)
        member_id = records.copy_user(database, pattern.member, member, project_id)
        records.copy_user(database, pattern.reader, reader, project_id)
    return Project(
        project_id=project_id,
        project_name=name,
        user_id=member_id,
        username=member,
        password=PASSWORD,
        reader_username=reader,
        reader_password=PASSWORD,
        auth_url=cloud.auth_url,
        cloud=cloud,
        administrator=administrator,
        session=sign_in(cloud.auth_url, member, PASSWORD, name),
    )
