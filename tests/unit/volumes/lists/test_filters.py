"""What the filters of the lists let through, and what they request from Cinder."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import QueryDict

from tests.support.cloud_rows import ago, an_id, snapshot
from volumes.cinder import readers
from volumes.cinder.listing import Condition
from volumes.cinder.values import Snapshot
from volumes.lists import filters
from volumes.lists.address import ListAddress
from volumes.snapshots.columns import SNAPSHOT_TABLE


def made(number: int, **changes: Any) -> Snapshot:
    return readers.snapshot(snapshot(number, name=str(number), **changes))


def passing(condition: Condition[Snapshot], *rows: Snapshot) -> list[str]:
    return [row.name for row in condition.narrow(list(rows)) or ()]


def address(query: str) -> ListAddress:
    return ListAddress.from_query_string(QueryDict(query), SNAPSHOT_TABLE.sorts, filters.SNAPSHOT_FILTERS)


def test_it_reads_statuses_and_nothing_else() -> None:
    for text in ("available", "error_deleting", "creating"):
        assert filters.a_status(text) == text
    for text in ("", "Available", "moonstruck", "__class__"):
        assert filters.a_status(text) == "", text


def test_it_reads_numbers_and_nothing_else() -> None:
    for text, number in (("1", "1"), ("030", "30"), ("9999", "9999")):
        assert filters.a_number(text) == number
    for text in ("", "0", "0000", "-1", "+1", "1.0", "1e3", "10000", "²", "٣", "x", " 1"):
        assert filters.a_number(text) == "", text


def test_it_filters_by_status() -> None:
    condition: Condition[Snapshot] = filters.with_status("error")
    assert passing(condition, made(1), made(2, status="error")) == ["2"]
    assert (condition.filter_name, condition.filter_value) == ("status", "error")


@pytest.mark.parametrize(
    ("text", "found", "asked"),
    [
        ("team", ["1", "2"], ("", "")),
        (" team ", ["1", "2"], ("", "")),
        ("team=red", ["1"], ("metadata", "{'team': 'red'}")),
        (" team = red ", ["1"], ("metadata", "{'team': 'red'}")),
        ("team=", [], ("metadata", "{'team': ''}")),
        ("note=a=b", ["2"], ("metadata", "{'note': 'a=b'}")),
        ("TEAM", [], ("", "")),
        ("red", [], ("", "")),
    ],
)
def test_it_filters_by_property(text: str, found: list[str], asked: tuple[str, str]) -> None:
    condition: Condition[Snapshot] = filters.with_property(text)
    rows = [made(1, metadata={"team": "red"}), made(2, metadata={"team": "blue", "note": "a=b"}), made(3)]
    assert passing(condition, *rows) == found
    assert (condition.filter_name, condition.filter_value) == asked


def test_it_filters_by_disk() -> None:
    rows = [made(number, disk=number) for number in (1, 2, 3)]
    one: Condition[Snapshot] = filters.of_disks([an_id(2)])
    two: Condition[Snapshot] = filters.of_disks([an_id(1), an_id(3)])
    none: Condition[Snapshot] = filters.of_disks([])
    assert [passing(each, *rows) for each in (one, two, none)] == [["2"], ["1", "3"], []]
    # Cinder uses only the last of several values.
    assert [each.filter_name for each in (one, two, none)] == ["volume_id", "", ""]


def test_it_filters_by_age() -> None:
    condition: Condition[Snapshot] = filters.older_than(30)
    rows = [
        made(1, created_at=ago(days=30, minutes=1)),
        made(2, created_at=ago(days=29, hours=23)),
        made(3, created_at=None),
    ]
    assert passing(condition, *rows) == ["1"]
    assert condition.filter_name == ""


def test_it_survives_an_age_before_all_times() -> None:
    assert passing(filters.older_than(9999), made(1, created_at="0002-01-01T00:00:00")) == ["1"]


def aged(*days: int, **changes: Any) -> list[Snapshot]:
    return [made(one, created_at=ago(days=one), **changes) for one in days]


@pytest.mark.parametrize(
    ("count", "rows", "found"),
    [
        (1, aged(1, 2, 3), ["2", "3"]),
        (2, aged(1, 2, 3), ["3"]),
        (3, aged(1, 2, 3), []),
        (9, aged(1, 2, 3), []),
        (1, aged(3, 1, 2), ["3", "2"]),
        # Each disk counts separately
        (1, [*aged(1, 5, disk=1), *aged(2, 6, disk=2)], ["5", "6"]),
        # A failed snapshot can't be rolled back to, so it doesn't count among the newest.
        (1, [*aged(1, status="error"), *aged(2, 3), *aged(4, status="error")], ["3", "4"]),
        (1, aged(1, 2, status="error"), []),
        (1, [*aged(1, 2), made(7, created_at=None)], ["2"]),
    ],
)
def test_it_keeps_the_newest_of_each_disk(count: int, rows: list[Snapshot], found: list[str]) -> None:
    assert passing(filters.beyond_newest(count), *rows) == found


def test_it_keeps_all_that_were_made_at_the_same_moment() -> None:
    moment = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    assert passing(filters.beyond_newest(1), *(made(number, created_at=moment) for number in (1, 2, 3))) == []


def test_it_reads_the_address() -> None:
    read = address("status=error&disk=+root+&property=a%3Db&older_than=030&beyond_newest=2&colour=red&q=x")
    assert read.filters == {
        "status": "error",
        "disk": "root",
        "property": "a=b",
        "older_than": "30",
        "beyond_newest": "2",
    }
    assert address(read.here[1:]) == read
    assert read.narrowed


def test_it_narrows_by_age_last() -> None:
    """The newest of all the disk's snapshots is kept, not the newest of the old ones."""
    conditions = list(filters.snapshot_conditions(address("older_than=10&beyond_newest=1")))
    rows = aged(1, 20, 30)
    for condition in conditions:
        rows = condition.narrow(rows) or []
    assert [row.name for row in rows] == ["20", "30"]


@pytest.mark.parametrize(
    "nonsense", ["status=x", "older_than=0", "beyond_newest=-1", "disk=+", "property=%00", "select=al"]
)
def test_it_takes_nonsense_for_no_filter(nonsense: str) -> None:
    assert address(nonsense) == address("")
    assert not address(nonsense).narrowed


def test_it_says_that_all_are_selected_only_here() -> None:
    read = address("status=error&select=all")
    assert read.select_all
    assert "select" not in read.here + read.link(per_page=50)
    assert address(read.matching[1:]).select_all


def test_it_takes_the_whole_list() -> None:
    whole = address(f"status=error&per_page=50&marker={an_id(1)}&back=1").first_rows(1000)
    assert (whole.per_page, whole.marker, whole.back, whole.filters) == (1000, "", False, {"status": "error"})
