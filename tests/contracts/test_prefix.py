"""Diskboard below a path prefix, behind a proxy that passes the prefix on and behind one that removes it."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import set_script_prefix
from pytest_django.fixtures import Settings

from tests.support.fake_cloud import FakeCloud
from tests.support.pages import HERE, Page
from tests.support.wsgi import served

PREFIX = "/diskboard"


@pytest.fixture(autouse=True)
def _below_a_prefix(settings: Settings) -> Iterator[None]:
    settings.FORCE_SCRIPT_NAME = PREFIX
    yield
    set_script_prefix("/")


@pytest.mark.usefixtures("db", "cloud", "fresh_start")
@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/sign-in/"])
def test_it_answers_with_and_without_it(client: Client, path: str) -> None:
    for url in (path, f"{PREFIX}{path}"):
        assert served(client, "GET", url).status_code == 200, url


def test_its_links_have_the_prefix(cloud: FakeCloud, signed_in: Client) -> None:
    for url in (f"{HERE}/disks/", f"{PREFIX}{HERE}/disks/"):
        answer = served(signed_in, "GET", url)
        assert answer.status_code == 200
        assert Page(answer).find("link", "Snapshots")["href"] == f"{PREFIX}{HERE}/snapshots/"
    for url in ("/", PREFIX, f"{PREFIX}/"):
        assert served(signed_in, "GET", url)["Location"] == f"{PREFIX}{HERE}/disks/", url
    assert cloud.asked()


def test_it_removes_a_whole_segment_only(signed_in: Client) -> None:
    assert served(signed_in, "GET", f"{PREFIX}x/disks/").status_code == 404
    assert served(signed_in, "GET", f"{PREFIX}{PREFIX}/disks/").status_code == 404
