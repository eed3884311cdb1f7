"""Counting the rows of a list, which Cinder can from 3.45 on."""

import pytest
import requests

from dashboard.cloud.errors import Broken, Unreachable
from dashboard.cloud.keystone import Cloud
from tests.support.cloud_rows import an_id, backup, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from volumes.cinder import backups, disks, snapshots
from volumes.cinder.listing import Condition, Query
from volumes.cinder.values import Disk
from volumes.lists.filters import with_status

BY_DISKBOARD: Condition[Disk] = Condition(lambda rows: rows[:1])
COUNT = {"limit": "1", "with_count": "true"}


@pytest.fixture(autouse=True)
def _many(cloud: FakeCloud) -> None:
    """45 disks, of which 15 have failed."""
    cloud.volumes = [volume(number, status="available" if number % 3 else "error") for number in range(45, 0, -1)]


@pytest.mark.parametrize(("version", "total"), [("3.0", None), ("3.44", None), ("3.45", 45), ("3.99", 45)])
def test_it_counts_where_cinder_can(cloud: FakeCloud, here: Cloud, version: str, total: int | None) -> None:
    cloud.microversion = version
    assert disks.count(here, Query()) == total
    # Cinder sends one short row along.
    assert cloud.asked() == (["GET /", "GET /volumes"] if total else ["GET /"])
    assert not total or cloud.query() == COUNT


def test_it_counts_every_page(here: Cloud) -> None:
    assert disks.count(here, Query(per_page=100, marker=an_id(20), back=True, column="size")) == 45


def test_it_counts_what_cinder_filters(cloud: FakeCloud, here: Cloud) -> None:
    assert disks.count(here, Query(conditions=(with_status("error"),))) == 15
    assert cloud.query() == {**COUNT, "status": "error"}


def test_it_counts_a_search_of_cinders(cloud: FakeCloud, here: Cloud) -> None:
    cloud.filters["volume"].append("name~")
    assert disks.count(here, Query(text="disk-4")) == 7
    assert cloud.query() == {**COUNT, "name~": "disk-4"}


@pytest.mark.parametrize(
    "query",
    [Query(text="disk"), Query(conditions=(BY_DISKBOARD,)), Query(conditions=(with_status("error"), BY_DISKBOARD))],
)
def test_it_counts_nothing_that_diskboard_itself_narrows(cloud: FakeCloud, here: Cloud, query: Query[Disk]) -> None:
    """That page has read all rows, so it knows the total already."""
    assert disks.count(here, query) is None
    assert "GET /volumes" not in cloud.asked()


def test_it_counts_the_snapshots_of_the_project_or_of_one_disk(cloud: FakeCloud, here: Cloud) -> None:
    cloud.snapshots = [snapshot(1003, disk=2), snapshot(1002), snapshot(1001, status="error")]
    assert snapshots.count(here, Query()) == 3
    assert snapshots.count(here, Query(), an_id(1)) == 2
    assert snapshots.count(here, Query(conditions=(with_status("error"),)), an_id(1)) == 1
    assert cloud.query() == {**COUNT, "volume_id": an_id(1), "status": "error"}


def test_it_counts_backups(cloud: FakeCloud, here: Cloud) -> None:
    cloud.backups = [backup(2002), backup(2001)]
    assert backups.count(here, Query()) == 2
    assert cloud.asked()[-1] == "GET /backups"


@pytest.mark.parametrize("count", [None, "many", -1.5, []])
def test_it_takes_no_nonsense_for_a_number(cloud: FakeCloud, here: Cloud, count: object) -> None:
    cloud.http.get(cloud.at("/volumes"), json={"volumes": [volume(1)], "count": count})
    assert disks.count(here, Query()) is None


def test_it_does_not_hide_that_the_cloud_fails(cloud: FakeCloud, here: Cloud) -> None:
    cloud.http.get(cloud.at("/volumes"), text="<html>")
    with pytest.raises(Broken):
        disks.count(here, Query())
    cloud.http.get(cloud.at("/volumes"), exc=requests.ConnectTimeout)
    with pytest.raises(Unreachable):
        disks.count(here, Query())
