"""The addresses of pages under a path prefix and with a region, and addresses that every browser requests."""

from urllib.parse import parse_qs

import pytest
from django.test import Client
from django.test.utils import override_script_prefix

from tests.support.fake_cloud import PROJECT
from tests.support.pages import HERE, Page

LINKS = ("href", "action", "hx-get", "hx-post")


@pytest.mark.usefixtures("one_of_each")
def test_every_link_of_a_page_is_under_the_prefix(signed_in: Client) -> None:
    with override_script_prefix("/diskboard/"):
        page = Page(signed_in.get(f"{HERE}/disks/", SCRIPT_NAME="/diskboard"))
    found = [element[name] for element in page.select("*") for name in LINKS]
    paths = [path for path in found if path.startswith("/")]
    # STATIC_URL is derived from URL_PREFIX once, at the start: test_settings.py checks that.
    assert paths
    assert [path for path in paths if not path.startswith(("/diskboard/", "/static/"))] == []


@pytest.mark.django_db
def test_the_way_back_from_sign_in_is_under_the_prefix(client: Client) -> None:
    with override_script_prefix("/diskboard/"):
        onward = client.get(f"{HERE}/disks/", {"q": "a"}, SCRIPT_NAME="/diskboard")["Location"]
    path, _, query = onward.partition("?")
    assert (path, parse_qs(query)) == ("/diskboard/sign-in/", {"next": [f"/diskboard{HERE}/disks/?q=a"]})


def test_it_adds_no_region_where_there_is_only_one(signed_in: Client) -> None:
    assert signed_in.get(f"/p/{PROJECT}@RegionOne/disks/?q=x")["Location"] == f"{HERE}/disks/?q=x"


def test_it_has_an_icon(client: Client) -> None:
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer["Location"]) == (302, "/static/icon.svg")
