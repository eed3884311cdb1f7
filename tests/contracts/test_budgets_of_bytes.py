"""The limits for what a browser loads and holds: bytes, requests to Diskboard, and elements of a page."""

import gzip
from typing import Any

import pytest
from django.test import Client

from tests.support.built import hashed, transferred
from tests.support.canned import HTMX, SignIn
from tests.support.cloud_rows import Answer, ago, an_id, backup, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.html import Element
from tests.support.pages import HERE, Page, loads, menu_of, menus, rows

DISKS, SNAPSHOTS, BACKUPS = (f"{HERE}/{kind}/" for kind in ("disks", "snapshots", "backups"))
OF_DISK = f"{DISKS}{an_id(1)}/snapshots/"
# What a usual row may add: bytes to any list, elements to each
ROW_BYTES = 1400
ROW_ELEMENTS = {DISKS: 19, OF_DISK: 16, SNAPSHOTS: 19, BACKUPS: 18}
EVERY_LIST = pytest.mark.parametrize("url", ROW_ELEMENTS, ids=["disks", "snapshots of a disk", "snapshots", "backups"])
TWENTY_ROWS, HUNDRED_ROWS = 6_500, 13 * 1024
FIRST_VISIT, FIRST_REQUESTS = 60 * 1024, 8
OWN_SCRIPTS = 10 * 1024
NAMES = ("web", "database", "mail", "backups", "build")
STATIC = "/static/"


def attached_to(number: int) -> Answer:
    return {"status": "in-use", "attachments": [{"server_id": an_id(5000 + number), "device": "/dev/vdb"}]}


@pytest.fixture
def usual(cloud: FakeCloud, enter: SignIn) -> Client:
    """A project of 120 of each kind with usual names; a third of the disks is attached."""
    cloud.servers = [{"id": an_id(5000 + number), "name": f"instance-{number}"} for number in range(120)]
    client = enter()
    numbers = range(120, 0, -1)
    names = {number: f"{NAMES[number % len(NAMES)]}-{number:02}-data" for number in numbers}
    cloud.volumes = [
        volume(number, name=names[number], **({} if number % 3 else attached_to(number))) for number in numbers
    ]
    cloud.snapshots = [
        snapshot(1000 + number, disk=number % 20 + 1, name=f"{names[number]}_snapshot_01-03-2026") for number in numbers
    ]
    cloud.backups = [
        backup(2000 + number, disk=number % 20 + 1, name=f"{names[number]}-weekly", is_incremental=bool(number % 3))
        for number in numbers
    ]
    return client


def listed(client: Client, cloud: FakeCloud, url: str, rows_shown: int) -> Any:
    """A list of that many rows, as a page without compression."""
    for row in cloud.snapshots if url == OF_DISK else ():
        row["volume_id"] = an_id(1)
    answer = client.get(url, {"per_page": rows_shown})
    assert len(rows(answer)) == rows_shown
    return answer


