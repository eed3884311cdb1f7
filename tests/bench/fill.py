"""Projects with many disks and snapshots, written into the embedded Cinder's database: its API takes too long.

Everything follows from the number of a resource, so that each run measures the same rows.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from dashboard.devcloud.administrator import DISK_TYPES, Administrator
from dashboard.devcloud.launcher import DevCloud
from tests.support import records
from tests.support.devcloud import Project, disk_pattern, make_project, snapshot_pattern

NAMES = (
    "web-{:05}-root",
    "postgres-main-{:05}-data",
    "Архив бухгалтерии {:05}",
    "pvc-7c0f6a52-3d5e-4b0f-9d7e-{:012}",
    "build-cache-{:05}",
)
# Of twenty rows; what is in transition or failed is on every page.
DISK_STATUSES = ("in-use", "available") * 9 + ("creating", "error")
SNAPSHOT_STATUSES = ("available",) * 18 + ("creating", "error")
SIZES = (10, 20, 50, 100, 200)
INSTANCES = 40
# Of a thousand snapshots, 150 belong to the same disk.
OF_ONE_DISK = 0.15
TYPES = tuple(DISK_TYPES)
IN_TRANSITION_SINCE = timedelta(hours=3, minutes=10)
NOTES = {"team": "storage", "ticket": "OPS-4711"}


@dataclass(frozen=True, slots=True)
class Filled:
    """A project and the ids of its disks and snapshots, newest first; `busiest` is the disk with many snapshots."""

    project: Project
    disk_ids: tuple[str, ...]
    snapshot_ids: tuple[str, ...] = ()

    @property
    def here(self) -> str:
        """The beginning of its URLs."""
        return f"/p/{self.project.project_id}/"

    @property
    def busiest(self) -> str:
        """The id of the disk with the most snapshots."""
        return self.disk_ids[0]


def fill(cloud: DevCloud, administrator: Administrator, disks: int, snapshots: int = 0) -> Filled:
    """Create a project with this number of disks and snapshots of all kinds."""
    project = make_project(cloud, administrator)
    with records.database(cloud) as database:
        [disk] = records.rows_of(database, "volumes", id=disk_pattern(administrator))
        types = {row["name"]: row["id"] for row in database.execute("SELECT * FROM volume_types WHERE deleted = 0")}
        disk_rows = [disk | _disk(project, number, types) for number in range(disks)]
        records.insert(database, "volumes", disk_rows)
        records.insert(database, "volume_attachment", _attachments(disk_rows))
        _add_notes(database, "volume", disk_rows)
    snapshot_rows = _add_snapshots(cloud, administrator, project, disk_rows, snapshots)
    return Filled(project, _ids(disk_rows), _ids(snapshot_rows))


def _add_snapshots(
    cloud: DevCloud, administrator: Administrator, project: Project, disks: list[dict[str, Any]], count: int
) -> list[dict[str, Any]]:
    if not count:
        return []
    with records.database(cloud) as database:
        [pattern] = records.rows_of(database, "snapshots", id=snapshot_pattern(administrator))
        rows = [pattern | _snapshot(project, number, count, disks) for number in range(count)]
        records.insert(database, "snapshots", rows)
        _add_notes(database, "snapshot", rows)
    return rows


def _ids(rows: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(str(row["id"]) for row in rows)


def _at(age: timedelta) -> str:
    return (datetime.now(UTC) - age).strftime("%Y-%m-%d %H:%M:%S.%f")


def _common(project: Project, number: int, status: str) -> dict[str, Any]:
    """The values that disks and snapshots have in common; a higher number is older."""
    made = _at(timedelta(hours=4, minutes=37 * number))
    return {
        "id": str(uuid.uuid4()),
        "project_id": project.project_id,
        "user_id": project.user_id,
        "status": status,
        "created_at": made,
        "updated_at": _at(IN_TRANSITION_SINCE) if status == "creating" else made,
        "display_description": "Kept until the next audit" if number % 3 == 0 else None,
    }


def _disk(project: Project, number: int, types: dict[str, str]) -> dict[str, Any]:
    status = DISK_STATUSES[number % len(DISK_STATUSES)]
    return {
        **_common(project, number, status),
        "display_name": NAMES[number % len(NAMES)].format(number),
        "size": SIZES[number // 3 % len(SIZES)],
        "volume_type_id": types[TYPES[number % len(TYPES)]],
        "bootable": number % 7 == 0,
        "attach_status": "attached" if status == "in-use" else "detached",
    }


def _attachments(disks: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    attached = [disk for disk in disks if disk["status"] == "in-use"]
    return [
        {
            "id": str(uuid.uuid4()),
            "volume_id": disk["id"],
            "instance_uuid": str(uuid.UUID(int=number % INSTANCES + 1)),
            "mountpoint": f"/dev/vd{'bcdef'[number % 5]}",
            "attach_time": disk["created_at"],
            "created_at": disk["created_at"],
            "attach_mode": "rw",
            "attach_status": "attached",
            "deleted": 0,
        }
        for number, disk in enumerate(attached)
    ]


def _snapshot(project: Project, number: int, count: int, disks: Sequence[dict[str, Any]]) -> dict[str, Any]:
    of_one = int(count * OF_ONE_DISK)
    # Those of the one disk are spread over the whole list.
    disk = disks[0] if number * of_one // count != (number + 1) * of_one // count else disks[number % len(disks)]
    made = f"{2026 - number // 365:04}-{number % 12 + 1:02}-{number % 28 + 1:02}"
    return {
        **_common(project, number, SNAPSHOT_STATUSES[number % len(SNAPSHOT_STATUSES)]),
        "display_name": f"{disk['display_name']}_snapshot_{made}",
        "volume_id": disk["id"],
        "volume_size": disk["size"],
        "volume_type_id": disk["volume_type_id"],
    }


def _add_notes(database: Any, kind: str, rows: Sequence[dict[str, Any]]) -> None:
    """Give every fourth one some properties."""
    notes = [
        {"created_at": row["created_at"], "deleted": 0, f"{kind}_id": row["id"], "key": key, "value": value}
        for row in rows[::4]
        for key, value in NOTES.items()
    ]
    records.insert(database, f"{kind}_metadata", notes)
