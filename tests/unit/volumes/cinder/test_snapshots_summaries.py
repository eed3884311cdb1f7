"""The summaries of disks' snapshots, and the quota of their types."""

from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from dashboard.cloud.errors import Broken, Unreachable
from dashboard.cloud.keystone import Cloud
from tests.support.cloud_rows import an_id, disk_type, fault, snapshot, volume
from tests.support.fake_cloud import PROJECT, FakeCloud
from volumes.cinder import quota, snapshots
from volumes.cinder.limits import Allowance, TypeQuota
from volumes.cinder.snapshots import Summary
from volumes.cinder.versions import version

DISK = an_id(1)


def at(day: int) -> datetime:
    return datetime(2026, 4, day, tzinfo=UTC)


def ids(*numbers: int) -> frozenset[str]:
    return frozenset(an_id(number) for number in numbers)


def made(number: int, day: int, disk: int = 1, **changes: Any) -> dict[str, Any]:
    """A snapshot that was created on that day of April."""
    return snapshot(number, disk=disk, created_at=f"2026-04-{day:02}T00:00:00.000000", **changes)


def test_it_sums_up_the_snapshots_of_disks(cloud: FakeCloud, here: Cloud) -> None:
    cloud.snapshots = [made(1004, 4, size=3), made(1003, 3, disk=2), made(1002, 2, disk=3), made(1001, 1, size=4)]
    told, complete = snapshots.summaries(here, [DISK, an_id(2), an_id(4)])
    assert told == {DISK: Summary(2, at(4), at(1), 7, 0), an_id(2): Summary(1, at(3), at(3), 10, 0)}
    assert complete
    assert cloud.asked() == ["GET /", "GET /snapshots/detail"]
    assert cloud.query()["sort"] == "created_at:desc"


def test_it_counts_what_has_failed_but_for_nothing_to_go_back_to(cloud: FakeCloud, here: Cloud) -> None:
    cloud.snapshots = [
        made(1005, 9, status="error"),
        made(1004, 8, status="deleting"),
        made(1003, 7, status="error_deleting"),
        made(1002, 6, status="creating"),
        made(1001, 5, group_snapshot_id="g-1"),
        snapshot(1000, created_at=None),
    ]
    told, _complete = snapshots.summaries(here, [DISK])
    assert told == {DISK: Summary(6, at(6), at(5), 60, 4)}


def test_it_knows_no_newest_where_all_have_failed(cloud: FakeCloud, here: Cloud) -> None:
    cloud.snapshots = [made(1001, 5, status="error")]
    assert snapshots.summaries(here, [DISK])[0] == {DISK: Summary(1, None, at(5), 10, 0)}


@pytest.mark.parametrize(("count", "complete"), [(999, True), (1000, False), (1300, False)])
@pytest.mark.parametrize("microversion", ["3.71", "3.44"])
def test_it_tells_whether_these_are_all(
    cloud: FakeCloud, here: Cloud, microversion: str, count: int, complete: bool
) -> None:
    cloud.microversion = microversion
    cloud.snapshots = [snapshot(10_000 - number) for number in range(count)]
    told, all_of_them = snapshots.summaries(here, [DISK])
    # No request counts, so the 1,000th snapshot may or may not be the last.
    assert all_of_them is complete
    assert told[DISK].count == min(count, 1000)
    assert cloud.asked() == ["GET /", "GET /snapshots/detail"]


def test_it_looks_at_each_of_a_few_disks(cloud: FakeCloud, here: Cloud) -> None:
    cloud.snapshots = [made(1003, 3, disk=3), made(1002, 2, disk=2), made(1001, 1)]
    # Otherwise several threads may request it at the same time.
    assert version(here)
    told, complete = snapshots.of_each(here, [DISK, an_id(2), an_id(4)])
    assert told == {DISK: Summary(1, at(1), at(1), 10, 0), an_id(2): Summary(1, at(2), at(2), 10, 0)}
    assert complete
    assert cloud.asked() == ["GET /", *["GET /snapshots/detail"] * 3]
    assert {one.qs["volume_id"][0] for one in cloud.requests()[1:]} == {DISK, an_id(2), an_id(4)}


def test_it_looks_at_all_snapshots_for_many_disks(cloud: FakeCloud, here: Cloud) -> None:
    cloud.snapshots = [snapshot(5000 - number, disk=number % 30 + 1) for number in range(1300)]
    told, complete = snapshots.of_each(here, [an_id(number) for number in range(1, 22)])
    assert complete
    assert {one.count for one in told.values()} == {44, 43}
    assert len(told) == 21
    assert cloud.asked() == ["GET /", *["GET /snapshots/detail"] * 2]


