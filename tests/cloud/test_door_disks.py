"""Changing and deleting disks on a real Cinder: what it accepts and refuses, and what happens to the bytes."""

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from dashboard.cloud.errors import LacksSomething, NotAllowed, OverQuota, Refused
from dashboard.cloud.keystone import Cloud
from dashboard.devcloud.administrator import Administrator
from tests.cloud.test_door import CYRILLIC, finished, read, settled, sign_in, write
from tests.support.devcloud import Project, wait_until
from volumes.cinder import disks, messages, quota, snapshots
from volumes.cinder.disks import NewDisk
from volumes.cinder.limits import Allowance
from volumes.cinder.listing import Query
from volumes.cinder.values import Disk

NOBODY = "00000000-0000-4000-8000-000000000000"
# The statuses of Cinder for which the rules differ
STATUSES = (
    "available",
    "creating",
    "awaiting-transfer",
    "maintenance",
    "error",
    "error_deleting",
    "error_extending",
)
# The other statuses, except "in-use" and "deleting", which need more than a changed value in a row
MORE_STATUSES = (
    "reserved",
    "attaching",
    "detaching",
    "extending",
    "retyping",
    "uploading",
    "downloading",
    "backing-up",
    "restoring-backup",
    "error_restoring",
    "error_backing-up",
)


def statuses(here: Cloud, disk_id: str) -> tuple[str, ...]:
    """The statuses that the disk goes through until no work on it is left."""
    return settled(lambda: disks.find(here, disk_id))


def is_gone(here: Cloud, disk_id: str) -> bool:
    return disks.find_or_none(here, disk_id) is None


def test_it_grows_and_keeps_its_bytes(here: Cloud, project: Project) -> None:
    disk = project.create_disk()
    write(project, disk.id, b"first")
    snapshot = project.create_snapshot(disk.id)
    disks.resize(here, disk.id, 3)
    assert set(statuses(here, disk.id)) <= {"extending", "available"}
    assert disks.find(here, disk.id).size == 3
    assert project.disk_file(disk.id).stat().st_size == 3 * 1024**3
    assert read(project, disk.id) == b"first"
    assert snapshots.find(here, snapshot.id).size == 1


def test_it_does_not_shrink_nor_outgrow_the_quota(here: Cloud, project: Project, administrator: Administrator) -> None:
    administrator.volumes.quotas.update(project.project_id, gigabytes=5, per_volume_gigabytes=4)
    disk = project.create_disk(size=2)
    for size in (1, 2):
        with pytest.raises(Refused) as smaller:
            disks.resize(here, disk.id, size)
        assert "greater than current size" in smaller.value.reason
    with pytest.raises(OverQuota) as too_big:
        disks.resize(here, disk.id, 5)
    assert "larger than maximum allowed" in too_big.value.reason
    project.create_disk()
    project.create_disk()
    with pytest.raises(OverQuota):
        disks.resize(here, disk.id, 4)
    assert (disks.find(here, disk.id).size, disks.find(here, disk.id).status_code) == (2, "available")


def test_an_attached_disk_grows_even_where_its_instance_is_not_told(here: Cloud, project: Project) -> None:
    disk = project.create_disk()
    project.attach(disk.id)
    assert disks.can_resize_attached(here)
    (attachment,) = disks.find(here, disk.id).attachments
    assert attachment.attached_at is not None
    assert datetime.now(UTC) - attachment.attached_at < timedelta(minutes=5)

    disks.resize(here, disk.id, 2)
    assert set(statuses(here, disk.id)) <= {"extending", "in-use"}
    assert disks.find(here, disk.id).size == 2
    wait_until(lambda: bool(messages.of_resource(here, disk.id)), "there is a message")
    assert "Compute service failed to extend" in messages.of_resource(here, disk.id)[0].text


def test_it_gets_another_type_with_its_snapshots(here: Cloud, project: Project) -> None:
    disk = project.create_disk()
    write(project, disk.id, b"first")
    project.create_snapshot(disk.id)
    # All types of this cloud use the same storage: nothing has to move, whether it is allowed or not.
    for name, migrate in (("ceph-hdd", False), ("ceph-ssd", True)):
        disks.change_type(here, disk.id, name, migrate=migrate)
        assert set(statuses(here, disk.id)) <= {"retyping", "available"}
        assert disks.find(here, disk.id).type_name == name
    assert read(project, disk.id) == b"first"
    with pytest.raises(Refused):
        disks.change_type(here, disk.id, "ceph-ssd", migrate=True)
    with pytest.raises(LacksSomething) as unknown:
        disks.change_type(here, disk.id, "moonstone", migrate=True)
    assert "moonstone" in unknown.value.reason


