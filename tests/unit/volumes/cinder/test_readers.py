"""Reading Cinder's answers: invalid or missing values are never taken for something else."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from inspect import getmembers
from types import NoneType
from typing import Any

import pytest
from django.utils.functional import Promise

from tests.support.cloud_rows import REQUEST_ID, Answer, an_id, backup, disk_type, message, snapshot, volume
from tests.support.spoilt import SPOILT
from volumes.cinder import limits, readers, values
from volumes.cinder.limits import Allowance


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01T00:00:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59",
        "9999-12-31T23:59:59-12:00",
        "9999-06-01",
    ],
)
def test_a_time_without_an_equivalent_in_every_zone_is_none(text: str) -> None:
    assert readers.disk(volume(1, created_at=text)).created_at is None


def test_times_are_in_utc() -> None:
    moment = readers.disk(volume(1, created_at="2026-03-01T11:00:00+05:00")).created_at
    assert moment == datetime(2026, 3, 1, 6, tzinfo=UTC)


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


# Each reader and a complete resource for it
WHOLE: dict[str, tuple[Callable[[Answer], object], Answer]] = {
    "disk": (readers.disk, volume(attachments=[{"server_id": "s-1"}], volume_image_metadata={"image_name": "x"})),
    "snapshot": (readers.snapshot, snapshot()),
    "backup": (readers.backup, backup()),
    "message": (readers.message, message()),
    "disk type": (readers.disk_type, disk_type(4001, "fast")),
    "quota": (readers.quota, {"maxTotalVolumes": 10, "totalVolumesUsed": 4, "maxTotalSnapshots": 5}),
    "quota of types": (
        readers.quota_of_types,
        {"gigabytes_fast": {"limit": 10, "in_use": 4}, "volumes_fast": {"limit": 10}, "snapshots_fast": {}},
    ),
    "properties": (readers.properties, {"a": "b"}),
}
PLAIN = (str, int, bool, datetime, NoneType, Promise)
# Values of wrong types
WRONG: list[Any] = [None, 7, 1.5, True, "<moon>", [None, 7, "x", {}], {"a": None, "": [7]}]


def plain(value: object) -> bool:
    """Whether a value and its attributes have only types of Diskboard or plain types of Python."""
    if isinstance(value, Mapping):
        return all(isinstance(key, str) and plain(inner) for key, inner in value.items())
    if isinstance(value, tuple):
        return all(plain(inner) for inner in value)
    if is_dataclass(value):
        told = [name for name, one in getmembers(type(value)) if isinstance(one, property)]
        return all(plain(getattr(value, name)) for name in [*told, *(field.name for field in fields(value))])
    return isinstance(value, PLAIN)


@pytest.mark.parametrize("name", WHOLE)
def test_it_survives_what_is_spoilt(name: str) -> None:
    read, whole = WHOLE[name]
    for way, spoil in SPOILT.items():
        told = read(spoil(whole))
        assert plain(told), f"{name}, {way}: {told}"
    # Also replace each value alone
    for key in whole:
        for wrong in WRONG:
            told = read({**whole, key: wrong})
            assert plain(told), f"{name}, {key} is {wrong}: {told}"


def test_it_takes_nothing_else_for_an_id() -> None:
    """Ids become part of addresses."""
    others: list[Any] = ["<moon>", "x/../y", "", [an_id(1)], {}, 1.5]
    for wrong in others:
        disk = readers.disk(volume(snapshot_id=wrong, source_volid=wrong))
        assert (disk.snapshot_id, disk.source_disk_id) == ("", ""), wrong
        assert readers.snapshot(snapshot(volume_id=wrong)).disk_id == "", wrong
        assert readers.backup(backup(volume_id=wrong)).disk_id == "", wrong


def test_it_reads_what_lacks_everything() -> None:
    kept = {"attachments": [None, 1, "x"], "metadata": ["a"], "volume_image_metadata": ["x"]}
    rows: list[Answer] = [{}, dict.fromkeys([*volume(), *backup(), *message()]), kept]
    for row in rows:
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
