"""Monitoring can ask Diskboard whether it is up, and whether it is ready."""

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django.fixtures import Settings

from tests.support.fake_cloud import KEYSTONE, FakeCloud
from tests.support.rules import wrong_headers


@pytest.mark.parametrize("url", ["/healthz", "/healthz/"])
def test_it_is_up_without_cloud_or_database(client: Client, url: str) -> None:
    answer = client.get(url)
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.usefixtures("db")
def test_it_is_ready_with_its_database_and_says_how_keystone_is(cloud: FakeCloud, client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"database: ok\nkeystone: ok\n")
    assert cloud.asked(KEYSTONE) == ["GET /v3"]
    assert "X-Auth-Token" not in cloud.requests(KEYSTONE)[0].headers


@pytest.mark.usefixtures("db")
def test_it_is_ready_without_keystone_and_says_why(cloud: FakeCloud, client: Client) -> None:
    """A load balancer must not remove Diskboard for that: users would lose the page that says so."""
    failures: list[dict[str, Any]] = [{"exc": requests.ConnectTimeout}, {"status_code": 500}, {"status_code": 503}]
    for failure in failures:
        cloud.http.get(KEYSTONE, **failure)
        answer = client.get("/readyz")
        assert answer.status_code == 200, failure
        first, second = answer.content.decode().splitlines()
        assert first == "database: ok", failure
        assert second.startswith("keystone: "), failure
        assert second not in ("keystone: ", "keystone: ok"), failure


@pytest.mark.usefixtures("db", "cloud")
def test_it_is_not_ready_before_its_database_is_migrated(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("dashboard", "0004_models_moved")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.content.startswith(b"database: not migrated\n")


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=8) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.usefixtures("db", "fresh_start")
def test_it_answers_within_a_second_while_keystone_hangs(client: Client, settings: Settings, silent: str) -> None:
    settings.OS_AUTH_URL = silent
    begun = time.monotonic()
    answer = client.get("/readyz")
    assert time.monotonic() - begun < 1
    assert answer.status_code == 200
    assert answer.content.startswith(b"database: ok\nkeystone: no answer within ")


@pytest.mark.parametrize("url", ["/healthz", "/readyz"])
@pytest.mark.usefixtures("db", "cloud")
def test_it_answers_what_asks_by_head_or_by_any_name(client: Client, url: str) -> None:
    """Probes address it by IP, which isn't among ALLOWED_HOSTS."""
    assert client.head(url).status_code == 200
    for host in ("10.1.2.3:8000", "[fd00::1]:8000", "elsewhere.example.org", "no host!"):
        answer = client.get(url, headers={"Host": host})
        assert answer.status_code == 200, host
        assert wrong_headers(answer) == {}, host
    assert client.get("/sign-in/", headers={"Host": "elsewhere.example.org"}).status_code == 400
    assert client.post(url).status_code == 405
