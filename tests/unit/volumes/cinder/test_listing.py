"""Reading lists from Cinder page by page, and searching them."""

import unicodedata
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dashboard.cloud.errors import Broken, NotFound
from dashboard.cloud.keystone import Cloud
from tests.support.cloud_rows import Answer, an_id, backup, not_found, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.spoilt import SPOILT
from volumes.cinder import backups, disks, readers, snapshots
from volumes.cinder.listing import Query
from volumes.cinder.values import Disk, Page

DETAIL = "/volumes/detail"


def names(page: Page[Disk]) -> list[str]:
    return [row.name for row in page.rows]


@pytest.fixture
def many(cloud: FakeCloud) -> list[str]:
    """45 disks; their ids, newest first."""
    cloud.volumes = [volume(number) for number in range(45, 0, -1)]
    return [row["id"] for row in cloud.volumes]


def listed(cloud: FakeCloud) -> int:
    return len([one for one in cloud.asked() if one.endswith("/detail")])


def test_it_asks_once(cloud: FakeCloud, here: Cloud, many: list[str]) -> None:
    page = disks.page(here, Query())
    assert cloud.asked() == ["GET /", f"GET {DETAIL}"]
    assert [row.id for row in page.rows] == many[:20]


def test_it_asks_for_the_version_once_only(cloud: FakeCloud, here: Cloud) -> None:
    for _ in range(3):
        disks.page(here, Query())
    assert cloud.asked().count("GET /") == 1


def test_it_asks_for_one_row_more_than_it_shows(cloud: FakeCloud, here: Cloud) -> None:
    disks.page(here, Query(per_page=50))
    assert cloud.query() == {"limit": "51", "sort": "created_at:desc"}


def test_it_says_who_asks_in_which_version(cloud: FakeCloud, here: Cloud) -> None:
    cloud.microversion = "3.60"
    disks.page(here, Query())
    headers = cloud.requests()[-1].headers
    assert headers["X-Auth-Token"] == here.token
    assert headers["OpenStack-API-Version"] == "volume 3.60"


@pytest.mark.parametrize("version", ["3.0", "3.71"])
def test_it_knows_the_total_of_a_single_page_only(cloud: FakeCloud, here: Cloud, version: str) -> None:
    """Cinder counts for as long as it lists twenty disks, so no page waits for that."""
    cloud.microversion = version
    cloud.volumes = [volume(number) for number in range(20, 0, -1)]
    assert disks.page(here, Query()).total == 20
    assert disks.page(here, Query(marker=an_id(11))).total is None
    cloud.volumes.append(volume(21))
    assert disks.page(here, Query()).total is None
    assert not [request for request in cloud.requests() if "with_count" in request.qs]


@pytest.mark.parametrize(("how_many", "more"), [(0, False), (19, False), (20, False), (21, True)])
def test_it_knows_whether_there_is_another_page(cloud: FakeCloud, here: Cloud, how_many: int, more: bool) -> None:
    cloud.volumes = [volume(number) for number in range(how_many, 0, -1)]
    page = disks.page(here, Query())
    assert (page.next_marker is not None) is more
    assert page.previous_marker is None
    assert len(page.rows) == min(how_many, 20)


def test_it_turns_the_page(here: Cloud, many: list[str]) -> None:
    page = disks.page(here, Query(marker=many[19]))
    assert [row.id for row in page.rows] == many[20:40]
    assert (page.previous_marker, page.next_marker) == (many[20], many[39])


@pytest.mark.parametrize("version", ["3.0", "3.71"])
@pytest.mark.parametrize("how_many", [40, 45])
def test_it_knows_the_last_page(cloud: FakeCloud, here: Cloud, version: str, how_many: int) -> None:
    cloud.microversion = version
    cloud.volumes = [volume(number) for number in range(how_many, 0, -1)]
    last = an_id(how_many % 20 + 1 if how_many % 20 else 21)
    page = disks.page(here, Query(marker=last))
    assert len(page.rows) == (how_many % 20 or 20)
    assert page.next_marker is None


def test_it_does_not_take_a_smaller_page_for_the_servers_limit(cloud: FakeCloud, here: Cloud) -> None:
    """Another tab, or the list of snapshots, shows smaller pages meanwhile."""
    cloud.volumes = [volume(number) for number in range(80, 0, -1)]
    first = disks.page(here, Query(per_page=50))
    disks.page(here, Query(per_page=20))
    last = disks.page(here, Query(per_page=50, marker=first.next_marker or ""))
    assert len(last.rows) == 30
    assert last.next_marker is None


