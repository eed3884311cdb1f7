"""The dialogs' commands, run with the real client: each has the same effect as Diskboard's own call.

Each of the two starts from the same state in a separate project, and both projects are equal afterwards.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dashboard.cloud import keystone
from dashboard.devcloud.parameters import REGION
from tests.cloud.conftest import as_member
from tests.support.devcloud import Project, make_project, wait_until
from tests.support.openstack_client import OpenStackClient
from volumes import commands
from volumes.cinder import backups, disks, snapshots
from volumes.cinder.disks import NewDisk

CLIENT_SECONDS = 120
OFFSET = 5 * 1024**2
AT_REST = frozenset({"available", "in-use", "error"})
# A backup of a disk without bytes keeps its first status, which saves reading a gigabyte.
STUCK = frozenset({"creating", "backing-up"})
# Temporary resources that Cinder creates during a backup (cinder/backup/manager.py) come and go at their own pace.
TEMPORARY = ("backup-vol-", "backup-snap-")
SOURCES = ("volume_id", "snapshot_id", "source_volid")
COMPARED = ("name", "description", "size", "status", "volume_type", "availability_zone", "bootable", "is_incremental")

# Values that Cinder accepts: a snapshot's description has no line breaks and no characters above U+FFFF, and the keys
# of properties are ASCII letters, digits, spaces and -_:./ (cinder/api/validation/parameter_types.py).
HOSTILE_NAME = ' -it\'s "so" $HOME $(id) `id` \\ Диск 🦊 = *?[a] #! line\nbreak '
HOSTILE_DESCRIPTION = '--it\'s "so" $HOME $(id) `id` \\ Диск = *?[a] #! '
HOSTILE_PROPERTIES = {
    "-k": "-v",
    "a key:with.all_of-it": " a value='with' $HOME `id` \"spaces\" around ",
    "empty": "",
    "equal": "=a==b",
    "Диск".encode().hex(): "Диск 🦊\nsecond line",
}


@dataclass(frozen=True)
class Case:
    """What creates the first resources, the command and Diskboard's own call for their ids, and the final statuses."""

    start: Callable[[Project], list[str]]
    command: Callable[..., str]
    call: Callable[..., object]
    statuses: frozenset[str] = AT_REST


# Variants of the cases beside them, and backups, each of which the cloud has to create twice: full profile only
RARE = {
    "snapshot without words",
    "snapshot named with dashes",
    "edit but the properties",
    "disk from a backup",
    "rename to nothing",
    "no properties of a disk",
    "delete backups",
}


def disk(project: Project) -> list[str]:
    return [project.create_disk().id]


def attached_disk(project: Project) -> list[str]:
    ids = disk(project)
    project.attach(ids[0])
    return ids


def written_disk(project: Project) -> list[str]:
    """A disk with properties and bytes."""
    made = project.create_disk("old name", description="old words", metadata={"old": "1", "to change": "2"})
    write(project, made.id, b"first")
    return [made.id]


def snapshot(project: Project) -> list[str]:
    """A snapshot with properties, and its disk, to which bytes were written before and after the snapshot."""
    (disk_id,) = disk(project)
    write(project, disk_id, b"first")
    metadata = {"old": "1", "to change": "2"}
    made = project.create_snapshot(disk_id, "old name", description="old words", metadata=metadata)
    write(project, disk_id, b"later")
    return [made.id, disk_id]


def two_snapshots(project: Project) -> list[str]:
    made = snapshot(project)
    return [made[0], project.create_snapshot(made[1]).id]


def two_snapshots_and_disk(project: Project) -> list[str]:
    made = snapshot(project)
    return [project.create_snapshot(made[1]).id, *made]


def attached_disk_without_bytes(project: Project) -> list[str]:
    ids = attached_disk(project)
    project.disk_file(ids[0]).unlink()
    return ids


def snapshot_without_bytes(project: Project) -> list[str]:
    ids = snapshot(project)
    project.disk_file(ids[0]).unlink()
    return ids


def backup(project: Project) -> list[str]:
    """A backup, and its disk, whose file has few bytes whatever its size: a backup of it takes no time."""
    (disk_id,) = disk(project)
    project.shrink(disk_id)
    return [project.create_backup(disk_id, "base").id, disk_id]


def two_backups(project: Project) -> list[str]:
    made = backup(project)
    return [made[0], project.create_backup(made[1]).id]


def write(project: Project, resource_id: str, content: bytes) -> None:
    with project.disk_file(resource_id).open("r+b") as opened:
        opened.seek(OFFSET)
        opened.write(content)


def making_a_snapshot(start: Callable[[Project], list[str]], **typed: Any) -> Case:
    return Case(
        start,
        lambda disk_id: commands.create_snapshot(disk_id, **typed),
        lambda cloud, disk_id: snapshots.create(cloud, disk_id, **typed),
    )


