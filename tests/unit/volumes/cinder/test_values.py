"""What is read from Cinder's answers."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.fake_cloud import REQUEST_ID, an_id, backup, disk_type, message, snapshot, volume
from volumes.cinder import limits, readers, values
from volumes.cinder.limits import Allowance
from volumes.cinder.values import Disk, Snapshot


def test_it_reads_a_disk() -> None:
    row = volume(
        1,
        description="all of it",
        bootable="true",
        status="in-use",
        attachments=[
            {
                "server_id": "s-1",
                "device": "/dev/vdb",
                "attachment_id": "x",
                "attached_at": "2026-03-01T11:00:00.000000",
                "connection_info": {"auth_password": "secret"},
            }
        ],
        metadata={"kept": "for ever"},
        snapshot_id=an_id(1001),
        source_volid=None,
        encrypted=True,
        multiattach=True,
        group_id="g-1",
        migration_status="migrating",
        volume_image_metadata={"image_name": "Debian 12", "image_id": "i-1"},
        user_id="u-1",
    )
    assert readers.disk(row) == values.Disk(
        id=an_id(1),
        name="disk-1",
        description="all of it",
        status_code="in-use",
        size=10,
        type_name="ceph-ssd",
        zone="nova",
        bootable=True,
        attachments=(values.Attachment("s-1", "/dev/vdb", datetime(2026, 3, 1, 11, tzinfo=UTC)),),
        created_at=datetime(2026, 3, 1, 10, 0, 1, tzinfo=UTC),
        updated_at=None,
        properties={"kept": "for ever"},
        snapshot_id=an_id(1001),
        source_disk_id="",
        encrypted=True,
        multiattach=True,
        group_id="g-1",
        migration_status="migrating",
        image_name="Debian 12",
        user_id="u-1",
    )


def test_it_reads_a_snapshot() -> None:
    assert readers.snapshot(snapshot(1001, group_snapshot_id="g-1")) == values.Snapshot(
        id=an_id(1001),
        name="snapshot-1001",
        description="",
        status_code="available",
        size=10,
        disk_id=an_id(1),
        group_snapshot_id="g-1",
        created_at=datetime(2026, 3, 2, 10, 0, 41, tzinfo=UTC),
        updated_at=None,
        properties={},
    )


def test_it_reads_a_backup() -> None:
    row = backup(
        2001,
        snapshot_id=an_id(1001),
        is_incremental=True,
        has_dependent_backups=True,
        fail_reason="no room",
        data_timestamp="2026-03-02T10:00:41.000000",
        metadata={"a": "b"},
    )
    assert readers.backup(row) == values.Backup(
        id=an_id(2001),
        name="backup-2001",
        description="",
        status_code="available",
        size=10,
        properties={"a": "b"},
        created_at=datetime(2026, 3, 3, 10, 0, 21, tzinfo=UTC),
        updated_at=None,
        disk_id=an_id(1),
        snapshot_id=an_id(1001),
        is_incremental=True,
        has_dependents=True,
        fail_reason="no room",
        zone="nova",
        data_at=datetime(2026, 3, 2, 10, 0, 41, tzinfo=UTC),
    )


def test_it_reads_a_message() -> None:
    assert readers.message(message(3001, about=an_id(7), user_message="create volume:no room")) == values.Message(
        id=an_id(3001),
        resource_id=an_id(7),
        text="create volume:no room",
        request_id=REQUEST_ID,
        level="ERROR",
        created_at=datetime(2026, 3, 4, 10, 0, 1, tzinfo=UTC),
    )


def test_it_reads_a_quota() -> None:
    read = readers.quota(
        {
            "maxTotalVolumes": 10,
            "totalVolumesUsed": 4,
            "maxTotalSnapshots": 5,
            "totalSnapshotsUsed": 6,
            "maxTotalVolumeGigabytes": 1000,
            "totalGigabytesUsed": 250,
            "maxTotalBackups": -1,
            "totalBackupsUsed": 3,
            "totalBackupGigabytesUsed": 30,
        }
    )
    assert read == limits.Quota(
        disks=Allowance(4, 10),
        snapshots=Allowance(6, 5),
        gigabytes=Allowance(250, 1000),
        backups=Allowance(3, None),
        backup_gigabytes=Allowance(30, None),
    )
    assert [one.left for one in (read.disks, read.snapshots, read.gigabytes, read.backups)] == [6, 0, 750, None]


def test_it_reads_the_quota_of_types() -> None:
    told = readers.quota_of_types(
        {
            "id": "p-1",
            "volumes": {"limit": 10, "in_use": 4, "reserved": 0},
            "gigabytes": {"limit": 10, "in_use": 4, "reserved": 0},
            "backup_gigabytes": {"limit": 10, "in_use": 4, "reserved": 0},
            "per_volume_gigabytes": {"limit": 10, "in_use": 0, "reserved": 0},
            "volumes_fast": {"limit": 10, "in_use": 4, "reserved": 1},
            "snapshots_fast": {"limit": -1, "in_use": 6, "reserved": 0},
            "gigabytes_fast": {"limit": 0, "in_use": 40, "reserved": 5},
            "gigabytes_odd": None,
        }
    )
    nothing = Allowance(0, None)
    assert told == {
        "fast": limits.TypeQuota(Allowance(5, 10), Allowance(6, None), Allowance(45, 0)),
        "odd": limits.TypeQuota(nothing, nothing, nothing),
    }


def test_it_reads_a_disk_type() -> None:
    assert readers.disk_type(disk_type(4001, "fast", description="very")) == limits.DiskType(
        an_id(4001), "fast", "very"
    )


@pytest.mark.parametrize(
    "row", [{}, dict.fromkeys([*volume(), *backup(), *message()]), {"attachments": [None, 1, "x"], "metadata": ["a"]}]
)
def test_it_reads_what_lacks_everything(row: dict[str, object]) -> None:
    disk = readers.disk(row)
    assert (disk.name, disk.size, disk.bootable, disk.attachments, disk.created_at) == ("", 0, False, (), None)
    assert (disk.properties, disk.snapshot_id, disk.source_disk_id, disk.busy_since) == ({}, "", "", None)
    assert (disk.encrypted, disk.multiattach, disk.group_id, disk.migration_status) == (False, False, "", "")
    assert (disk.image_name, disk.user_id) == ("", "")
    assert readers.snapshot(row).disk_id == ""
    made = readers.backup(row)
    assert (made.is_incremental, made.has_dependents, made.no_service, made.data_at) == (False, False, False, None)
    assert (readers.message(row).text, readers.message(row).created_at) == ("", None)
    assert readers.disk_type(row).name == ""


@pytest.mark.parametrize("said", [None, "5", 1.5, [], {}])
def test_it_takes_limits_that_are_no_numbers_for_none(said: object) -> None:
    names = ("maxTotalVolumes", "maxTotalSnapshots", "totalVolumesUsed", "totalGigabytesUsed")
    assert readers.quota(dict.fromkeys(names, said)) == readers.quota({})
    assert readers.quota({}).snapshots == Allowance(0, None)


@pytest.mark.parametrize(
    ("said", "properties"),
    [
        ({"a": "b", "c": ""}, {"a": "b", "c": ""}),
        ({"a": 1, "b": None, "c": ["x"]}, {"a": "1", "b": "", "c": "['x']"}),
        (None, {}),
        ([], {}),
        ("a=b", {}),
        (5, {}),
    ],
)
def test_it_reads_properties(said: object, properties: dict[str, str]) -> None:
    assert readers.disk(volume(metadata=said)).properties == properties
    assert readers.snapshot(snapshot(metadata=said)).properties == properties
    assert readers.backup(backup(metadata=said)).properties == properties


@pytest.mark.parametrize(
    ("row", "field", "value"),
    [
        ({"group_id": None, "consistencygroup_id": "g-1"}, "group_id", "g-1"),
        ({"migration_status": None, "os-vol-mig-status-attr:migstat": "starting"}, "migration_status", "starting"),
        ({"volume_image_metadata": {"image_id": "i-1"}}, "image_name", ""),
        ({"volume_image_metadata": None}, "image_name", ""),
        ({"volume_image_metadata": ["x"]}, "image_name", ""),
        ({"encrypted": "True"}, "encrypted", True),
        ({"multiattach": None}, "multiattach", False),
    ],
)
def test_it_reads_what_clouds_tell_differently(row: dict[str, Any], field: str, value: object) -> None:
    assert getattr(readers.disk(volume(**row)), field) == value


def test_values_can_be_kept_in_sets() -> None:
    rows = [snapshot(metadata={"a": "b"}), snapshot(metadata={"a": "b"}), snapshot(metadata={"a": "c"})]
    assert len({readers.snapshot(row) for row in rows}) == 2


@pytest.mark.parametrize(
    ("said", "bootable"), [("true", True), ("True", True), (True, True), ("false", False), (0, False)]
)
def test_it_reads_bootable_in_all_its_spellings(said: object, bootable: bool) -> None:
    assert readers.disk(volume(bootable=said)).bootable is bootable


@pytest.mark.parametrize(
    "said", ["2026-03-01T10:00:00", "2026-03-01T10:00:00.000000", "2026-03-01T10:00:00Z", "2026-03-01T12:00:00+02:00"]
)
def test_it_takes_times_for_utc(said: str) -> None:
    assert readers.disk(volume(created_at=said)).created_at == datetime(2026, 3, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("said", ["", "soon", None, 5, "2026-13-01T00:00:00"])
def test_it_knows_no_time_where_there_is_none(said: object) -> None:
    assert readers.snapshot(snapshot(created_at=said)).created_at is None


@pytest.mark.parametrize("said", ["10", None, 1.5, [1]])
def test_it_takes_a_size_that_is_no_number_for_none(said: object) -> None:
    assert readers.disk(volume(size=said)).size == 0


def test_it_is_called_by_its_id_where_it_has_no_name() -> None:
    assert readers.disk(volume(1, name="")).title == an_id(1)
    assert readers.disk(volume(1, name=None)).title == an_id(1)
    assert readers.snapshot(snapshot(1001, name="")).title == an_id(1001)


@pytest.mark.parametrize(("status", "refused"), [("available", False), ("in-use", False), ("error", True), ("", True)])
def test_it_takes_snapshots_only_of_disks_at_rest(status: str, refused: bool) -> None:
    assert bool(readers.disk(volume(status=status)).refusal_to_snapshot) is refused


@pytest.mark.parametrize(
    ("status", "group", "refused"),
    [
        ("available", None, False),
        ("error", None, False),
        ("deleting", None, False),
        ("error_deleting", None, True),
        ("creating", None, True),
        ("backing-up", None, True),
        ("restoring", None, True),
        ("moonstruck", None, True),
        ("available", "g-1", True),
    ],
)
def test_it_deletes_only_what_cinder_deletes(status: str, group: str | None, refused: bool) -> None:
    read = readers.snapshot(snapshot(status=status, group_snapshot_id=group))
    assert bool(read.refusal_to_delete) is refused


ATTACHED = {"status": "in-use", "attachments": [{"server_id": "s-1"}]}
DETACH_FIRST = "It is attached to an instance: detach it first."
MOVING = "It is being moved to other storage: try again when that is done."
IN_MAINTENANCE = "The cloud's operator has put it into maintenance."


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({}, ""),
        ({"status": "error"}, ""),
        ({"status": "error_restoring"}, ""),
        ({"status": "error_extending"}, ""),
        ({"status": "deleting"}, ""),
        ({"migration_status": "success"}, ""),
        (ATTACHED, DETACH_FIRST),
        ({"status": "in-use"}, DETACH_FIRST),
        ({**ATTACHED, "status": "error"}, DETACH_FIRST),
        ({"group_id": "g-1"}, "It belongs to a group and goes only with that."),
        ({"migration_status": "migrating"}, MOVING),
        ({"status": "error_deleting"}, "Deleting it has failed before; only the cloud's operator can reset it."),
        (
            {"status": "error_backing-up"},
            "Something went wrong with it halfway; only the cloud's operator can reset it.",
        ),
        ({"status": "awaiting-transfer"}, "It is offered to another project: cancel the transfer first."),
        ({"status": "maintenance"}, IN_MAINTENANCE),
        ({"status": "extending"}, "Something is going on with it; it can be deleted when it is available."),
        ({"status": "reserved"}, "Something is going on with it; it can be deleted when it is available."),
        ({"status": "moonstruck"}, "Something is going on with it; it can be deleted when it is available."),
    ],
)
def test_it_deletes_only_disks_that_cinder_deletes(changes: dict[str, Any], refusal: str) -> None:
    assert str(readers.disk(volume(**changes)).refusal_to_delete or "") == refusal


@pytest.mark.parametrize(
    ("status", "refused"),
    [("available", False), ("in-use", False), ("creating", True), ("error", True), ("reserved", True), ("", True)],
)
def test_it_clones_and_changes_only_disks_at_rest(status: str, refused: bool) -> None:
    read = readers.disk(volume(status=status))
    assert bool(read.refusal_to_clone) is refused
    assert bool(read.refusal_to_change_type) is refused
    assert bool(read.refusal_to_resize(attached_possible=True)) is refused


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        (ATTACHED, ""),
        ({"migration_status": "error"}, ""),
        ({"group_id": "g-1"}, "It belongs to a group, whose disks keep their type."),
        ({"migration_status": "starting"}, MOVING),
    ],
)
def test_it_keeps_the_type_of_what_is_bound_to_it(changes: dict[str, Any], refusal: str) -> None:
    assert str(readers.disk(volume(**changes)).refusal_to_change_type or "") == refusal


@pytest.mark.parametrize(
    ("status", "possible", "refusal"),
    [
        ("available", False, ""),
        ("in-use", True, ""),
        ("in-use", False, "This cloud is too old to resize an attached disk: detach it first."),
        ("error_extending", True, "Only a disk that is available or in use can be resized."),
        ("extending", False, "Only a disk that is available or in use can be resized."),
    ],
)
def test_it_lets_disks_grow_only_where_cinder_does(status: str, possible: bool, refusal: str) -> None:
    read = readers.disk(volume(status=status))
    assert str(read.refusal_to_resize(attached_possible=possible) or "") == refusal


@pytest.mark.parametrize(
    ("status", "to_edit", "to_change_properties"),
    [
        ("available", "", ""),
        ("error_deleting", "", ""),
        ("maintenance", IN_MAINTENANCE, IN_MAINTENANCE),
        ("uploading", "", "It is being uploaded as an image: try again when that is done."),
    ],
)
def test_it_edits_disks_in_nearly_every_status(status: str, to_edit: str, to_change_properties: str) -> None:
    read = readers.disk(volume(status=status))
    assert str(read.refusal_to_edit or "") == to_edit
    assert str(read.refusal_to_change_properties or "") == to_change_properties


def test_it_is_attached_only_when_in_use() -> None:
    assert readers.disk(volume(status="in-use")).is_attached
    assert not readers.disk(volume(status="available")).is_attached


@pytest.mark.parametrize(
    ("changes", "since"),
    [
        ({"status": "deleting", "updated_at": "2026-03-05T10:00:00"}, datetime(2026, 3, 5, 10, tzinfo=UTC)),
        ({"status": "creating"}, datetime(2026, 3, 2, 10, 0, 41, tzinfo=UTC)),
        ({"status": "creating", "created_at": None}, None),
        ({"status": "available", "updated_at": "2026-03-05T10:00:00"}, None),
        ({"status": "error_deleting", "updated_at": "2026-03-05T10:00:00"}, None),
        ({"status": "moonstruck"}, None),
    ],
)
def test_it_knows_since_when_it_is_busy(changes: dict[str, Any], since: datetime | None) -> None:
    assert readers.snapshot(snapshot(1001, **changes)).busy_since == since


@pytest.mark.parametrize(
    ("status", "refused"), [("available", False), ("in-use", False), ("backing-up", True), ("error", True)]
)
def test_it_backs_up_only_disks_at_rest(status: str, refused: bool) -> None:
    assert bool(readers.disk(volume(status=status)).refusal_to_back_up) is refused


@pytest.mark.parametrize(
    ("status", "refused"), [("available", False), ("backing-up", True), ("error", True), ("deleting", True), ("", True)]
)
def test_it_uses_only_what_is_available(status: str, refused: bool) -> None:
    read = readers.snapshot(snapshot(status=status, group_snapshot_id="g-1"))
    assert bool(read.refusal_to_back_up) is refused
    assert bool(read.refusal_to_clone) is refused
    assert bool(readers.backup(backup(status=status)).refusal_to_restore) is refused


@pytest.mark.parametrize(
    ("status", "dependents", "refusal"),
    [
        ("available", False, ""),
        ("error", False, ""),
        ("deleting", False, ""),
        ("available", True, "Increments are based on it: delete those first."),
        ("error_deleting", False, "Deleting it has failed before; only the cloud's operator can reset it."),
        ("creating", False, "Something is going on with it; it can be deleted when it is available."),
        ("restoring", False, "Something is going on with it; it can be deleted when it is available."),
    ],
)
def test_it_deletes_only_backups_that_cinder_deletes(status: str, dependents: bool, refusal: str) -> None:
    read = readers.backup(backup(status=status, has_dependent_backups=dependents))
    assert str(read.refusal_to_delete or "") == refusal


@pytest.mark.parametrize(
    ("reason", "no_service"),
    [
        ("Service not found for creating backup.", True),
        ("Create backup aborted due to backup service is down.", True),
        ("Delete backup is aborted due to backup service is down.", True),
        ("Create backup aborted, expected volume status backing-up but got available.", False),
        ("", False),
        (None, False),
    ],
)
def test_it_knows_when_nobody_makes_backups(reason: str | None, no_service: bool) -> None:
    assert readers.backup(backup(status="error", fail_reason=reason)).no_service is no_service


ROLLED_BACK = readers.snapshot(snapshot(1001))
NEWER = readers.snapshot(snapshot(1002))
DISK = readers.disk(volume(1))
NOT_NEWEST = (
    "Only the newest snapshot can be rolled back to: delete the newer ones first, or create a disk from this one."
)


@pytest.mark.parametrize(
    ("to", "disk", "newest", "possible", "refusal"),
    [
        (ROLLED_BACK, DISK, ROLLED_BACK, True, ""),
        (
            ROLLED_BACK,
            DISK,
            ROLLED_BACK,
            False,
            "This cloud is too old to roll back a disk. Create a disk from this snapshot instead.",
        ),
        (ROLLED_BACK, DISK, NEWER, True, NOT_NEWEST),
        (ROLLED_BACK, DISK, None, True, NOT_NEWEST),
        (
            ROLLED_BACK,
            DISK,
            replace(NEWER, status_code="deleting"),
            True,
            "A newer snapshot is being deleted: try again when it is gone.",
        ),
        (
            replace(ROLLED_BACK, status_code="error"),
            DISK,
            ROLLED_BACK,
            True,
            "A disk can be rolled back only to a snapshot that is available.",
        ),
        (
            ROLLED_BACK,
            replace(DISK, status_code="in-use"),
            ROLLED_BACK,
            True,
            "The disk is attached to an instance: detach it first.",
        ),
        (
            ROLLED_BACK,
            replace(DISK, status_code="backing-up", attachments=(values.Attachment("s-1", ""),)),
            ROLLED_BACK,
            True,
            "The disk is attached to an instance: detach it first.",
        ),
        (
            ROLLED_BACK,
            replace(DISK, status_code="reverting"),
            ROLLED_BACK,
            True,
            "A disk can be rolled back only when it is available.",
        ),
        (
            ROLLED_BACK,
            replace(DISK, size=11),
            ROLLED_BACK,
            True,
            "The disk was resized after this snapshot. Create a disk from this snapshot instead.",
        ),
    ],
)
def test_it_rolls_back_only_where_cinder_does(
    to: Snapshot, disk: Disk, newest: Snapshot | None, possible: bool, refusal: str
) -> None:
    assert str(values.rollback_refusal(to, disk, newest, possible=possible) or "") == refusal