def test_it_says_where_there_are_more_than_it_looked_at(cloud: FakeCloud, here: Cloud) -> None:
    cloud.snapshots = [snapshot(5000 - number) for number in range(1300)]
    told, complete = snapshots.of_each(here, [DISK, an_id(2)])
    assert (told[DISK].count, complete) == (1000, False)


def test_it_looks_at_nothing_for_no_disks(cloud: FakeCloud, here: Cloud) -> None:
    assert snapshots.of_each(here, []) == ({}, True)
    assert cloud.asked() == []


def test_it_knows_the_disks_with_a_snapshot_since(cloud: FakeCloud, here: Cloud) -> None:
    cloud.snapshots = [
        made(1005, 5, disk=5),
        made(1004, 4, disk=4, status="error"),
        made(1003, 3, disk=3),
        made(1002, 2, disk=2),
        made(1001, 1),
    ]
    assert snapshots.disks_with_snapshot_since(here, at(3)) == (ids(5, 3), True)
    assert snapshots.disks_with_snapshot_since(here, at(9)) == (frozenset(), True)
    assert len(snapshots.disks_with_snapshot_since(here, at(1))[0]) == 4


def test_it_reads_no_further_than_the_moment(cloud: FakeCloud, here: Cloud) -> None:
    cloud.largest_limit = 2
    cloud.snapshots = [made(1000 + day, day, disk=day) for day in range(20, 0, -1)]
    assert snapshots.disks_with_snapshot_since(here, at(17)) == (ids(17, 18, 19, 20), True)
    assert cloud.asked() == ["GET /", *["GET /snapshots/detail"] * 3]


@pytest.mark.parametrize(("count", "decided"), [(19, True), (21, False)])
def test_it_says_when_it_stopped_before_the_moment(cloud: FakeCloud, here: Cloud, count: int, decided: bool) -> None:
    cloud.largest_limit = 2
    cloud.snapshots = [made(1100 - number, 20, disk=number + 1) for number in range(count)]
    found, all_of_them = snapshots.disks_with_snapshot_since(here, at(1))
    assert (len(found), all_of_them) == (min(count, 20), decided)
    assert cloud.asked() == ["GET /", *["GET /snapshots/detail"] * 10]


def test_it_decides_nothing_where_its_place_is_lost(cloud: FakeCloud, here: Cloud) -> None:
    """The snapshot before the next 1,000 was deleted in between."""
    cloud.largest_limit = 2
    cloud.snapshots = [made(1000 + day, day, disk=day) for day in range(9, 0, -1)]

    def lost(_request: Any, context: Any) -> dict[str, Any]:
        context.status_code = 404
        return fault("itemNotFound", 404, "Snapshot could not be found.")

    cloud.http.get(cloud.at(f"/snapshots/detail?marker={an_id(1008)}"), json=lost)
    assert snapshots.disks_with_snapshot_since(here, at(1)) == (ids(9, 8), False)


def test_it_tells_the_quota_of_each_type(cloud: FakeCloud, here: Cloud) -> None:
    cloud.types = [disk_type(4001, "ceph-ssd"), disk_type(4002, "two_words gigabytes_")]
    cloud.volumes, cloud.snapshots = [volume(1, size=7)], [snapshot(1001, size=5)]
    cloud.type_limits = {"gigabytes_ceph-ssd": 100, "volumes_two_words gigabytes_": 0}
    assert quota.of_types(here) == {
        "ceph-ssd": TypeQuota(Allowance(1, None), Allowance(1, None), Allowance(12, 100)),
        "two_words gigabytes_": TypeQuota(Allowance(0, 0), Allowance(0, None), Allowance(0, None)),
    }
    assert cloud.asked() == ["GET /", f"GET /os-quota-sets/{PROJECT}"]
    assert cloud.query() == {"usage": "true"}


@pytest.mark.parametrize("code", [403, 404])
def test_it_tells_no_quotas_by_type_where_it_may_not(cloud: FakeCloud, here: Cloud, code: int) -> None:
    answer = fault("forbidden" if code == 403 else "itemNotFound", code, "Policy doesn't allow it.")
    cloud.http.get(cloud.at(f"/os-quota-sets/{PROJECT}"), status_code=code, json=answer)
    assert quota.of_types(here) == {}


def test_it_does_not_hide_that_the_cloud_is_down(cloud: FakeCloud, here: Cloud) -> None:
    cloud.http.get(cloud.at(f"/os-quota-sets/{PROJECT}"), exc=requests.exceptions.ConnectionError)
    with pytest.raises(Unreachable):
        quota.of_types(here)
    cloud.http.get(cloud.at(f"/os-quota-sets/{PROJECT}"), json={"quota_set": []})
    with pytest.raises(Broken):
        quota.of_types(here)
