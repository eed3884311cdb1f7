"""Creating, listing and deleting backups."""

from datetime import UTC, datetime

import pytest

from dashboard.cloud.errors import Broken, NotFound, Refused
from dashboard.cloud.keystone import Cloud
from tests.support.cloud_rows import Answer, an_id, backup, fault
from tests.support.fake_cloud import FAULT_HEADERS, FakeCloud
from volumes.cinder import backups
from volumes.cinder.listing import Query

DISK = an_id(1)
BACKUP = an_id(2001)


def test_it_lists_and_finds(cloud: FakeCloud, here: Cloud) -> None:
    cloud.backups = [backup(2002), backup(2001)]
    page = backups.page(here, Query(per_page=1))
    assert [one.id for one in page.rows] == [an_id(2002)]
    assert page.next_marker == an_id(2002)
    assert backups.find(here, BACKUP) == backups.find_or_none(here, BACKUP)
    assert backups.find_or_none(here, an_id(9)) is None
    with pytest.raises(NotFound):
        backups.find(here, an_id(9))


def test_it_takes_no_answer_without_one_for_a_backup(cloud: FakeCloud, here: Cloud) -> None:
    cloud.http.get(cloud.at(f"/backups/{BACKUP}"), json={"backup": None})
    with pytest.raises(Broken):
        backups.find(here, BACKUP)


def test_it_backs_up_a_disk(cloud: FakeCloud, here: Cloud) -> None:
    made = backups.create(here, DISK, "", "Имя", "why", incremental=False, attached=False)
    assert cloud.requests()[-1].json() == {"backup": {"volume_id": DISK, "name": "Имя", "description": "why"}}
    assert (made.name, made.description, made.disk_id, made.status_code) == ("Имя", "why", DISK, "creating")
    assert (made.id, made.is_incremental) == (cloud.backups[0]["id"], False)


def test_it_makes_an_increment(cloud: FakeCloud, here: Cloud) -> None:
    assert backups.create(here, DISK, "", "", "", incremental=True, attached=False).is_incremental
    assert cloud.requests()[-1].json()["backup"]["incremental"] is True


def test_it_forces_only_the_backup_of_an_attached_disk_itself(cloud: FakeCloud, here: Cloud) -> None:
    backups.create(here, DISK, "", "", "", incremental=False, attached=True)
    assert cloud.requests()[-1].json()["backup"]["force"] is True
    made = backups.create(here, DISK, an_id(1001), "", "", incremental=False, attached=True)
    assert "force" not in cloud.requests()[-1].json()["backup"]
    assert made.snapshot_id == an_id(1001)


def test_it_finds_what_an_increment_would_be_based_on(cloud: FakeCloud, here: Cloud) -> None:
    cloud.backups = [backup(2004, disk=2), backup(2003, status="error"), backup(2002), backup(2001)]
    base = backups.base_of(here, DISK)
    assert base is not None
    assert base.id == an_id(2002)
    assert cloud.asked() == ["GET /", "GET /backups/detail"]
    assert cloud.query()["sort"] == "data_timestamp:desc"
    assert backups.base_of(here, an_id(3)) is None


@pytest.mark.parametrize(("second", "expected"), [(22, 2001), (23, 2002), (21, None), (20, None)])
def test_it_bases_nothing_on_younger_bytes(cloud: FakeCloud, here: Cloud, second: int, expected: int | None) -> None:
    cloud.backups = [backup(2003, data_timestamp=None), backup(2002), backup(2001)]
    base = backups.base_of(here, DISK, before=datetime(2026, 3, 3, 10, 0, second, tzinfo=UTC))
    assert (base.id if base else None) == (an_id(expected) if expected else None)


def test_it_deletes(cloud: FakeCloud, here: Cloud) -> None:
    cloud.backups = [backup(2001)]
    backups.delete(here, BACKUP)
    assert cloud.asked()[-1] == f"DELETE /backups/{BACKUP}"
    assert cloud.backups[0]["status"] == "deleting"


def test_it_deletes_what_is_gone(here: Cloud) -> None:
    backups.delete(here, BACKUP)


@pytest.mark.parametrize(("status", "refused"), [("deleting", False), ("available", True), ("restoring", True)])
def test_it_looks_again_after_a_refusal(cloud: FakeCloud, here: Cloud, status: str, refused: bool) -> None:
    cloud.backups = [backup(2001, status=status)]
    body = fault("badRequest", 400, "Invalid backup: Backup status must be available or error")
    cloud.http.delete(cloud.at(f"/backups/{BACKUP}"), status_code=400, json=body, headers=FAULT_HEADERS)
    if refused:
        with pytest.raises(Refused, match="must be available or error"):
            backups.delete(here, BACKUP)
    else:
        backups.delete(here, BACKUP)


def test_it_refuses_to_delete_a_base(cloud: FakeCloud, here: Cloud) -> None:
    cloud.backups = [backup(2001, has_dependent_backups=True)]
    with pytest.raises(Refused, match="Incremental backups exist"):
        backups.delete(here, BACKUP)


def test_it_does_not_take_a_missing_service_for_a_missing_backup(cloud: FakeCloud, here: Cloud) -> None:
    cloud.backups = [backup(2001)]
    body = fault("itemNotFound", 404, "Service cinder-backup could not be found.")
    cloud.http.delete(cloud.at(f"/backups/{BACKUP}"), status_code=404, json=body, headers=FAULT_HEADERS)
    with pytest.raises(Refused, match="Service cinder-backup"):
        backups.delete(here, BACKUP)


@pytest.mark.parametrize(
    ("rows", "works"),
    [
        ([], None),
        ([backup(1, status="creating")], None),
        ([backup(1, status="error", fail_reason="the storage is full")], None),
        ([backup(1, status="error", fail_reason="Service not found for creating backup.")], False),
        ([backup(1, status="error", fail_reason="Service not found for creating backup."), backup(2)], True),
    ],
)
def test_it_knows_a_backup_service_by_what_it_did(
    cloud: FakeCloud, here: Cloud, rows: list[Answer], works: bool | None
) -> None:
    cloud.backups = rows
    assert backups.service_works(here) is works
