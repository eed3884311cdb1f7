"""Records of the run's cloud, copied in its databases.

Keystone takes half a second for a project with two users, and Cinder as long for a disk. Tests that only need one get
a record that differs only in its id, its names and its times from a pattern that Keystone or Cinder has created.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from dashboard.devcloud.launcher import DevCloud

WAIT_SECONDS = 30.0
GIB = 1024**3
COUNT_IN = """
INSERT INTO quota_usages (created_at, updated_at, deleted, project_id, resource, in_use, reserved, race_preventer)
VALUES (:now, :now, 0, :project, :resource, :more, 0, 1)
ON CONFLICT (project_id, resource, race_preventer) DO UPDATE SET in_use = in_use + :more, updated_at = :now
"""


@contextlib.contextmanager
def database(cloud: DevCloud, name: str = "cinder") -> Iterator[sqlite3.Connection]:
    """Write to a server's database in one transaction."""
    opened = sqlite3.connect(cloud.directory / f"{name}.sqlite", timeout=WAIT_SECONDS, isolation_level="IMMEDIATE")
    opened.row_factory = sqlite3.Row
    with contextlib.closing(opened), opened:
        opened.execute("PRAGMA synchronous = NORMAL")
        yield opened


def rows_of(opened: sqlite3.Connection, table: str, **where: Any) -> list[dict[str, Any]]:
    """The rows of a table with these values."""
    conditions = " AND ".join(f"{column} = :{column}" for column in where)
    return [dict(row) for row in opened.execute(f"SELECT * FROM {table} WHERE {conditions}", where)]


def insert(opened: sqlite3.Connection, table: str, rows: list[dict[str, Any]]) -> None:
    """Add rows, which all have the same columns."""
    if rows:
        columns, values = ", ".join(rows[0]), ", ".join(f":{column}" for column in rows[0])
        opened.executemany(f"INSERT INTO {table} ({columns}) VALUES ({values})", rows)


def now() -> str:
    """The present time in Cinder's format."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def count_in(opened: sqlite3.Connection, project_id: str, more: Mapping[str, int]) -> None:
    """Increase the project's use of its quota."""
    plain = {"now": now(), "project": project_id}
    opened.executemany(COUNT_IN, [{**plain, "resource": name, "more": added} for name, added in more.items()])


def copy_project(opened: sqlite3.Connection, pattern_id: str, name: str) -> str:
    """Add a copy of the pattern to Keystone's projects; return its id."""
    [pattern] = rows_of(opened, "project", id=pattern_id)
    made = uuid.uuid4().hex
    insert(opened, "project", [pattern | {"id": made, "name": name}])
    return made


def copy_user(opened: sqlite3.Connection, pattern_id: str, name: str, project_id: str) -> str:
    """Add a user with the pattern's password, and with its role in this project; return its id."""
    made = uuid.uuid4().hex
    [user] = rows_of(opened, "user", id=pattern_id)
    [local] = rows_of(opened, "local_user", user_id=pattern_id)
    [password] = rows_of(opened, "password", local_user_id=local["id"])
    [assignment] = rows_of(opened, "assignment", actor_id=pattern_id)
    insert(opened, "user", [user | {"id": made}])
    insert(opened, "local_user", [local | {"id": None, "user_id": made, "name": name}])
    [added] = rows_of(opened, "local_user", user_id=made)
    insert(opened, "password", [password | {"id": None, "local_user_id": added["id"]}])
    insert(opened, "assignment", [assignment | {"actor_id": made, "target_id": project_id}])
    return made