def test_it_reads_a_page_backwards(cloud: FakeCloud, here: Cloud, many: list[str]) -> None:
    page = disks.page(here, Query(marker=many[40], back=True))
    assert cloud.query()["sort"] == "created_at:asc"
    assert [row.id for row in page.rows] == many[20:40]
    assert (page.previous_marker, page.next_marker) == (many[20], many[39])


def test_it_reads_backwards_to_the_first_page(here: Cloud, many: list[str]) -> None:
    page = disks.page(here, Query(marker=many[20], back=True))
    assert [row.id for row in page.rows] == many[:20]
    assert (page.previous_marker, page.next_marker) == (None, many[19])


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("text", ["", "disk"])
def test_it_starts_over_where_the_marker_is_gone(here: Cloud, many: list[str], text: str, back: bool) -> None:
    page = disks.page(here, Query(text=text, marker=an_id(999), back=back))
    assert page.marker_gone
    assert [row.id for row in page.rows] == many[:20]
    assert page.previous_marker is None


def test_it_does_not_start_over_for_ever(cloud: FakeCloud, here: Cloud) -> None:
    cloud.http.get(cloud.at(DETAIL), **not_found())
    with pytest.raises(NotFound):
        disks.page(here, Query(marker=an_id(1)))
    assert listed(cloud) == 2


def test_it_goes_on_where_the_server_sends_fewer_rows(cloud: FakeCloud, here: Cloud, many: list[str]) -> None:
    cloud.largest_limit = 7
    shown: list[str] = []
    marker: str | None = ""
    while marker is not None:
        page = disks.page(here, Query(marker=marker))
        shown += [row.id for row in page.rows]
        marker = page.next_marker
    assert shown == many


def test_it_follows_no_link_of_an_answer(cloud: FakeCloud, here: Cloud, many: list[str]) -> None:
    """The token would be sent to whatever host the link names."""
    cloud.largest_limit = 7
    disks.page(here, Query())
    disks.page(here, Query(text="disk"))
    assert many
    assert cloud.requests("http://elsewhere.test") == []


def read_singly(cloud: FakeCloud) -> int:
    return len([one for one in cloud.asked() if one.startswith("GET /volumes/") and not one.endswith("/detail")])


@pytest.mark.parametrize(("version", "singly"), [("3.45", 0), ("3.44", 1)])
def test_it_finds_many_in_the_list(cloud: FakeCloud, here: Cloud, many: list[str], version: str, singly: int) -> None:
    """What is in none of the rows that Cinder counts doesn't exist."""
    cloud.microversion = version
    ids = [*many[:30], an_id(77)]
    assert list(disks.find_many(here, ids)) == many[:30]
    assert (listed(cloud), read_singly(cloud)) == (1, singly)


def test_it_reads_those_singly_that_a_list_lacks_without_a_word(cloud: FakeCloud, here: Cloud, many: list[str]) -> None:
    cloud.http.get(cloud.at(DETAIL), json={"volumes": cloud.volumes[5:], "count": 45})
    assert set(disks.find_many(here, many[:30])) == set(many[:30])
    assert (listed(cloud), read_singly(cloud)) == (1, 5)


def test_it_reads_those_singly_that_an_incomplete_list_lacks(cloud: FakeCloud, here: Cloud, many: list[str]) -> None:
    cloud.largest_limit = 15
    assert set(disks.find_many(here, many[:40])) == set(many[:40])
    assert (listed(cloud), read_singly(cloud)) == (2, 10)


def test_it_believes_no_list_with_rows_that_cannot_be_read(cloud: FakeCloud, here: Cloud, many: list[str]) -> None:
    rows = [row if number else {"name": "spoilt"} for number, row in enumerate(cloud.volumes)]
    cloud.http.get(cloud.at(DETAIL), json={"volumes": rows, "count": len(rows)})
    assert set(disks.find_many(here, many[:30])) == set(many[:30])
    assert (listed(cloud), read_singly(cloud)) == (1, 1)


