"""`volumes.cinder` with a real Cinder: Cinder accepts what it sends, and what it says is true of the bytes."""

from collections.abc import Callable

import pytest

from dashboard.cloud import keystone, projects
from dashboard.cloud.errors import Conflict, LacksSomething, NotAllowed, OverQuota, Refused
from dashboard.cloud.keystone import Cloud
from dashboard.devcloud.administrator import DISK_TYPES, Administrator
from tests.support.devcloud import Project, wait_until
from volumes.cinder import backups, choices, disks, messages, quota, rollback, snapshots
from volumes.cinder.disks import NewDisk
from volumes.cinder.limits import Allowance
from volumes.cinder.listing import Query
from volumes.cinder.values import Backup, Disk, Record, Snapshot

OFFSET = 5 * 1024**2
CYRILLIC = "Снимок «до обновления» № 7 — "


def sign_in(project: Project, user_name: str, password: str) -> Cloud:
    login = keystone.sign_in(user_name, password, "Default")
    token = keystone.scope(login, project.project_id)
    return Cloud(
        user_id=login.user_id,
        user_name=login.user_name,
        project=projects.Project(project.project_id, project.project_name),
        projects=login.projects,
        regions=("RegionOne",),
        endpoint=token.endpoints[0],
        roles=token.roles,
        token=token.token,
    )


def write(project: Project, resource_id: str, content: bytes) -> None:
    with project.disk_file(resource_id).open("r+b") as opened:
        opened.seek(OFFSET)
        opened.write(content)


def read(project: Project, resource_id: str) -> bytes:
    with project.disk_file(resource_id).open("rb") as opened:
        opened.seek(OFFSET)
        return opened.read(5)


def settled(look: Callable[[], Record]) -> tuple[str, ...]:
    """The statuses that a resource goes through until no work on it is left."""
    seen: list[str] = []

    def is_settled() -> bool:
        now = look()
        if now.status_code not in seen[-1:]:
            seen.append(now.status_code)
        return not now.status.in_transition

    wait_until(is_settled, "it has settled", 60)
    return tuple(seen)


def finished(here: Cloud, made: Disk | Snapshot | Backup) -> None:
    find = {Disk: disks.find, Snapshot: snapshots.find, Backup: backups.find}[type(made)]
    assert settled(lambda: find(here, made.id))[-1] == "available"


def test_properties_come_with_the_snapshot_and_are_replaced_as_a_whole(here: Cloud, project: Project) -> None:
    disk = project.create_disk()
    properties = {"owner": "Анна и Борис", "empty": "", "k" * 255: "v" * 255, "a b.c:d-e_F9": "=x= y"}
    made = snapshots.create(here, disk.id, "with", "", properties)
    assert made.properties == properties
    # Properties that are replaced during the creation come back after it: Cinder then saves the original ones again.
    finished(here, made)
    assert snapshots.find(here, made.id).properties == properties

    changed = {"owner": "Boris", **dict.fromkeys(list(properties)[1:], "else")}
    snapshots.replace_properties(here, made.id, changed)
    assert snapshots.find(here, made.id).properties == changed
    snapshots.replace_properties(here, made.id, {"a": "b"})
    assert snapshots.find(here, made.id).properties == {"a": "b"}

    snapshots.replace_properties(here, made.id, {})
    assert snapshots.find(here, made.id).properties == {}
    assert snapshots.create(here, disk.id, "without", "").properties == {}


def test_other_properties_are_refused(here: Cloud, project: Project) -> None:
    snapshot = project.create_snapshot(project.create_disk().id)
    for key in ("владелец", "a/b", "k" * 256, "", "a=b", "a,b", "tab\there"):
        assert not snapshots.PROPERTY_KEY.fullmatch(key)
        with pytest.raises(Refused):
            snapshots.replace_properties(here, snapshot.id, {key: "x"})
    with pytest.raises(Refused):
        snapshots.replace_properties(here, snapshot.id, {"long": "v" * 256})
    assert snapshots.find(here, snapshot.id).properties == {}


def test_a_key_with_a_slash_goes_with_the_next_replacement(here: Cloud, project: Project) -> None:
    disk = project.create_disk()
    made = snapshots.create(here, disk.id, "", "", {"a/b": "c", "d": "e"})
    finished(here, made)
    assert snapshots.find(here, made.id).properties == {"a/b": "c", "d": "e"}
    snapshots.replace_properties(here, made.id, {"d": "f"})
    assert snapshots.find(here, made.id).properties == {"d": "f"}