def test_an_attached_disk_gets_another_type(here: Cloud, project: Project) -> None:
    disk = project.create_disk()
    project.attach(disk.id)
    disks.change_type(here, disk.id, "ceph-hdd", migrate=False)
    assert set(statuses(here, disk.id)) <= {"retyping", "in-use"}
    assert disks.find(here, disk.id).type_name == "ceph-hdd"


def test_nobody_says_that_a_type_could_not_be_had(here: Cloud, project: Project, administrator: Administrator) -> None:
    """Cinder accepts the type, finds no storage for it, and leaves no message: the disk just has its old type again."""
    types = administrator.volumes.volume_types
    nowhere = types.create(f"nowhere {project.project_name}", is_public=False)
    nowhere.set_keys({"volume_backend_name": "moon"})
    administrator.volumes.volume_type_access.add_project_access(nowhere, project.project_id)
    disk = project.create_disk()
    before = disks.find(here, disk.id).type_name
    disks.change_type(here, disk.id, nowhere.name, migrate=True)
    assert statuses(here, disk.id)[-1] == "available"
    assert disks.find(here, disk.id).type_name == before
    assert messages.of_resource(here, disk.id) == []
    types.delete(nowhere)


def test_names_are_kept_as_they_are(here: Cloud, project: Project) -> None:
    longest = (CYRILLIC * 255)[:254] + "x"
    disk = project.create_disk(description="old")
    changed = disks.rename(here, disk.id, longest, "две\nстроки 🦊")
    assert (changed.name, changed.description) == (longest, "две\nстроки 🦊")
    found = disks.find(here, disk.id)
    assert (found.name, found.description) == (longest, "две\nстроки 🦊")

    assert disks.rename(here, disk.id, "  новое имя ", "").name == "новое имя"
    assert disks.rename(here, disk.id, "", "").title == disk.id
    assert (disks.find(here, disk.id).name, disks.find(here, disk.id).description) == ("", "")
    with pytest.raises(Refused):
        disks.rename(here, disk.id, "n" * 256, "")
    with pytest.raises(LacksSomething):
        disks.rename(here, NOBODY, "x", "")


def test_it_becomes_bootable_and_back(here: Cloud, project: Project) -> None:
    disk = project.create_disk()
    for bootable in (True, True, False):
        disks.set_bootable(here, disk.id, bootable)
        assert disks.find(here, disk.id).bootable is bootable
    with pytest.raises(LacksSomething):
        disks.set_bootable(here, NOBODY, True)


def test_properties_are_replaced_as_a_whole(here: Cloud, project: Project) -> None:
    disk = project.create_disk(metadata={"old": "1"})
    properties = {"owner": "Анна и Борис", "empty": "", "k" * 255: "v" * 255, "a b.c:d-e_F9/g": "=x= y"}
    disks.replace_properties(here, disk.id, properties)
    assert disks.find(here, disk.id).properties == properties
    disks.replace_properties(here, disk.id, {"a/b": "d"})
    assert disks.own_properties(here, disk.id) == {"a/b": "d"}
    disks.replace_properties(here, disk.id, {})
    assert disks.find(here, disk.id).properties == {}


def test_other_properties_are_refused(here: Cloud, project: Project) -> None:
    disk = project.create_disk(metadata={"kept": "yes"})
    for key in ("владелец", "k" * 256, "", "a=b", "a,b", "tab\there"):
        assert not disks.PROPERTY_KEY.fullmatch(key)
        with pytest.raises(Refused):
            disks.replace_properties(here, disk.id, {key: "x"})
    with pytest.raises(Refused):
        disks.replace_properties(here, disk.id, {"long": "v" * 256})
    assert disks.find(here, disk.id).properties == {"kept": "yes"}


def test_cinders_own_marks_are_not_among_a_disks_own_properties(here: Cloud, project: Project) -> None:
    disk = project.create_disk(metadata={"a": "b"})
    project.volume_client().volumes.update_readonly_flag(disk.id, True)
    assert disks.find(here, disk.id).properties == {"a": "b", "readonly": "True"}
    assert disks.own_properties(here, disk.id) == {"a": "b"}


