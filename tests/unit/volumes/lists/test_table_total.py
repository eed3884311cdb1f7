"""The number of all rows: known with the page if that is the only one, else loaded with the other details."""

from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.test import Client

from tests.support.canned import HTMX, SignIn
from tests.support.cloud_rows import REQUEST_ID, an_id, backup, message, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import HERE, Answered, Page, failures, link, loads, names, text_of, words

DISKS, SNAPSHOTS, BACKUPS = (f"{HERE}/{kind}/" for kind in ("disks", "snapshots", "backups"))
OF_DISK = f"{DISKS}{an_id(1)}/snapshots/"


class Shown(NamedTuple):
    """A list, its path in Cinder, and the words for its total, without and with a filter."""

    url: str
    path: str
    told: str
    found: str

    @property
    def number(self) -> str:
        return self.told.partition(" ")[0]


LISTS = {
    "disks": Shown(DISKS, "/volumes", "45 disks", "15 disks found"),
    "snapshots": Shown(SNAPSHOTS, "/snapshots", "45 snapshots", "15 snapshots found"),
    "snapshots of a disk": Shown(OF_DISK, "/snapshots", "23 snapshots", ""),
    "backups": Shown(BACKUPS, "/backups", "45 backups", "15 backups found"),
}
EVERY_LIST = pytest.mark.parametrize("shown", LISTS.values(), ids=LISTS)
SELECT = "innerHTML:#select-matching"
# The longest request line that dashboard/gunicorn_config.py allows
LONGEST_LINE = 8190


@pytest.fixture(autouse=True)
def _many(cloud: FakeCloud) -> None:
    """45 of each kind, of which 15 have failed, and half of which belong to the first disk."""
    numbers = range(45, 0, -1)
    statuses = {number: "available" if number % 3 else "error" for number in numbers}
    cloud.volumes = [volume(number, status=statuses[number]) for number in numbers]
    cloud.snapshots = [snapshot(1000 + one, disk=2 - one % 2, status=statuses[one]) for one in numbers]
    cloud.backups = [backup(2000 + one, disk=2 - one % 2, status=statuses[one]) for one in numbers]


def details_url(answer: Answered) -> str:
    """The address of the details of a list."""
    [url] = [url for url in loads(answer) if "/details/" in url]
    return url


def counting(answer: Answered) -> dict[str, str]:
    """The parameters by which a list has its rows counted; empty if it has not."""
    sent = parse_qs(urlsplit(details_url(answer)).query)
    return {name: sent[name][0] for name in ("matching", "disk", "select") if name in sent}


def total(answer: Answered) -> tuple[str, str] | None:
    """The words and the number that an answer brings for the total; None if it brings none."""
    found = Page(answer).by_id("total")
    if found is None:
        return None
    assert found["hx-swap-oob"] == "true"
    return found.text, found["data-total"]


def selecting(answer: Answered) -> list[str]:
    """The words that an answer brings for the link that selects everything."""
    return [one.text for one in Page(answer).select("[hx-swap-oob]") if one["hx-swap-oob"] == SELECT]


@EVERY_LIST
def test_it_loads_after_the_page(cloud: FakeCloud, signed_in: Client, shown: Shown) -> None:
    for query in ({}, {"sort": "name", "per_page": "20"}):
        page = signed_in.get(shown.url, query, headers=HTMX)
        listed = Page(page).by_id("total")
        assert listed
        assert (listed.text, listed["data-total"]) == ("", "")
        assert "with_count" not in cloud.query()
        cloud.forget()
        part = signed_in.get(details_url(page), headers=HTMX)
        assert total(part) == (shown.told, shown.number)
        assert cloud.asked().count(f"GET {shown.path}") == 1


@pytest.mark.parametrize("shown", [one for one in LISTS.values() if one.found], ids=lambda one: one.found)
def test_it_counts_what_the_list_is_narrowed_to(cloud: FakeCloud, signed_in: Client, shown: Shown) -> None:
    """The list of one disk has no filters."""
    # A single page knows its total.
    page = signed_in.get(f"{shown.url}?status=error", headers=HTMX)
    assert shown.found in words(page)
    assert counting(page) == {}
    for row in (*cloud.volumes, *cloud.snapshots, *cloud.backups):
        row["status"] = "error"
    page = signed_in.get(f"{shown.url}?status=error&sort=name", headers=HTMX)
    assert counting(page) == {"matching": "?status=error&sort=name"}
    cloud.forget()
    assert total(signed_in.get(details_url(page), headers=HTMX)) == (f"{shown.told} found", "45")
    [asked] = [one.qs for one in cloud.requests() if one.path.endswith(shown.path)]
    assert asked == {"status": ["error"], "limit": ["1"], "with_count": ["true"]}