def test_names_are_kept_as_they_are(here: Cloud, project: Project) -> None:
    longest = (CYRILLIC * 255)[:255]
    disk = project.create_disk()
    made = snapshots.create(here, disk.id, longest.strip(), longest.strip())
    assert (made.name, made.description, made.disk_id) == (longest.strip(), longest.strip(), disk.id)

    changed = snapshots.rename(here, made.id, "другое", CYRILLIC.strip())
    assert (changed.name, changed.description) == ("другое", CYRILLIC.strip())
    found = snapshots.find(here, made.id)
    assert (found.name, found.description) == ("другое", CYRILLIC.strip())

    assert snapshots.rename(here, made.id, "", "").title == made.id
    assert snapshots.find(here, made.id).description == ""
    with pytest.raises(Refused):
        snapshots.rename(here, made.id, "n" * 256, "")
    with pytest.raises(LacksSomething):
        snapshots.rename(here, "00000000-0000-4000-8000-000000000000", "x", "")


def test_a_roll_back_restores_the_bytes(here: Cloud, project: Project) -> None:
    disk = project.create_disk()
    write(project, disk.id, b"first")
    older = project.create_snapshot(disk.id)
    write(project, disk.id, b"later")
    newer = project.create_snapshot(disk.id, "newer")
    write(project, disk.id, b"spoil")
    newest = snapshots.newest_of(here, disk.id)
    assert newest is not None
    assert newest.id == newer.id
    now = disks.find(here, disk.id)
    assert disks.can_roll_back(here)
    assert rollback.rollback_refusal(newest, now, newest, possible=True) is None
    assert rollback.rollback_refusal(snapshots.find(here, older.id), now, newest, possible=True)

    disks.roll_back(here, disk.id, newer.id)
    seen = settled(lambda: disks.find(here, disk.id))
    assert seen in {("available",), ("reverting", "available")}
    assert set(settled(lambda: snapshots.find(here, newer.id))) <= {"restoring", "available"}
    assert read(project, disk.id) == b"later"
    assert snapshots.newest_of(here, disk.id) == snapshots.find(here, newer.id)


def test_a_roll_back_is_refused_with_cinders_reason(here: Cloud, project: Project) -> None:
    disk = project.create_disk()
    older = project.create_snapshot(disk.id)
    newer = project.create_snapshot(disk.id, "newer")

    with pytest.raises(Refused) as not_newest:
        disks.roll_back(here, disk.id, older.id)
    assert "not the latest one" in not_newest.value.reason
    assert not_newest.value.request_id.startswith("req-")

    attachment = project.attach(disk.id)
    with pytest.raises(Conflict) as attached:
        disks.roll_back(here, disk.id, newer.id)
    assert "status must be 'available'" in attached.value.reason
    assert rollback.rollback_refusal(
        snapshots.find(here, newer.id), disks.find(here, disk.id), snapshots.newest_of(here, disk.id), possible=True
    )
    project.detach(attachment, disk.id)

    project.volume_client().volumes.extend(disk, 2)
    assert settled(lambda: disks.find(here, disk.id))[-1] == "available"
    with pytest.raises(Refused) as resized:
        disks.roll_back(here, disk.id, newer.id)
    assert "size must be equal" in resized.value.reason
    assert disks.find(here, disk.id).status_code == "available"


def test_cinder_leaves_a_disk_reverting_whose_snapshot_is_not_available(
    here: Cloud, project: Project, administrator: Administrator
) -> None:
    """Therefore Diskboard checks the rule first: here Cinder's refusal doesn't leave the disk as it was."""
    disk = project.create_disk()
    snapshot = project.create_snapshot(disk.id)
    administrator.volumes.volume_snapshots.reset_state(snapshot.id, "error")
    newest = snapshots.newest_of(here, disk.id)
    assert newest is not None
    assert newest.status_code == "error"
    assert rollback.rollback_refusal(newest, disks.find(here, disk.id), newest, possible=True)
    with pytest.raises(Conflict):
        disks.roll_back(here, disk.id, snapshot.id)
    assert disks.find(here, disk.id).status_code == "reverting"


