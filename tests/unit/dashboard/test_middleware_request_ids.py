"""Every request has an ID: in its answer and in each line that is logged meanwhile. A trusted proxy may give it."""

import json
import re

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from dashboard.logs import JsonFormatter, PrintableFormatter, with_request_id

OURS = re.compile(r"req-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
GIVEN = "7f3a9c0e5b1d4e6f8a2b3c4d5e6f7081"


def answered(client: Client, given: str) -> str:
    return str(client.get("/healthz", headers={"X-Request-Id": given})["X-Request-Id"])


def test_it_keeps_the_id_of_a_trusted_proxy_only(client: Client, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    assert answered(client, GIVEN) == GIVEN
    for untrusted in (None, 0):
        settings.TRUSTED_PROXIES = untrusted
        assert OURS.fullmatch(answered(client, GIVEN))


@pytest.mark.parametrize("given", ["", "short", "a" * 65, "two words", 'req-"quoted"', "ünïcödé-id", "a,b,c,d,e,f"])
def test_it_takes_nothing_else_for_an_id(client: Client, settings: Settings, given: str) -> None:
    settings.TRUSTED_PROXIES = 1
    assert OURS.fullmatch(answered(client, given))


def test_a_line_about_a_refused_request_has_its_id(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    """Django writes it when the middleware that holds the ID has ended."""
    answer = client.get("/nowhere/")
    [record] = [one for one in caplog.records if one.name == "django.request"]
    assert with_request_id(record)
    assert answer["X-Request-Id"] in PrintableFormatter("{request_id}: {message}", style="{").format(record)
    assert json.loads(JsonFormatter().format(record))["request_id"] == answer["X-Request-Id"]