def zipped(client: Client, url: str, rows_shown: int) -> int:
    """The number of compressed bytes of a list of that many rows."""
    answer = client.get(url, {"per_page": rows_shown}, headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    return len(answer.content)


def elements(part: Element) -> int:
    return len(part.select("*"))


# --- Rows -------------------------------------------------------------------------------------------------------------


@EVERY_LIST
def test_a_row_adds_few_bytes_and_elements(usual: Client, cloud: FakeCloud, url: str) -> None:
    few, many = (listed(usual, cloud, url, number) for number in (20, 100))
    assert (len(many.content) - len(few.content)) / 80 <= ROW_BYTES
    assert (elements(Page(many)) - elements(Page(few))) / 80 <= ROW_ELEMENTS[url]


@EVERY_LIST
def test_a_page_is_small(usual: Client, cloud: FakeCloud, url: str) -> None:
    listed(usual, cloud, url, 20)
    assert zipped(usual, url, 20) <= TWENTY_ROWS
    assert zipped(usual, url, 100) <= HUNDRED_ROWS


def test_long_names_make_no_large_page(usual: Client, cloud: FakeCloud) -> None:
    for row in cloud.volumes:
        row["name"] = f"{'ж' * 218} {row['id']}"
    assert zipped(usual, DISKS, 100) <= 2 * HUNDRED_ROWS


def test_greyed_menus_make_no_large_page(usual: Client, cloud: FakeCloud) -> None:
    for row in cloud.volumes:
        row |= {"status": "error_deleting", "attachments": []}
    answer = listed(usual, cloud, DISKS, 100)
    greyed = [reason for entries in menus(answer).values() for reason in entries.values() if reason]
    assert len(greyed) >= 600
    assert zipped(usual, DISKS, 100) <= HUNDRED_ROWS


def test_many_different_menus_make_no_large_page(usual: Client, cloud: FakeCloud) -> None:
    """A list of disks in every state has a menu for each state, not for each row."""
    states: list[Answer] = [{"status": one} for one in ("available", "creating", "error", "error_deleting", "x")]
    states += [attached_to(1), {"group_id": "g"}, {"status": "maintenance"}]
    for number, row in enumerate(cloud.volumes):
        row |= {"attachments": [], "bootable": str(number % 2 == 0).lower(), **states[number % len(states)]}
    listed(usual, cloud, DISKS, 100)
    assert zipped(usual, DISKS, 100) <= HUNDRED_ROWS


@EVERY_LIST
def test_a_menu_opens_without_a_request(usual: Client, cloud: FakeCloud, url: str) -> None:
    """It is on the page, and only a click on an entry requests something."""
    page = Page(listed(usual, cloud, url, 20))
    shown = page.select("tbody tr")
    assert len(shown) == 20
    for row in shown:
        [button] = row.select(".more")
        opened = menu_of(page, row["id"].removeprefix("row-"))
        assert opened.find_all("menuitem")
        requesting = [one for one in opened.select("[hx-get], [hx-post]") if one.role != "menuitem"]
        assert [*requesting, *opened.select("[hx-trigger]"), *opened.select("img, iframe, script, link")] == []
        assert not [name for name in button.node.attrib if str(name).startswith("hx-")]


def test_it_polls_for_nearly_nothing(usual: Client, cloud: FakeCloud) -> None:
    cloud.volumes[0] |= {"status": "creating", "updated_at": ago(), "attachments": []}
    seen = {"seen": f"{an_id(120)}:creating"}
    answer = usual.get(f"{DISKS}changes/", seen, headers=HTMX)
    assert answer.status_code == 204
    assert len(answer.content) == 0
    # Rows that have changed come with what differs in their menus.
    for row in cloud.volumes[:5]:
        row |= {"status": "error_deleting", "attachments": []}
    seen = {"seen": ",".join(f"{row['id']}:creating" for row in cloud.volumes[:5])}
    changed = usual.get(f"{DISKS}changes/", seen, headers=HTMX)
    assert len(menus(changed, page=usual.get(DISKS))) == 5
    assert len(changed.content) <= 5 * ROW_BYTES + 1_500


# --- Static files -----------------------------------------------------------------------------------------------------


def test_its_own_scripts_are_small(built: Any) -> None:
    assert transferred(built, "js/diskboard.js") <= OWN_SCRIPTS


def test_static_files_are_compressed(built: Any) -> None:
    names = ("css/diskboard.css", "js/diskboard.js", "icons.svg")
    uncompressed = [name for name in names if transferred(built, name) * 2 > hashed(built, name).stat().st_size]
    assert uncompressed == []


def static_files(page: Page) -> set[str]:
    """The names of the static files that a browser loads for a page."""
    links = [one["href"] for one in page.select("link[rel=stylesheet], link[rel=icon], use")]
    sources = [one["src"] for one in page.select("script, img")]
    found = {address.partition("#")[0] for address in (*links, *sources)}
    assert all(address.startswith(STATIC) for address in found)
    return {address.removeprefix(STATIC) for address in found}


@pytest.mark.parametrize("url", [DISKS, SNAPSHOTS, BACKUPS])
def test_a_first_visit_is_small(usual: Client, built: Any, url: str) -> None:
    page = Page(usual.get(url))
    files = static_files(page)
    # The scripts are one file in production.
    own = {name for name in files if name.startswith("js/")}
    assert own
    files = (files - own) | {"js/diskboard.js"}
    later = loads(usual.get(url))
    fragments = [usual.get(one, headers={**HTMX, "Accept-Encoding": "gzip"}) for one in later]
    sizes = [
        zipped(usual, url, 20),
        *(transferred(built, name) for name in files),
        *(len(f.content) for f in fragments),
    ]
    assert len(sizes) <= FIRST_REQUESTS
    assert sum(sizes) <= FIRST_VISIT


def test_the_sign_in_page_is_smaller(client: Client, built: Any, cloud: FakeCloud, db: None) -> None:
    del db
    answer = client.get("/sign-in/", headers={"Accept-Encoding": "gzip"})
    page = Page(gzip.decompress(answer.content).decode())
    own = {name for name in static_files(page) if name.startswith("js/")}
    names = (static_files(page) - own) | {"js/diskboard.js"}
    assert len(answer.content) + sum(transferred(built, name) for name in names) <= FIRST_VISIT
    assert cloud.asked() == []