def editing_a_snapshot(*, name: str, description: str, properties: Mapping[str, str] | None) -> Case:
    def save(cloud: keystone.Cloud, snapshot_id: str, _disk_id: str) -> None:
        snapshots.rename(cloud, snapshot_id, name, description)
        if properties is not None:
            snapshots.replace_properties(cloud, snapshot_id, properties)

    return Case(
        snapshot,
        lambda snapshot_id, _disk_id: commands.edit_snapshot(
            snapshot_id, name=name, description=description, properties=properties
        ),
        save,
    )


def making_a_disk(start: Callable[[Project], list[str]], source: str = "", **typed: Any) -> Case:
    plain = {"description": "", "type_name": "", "zone": "", **typed}

    def of(ids: tuple[str, ...]) -> dict[str, Any]:
        return {**plain, **({source: ids[0]} if source else {})}

    return Case(
        start,
        lambda *ids: commands.create_disk(**of(ids)),
        lambda cloud, *ids: disks.create(cloud, NewDisk(**of(ids))),
    )


def changing_a_disk(
    start: Callable[[Project], list[str]],
    command: Callable[..., str],
    change: Callable[..., object],
    *positional: Any,
    **typed: Any,
) -> Case:
    return Case(
        start,
        lambda disk_id: command(disk_id, *positional, **typed),
        lambda cloud, disk_id: change(cloud, disk_id, *positional, **typed),
    )


def making_a_backup(
    start: Callable[[Project], list[str]],
    *,
    statuses: frozenset[str] = AT_REST,
    of_snapshot: bool = False,
    incremental: bool = False,
    **typed: str,
) -> Case:
    def of(ids: tuple[str, ...]) -> dict[str, Any]:
        return {**typed, "snapshot_id": ids[0] if of_snapshot else "", "incremental": incremental}

    return Case(
        start,
        lambda *ids: commands.create_backup(ids[-1], **of(ids)),
        lambda cloud, *ids: backups.create(cloud, ids[-1], **of(ids), attached=start is attached_disk_without_bytes),
        AT_REST | statuses,
    )


def deleting(
    start: Callable[[Project], list[str]], command: Callable[[list[str]], str], delete: Callable[[Any, str], None]
) -> Case:
    def call(cloud: keystone.Cloud, *ids: str) -> None:
        for one in ids:
            delete(cloud, one)

    return Case(start, lambda *ids: command(list(ids)), call)


CASES = {
    "snapshot with hostile words of an attached disk": making_a_snapshot(
        attached_disk,
        name=HOSTILE_NAME,
        description=HOSTILE_DESCRIPTION,
        properties={"snapshot": "self", **HOSTILE_PROPERTIES},
    ),
    "snapshot without words": making_a_snapshot(disk, name="", description="", properties={}),
    "snapshot named with dashes": making_a_snapshot(disk, name="--", description="--", properties={"--": "--"}),
    "edit with hostile words": editing_a_snapshot(
        name=HOSTILE_NAME,
        description=HOSTILE_DESCRIPTION,
        properties={"to change": "3", **HOSTILE_PROPERTIES},
    ),
    "edit to nothing": editing_a_snapshot(name="", description="", properties={}),
    "edit but the properties": editing_a_snapshot(name="--help", description="--", properties=None),
    "delete snapshots": deleting(two_snapshots, commands.delete_snapshots, snapshots.delete),
    "roll back": Case(
        snapshot,
        lambda snapshot_id, _disk_id: commands.roll_back(snapshot_id),
        lambda cloud, snapshot_id, disk_id: disks.roll_back(cloud, disk_id, snapshot_id),
    ),
    "empty disk": making_a_disk(
        lambda _project: [],
        name=HOSTILE_NAME,
        description=HOSTILE_DESCRIPTION + "🦊",
        size=2,
        type_name="ceph-hdd",
        zone="nova",
    ),
    "disk from a snapshot": making_a_disk(snapshot, "snapshot_id", name="", size=2),
    "disk from a backup": making_a_disk(backup, "backup_id", name="--", size=2),
    "clone": making_a_disk(written_disk, "source_disk_id", name=HOSTILE_NAME, size=2),
    "grow an attached disk": Case(
        attached_disk,
        lambda disk_id: commands.resize_disk(disk_id, size=2, attached=True),
        lambda cloud, disk_id: disks.resize(cloud, disk_id, 2),
    ),
    "change type": Case(
        written_disk,
        lambda disk_id: commands.change_type(disk_id, type_name="ceph-hdd", migrate=True),
        lambda cloud, disk_id: disks.change_type(cloud, disk_id, "ceph-hdd", migrate=True),
    ),
    "rename with hostile words": changing_a_disk(
        written_disk, commands.rename_disk, disks.rename, name=HOSTILE_NAME, description=HOSTILE_DESCRIPTION + "\n🦊"
    ),
    "rename to nothing": changing_a_disk(written_disk, commands.rename_disk, disks.rename, name="", description=""),
    "make bootable": changing_a_disk(disk, commands.set_bootable, disks.set_bootable, True),
    "hostile properties of a disk": changing_a_disk(
        written_disk,
        commands.set_disk_properties,
        disks.replace_properties,
        properties={"to change": "3", "a/b": "c", ".": ".json", **HOSTILE_PROPERTIES},
    ),
    "no properties of a disk": changing_a_disk(
        written_disk, commands.set_disk_properties, disks.replace_properties, properties={}
    ),
    "delete a disk with its snapshots": Case(
        two_snapshots_and_disk,
        lambda *ids: commands.delete_disks(ids[-1:], cascade=True),
        lambda cloud, *ids: disks.delete(cloud, ids[-1], cascade=True),
    ),
    "delete disks": deleting(lambda project: disk(project) + disk(project), commands.delete_disks, disks.delete),
    "backup of an attached disk": making_a_backup(
        attached_disk_without_bytes, statuses=STUCK, name="nightly", description="works so far"
    ),
    "incremental backup": making_a_backup(backup, incremental=True, name=HOSTILE_NAME, description=HOSTILE_DESCRIPTION),
    "backup of a snapshot": making_a_backup(
        snapshot_without_bytes, statuses=STUCK, of_snapshot=True, name="", description="--"
    ),
    "delete backups": deleting(two_backups, commands.delete_backups, backups.delete),
}