def test_a_clone_has_the_bytes(here: Cloud, project: Project) -> None:
    disk = project.create_disk()
    write(project, disk.id, b"first")
    project.attach(disk.id)
    assert disks.find(here, disk.id).refusal_to_clone is None
    clone = disks.create(here, NewDisk("clone", 2, source_disk_id=disk.id))
    finished(here, clone)
    write(project, disk.id, b"later")
    assert read(project, clone.id) == b"first"
    assert disks.find(here, clone.id).size == 2
    with pytest.raises(Refused):
        disks.create(here, NewDisk("too small", 1, source_disk_id=clone.id))


def test_it_is_deleted(here: Cloud, project: Project) -> None:
    disk = project.create_disk()
    disks.delete(here, disk.id)
    disks.delete(here, disk.id)
    wait_until(lambda: is_gone(here, disk.id), "it is gone")
    disks.delete(here, disk.id)
    disks.delete(here, disk.id, cascade=True)
    assert not project.disk_file(disk.id).exists()


def test_a_disk_with_snapshots_goes_only_with_them(here: Cloud, project: Project, administrator: Administrator) -> None:
    disk = project.create_disk()
    first, second = project.create_snapshots(disk.id, 2)
    with pytest.raises(Refused) as refused:
        disks.delete(here, disk.id)
    assert "have snapshots" in refused.value.reason
    assert refused.value.request_id.startswith("req-")

    administrator.volumes.volume_snapshots.reset_state(first.id, "backing-up")
    assert snapshots.of_each(here, [disk.id])[0][disk.id].undeletable == 1
    with pytest.raises(Refused):
        disks.delete(here, disk.id, cascade=True)
    assert disks.find(here, disk.id).status_code == "available"

    administrator.volumes.volume_snapshots.reset_state(first.id, "error")
    assert snapshots.of_each(here, [disk.id])[0][disk.id].undeletable == 0
    disks.delete(here, disk.id, cascade=True)
    wait_until(lambda: is_gone(here, disk.id), "it is gone")
    assert snapshots.find_or_none(here, second.id) is None


def test_an_attached_disk_is_not_deleted(here: Cloud, project: Project) -> None:
    disk = project.create_disk()
    attachment = project.attach(disk.id)
    assert "attached" in str(disks.find(here, disk.id).refusal_to_delete)
    for cascade in (True, False):
        with pytest.raises(Refused) as refused:
            disks.delete(here, disk.id, cascade=cascade)
        assert "attached" in refused.value.reason
    project.detach(attachment, disk.id)
    assert disks.find(here, disk.id).refusal_to_delete is None
    disks.delete(here, disk.id)


REFUSALS: dict[str, tuple[Callable[[Disk], object], Callable[[Cloud, str], object]]] = {
    "delete": (lambda disk: disk.refusal_to_delete, disks.delete),
    "clone": (
        lambda disk: disk.refusal_to_clone,
        lambda here, disk_id: disks.create(here, NewDisk("clone", 1, source_disk_id=disk_id)),
    ),
    "resize": (
        lambda disk: disk.refusal_to_resize(attached_possible=True),
        lambda here, disk_id: disks.resize(here, disk_id, 2),
    ),
    "change type": (
        lambda disk: disk.refusal_to_change_type,
        lambda here, disk_id: disks.change_type(here, disk_id, "ceph-hdd", migrate=False),
    ),
    "rename": (
        lambda disk: disk.refusal_to_edit,
        lambda here, disk_id: disks.rename(here, disk_id, "renamed", ""),
    ),
    "make bootable": (
        lambda disk: disk.refusal_to_edit,
        lambda here, disk_id: disks.set_bootable(here, disk_id, True),
    ),
    "change properties": (
        lambda disk: disk.refusal_to_change_properties,
        lambda here, disk_id: disks.replace_properties(here, disk_id, {}),
    ),
}


@pytest.mark.sized
@pytest.mark.parametrize(("refusal", "change"), REFUSALS.values(), ids=list(REFUSALS))
def test_a_rule_refuses_what_cinder_refuses_and_nothing_else(
    here: Cloud,
    project: Project,
    refusal: Callable[[Disk], object],
    change: Callable[[Cloud, str], object],
    full: bool,
) -> None:
    statuses = (*STATUSES, *MORE_STATUSES) if full else STATUSES
    disk = project.create_disk()
    copies = dict(zip(project.multiply_disk(disk.id, len(statuses)), statuses, strict=True))
    project.set_statuses(copies)
    found = [one for one in disks.page(here, Query()).rows if one.id != disk.id]
    assert {one.id: one.status_code for one in found} == copies
    expected = {one.status_code: not refusal(one) for one in found}
    taken = dict.fromkeys(statuses, False)
    for disk_id, status in copies.items():
        with contextlib.suppress(Refused):
            change(here, disk_id)
            taken[status] = True
    assert taken == expected