def test_it_finds_many_though_the_row_before_the_second_page_goes(
    cloud: FakeCloud, here: Cloud, many: list[str]
) -> None:
    first = {"volumes": cloud.volumes[:1], "count": 45}
    cloud.http.get(cloud.at(DETAIL), [{"json": first}, not_found()])
    assert set(disks.find_many(here, many[:30])) == set(many[:30])
    assert (listed(cloud), read_singly(cloud)) == (2, 29)


@pytest.mark.parametrize(("seconds", "singly"), [(1, 0), (0, 3)])
def test_it_looks_for_none_among_older_rows(
    cloud: FakeCloud, here: Cloud, many: list[str], seconds: int, singly: int
) -> None:
    """A row as old as the oldest of them may be followed by others of its time."""
    last = readers.disk(cloud.volumes[19])
    assert last.created_at
    found = disks.find_many(here, [*many[:4], *map(an_id, (77, 78, 79))], last.created_at + timedelta(seconds=seconds))
    assert list(found) == many[:4]
    assert (listed(cloud), read_singly(cloud)) == (1, singly)


def test_it_lists_the_snapshots_of_one_disk(cloud: FakeCloud, here: Cloud) -> None:
    cloud.snapshots = [snapshot(1002, disk=2), snapshot(1001, disk=1)]
    page = snapshots.page(here, Query(), an_id(1))
    assert [row.id for row in page.rows] == [an_id(1001)]
    assert [row.id for row in snapshots.page(here, Query()).rows] == [an_id(1002), an_id(1001)]


def test_it_finds_names_without_regard_to_case(cloud: FakeCloud, here: Cloud) -> None:
    cloud.volumes = [volume(1, name="Архив"), volume(2, name="STRASSE"), volume(3, name=None)]
    assert names(disks.page(here, Query(text="аРХ"))) == ["Архив"]
    assert names(disks.page(here, Query(text="straße"))) == ["STRASSE"]


@pytest.mark.parametrize("text", ["db", "cafe", "0", "00000000-", "-4000-", "abcdef0"])
def test_a_short_or_inner_part_of_an_id_finds_only_names(cloud: FakeCloud, here: Cloud, text: str) -> None:
    hexadecimal = "dbcafe00-4000-4000-8000-abcdef012345"
    cloud.volumes = [volume(1, id=hexadecimal, name="logs"), volume(2, id=hexadecimal[::-1], name=f"my {text}")]
    cloud.volumes[1]["id"] = "f0f0f0f0-4000-4000-8000-dbcafe000000"
    assert names(disks.page(here, Query(text=text))) == [f"my {text}"]


@pytest.mark.parametrize("length", [8, 9, 13, 36])
def test_the_beginning_of_an_id_finds_it(cloud: FakeCloud, here: Cloud, length: int) -> None:
    wanted = "dbcafe00-4000-4000-8000-abcdef012345"
    cloud.volumes = [volume(1, id=wanted, name="logs"), volume(2)]
    assert names(disks.page(here, Query(text=wanted[:length]))) == ["logs"]


@pytest.mark.parametrize("stored", ["NFC", "NFD"])
@pytest.mark.parametrize("typed", ["NFC", "NFD"])
def test_it_finds_names_in_any_normalisation(cloud: FakeCloud, here: Cloud, stored: Any, typed: Any) -> None:
    cloud.filters["volume"].append("name~")
    cloud.volumes = [volume(1, name=unicodedata.normalize(stored, "Новый ёж"))]
    for text in ("новый ё", "Ё", "й"):
        assert len(disks.page(here, Query(text=unicodedata.normalize(typed, text))).rows) == 1, text


def test_it_finds_an_id_as_it_was_typed(cloud: FakeCloud, here: Cloud) -> None:
    wanted = "ABCDEF00-0000-4000-8000-000000000001"
    cloud.volumes = [volume(1, id=wanted.lower())]
    assert len(disks.page(here, Query(text=wanted)).rows) == 1


def test_it_searches_with_one_request_where_that_is_enough(cloud: FakeCloud, here: Cloud, many: list[str]) -> None:
    page = disks.page(here, Query(text="disk-1"))
    assert listed(cloud) == 1
    assert cloud.query()["limit"] == "1000"
    assert page.total == 11
    assert page.stopped_after is None
    assert many


