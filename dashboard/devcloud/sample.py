"""Fill the embedded cloud with sample projects, users, disks and snapshots."""

import contextlib
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from dashboard.devcloud.administrator import Administrator, sign_in, volume_client
from dashboard.devcloud.launcher import DevCloud
from dashboard.devcloud.sample_data import DEMO, STAGING, SampleDisk, SampleSnapshot

FILLING = "demo, not filled yet"
WAIT_SECONDS = 60
POLL_SECONDS = 0.1
SETTLED = {"available", "in-use", "error"}
DEMO_PROJECT = DEMO_USER = "demo"
STAGING_PROJECT = "staging"
VIEWER_USER = "viewer"


def fill(cloud: DevCloud, report: Callable[[str], None] = print) -> bool:
    """Create the sample; return False if it already exists.

    The project "demo" gets its name last, so that its existence means that the sample is complete.
    """
    administrator = Administrator(cloud.environment())
    if administrator.find_project(DEMO_PROJECT):
        return False
    report("Making a sample of disks and snapshots …")
    interrupted = administrator.find_project(FILLING)
    if interrupted:
        administrator.delete_project(interrupted)
    administrator.ensure_disk_types()
    demo, staging = _create_users(administrator)
    _fill_project(cloud, FILLING, DEMO)
    if interrupted is None:
        _fill_project(cloud, STAGING_PROJECT, STAGING)
    administrator.rename_project(demo, DEMO_PROJECT)
    report(f"Made the projects {DEMO_PROJECT} ({demo}) and {STAGING_PROJECT} ({staging}).")
    return True


def _create_users(administrator: Administrator) -> tuple[str, str]:
    demo = administrator.create_project(FILLING)
    staging = administrator.find_project(STAGING_PROJECT)
    staging = staging or administrator.create_project(STAGING_PROJECT)
    user = administrator.ensure_user(DEMO_USER, DEMO_USER)
    viewer = administrator.ensure_user(VIEWER_USER, VIEWER_USER)
    administrator.grant("member", user, demo)
    administrator.grant("member", user, staging)
    administrator.grant("reader", viewer, demo)
    return demo, staging


def _fill_project(cloud: DevCloud, project: str, disks: tuple[SampleDisk, ...]) -> None:
    session = sign_in(cloud.auth_url, DEMO_USER, DEMO_USER, project)
    client = volume_client(session)
    created = [(disk, _create_disk(client, disk)) for disk in disks]
    _wait_until_settled(client.volumes)
    for disk, disk_id in created:
        if disk.instance:
            _attach(client, disk, disk_id)
        if disk.bootable:
            client.volumes.set_bootable(disk_id, True)
    snapshots = [
        (snapshot, _create_snapshot(client, snapshot, disk_id))
        for disk, disk_id in created
        for snapshot in disk.snapshots
    ]
    _wait_until_settled(client.volume_snapshots)
    _backdate(cloud, "volumes", {disk_id: disk.age_days for disk, disk_id in created})
    _backdate(cloud, "snapshots", {snapshot_id: snapshot.age_days for snapshot, snapshot_id in snapshots})


def _create_disk(client: Any, disk: SampleDisk) -> str:
    created = client.volumes.create(disk.size, name=disk.name, description=disk.description, volume_type=disk.type)
    return str(created.id)


def _create_snapshot(client: Any, snapshot: SampleSnapshot, disk_id: str) -> str:
    created = client.volume_snapshots.create(
        disk_id,
        name=snapshot.name,
        description=snapshot.description,
        metadata=dict(snapshot.properties),
    )
    return str(created.id)


def _attach(client: Any, disk: SampleDisk, disk_id: str) -> None:
    connector = {"mountpoint": disk.device, "host": "compute-1", "initiator": "iqn.sample"}
    attachment = client.attachments.create(disk_id, connector, disk.instance, "rw")
    client.attachments.complete(attachment["id"])


def _wait_until_settled(manager: Any) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while any(item.status not in SETTLED for item in manager.list()):
        if time.monotonic() > deadline:
            raise TimeoutError("The sample's disks or snapshots don't settle")
        time.sleep(POLL_SECONDS)


def _backdate(cloud: DevCloud, table: str, ages: dict[str, float]) -> None:
    """Set creation times in the past, for which Cinder has no API."""
    now = datetime.now(UTC).replace(tzinfo=None)
    rows = [(str(now - timedelta(days=age)), resource) for resource, age in ages.items() if age]
    path = cloud.directory / "cinder.sqlite"
    with contextlib.closing(sqlite3.connect(path, timeout=WAIT_SECONDS)) as database, database:
        # The table name comes from the two calls above.
        database.executemany(f"UPDATE {table} SET created_at = ? WHERE id = ?", rows)