def test_members_are_not_told_that_a_disk_moves(here: Cloud, project: Project, administrator: Administrator) -> None:
    """So no rule can take it into account on a cloud like this one, and Cinder's own refusal must suffice."""
    disk = project.create_disk()
    administrator.volumes.volumes.reset_state(disk.id, None, migration_status="migrating")
    assert disks.find(here, disk.id).migration_status == ""
    with pytest.raises(Refused) as refused:
        disks.delete(here, disk.id)
    assert "migrating" in refused.value.reason


def test_snapshots_are_summed_up_by_disk(here: Cloud, project: Project) -> None:
    disk, other, without = project.create_disks(3)
    first, second = project.create_snapshots(disk.id, 2)
    old = project.create_snapshot(other.id)
    project.backdate(first.id, days=1)
    project.backdate(old.id, days=30)
    ids = [disk.id, other.id, without.id]
    told, complete = snapshots.summaries(here, ids)
    assert complete
    assert (told, True) == snapshots.of_each(here, ids)
    assert told.keys() == {disk.id, other.id}
    assert (told[disk.id].count, told[disk.id].gigabytes) == (2, 2)
    assert told[disk.id].newest == snapshots.find(here, second.id).created_at
    assert told[disk.id].oldest == snapshots.find(here, first.id).created_at

    week = datetime.now(UTC) - timedelta(days=7)
    assert snapshots.disks_with_snapshot_since(here, week) == (frozenset({disk.id}), True)


def test_more_snapshots_than_a_request_holds_are_summed_up_as_far_as_they_go(here: Cloud, project: Project) -> None:
    disk, other = project.create_disks(2)
    old = project.create_snapshot(other.id)
    project.backdate(old.id, days=30)
    copied = project.create_snapshot(disk.id)
    project.multiply_snapshot(copied.id, 1299)
    told, complete = snapshots.summaries(here, [disk.id, other.id])
    assert not complete
    assert told.keys() == {disk.id}
    assert told[disk.id].count == 1000

    each, complete = snapshots.of_each(here, [disk.id, other.id])
    assert (each[disk.id].count, each[other.id].count, complete) == (1000, 1, False)
    many, complete = snapshots.of_each(here, [disk.id, other.id, *[NOBODY] * 20])
    assert (many[disk.id].count, many[other.id].count, complete) == (1300, 1, True)

    long_ago = datetime.now(UTC) - timedelta(days=60)
    assert snapshots.disks_with_snapshot_since(here, long_ago) == (frozenset({disk.id, other.id}), True)


def test_the_quota_of_each_type_is_told_and_kept(here: Cloud, project: Project, administrator: Administrator) -> None:
    administrator.volumes.quotas.update(project.project_id, **{"gigabytes_ceph-hdd": 3, "volumes_ceph-hdd": 2})
    disk = project.create_disk(size=2, volume_type="ceph-hdd")
    reader = sign_in(project, project.reader_username, project.reader_password)
    for cloud in (here, reader):
        told = quota.of_types(cloud)
        assert (told["ceph-hdd"].disks, told["ceph-hdd"].gigabytes) == (Allowance(1, 2), Allowance(2, 3))
        assert told["ceph-hdd"].snapshots == Allowance(0, None)
        assert told["ef-nvme"].disks == Allowance(0, None)
    with pytest.raises(OverQuota):
        disks.resize(here, disk.id, 4)
    other = project.create_disk(size=2)
    with pytest.raises(OverQuota):
        disks.change_type(here, other.id, "ceph-hdd", migrate=False)
    assert disks.find(here, other.id).status_code == "available"


def test_a_reader_may_change_nothing(here: Cloud, project: Project) -> None:
    disk = project.create_disk()
    reader = sign_in(project, project.reader_username, project.reader_password)
    assert [one.id for one in disks.page(reader, Query()).rows] == [disk.id]
    assert snapshots.of_each(reader, [disk.id]) == ({}, True)
    for change in (
        lambda: disks.resize(reader, disk.id, 2),
        lambda: disks.change_type(reader, disk.id, "ceph-hdd", migrate=False),
        lambda: disks.rename(reader, disk.id, "x", ""),
        lambda: disks.set_bootable(reader, disk.id, True),
        lambda: disks.replace_properties(reader, disk.id, {}),
        lambda: disks.delete(reader, disk.id),
    ):
        with pytest.raises(NotAllowed):
            change()
    assert disks.find(here, disk.id).name == "disk"
