"""What a page may cost: requests to the cloud, queries, bytes."""

import gzip
from typing import Any

import pytest
from django.conf import settings as ours
from django.contrib.sessions.models import Session
from django.test import Client

from tests.unit.conftest import HTMX
from tests.unit.fakes import CINDER, KEYSTONE, PROJECT, FakeCloud, ago, an_id, snapshot, volume

DISKS = f"/p/{PROJECT}/disks/"
DISK = f"{DISKS}{an_id(1)}/"
LISTS = [DISKS, f"{DISK}snapshots/"]
COSTS = [
    (DISKS, 1),
    (f"{DISKS}?sort=-size&per_page=100", 1),
    (f"{DISKS}?q=disk", 1),
    (f"{DISKS}changes/?seen={an_id(120)}:creating", 1),
    (f"{DISK}snapshots/", 2),
    (f"{DISK}snapshots/?q=x", 2),
    # The row itself, and its disk
    (f"{DISK}snapshots/changes/?seen={an_id(1120)}:creating", 2),
    # The disk, the taken names, the quota
    (f"{DISK}create-snapshot/", 3),
    ("/toasts/", 0),
    ("/", 0),
]


@pytest.fixture
def full(cloud: FakeCloud, signed_in: Client) -> Client:
    """A hundred of everything, and a client that has looked before."""
    attached = [{"server_id": an_id(5000), "device": "/dev/vdb"}]
    cloud.volumes = [
        volume(number, name=f"production-database-{an_id(number + 700)}", status="in-use", attachments=attached)
        for number in range(120, 0, -1)
    ]
    cloud.snapshots = [snapshot(number, name=f"nightly-{an_id(number)}") for number in range(1120, 1000, -1)]
    return signed_in


@pytest.mark.parametrize(("url", "requests"), COSTS)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_it_asks_the_cloud_no_more_than_it_must(
    full: Client, cloud: FakeCloud, url: str, requests: int, headers: dict[str, str]
) -> None:
    answer = full.get(url, headers=headers)
    assert answer.status_code < 400
    assert len(cloud.asked(CINDER)) == requests
    assert cloud.asked(KEYSTONE) == []


@pytest.mark.parametrize("url", [url for url, _requests in COSTS])
def test_it_queries_at_most_twice(full: Client, url: str, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(2):
        full.get(url)


@pytest.mark.parametrize("url", [url for url, _requests in COSTS])
def test_it_does_not_write_the_session_for_reading(full: Client, url: str) -> None:
    before = list(Session.objects.values_list("session_key", "session_data", "expire_date"))
    answer = full.get(url)
    assert "diskboard_session" not in answer.cookies
    assert list(Session.objects.values_list("session_key", "session_data", "expire_date")) == before


@pytest.mark.parametrize("url", LISTS)
def test_it_sends_a_hundred_rows_in_thirty_kib(full: Client, url: str) -> None:
    answer = full.get(url, {"per_page": "100"}, headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content).count(b'<tr id="row-') == 100
    assert len(answer.content) <= 30 * 1024


def test_it_polls_for_nearly_nothing(full: Client, cloud: FakeCloud) -> None:
    cloud.volumes[0] |= {"status": "creating", "updated_at": ago()}
    answer = full.get(f"{DISKS}changes/", {"seen": f"{an_id(120)}:creating"}, headers=HTMX)
    assert answer.status_code == 204
    assert len(answer.content) == 0


def test_it_keeps_its_own_scripts_small() -> None:
    scripts = list((ours.BASE_DIR / "static" / "js").glob("*.js"))
    assert scripts
    assert sum(one.stat().st_size for one in scripts) <= 12 * 1024


def test_it_signs_in_with_two_requests(cloud: FakeCloud, client: Client, db: None) -> None:  # noqa: ARG001
    client.post("/sign-in/", {"user_name": "ann", "password": "x", "domain": "Default"})
    assert cloud.asked(KEYSTONE) == ["POST /v3/auth/tokens", "GET /v3/auth/projects"]
    assert cloud.asked(CINDER) == []


def test_it_opens_a_project_with_one_request_to_keystone(cloud: FakeCloud, client: Client, db: None) -> None:  # noqa: ARG001
    client.post("/sign-in/", {"user_name": "ann", "password": "x", "domain": "Default"})
    cloud.forget()
    client.get("/", follow=True)
    assert cloud.asked(KEYSTONE) == ["POST /v3/auth/tokens"]
    assert cloud.asked(CINDER) == ["GET /", "GET /volumes/detail"]


def test_it_creates_with_one_request(full: Client, cloud: FakeCloud) -> None:
    full.post(f"{DISK}create-snapshot/", {"name": "x", "key": "k"}, headers=HTMX)
    assert cloud.asked(CINDER) == ["POST /snapshots"]


def test_it_previews_with_a_request_for_each(full: Client, cloud: FakeCloud) -> None:
    ids = [an_id(number) for number in range(1001, 1021)]
    full.post(f"/p/{PROJECT}/snapshots/delete/", {"ids": ids})
    assert cloud.asked(CINDER).count("GET /volumes/detail") == 1
    assert len(cloud.asked(CINDER)) == 20 + 1