def test_disks_are_made_as_they_were_wanted(here: Cloud, project: Project) -> None:
    disk = project.create_disk()
    write(project, disk.id, b"first")
    snapshot = project.create_snapshot(disk.id)
    write(project, disk.id, b"later")

    bigger = disks.create(here, NewDisk("bigger", 2, description=CYRILLIC, snapshot_id=snapshot.id))
    finished(here, bigger)
    assert read(project, bigger.id) == b"first"
    found = disks.find(here, bigger.id)
    assert (found.size, found.snapshot_id, found.description) == (2, snapshot.id, CYRILLIC.strip())

    clone = disks.create(here, NewDisk("clone", 1, source_disk_id=disk.id))
    finished(here, clone)
    assert read(project, clone.id) == b"later"
    assert disks.find(here, clone.id).source_disk_id == disk.id

    empty = disks.create(here, NewDisk("", 1, type_name="ef-nvme", zone="nova"))
    finished(here, empty)
    assert (empty.name, empty.type_name, empty.zone) == ("", "ef-nvme", "nova")

    with pytest.raises(Refused):
        disks.create(here, NewDisk("no such zone", 1, zone="moon"))
    with pytest.raises(LacksSomething):
        disks.create(here, NewDisk("no such type", 1, type_name="moonstone"))


def test_increments_are_based_on_the_newest_backup_and_keep_it(here: Cloud, project: Project) -> None:
    disk = project.create_disk()
    project.shrink(disk.id)
    write(project, disk.id, b"first")
    assert backups.base_of(here, disk.id) is None
    with pytest.raises(Refused):
        backups.create(here, disk.id, "", "no base", "", incremental=True, attached=False)

    full = backups.create(here, disk.id, "", "полная", "вся", incremental=False, attached=False)
    assert (full.name, full.description, full.disk_id, full.status_code) == ("полная", "вся", disk.id, "creating")
    assert "creating" in settled(lambda: backups.find(here, full.id))
    assert backups.base_of(here, disk.id) == backups.find(here, full.id)

    snapshot = project.create_snapshot(disk.id)
    early = backups.find(here, full.id).created_at
    assert backups.base_of(here, disk.id, before=snapshots.find(here, snapshot.id).created_at)
    assert backups.base_of(here, disk.id, before=early) is None

    write(project, disk.id, b"later")
    increment = backups.create(here, disk.id, "", "", "", incremental=True, attached=False)
    finished(here, increment)
    found = backups.find(here, increment.id)
    assert (found.is_incremental, found.has_dependents, found.title) == (True, False, increment.id)
    base = backups.find(here, full.id)
    assert (base.is_incremental, base.has_dependents, base.size) == (False, True, 1)
    assert base.refusal_to_delete
    with pytest.raises(Refused) as refused:
        backups.delete(here, full.id)
    assert "Incremental backups exist" in refused.value.reason
    assert [one.id for one in backups.page(here, Query()).rows] == [increment.id, full.id]

    assert disks.can_restore(here)
    restored = disks.create(here, NewDisk("restored", 1, backup_id=increment.id))
    finished(here, restored)
    assert read(project, restored.id) == b"later"

    backups.delete(here, increment.id)
    backups.delete(here, increment.id)
    wait_until(lambda: backups.find_or_none(here, increment.id) is None, "it is gone")
    backups.delete(here, increment.id)
    assert backups.find(here, full.id).refusal_to_delete is None


def test_a_backup_of_what_is_attached_has_to_be_forced(here: Cloud, project: Project) -> None:
    disk = project.create_disk()
    snapshot = project.create_snapshot(disk.id)
    project.attach(disk.id)
    # A backup without bytes keeps its first status; a backup of a whole disk would take seconds.
    for one in (disk, snapshot):
        project.disk_file(one.id).unlink()
    with pytest.raises(Refused) as unforced:
        backups.create(here, disk.id, "", "", "", incremental=False, attached=False)
    assert "force" in unforced.value.reason
    of_snapshot = backups.create(here, disk.id, snapshot.id, "", "", incremental=False, attached=True)
    assert (of_snapshot.disk_id, of_snapshot.status_code) == (disk.id, "creating")
    of_disk = backups.create(here, disk.id, "", "", "", incremental=False, attached=True)
    assert (of_disk.disk_id, of_disk.status_code) == (disk.id, "creating")
    assert disks.find(here, disk.id).status_code == "backing-up"


