"""The meaning of a list's address."""

from urllib.parse import parse_qs

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from tests.support.cloud_rows import an_id
from volumes.cinder.listing import Query
from volumes.cinder.values import Disk
from volumes.disks.columns import DISK_TABLE
from volumes.lists.address import ListAddress, ids_of


def address(query: str = "") -> ListAddress:
    return ListAddress.from_request(RequestFactory().get(f"/?{query}"), DISK_TABLE.sorts)


def query(told: str = "") -> Query[Disk]:
    return address(told).query(DISK_TABLE.sorts)


def test_it_starts_with_the_newest() -> None:
    assert query() == Query(text="", column="created_at", descending=True, per_page=20, marker="", back=False)


@pytest.mark.parametrize(
    "nonsense",
    [
        "sort=colour",
        "sort=--name",
        "sort=-",
        "sort=display_name:asc,x",
        "per_page=0",
        "per_page=21",
        "per_page=-20",
        "per_page=x",
        "per_page=٢٠",
        "per_page=1e2",
        "marker=x",
        "marker=../volumes",
        f"marker={an_id(1)}%0A",
        f"marker={an_id(1)}%26limit%3D1",
        "back=yes",
        "q=%00",
        "q=%20%20",
        "unknown=1",
    ],
)
def test_it_takes_nonsense_for_the_default(nonsense: str) -> None:
    assert address(nonsense) == address()


def test_it_ignores_back_without_a_marker() -> None:
    assert not query("back=1").back
    assert query(f"back=1&marker={an_id(1)}").back


def test_it_sorts_both_ways() -> None:
    for name, column in DISK_TABLE.sorts.items():
        up, down = query(f"sort={name}"), query(f"sort=-{name}")
        assert up.column == down.column == column
        assert (up.descending, down.descending) == (False, True), name


def test_it_knows_three_sizes() -> None:
    assert [address(f"per_page={size}").per_page for size in (20, 50, 100)] == [20, 50, 100]


def test_it_cuts_a_search_that_no_name_can_match() -> None:
    assert len(address(f"q={'x' * 999}").text) == 255


def test_it_links_with_nothing_but_what_differs() -> None:
    assert address().link() == "?"
    assert address("sort=-created_at&per_page=20").here == "?"


def test_it_links_to_the_same_view_with_a_change() -> None:
    link = address(f"q=a%26b&sort=name&per_page=50&marker={an_id(1)}").link(per_page=100)
    assert parse_qs(link[1:]) == {"q": ["a&b"], "sort": ["name"], "per_page": ["100"]}


def test_it_reads_its_own_link_back() -> None:
    here = address(f"q=a%26b&sort=name&per_page=50&marker={an_id(1)}&back=1")
    assert address(here.here[1:]) == here


def test_it_takes_ids_once_each_and_in_order() -> None:
    sent = QueryDict(mutable=True)
    sent.setlist("ids", [an_id(2), "x", an_id(1), "", an_id(2), f"{an_id(3)}/..", f"{an_id(3)}\n"])
    assert ids_of(sent) == [an_id(2), an_id(1)]
