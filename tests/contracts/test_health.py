"""Monitoring can ask Diskboard whether it is up, and whether it is ready."""

from typing import Any

import pytest
import requests
from django.test import Client

from tests.support.fake_cloud import KEYSTONE, FakeCloud


@pytest.mark.parametrize("url", ["/healthz", "/healthz/"])
def test_it_is_up_without_cloud_or_database(client: Client, url: str) -> None:
    answer = client.get(url)
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_it_is_ready_when_keystone_answers(cloud: FakeCloud, client: Client) -> None:
    assert client.get("/readyz").status_code == 200
    assert cloud.asked(KEYSTONE) == ["GET /v3"]
    assert "X-Auth-Token" not in cloud.requests(KEYSTONE)[0].headers


def test_it_is_not_ready_when_keystone_is_not(cloud: FakeCloud, client: Client) -> None:
    failures: list[dict[str, Any]] = [{"exc": requests.ConnectTimeout}, {"status_code": 500}, {"status_code": 503}]
    for failure in failures:
        cloud.http.get(KEYSTONE, **failure)
        assert client.get("/readyz").status_code == 503, failure


@pytest.mark.parametrize("url", ["/healthz", "/readyz"])
@pytest.mark.usefixtures("cloud")
def test_it_answers_what_asks_by_head(client: Client, url: str) -> None:
    assert client.head(url).status_code == 200