@pytest.mark.full
def test_attached_disks_and_their_snapshots_are_backed_up(here: Cloud, project: Project) -> None:
    disk = project.create_disk()
    write(project, disk.id, b"first")
    project.attach(disk.id)
    snapshot = snapshots.create(here, disk.id, "", "")
    finished(here, snapshot)
    of_snapshot = backups.create(here, disk.id, snapshot.id, "", "", incremental=False, attached=True)
    assert snapshots.find(here, snapshot.id).status_code in {"backing-up", "available"}
    finished(here, of_snapshot)
    found = backups.find(here, of_snapshot.id)
    assert (found.snapshot_id, found.data_at) == (snapshot.id, snapshots.find(here, snapshot.id).created_at)

    of_disk = backups.create(here, disk.id, "", "", "", incremental=False, attached=True)
    assert set(settled(lambda: disks.find(here, disk.id))) <= {"backing-up", "in-use"}
    finished(here, of_disk)
    assert disks.find(here, disk.id).is_attached


def test_cinders_messages_are_told(here: Cloud, project: Project) -> None:
    failed = project.create_failed_disk()
    told = messages.newest_by_id(here, messages.DISK, [failed.id, "00000000-0000-4000-8000-000000000000"])
    assert list(told) == [failed.id]
    assert "schedule allocate volume" in told[failed.id].text
    assert told[failed.id].request_id.startswith("req-")
    assert told[failed.id].created_at is not None
    assert messages.of_resource(here, failed.id) == [told[failed.id]]

    disk = project.create_disk()
    snapshot = project.create_snapshot(disk.id)
    assert messages.of_resource(here, snapshot.id) == []
    project.break_deletion(snapshot.id)
    snapshots.delete(here, snapshot.id)
    assert settled(lambda: snapshots.find(here, snapshot.id))[-1] == "error_deleting"
    told = messages.newest_by_id(here, messages.SNAPSHOT, {snapshot.id})
    assert told[snapshot.id].text.startswith("delete snapshot")
    assert messages.newest_by_id(here, messages.BACKUP, [snapshot.id]) == {}


def test_the_quota_is_told_and_kept(here: Cloud, project: Project, administrator: Administrator) -> None:
    administrator.volumes.quotas.update(project.project_id, snapshots=1, gigabytes=10, backups=-1)
    disk = project.create_disk()
    assert quota.of_project(here).snapshots == Allowance(0, 1)
    snapshots.create(here, disk.id, "", "")
    told = quota.of_project(here)
    assert (told.snapshots, told.disks.used) == (Allowance(1, 1), 1)
    assert told.gigabytes == Allowance(2, 10)
    assert (told.backups, told.backups.left) == (Allowance(0, None), None)
    with pytest.raises(OverQuota) as refused:
        snapshots.create(here, disk.id, "", "")
    assert refused.value.reason
    with pytest.raises(OverQuota):
        disks.create(here, NewDisk("too big", 9))


def test_there_is_something_to_choose_from(here: Cloud) -> None:
    offered = {one.name: one.description for one in choices.disk_types(here)}
    assert offered.items() >= DISK_TYPES.items()
    assert choices.zones(here) == ["nova"]


def test_a_reader_may_only_look(here: Cloud, project: Project) -> None:
    disk = project.create_disk()
    snapshot = project.create_snapshot(disk.id)
    reader = sign_in(project, project.reader_username, project.reader_password)
    assert quota.of_project(reader).disks.used == 1
    assert choices.disk_types(reader) == choices.disk_types(here)
    assert choices.zones(reader)
    assert messages.newest_by_id(reader, messages.DISK, [disk.id]) == {}
    assert backups.page(reader, Query()).rows == ()
    for write_something in (
        lambda: snapshots.rename(reader, snapshot.id, "x", ""),
        lambda: snapshots.replace_properties(reader, snapshot.id, {}),
        lambda: disks.roll_back(reader, disk.id, snapshot.id),
        lambda: disks.create(reader, NewDisk("x", 1)),
        lambda: backups.create(reader, disk.id, "", "", "", incremental=False, attached=False),
    ):
        with pytest.raises(NotAllowed):
            write_something()
    assert disks.find(here, disk.id).status_code == "available"
