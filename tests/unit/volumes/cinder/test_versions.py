"""The version of Cinder's API, also on clouds that hide where Cinder publishes it."""

from typing import Any

import pytest
import requests
from django.test import Client

from dashboard.cloud import errors
from dashboard.cloud.keystone import Cloud
from tests.support.canned import HTMX, a_cloud
from tests.support.cloud_rows import volume
from tests.support.fake_cloud import CINDER, JSON, PROJECT, FakeCloud
from tests.support.pages import HERE, names
from volumes.cinder import disks, versions
from volumes.cinder.listing import Query

ROOT, BELOW = f"{CINDER}/", f"{CINDER}/v3/"
HIDDEN: dict[str, dict[str, Any]] = {
    "404": {"status_code": 404, "text": "<html>404 page not found</html>"},
    "403": {"status_code": 403},
    "401": {"status_code": 401},
    "HTML": {"text": "<html><h1>Welcome</h1></html>"},
    "redirect": {"status_code": 301, "headers": {"Location": "http://elsewhere.test/"}},
    "nothing": {"text": "", "headers": JSON},
    "another object": {"json": {}},
    "text": {"json": {"versions": "x"}},
    "no version": {"json": {"versions": [{}, 7, None]}},
    "version 2": {"json": {"versions": [{"id": "v2.0", "version": "", "status": "SUPPORTED"}]}},
    "a list": {"json": []},
    "deep": {"text": "[" * 100_000, "headers": JSON},
}
EVERY_HIDDEN = pytest.mark.parametrize("hidden", HIDDEN.values(), ids=list(HIDDEN))


def test_it_asks_the_root_once(cloud: FakeCloud, here: Cloud) -> None:
    for _ in range(2):
        assert versions.version(here).get_string() == "3.71"
    assert cloud.asked() == ["GET /"]
    assert "X-Auth-Token" not in cloud.requests()[0].headers


@EVERY_HIDDEN
def test_it_asks_below_v3_where_the_root_is_hidden(cloud: FakeCloud, here: Cloud, hidden: dict[str, Any]) -> None:
    cloud.http.get(ROOT, **hidden)
    cloud.microversion = "3.59"
    assert versions.version(here).get_string() == "3.59"
    assert cloud.asked() == ["GET /", "GET /v3/"]
    assert "X-Auth-Token" in cloud.requests()[1].headers


@EVERY_HIDDEN
def test_it_goes_on_with_the_oldest_where_both_are_hidden(
    cloud: FakeCloud, here: Cloud, signed_in: Client, hidden: dict[str, Any]
) -> None:
    cloud.volumes = [volume(1, name="data")]
    for url in (ROOT, BELOW):
        cloud.http.get(url, **hidden)
    versions.forget(here)
    assert versions.version(here).get_string() == "3.0"
    for headers in ({}, HTMX):
        assert names(signed_in.get(f"{HERE}/disks/", headers=headers)) == ["data"]


@pytest.mark.parametrize("code", [429, 500, 503])
def test_it_says_that_cinder_has_a_problem(cloud: FakeCloud, here: Cloud, code: int) -> None:
    for url in (ROOT, BELOW):
        cloud.http.get(url, [{"status_code": code}, {"json": cloud.versions()}])
    with pytest.raises(errors.Broken, match=str(code)):
        versions.version(here)
    # That isn't remembered.
    assert disks.page(here, Query()).rows == ()


def test_it_says_that_cinder_is_out_of_reach(cloud: FakeCloud, here: Cloud) -> None:
    cloud.http.get(ROOT, exc=requests.ConnectTimeout)
    with pytest.raises(errors.Unreachable):
        versions.version(here)
    assert cloud.asked() == ["GET /"]


@pytest.mark.parametrize(
    ("endpoint", "root"),
    [
        (f"http://a.test/v3/{PROJECT}", "http://a.test/"),
        ("http://a.test/v3", "http://a.test/"),
        (f"http://a.test:8776/volume/v3/{PROJECT}/", "http://a.test:8776/volume/"),
        ("http://a.test/v3x/v3/", "http://a.test/v3x/"),
        (f"http://a.test/v3/volume/v3/{PROJECT}", "http://a.test/v3/volume/"),
    ],
)
def test_it_finds_the_root_of_an_endpoint(cloud: FakeCloud, endpoint: str, root: str) -> None:
    cloud.http.get(root, json=cloud.versions(), status_code=300)
    assert versions.version(a_cloud(endpoint)).get_string() == "3.71"


def test_it_takes_no_newer_version_than_it_was_tested_with(cloud: FakeCloud, here: Cloud) -> None:
    cloud.microversion = "3.999"
    assert versions.version(here) == versions.NEWEST
