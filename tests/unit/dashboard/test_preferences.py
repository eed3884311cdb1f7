"""The page size that one chose last is that of the next list too."""

import re
from urllib.parse import parse_qs

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.support.canned import HTMX
from tests.support.fake_cloud import FakeCloud, an_id, backup, snapshot, volume
from tests.support.pages import HERE, link, names, text_of

DISKS = f"{HERE}/disks/"
LISTS = [DISKS, f"{DISKS}{an_id(1)}/snapshots/", f"{HERE}/snapshots/", f"{HERE}/backups/"]
NONSENSE = ["0", "21", "-50", "1e2", "٥٠".encode().decode("latin-1"), "50 ", "", "x" * 4000, "<b>", "50;60"]


@pytest.fixture(autouse=True)
def _many_of_each(cloud: FakeCloud) -> None:
    cloud.volumes = [volume(number) for number in range(130, 0, -1)]
    cloud.snapshots = [snapshot(1000 + number) for number in range(130, 0, -1)]
    cloud.backups = [backup(2000 + number) for number in range(130, 0, -1)]


def rows(client: Client, url: str, query: str = "") -> int:
    return len(names(client.get(f"{url}{query}")))


@pytest.mark.parametrize("url", LISTS)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_it_is_remembered_for_every_list(signed_in: Client, url: str, headers: dict[str, str]) -> None:
    assert [rows(signed_in, one) for one in LISTS] == [20, 20, 20, 20]
    signed_in.get(f"{url}?per_page=50", headers=headers)
    assert [rows(signed_in, one) for one in LISTS] == [50, 50, 50, 50]
    signed_in.get(f"{url}?per_page=20", headers=headers)
    assert [rows(signed_in, one) for one in LISTS] == [20, 20, 20, 20]


@pytest.mark.parametrize("by_tls", [True, False])
def test_the_cookie_is_for_the_server_alone(signed_in: Client, settings: Settings, by_tls: bool) -> None:
    settings.SESSION_COOKIE_SECURE = by_tls
    cookie = signed_in.get(f"{DISKS}?per_page=100").cookies["per_page"]
    assert cookie.value == "100"
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == ("/", "Lax", True)
    assert bool(cookie["secure"]) == by_tls
    assert cookie["max-age"] > 30 * 24 * 3600


@pytest.mark.parametrize("query", ["", "?sort=name", "?per_page=21", "?per_page=", "?per_page=%0A50", "?q=per_page"])
def test_what_names_no_size_changes_nothing(signed_in: Client, query: str) -> None:
    signed_in.cookies["per_page"] = "50"
    answer = signed_in.get(f"{DISKS}{query}")
    assert "per_page" not in answer.cookies
    assert query == "?q=per_page" or len(names(answer)) == 50


@pytest.mark.parametrize("path", ["changes/", "export/", "quota/"])
def test_nothing_but_a_list_sets_it(signed_in: Client, path: str) -> None:
    assert "per_page" not in signed_in.get(f"{DISKS}{path}?per_page=50").cookies


def test_a_link_that_selects_all_sets_it_not(signed_in: Client) -> None:
    """Cleaning up shows a hundred: nobody asked for that elsewhere."""
    answer = signed_in.get(f"{HERE}/snapshots/?select=all&per_page=100&older_than=1")
    assert len(names(answer)) == 100
    assert "per_page" not in answer.cookies


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_a_bad_cookie_is_ignored(signed_in: Client, nonsense: str) -> None:
    signed_in.cookies["per_page"] = nonsense
    assert rows(signed_in, DISKS) == 20
    signed_in.get(f"{DISKS}?per_page=100")
    assert rows(signed_in, DISKS) == 100


def test_a_shared_link_shows_everybody_the_same(signed_in: Client) -> None:
    """Whatever either has chosen: who usually sees 50 names it, and what a link names is shown."""
    signed_in.cookies["per_page"] = "50"
    shared = link(signed_in.get(DISKS), "next")
    assert parse_qs(shared[1:])["per_page"] == ["50"]
    seen = []
    for own in ("20", "50", "100"):
        signed_in.cookies["per_page"] = own
        seen.append(names(signed_in.get(DISKS + shared)))
    assert len(seen[0]) == 50
    assert seen == [seen[0]] * 3


def test_the_smallest_can_be_chosen_again(signed_in: Client) -> None:
    signed_in.cookies["per_page"] = "100"
    sizes = re.search(r'<p class="sizes">.*?</p>', text_of(signed_in.get(DISKS)), re.DOTALL)
    assert sizes
    assert 'href="?per_page=20"' in sizes[0]
    assert re.search(r'aria-current="true">100<', sizes[0])


def test_one_leafs_through_all_of_it(signed_in: Client) -> None:
    signed_in.cookies["per_page"] = "50"
    page = signed_in.get(DISKS)
    seen = names(page)
    for count in (50, 30):
        page = signed_in.get(DISKS + link(page, "next"))
        assert len(names(page)) == count
        seen += names(page)
    assert seen == [f"disk-{number}" for number in range(130, 0, -1)]
    assert names(signed_in.get(DISKS + link(page, "prev"))) == seen[50:100]


def test_it_goes_along_to_the_project(signed_in: Client) -> None:
    answer = signed_in.get("/disks/?per_page=50&sort=name", follow=True)
    assert answer.redirect_chain[-1][0] == f"{DISKS}?per_page=50&sort=name"
    assert rows(signed_in, DISKS) == 50


def test_a_search_keeps_size_and_order_of_the_table(signed_in: Client) -> None:
    """They are in the table, which every answer replaces; the form around the search is not."""
    part = text_of(signed_in.get(f"{DISKS}?per_page=50&sort=name", headers=HTMX))
    assert '<input type="hidden" form="search" name="sort" value="name">' in part
    assert '<input type="hidden" form="search" name="per_page" value="50">' in part