def test_it_turns_the_pages_of_a_search(here: Cloud, many: list[str]) -> None:
    first = disks.page(here, Query(text="disk"))
    second = disks.page(here, Query(text="disk", marker=first.next_marker or ""))
    assert [row.id for row in second.rows] == many[20:40]
    assert second.previous_marker
    back = disks.page(here, Query(text="disk", marker=second.previous_marker, back=True))
    assert back.rows == first.rows
    assert back.previous_marker is None


def test_it_reads_on_and_stops_after_ten_requests(cloud: FakeCloud, here: Cloud) -> None:
    cloud.largest_limit = 5
    cloud.volumes = [volume(number) for number in range(80, 0, -1)]
    page = disks.page(here, Query(text="disk-1"))
    assert listed(cloud) == 10
    assert page.stopped_after == 50
    assert "disk-10" not in names(page)


def test_it_says_nothing_of_stopping_when_the_tenth_was_the_last(cloud: FakeCloud, here: Cloud) -> None:
    cloud.largest_limit = 5
    cloud.volumes = [volume(number) for number in range(49, 0, -1)]
    page = disks.page(here, Query(text="disk-1"))
    assert listed(cloud) == 10
    assert page.stopped_after is None


def test_it_skips_what_is_no_row(cloud: FakeCloud, here: Cloud) -> None:
    cloud.http.get(cloud.at(DETAIL), json={"volumes": [None, 1, "x", {}, {"id": None}, {"id": an_id(1)}]})
    assert [row.id for row in disks.page(here, Query()).rows] == [an_id(1)]


@pytest.mark.parametrize(
    ("name", "make", "page"),
    [("volumes", volume, disks.page), ("snapshots", snapshot, snapshots.page), ("backups", backup, backups.page)],
    ids=["disks", "snapshots", "backups"],
)
def test_it_reads_each_row_for_itself(
    cloud: FakeCloud,
    here: Cloud,
    name: str,
    make: Callable[..., Answer],
    page: Callable[[Cloud, Query[Any]], Page[Any]],
) -> None:
    spoilt = [{**spoil(make(10)), "id": an_id(100 + number)} for number, spoil in enumerate(SPOILT.values())]
    rows: list[Any] = [*spoilt, make(11, id=None), make(12, id=7), None, 7, "x", [], make(13, name="a good one")]
    cloud.http.get(cloud.at(f"/{name}/detail"), json={name: rows, "count": len(rows)})
    read = page(here, Query()).rows
    assert [row.id for row in read] == [*(row["id"] for row in spoilt), an_id(13)]
    assert read[-1].name == "a good one"


@pytest.mark.parametrize("body", [{}, {"volumes": None}, {"volumes": {}}, {"disks": []}, [], "x", 1, None], ids=repr)
def test_it_takes_no_answer_without_a_list_for_an_empty_one(cloud: FakeCloud, here: Cloud, body: object) -> None:
    cloud.http.get(cloud.at(DETAIL), json=body)
    with pytest.raises(Broken):
        disks.page(here, Query())


def test_it_knows_taken_names_by_one_request(cloud: FakeCloud, here: Cloud) -> None:
    cloud.snapshots = [snapshot(1001, name="a"), snapshot(1002, name=None), snapshot(1003, disk=2, name="b")]
    assert snapshots.names_of(here, an_id(1)) == {"a", ""}
    assert cloud.asked() == ["GET /", "GET /snapshots"]


@pytest.mark.parametrize("body", [{}, {"snapshots": 7}, {"snapshots": None}, {"snapshots": {}}])
def test_it_takes_names_that_make_no_sense_for_a_fault(cloud: FakeCloud, here: Cloud, body: object) -> None:
    cloud.http.get(cloud.at("/snapshots"), json=body)
    with pytest.raises(Broken):
        snapshots.names_of(here, an_id(1))


@pytest.mark.parametrize(
    "told",
    [7, None, {}, [7], [{"resource": "volume"}], [{"resource": "volume", "filters": 7}], [{"filters": ["name~"]}]],
)
def test_it_searches_by_itself_where_filters_make_no_sense(cloud: FakeCloud, here: Cloud, told: object) -> None:
    cloud.volumes = [volume(1, name="database")]
    cloud.http.get(cloud.at("/resource_filters"), json={"resource_filters": told})
    assert [disk.name for disk in disks.page(here, Query(text="base")).rows] == ["database"]
