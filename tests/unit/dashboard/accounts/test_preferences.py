"""The page size that a user chose last applies to the next list too."""

from urllib.parse import parse_qs

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.support.canned import HTMX
from tests.support.cloud_rows import an_id, backup, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import HERE, Page, link, names

DISKS, BACKUPS = f"{HERE}/disks/", f"{HERE}/backups/"
LISTS = [DISKS, f"{DISKS}{an_id(1)}/snapshots/", f"{HERE}/snapshots/", BACKUPS]
NONSENSE = ["0", "21", "-50", "1e2", "٥٠".encode().decode("latin-1"), "50 ", "", "x" * 4000, "<b>", "50;60"]


@pytest.fixture(autouse=True)
def _one_of_each(cloud: FakeCloud) -> None:
    """Keep the lists short, because many rows take long to render; the requests to Cinder show the page size."""
    cloud.volumes, cloud.snapshots, cloud.backups = [volume(1)], [snapshot(1001)], [backup(2001)]


@pytest.fixture
def many(cloud: FakeCloud) -> list[str]:
    """The names of 101 backups, newest first."""
    cloud.backups = [backup(2000 + number) for number in range(101, 0, -1)]
    return [row["name"] for row in cloud.backups]


def size(cloud: FakeCloud, client: Client, url: str) -> int:
    """The number of rows on a page of that list: Cinder is asked for one more."""
    cloud.forget()
    assert client.get(url, headers=HTMX).status_code == 200
    [asked] = [index for index, one in enumerate(cloud.asked()) if one.endswith("/detail")]
    return int(cloud.query(asked)["limit"]) - 1


@pytest.mark.parametrize("url", LISTS)
def test_it_is_remembered_for_every_list(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    for chosen, headers in ((50, {}), (20, HTMX)):
        signed_in.get(f"{url}?per_page={chosen}", headers=headers)
        assert [size(cloud, signed_in, one) for one in LISTS] == [chosen] * 4


def test_it_is_how_many_rows_are_shown(signed_in: Client, many: list[str]) -> None:
    assert names(signed_in.get(BACKUPS)) == many[:20]
    assert names(signed_in.get(f"{BACKUPS}?per_page=50")) == many[:50]
    assert names(signed_in.get(BACKUPS)) == many[:50]


@pytest.mark.parametrize("by_tls", [True, False])
def test_it_is_in_a_cookie_for_the_server_alone(signed_in: Client, settings: Settings, by_tls: bool) -> None:
    settings.SESSION_COOKIE_SECURE = by_tls
    cookie = signed_in.get(f"{DISKS}?per_page=100").cookies["diskboard_per_page"]
    assert cookie.value == "100"
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == ("/", "Lax", True)
    assert bool(cookie["secure"]) == by_tls
    assert cookie["max-age"] > 30 * 24 * 3600


@pytest.mark.parametrize("query", ["", "?sort=name", "?per_page=21", "?per_page=", "?per_page=%0A50"])
def test_it_keeps_the_size_where_the_address_names_none(cloud: FakeCloud, signed_in: Client, query: str) -> None:
    signed_in.cookies["diskboard_per_page"] = "50"
    assert size(cloud, signed_in, f"{DISKS}{query}") == 50
    assert "per_page" not in signed_in.get(f"{DISKS}{query}").cookies


@pytest.mark.parametrize("path", ["?q=per_page", "changes/?per_page=50", "export/?per_page=50", "quota/?per_page=50"])
def test_it_is_set_by_nothing_but_the_size_of_a_list(signed_in: Client, path: str) -> None:
    assert "per_page" not in signed_in.get(f"{DISKS}{path}").cookies


def test_it_is_not_set_by_a_link_that_selects_all(cloud: FakeCloud, signed_in: Client) -> None:
    """Cleaning up shows a hundred rows, but the user hasn't chosen that for the other lists."""
    cloud.snapshots = [snapshot(1000 + number) for number in range(21, 0, -1)]
    answer = signed_in.get(f"{HERE}/snapshots/?select=all&per_page=100&older_than=1")
    assert len(names(answer)) == 21
    assert "per_page" not in answer.cookies


def test_it_ignores_a_bad_cookie(cloud: FakeCloud, signed_in: Client) -> None:
    for nonsense in NONSENSE:
        signed_in.cookies["diskboard_per_page"] = nonsense
        assert size(cloud, signed_in, BACKUPS) == 20, nonsense
    signed_in.get(f"{BACKUPS}?per_page=100")
    assert size(cloud, signed_in, BACKUPS) == 100


def test_it_lets_a_shared_link_show_everybody_the_same(signed_in: Client, many: list[str]) -> None:
    """Whatever each user has chosen: the link contains the page size of the user who shares it."""
    signed_in.cookies["diskboard_per_page"] = "50"
    shared = link(signed_in.get(BACKUPS), "next")
    assert parse_qs(shared[1:])["per_page"] == ["50"]
    for own in ("20", "100"):
        signed_in.cookies["diskboard_per_page"] = own
        assert names(signed_in.get(BACKUPS + shared, headers=HTMX)) == many[50:100]


def test_it_can_be_the_smallest_again(signed_in: Client) -> None:
    signed_in.cookies["diskboard_per_page"] = "100"
    page = Page(signed_in.get(DISKS))
    assert page.find("link", "20")["href"] == "?per_page=20"
    assert [page.find("link", one)["aria-current"] for one in ("20", "50", "100")] == ["", "", "true"]


def test_it_leafs_through_all_of_the_list(signed_in: Client, many: list[str]) -> None:
    signed_in.cookies["diskboard_per_page"] = "50"
    page = signed_in.get(BACKUPS)
    assert names(page) == many[:50]
    page = signed_in.get(BACKUPS + link(page, "next"))
    assert names(page) == many[50:100]
    page = signed_in.get(BACKUPS + link(page, "next"))
    assert names(page) == many[100:]
    assert names(signed_in.get(BACKUPS + link(page, "prev"))) == many[50:100]


def test_it_goes_along_to_the_project(cloud: FakeCloud, signed_in: Client) -> None:
    answer = signed_in.get("/disks/?per_page=50&sort=name", follow=True)
    assert answer.redirect_chain[-1][0] == f"{DISKS}?per_page=50&sort=name"
    assert size(cloud, signed_in, DISKS) == 50


def test_it_is_kept_by_a_search_like_the_order_of_the_table(signed_in: Client) -> None:
    """They are in the table, which every answer replaces; the form around the search stays."""
    part = Page(signed_in.get(f"{DISKS}?per_page=50&sort=name", headers=HTMX))
    assert not part.has("form")
    kept = {one["name"]: one["value"] for one in part.select("input[form=search]")}
    assert kept == {"sort": "name", "per_page": "50"}