Client = Callable[[str, Mapping[str, str]], tuple[int, str]]


@pytest.fixture(scope="session")
def client(full: bool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A function that runs shell lines with the client: in the full profile, it starts a new client for each line."""
    if full:
        yield run_alone
        return
    with OpenStackClient(tmp_path_factory.mktemp("client")) as client:
        yield client.run


@pytest.mark.sized
@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=name, marks=[pytest.mark.full] * (name in RARE)) for name, case in CASES.items()],
)
def test_a_command_does_what_the_dialog_does(case: Case, project: Project, client: Client, tmp_path: Path) -> None:
    ids = case.start(project)
    code, errors = client(case.command(*ids), environment(project, tmp_path))
    assert code == 0, errors
    assert "Failed" not in errors

    other = make_project(project.cloud, project.administrator)
    other_ids = case.start(other)
    case.call(as_member(other), *other_ids)

    assert what_there_is(project, ids, case.statuses) == what_there_is(other, other_ids, case.statuses)


def environment(project: Project, home: Path) -> dict[str, str]:
    """The environment variables after sourcing the project's openrc file."""
    return {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "OS_AUTH_URL": project.auth_url,
        "OS_USERNAME": project.username,
        "OS_PASSWORD": project.password,
        "OS_USER_DOMAIN_NAME": "Default",
        "OS_PROJECT_ID": project.project_id,
        "OS_REGION_NAME": REGION,
        "OS_IDENTITY_API_VERSION": "3",
    }


def run_alone(line: str, environment: Mapping[str, str]) -> tuple[int, str]:
    """Run the line in a shell; return its exit code and its error output."""
    done = subprocess.run(
        ["bash", "-c", line], env=environment, capture_output=True, text=True, timeout=CLIENT_SECONDS, check=False
    )
    return done.returncode, done.stderr


def what_there_is(project: Project, known: list[str], statuses: frozenset[str]) -> list[dict[str, Any]]:
    """Everything that the project has, once it has reached these statuses, in a form comparable between projects."""
    client = project.volume_client()
    managers = {"disk": client.volumes, "snapshot": client.volume_snapshots, "backup": client.backups}

    rows: list[tuple[str, dict[str, Any]]] = []

    def are_at_rest() -> bool:
        found = [(kind, one.to_dict()) for kind, manager in managers.items() for one in manager.list()]
        rows[:] = [(kind, row) for kind, row in found if not (row["name"] or "").startswith(TEMPORARY)]
        # A backup gets its zone when the work on it begins, whatever the outcome.
        begun = all(row["availability_zone"] for kind, row in rows if kind == "backup")
        return begun and all(row["status"] in statuses for _kind, row in rows)

    wait_until(are_at_rest, "all is at rest")
    found = [{"kind": kind, "bytes": content(project, row["id"]), **comparable(row, known)} for kind, row in rows]
    return sorted(found, key=repr)


def comparable(row: Mapping[str, Any], known: list[str]) -> dict[str, Any]:
    """A row without the values that differ between projects: ids are replaced by their position among the first ids."""
    values = {name: row.get(name) or None for name in COMPARED}
    # Cinder stores here from which backup a disk was created.
    metadata = {key: known.index(value) if value in known else value for key, value in row["metadata"].items()}
    sources = {name: known.index(row[name]) for name in SOURCES if row.get(name)}
    return {**values, "metadata": metadata, "sources": sources}


def content(project: Project, resource_id: str) -> bytes:
    path = project.disk_file(resource_id)
    if not path.is_file():
        return b""
    with path.open("rb") as opened:
        opened.seek(OFFSET)
        return opened.read(5)
