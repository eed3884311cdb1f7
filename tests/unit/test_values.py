"""What is read from Cinder's answers."""

from datetime import UTC, datetime

import pytest

from tests.unit.fakes import an_id, snapshot, volume
from volumes.cinder import values


def test_it_reads_a_disk() -> None:
    row = volume(
        1,
        description="all of it",
        bootable="true",
        status="in-use",
        attachments=[{"server_id": "s-1", "device": "/dev/vdb", "attachment_id": "x"}],
        metadata={"kept": "for ever"},
        snapshot_id=an_id(1001),
        source_volid=None,
    )
    assert values.disk(row) == values.Disk(
        id=an_id(1),
        name="disk-1",
        description="all of it",
        status_code="in-use",
        size=10,
        type_name="ceph-ssd",
        zone="nova",
        bootable=True,
        attachments=(values.Attachment("s-1", "/dev/vdb"),),
        created_at=datetime(2026, 3, 1, 10, 0, 1, tzinfo=UTC),
        updated_at=None,
        properties={"kept": "for ever"},
        snapshot_id=an_id(1001),
        source_disk_id="",
    )


def test_it_reads_a_snapshot() -> None:
    assert values.snapshot(snapshot(1001, group_snapshot_id="g-1")) == values.Snapshot(
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


@pytest.mark.parametrize("row", [{}, dict.fromkeys(volume()), {"attachments": [None, 1, "x"]}])
def test_it_reads_what_lacks_everything(row: dict[str, object]) -> None:
    disk = values.disk(row)
    assert (disk.name, disk.size, disk.bootable, disk.attachments, disk.created_at) == ("", 0, False, (), None)
    assert values.snapshot(row).disk_id == ""


@pytest.mark.parametrize(
    ("said", "bootable"), [("true", True), ("True", True), (True, True), ("false", False), (0, False)]
)
def test_it_reads_bootable_in_all_its_spellings(said: object, bootable: bool) -> None:
    assert values.disk(volume(bootable=said)).bootable is bootable


@pytest.mark.parametrize(
    "said", ["2026-03-01T10:00:00", "2026-03-01T10:00:00.000000", "2026-03-01T10:00:00Z", "2026-03-01T12:00:00+02:00"]
)
def test_it_takes_times_for_utc(said: str) -> None:
    assert values.disk(volume(created_at=said)).created_at == datetime(2026, 3, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("said", ["", "soon", None, 5, "2026-13-01T00:00:00"])
def test_it_knows_no_time_where_there_is_none(said: object) -> None:
    assert values.snapshot(snapshot(created_at=said)).created_at is None


@pytest.mark.parametrize("said", ["10", None, 1.5, [1]])
def test_it_takes_a_size_that_is_no_number_for_none(said: object) -> None:
    assert values.disk(volume(size=said)).size == 0


def test_it_is_called_by_its_id_where_it_has_no_name() -> None:
    assert values.disk(volume(1, name="")).title == an_id(1)
    assert values.disk(volume(1, name=None)).title == an_id(1)
    assert values.snapshot(snapshot(1001, name="")).title == an_id(1001)


@pytest.mark.parametrize(("status", "refused"), [("available", False), ("in-use", False), ("error", True), ("", True)])
def test_it_takes_snapshots_only_of_disks_at_rest(status: str, refused: bool) -> None:
    assert bool(values.disk(volume(status=status)).refusal_to_snapshot) is refused


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
    read = values.snapshot(snapshot(status=status, group_snapshot_id=group))
    assert bool(read.refusal_to_delete) is refused


def test_it_is_attached_only_when_in_use() -> None:
    assert values.disk(volume(status="in-use")).is_attached
    assert not values.disk(volume(status="available")).is_attached
