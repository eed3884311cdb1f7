"""The values of disks, snapshots and backups, and the actions that Cinder allows in each state."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.cloud_rows import an_id, backup, snapshot, volume
from volumes.cinder import readers, rollback, values
from volumes.cinder.values import Disk, Snapshot


def test_it_can_be_kept_in_sets() -> None:
    rows = [snapshot(metadata={"a": "b"}), snapshot(metadata={"a": "b"}), snapshot(metadata={"a": "c"})]
    assert len({readers.snapshot(row) for row in rows}) == 2


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
        ({"group_id": "g-1"}, "It belongs to a group and can be deleted only together with it."),
        ({"migration_status": "migrating"}, MOVING),
        ({"status": "error_deleting"}, "Deleting it has failed before; only the cloud's operator can reset it."),
        (
            {"status": "error_backing-up"},
            "An operation on it failed halfway; only the cloud's operator can reset it.",
        ),
        ({"status": "awaiting-transfer"}, "It is offered to another project: cancel the transfer first."),
        ({"status": "maintenance"}, IN_MAINTENANCE),
        ({"status": "extending"}, "An operation on it is in progress; it can be deleted when it is available."),
        ({"status": "reserved"}, "An operation on it is in progress; it can be deleted when it is available."),
        ({"status": "moonstruck"}, "An operation on it is in progress; it can be deleted when it is available."),
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
        ({"group_id": "g-1"}, "It belongs to a group: the type of its disks can't be changed."),
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
        ("creating", False, "An operation on it is in progress; it can be deleted when it is available."),
        ("restoring", False, "An operation on it is in progress; it can be deleted when it is available."),
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
def test_it_knows_when_the_cloud_has_no_backup_service(reason: str | None, no_service: bool) -> None:
    assert readers.backup(backup(status="error", fail_reason=reason)).no_service is no_service


ROLLED_BACK = readers.snapshot(snapshot(1001))
NEWER = readers.snapshot(snapshot(1002))
DISK = readers.disk(volume(1))
NOT_NEWEST = (
    "A disk can be rolled back only to its newest snapshot: "
    "delete the newer ones first, or create a disk from this one."
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
    assert str(rollback.rollback_refusal(to, disk, newest, possible=possible) or "") == refusal