@dataclass(frozen=True, kw_only=True)
class Own:
    """The values of a disk or snapshot that differ from its pattern."""

    project_id: str
    user_id: str
    name: str
    description: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)

    def values(self, new_id: str) -> dict[str, Any]:
        """Its values in the table of disks or in that of snapshots."""
        who = {"id": new_id, "project_id": self.project_id, "user_id": self.user_id}
        moment = now()
        words = {"display_name": self.name, "display_description": self.description}
        return {**who, **words, "created_at": moment, "updated_at": moment}

    def add_metadata(self, opened: sqlite3.Connection, kind: str, new_id: str) -> None:
        """Add its properties."""
        plain = {"created_at": now(), "deleted": 0, f"{kind}_id": new_id}
        rows = [{**plain, "key": key, "value": value} for key, value in self.metadata.items()]
        insert(opened, f"{kind}_metadata", rows)

    def count_in(self, opened: sqlite3.Connection, kind: str, gigabytes: int, type_id: str) -> None:
        """Count it in the project's quota, in total and by type."""
        [type_] = rows_of(opened, "volume_types", id=type_id)
        more = {f"{kind}s": 1, "gigabytes": gigabytes}
        count_in(opened, self.project_id, more | {f"{name}_{type_['name']}": added for name, added in more.items()})


def copy_disk(cloud: DevCloud, pattern_id: str, own: Own, size: int, type_name: str | None) -> str:
    """Add an empty copy of the pattern disk; return its id."""
    made = str(uuid.uuid4())
    with cloud.disk_file(made).open("wb") as file:
        file.truncate(size * GIB)
    with database(cloud) as opened:
        [pattern] = rows_of(opened, "volumes", id=pattern_id)
        values = own.values(made)
        moments = dict.fromkeys(("scheduled_at", "launched_at"), values["created_at"])
        type_id = pattern["volume_type_id"]
        if type_name:
            [type_] = rows_of(opened, "volume_types", name=type_name, deleted=0)
            type_id = type_["id"]
        insert(opened, "volumes", [{**pattern, **values, **moments, "size": size, "volume_type_id": type_id}])
        own.add_metadata(opened, "volume", made)
        own.count_in(opened, "volume", size, type_id)
    return made


def copy_snapshot(cloud: DevCloud, pattern_id: str, own: Own, disk_id: str) -> str:
    """Add a copy of the pattern snapshot, of this disk in its present state; return its id."""
    made = str(uuid.uuid4())
    _copy_bytes(cloud.disk_file(disk_id), cloud.disk_file(made))
    with database(cloud) as opened:
        [pattern] = rows_of(opened, "snapshots", id=pattern_id)
        [disk] = rows_of(opened, "volumes", id=disk_id)
        type_id = disk["volume_type_id"]
        of_disk = {"volume_id": disk_id, "volume_size": disk["size"], "volume_type_id": type_id}
        insert(opened, "snapshots", [{**pattern, **own.values(made), **of_disk}])
        own.add_metadata(opened, "snapshot", made)
        own.count_in(opened, "snapshot", disk["size"], type_id)
    return made


def _copy_bytes(source: Path, target: Path) -> None:
    """Copy a file and preserve its holes."""
    with source.open("rb") as reading, target.open("wb") as writing:
        size = os.fstat(reading.fileno()).st_size
        writing.truncate(size)
        end = 0
        while end < size:
            try:
                begin = os.lseek(reading.fileno(), end, os.SEEK_DATA)
            except OSError:
                return  # The rest of the file is a hole.
            end = os.lseek(reading.fileno(), begin, os.SEEK_HOLE)
            writing.seek(begin)
            writing.write(os.pread(reading.fileno(), end - begin, begin))


def multiply(cloud: DevCloud, table: str, resource_id: str, count: int, name: str) -> list[str]:
    """Add this number of copies of the row, named ``name-0000`` and so on, and return their ids."""
    ids = [str(uuid.uuid4()) for _ in range(count)]
    with database(cloud) as opened:
        [row] = rows_of(opened, table, id=resource_id)
        copies = [row | {"id": new, "display_name": f"{name}-{number:04}"} for number, new in enumerate(ids)]
        insert(opened, table, copies)
    return ids