def test_it_is_the_same_on_every_page(signed_in: Client) -> None:
    first = signed_in.get(DISKS, headers=HTMX)
    second = signed_in.get(DISKS + link(first, "next"), headers=HTMX)
    assert counting(first) == counting(second) == {"matching": "?"}
    assert len(names(second)) == 20


def test_the_snapshots_of_one_disk_are_counted_alone(cloud: FakeCloud, signed_in: Client) -> None:
    page = signed_in.get(OF_DISK, headers=HTMX)
    assert counting(page) == {"matching": "?", "disk": an_id(1)}
    cloud.forget()
    assert total(signed_in.get(details_url(page), headers=HTMX)) == ("23 snapshots", "23")
    [asked] = [one for one in cloud.requests() if one.path.endswith("/snapshots")]
    assert asked.qs["volume_id"] == [an_id(1)]


def test_a_list_of_a_single_page_counts_itself(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = cloud.volumes[:20]
    page = signed_in.get(DISKS, headers=HTMX)
    listed = Page(page).by_id("total")
    assert listed
    assert (listed.text, listed["data-total"]) == ("20 disks", "20")
    assert counting(page) == {}


def test_an_empty_page_counts_nothing(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = []
    assert loads(signed_in.get(DISKS, headers=HTMX)) == []


@pytest.mark.parametrize("query", ["?q=disk", "?type=ceph-ssd", "?attached=no", "?no_snapshot_for=1"])
def test_a_search_of_diskboards_own_has_counted(cloud: FakeCloud, signed_in: Client, query: str) -> None:
    """It has read all rows for the page."""
    page = signed_in.get(f"{DISKS}{query}", headers=HTMX)
    assert len(names(page)) == 20
    assert "45 disks found" in words(page)
    assert Page(page).has("link", "Select all 45 that match")
    assert counting(page) == {}
    cloud.forget()
    # Nor is it counted when somebody asks.
    part = signed_in.get(f"{DISKS}details/", {"matching": query}, headers=HTMX)
    assert (part.status_code, total(part)) == (200, None)
    assert cloud.asked() == []


def test_it_counts_a_search_of_cinders(cloud: FakeCloud, enter: SignIn) -> None:
    cloud.filters["volume"].append("name~")
    client = enter()
    page = client.get(f"{DISKS}?q=disk", headers=HTMX)
    assert counting(page) == {"matching": "?q=disk"}
    assert total(client.get(details_url(page), headers=HTMX)) == ("45 disks found", "45")


def test_an_old_cloud_does_not_count(cloud: FakeCloud, enter: SignIn) -> None:
    cloud.microversion = "3.44"
    client = enter()
    page = client.get(DISKS, headers=HTMX)
    part = client.get(details_url(page), headers=HTMX)
    assert (total(part), selecting(part)) == (None, [])
    assert "no snapshots" in words(part)
    assert "GET /volumes" not in cloud.asked()
    # Everything can be selected nevertheless.
    assert Page(page).has("link", "Select all that match")


# --- The link that selects everything ---------------------------------------------------------------------------------


@EVERY_LIST
def test_the_link_that_selects_all_says_how_many(signed_in: Client, shown: Shown) -> None:
    page = signed_in.get(shown.url, headers=HTMX)
    place = Page(page).by_id("select-matching")
    assert place
    assert (place.role, place.name) == ("link", "Select all that match")
    part = signed_in.get(details_url(page), headers=HTMX)
    assert selecting(part) == [f"Select all {shown.number} that match"]


def test_a_page_without_that_link_gets_no_words_for_it(signed_in: Client) -> None:
    """htmx reports an error if there is no place for a part of an answer."""
    page = signed_in.get(f"{DISKS}?select=all", headers=HTMX)
    assert Page(page).by_id("select-matching") is None
    assert counting(page) == {"matching": "?", "select": "all"}
    part = signed_in.get(details_url(page), headers=HTMX)
    assert (total(part), selecting(part)) == (("45 disks", "45"), [])


def test_everything_stays_selected_without_a_number(signed_in: Client) -> None:
    page = Page(signed_in.get(f"{DISKS}?select=all", headers=HTMX))
    [matching] = page.select("input[name=matching]")
    assert (matching["value"], "data-matching" in matching) == ("?", True)
    [label] = Page(signed_in.get(DISKS)).select("[data-selected-count]")
    assert (label["data-text"], label["data-all"]) == ("selected:", "all that match")


# --- Failures ---------------------------------------------------------------------------------------------------------

WRONG: list[dict[str, Any]] = [
    {"status_code": 403},
    {"status_code": 404},
    {"status_code": 500},
    {"exc": requests.ConnectTimeout},
    {"text": "<html>"},
    {"json": []},
    {"json": {"volumes": [], "count": "many"}},
    {"json": {"volumes": []}},
]


def test_a_failed_count_harms_nothing_else(cloud: FakeCloud, enter: SignIn) -> None:
    cloud.servers = [{"id": an_id(5000), "name": "web"}]
    attached = [{"server_id": an_id(5000), "device": "/dev/vdb"}]
    cloud.volumes[0] |= {"status": "error", "attachments": attached}
    cloud.messages = [message(3001, about=cloud.volumes[0]["id"], user_message="No room.")]
    client = enter()
    url = details_url(client.get(DISKS, headers=HTMX))
    for wrong in WRONG:
        cloud.http.get(cloud.at("/volumes"), **wrong)
        part = client.get(url, headers=HTMX)
        assert part.status_code == 200, wrong
        assert (total(part), selecting(part)) == (None, []), wrong
        assert failures(part) == {cloud.volumes[0]["id"]: f"No room. Request id: {REQUEST_ID}"}, wrong
        assert {"web", "no snapshots"} <= {one.text for one in Page(part).select("[hx-swap-oob]")}, wrong


def test_a_count_is_told_beside_other_failures(cloud: FakeCloud, signed_in: Client) -> None:
    for path in ("/snapshots/detail", "/messages"):
        cloud.http.get(cloud.at(path), status_code=500)
    part = signed_in.get(details_url(signed_in.get(DISKS, headers=HTMX)), headers=HTMX)
    assert total(part) == ("45 disks", "45")


def test_it_asks_to_sign_in_when_only_counting_needs_it(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at("/volumes"), status_code=401)
    assert signed_in.get(f"{DISKS}details/", {"matching": "?"}, headers=HTMX).status_code == 401


@pytest.mark.parametrize("matching", ["", "?", "??", "?status=moonstruck", "?\0", "x" * 3000, "?marker=x&per_page=7"])
def test_it_takes_nonsense_for_the_whole_list(signed_in: Client, matching: str) -> None:
    part = signed_in.get(f"{DISKS}details/", {"matching": matching, "disk": "../x"}, headers=HTMX)
    found = total(part)
    assert part.status_code == 200
    assert found
    assert found[1] == "45"


def test_the_words_hold_no_markup_of_the_address(signed_in: Client) -> None:
    part = signed_in.get(f"{DISKS}details/", {"matching": "?<b>=<b>", "select": "<b>"}, headers=HTMX)
    assert "<b>" not in text_of(part)


# --- Addresses that are too long for a web server ---------------------------------------------------------------------


def test_its_address_is_never_too_long(cloud: FakeCloud, enter: SignIn) -> None:
    """With a hundred failed and attached disks, it takes two requests."""
    cloud.servers = []
    servers = [an_id(5000 + number) for number in range(101)]
    cloud.volumes = [
        volume(number, status="error", attachments=[{"server_id": servers[number - 1], "device": "/dev/vdb"}])
        for number in range(101, 0, -1)
    ]
    client = enter()
    page = client.get(f"{DISKS}?per_page=100", headers=HTMX)
    urls = [url for url in loads(page) if "/details/" in url]
    assert all(len(f"GET {url} HTTP/1.1") < LONGEST_LINE for url in urls)
    sent = [parse_qs(urlsplit(url).query) for url in urls]
    asked = {name: values[0].split(",") for query in sent for name, values in query.items()}
    ids = [row["id"] for row in cloud.volumes[:100]]
    assert len(urls) == 2
    assert asked == {
        "counted": ids,
        "failed": ids,
        "instances": list(reversed(servers))[:100],
        "matching": ["?per_page=100"],
    }
    assert [sum(name in query for query in sent) for name in asked] == [1] * 4
    assert all(client.get(url, headers=HTMX).status_code == 200 for url in urls)
