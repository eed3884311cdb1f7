"""No log and no page contains passwords, tokens or cookies, whatever happens."""

import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from django.conf import settings as ours
from django.test import Client
from pytest_django.fixtures import Settings

from dashboard.cloud.keystone import Login
from tests.support.actions import DISK
from tests.support.canned import HTMX, SENT
from tests.support.changes import CHANGES, ONE_DISK
from tests.support.cloud_rows import backup, fault, snapshot, volume
from tests.support.fake_cloud import (
    CINDER,
    CREDENTIAL,
    CREDENTIAL_SECRET,
    CREDENTIAL_TOKEN,
    FAULT_HEADERS,
    KEYSTONE,
    OTHER_PROJECT,
    PASSWORD,
    UNSCOPED,
    FakeCloud,
)
from tests.support.pages import HERE, Page, sent_by, text_of

TOKENS = f"{KEYSTONE}/auth/tokens"
DISKS = f"{HERE}/disks/"
BY_CREDENTIAL = {"credential": CREDENTIAL, "secret": CREDENTIAL_SECRET}
TALKATIVE = (
    "",
    "dashboard",
    "volumes",
    "django",
    "keystoneauth",
    "cinderclient",
    "urllib3",
    "requests",
    "requests_mock",
)
PATHS = [
    "disks/",
    f"disks/{DISK}/",
    f"disks/{DISK}/snapshots/",
    "snapshots/",
    "backups/",
    "disks/capacity/",
    "nowhere/",
]

OF_CINDER = re.compile(rf"{CINDER}/v3/.*")

Told = list[str]
Forms = list[tuple[str, dict[str, str]]]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_of_each(cloud: FakeCloud) -> None:
    cloud.projects[OTHER_PROJECT] = "Project two"
    cloud.volumes = [volume(1, name="data")]
    cloud.snapshots = [snapshot(1001)]
    cloud.backups = [backup(2001)]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    """Everything that any library logs at the most verbose level, with the tracebacks."""
    lines: Told = []
    shown = logging.Formatter()

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{record.name} {shown.format(record)} {record.args!r}")

    handler = Kept()
    loggers = [logging.getLogger(name) for name in (*TALKATIVE, "dashboard.cloud.audit", "keystoneauth.identity")]
    for logger in loggers:
        monkeypatch.setattr(logger, "level", logging.DEBUG)
        logger.manager._clear_cache()  # type: ignore[attr-defined]  # which levels are enabled
    ends = [one for one in loggers if one.name == "root" or not one.propagate]
    for logger in ends:
        logger.addHandler(handler)
    yield lines
    for logger in ends:
        logger.removeHandler(handler)
    monkeypatch.undo()
    logging.root.manager._clear_cache()  # type: ignore[attr-defined]


def secrets(client: Client) -> list[str]:
    """The values that must not appear, including this browser's present cookies."""
    tokens = [UNSCOPED, CREDENTIAL_TOKEN, "scoped-token-"]
    cookies = [one.value for name, one in client.cookies.items() if name in {"diskboard_session", "diskboard_csrf"}]
    return [PASSWORD, CREDENTIAL_SECRET, str(ours.SECRET_KEY), *tokens, *filter(None, cookies)]


def assert_kept(client: Client, *texts: str) -> None:
    for text in texts:
        assert text
        found = [one for one in secrets(client) if one in text]
        assert found == []


def read_everything(client: Client, *ways: dict[str, str]) -> Iterator[Any]:
    """All that a signed-in user can open, page by page."""
    for path in PATHS:
        for headers in ways:
            yield client.get(f"{HERE}/{path}", headers=headers)
    yield client.get(f"/p/{OTHER_PROJECT}/disks/")


def write_everything(client: Client, forms: Forms, key: str) -> Iterator[Any]:
    """All that a user can change."""
    for number, (url, sent) in enumerate(forms):
        yield client.post(url, {**sent, "key": f"{key} {number}"}, headers=HTMX)
    yield client.get("/toasts/")


def fail(cloud: FakeCloud, **answer: Any) -> None:
    """Let Cinder give this answer to every request."""
    for method in (cloud.http.get, cloud.http.post, cloud.http.put, cloud.http.delete):
        method(OF_CINDER, **answer)


@pytest.mark.parametrize(
    ("way", "failures"),
    [
        (SENT, {"500": {"status_code": 500, "headers": FAULT_HEADERS}, "cut off": {"exc": requests.ConnectTimeout}}),
        (BY_CREDENTIAL, {"403": {"status_code": 403}}),
    ],
    ids=["password", "application credential"],
)
def test_it_says_no_secret(
    cloud: FakeCloud, told: Told, way: dict[str, str], failures: dict[str, dict[str, Any]]
) -> None:
    client = Client()
    pages = [client.get("/sign-in/"), client.post("/sign-in/", way)]
    assert pages[-1].status_code == 302
    dialogs = [client.get(one.url, headers=HTMX) for one in CHANGES]
    forms = [(one.url, sent_by(part, **one.typed)) for one, part in zip(CHANGES, dialogs, strict=True)]
    pages += [*dialogs, *read_everything(client, {}, HTMX), *write_everything(client, forms, "well")]
    # A second time, as a double click sends it
    pages += write_everything(client, forms, "well")
    for name, answer in failures.items():
        fail(cloud, **answer)
        pages += [*read_everything(client, HTMX), *write_everything(client, forms, name)]
    assert_kept(client, *filter(None, map(text_of, pages)), *told)
    # The user is signed out even if Keystone doesn't revoke the token.
    cloud.http.delete(TOKENS, status_code=500)
    pages = [client.post("/sign-out/"), client.get(DISKS)]
    assert_kept(client, *filter(None, map(text_of, pages)), *told)
    assert {"keystoneauth", "dashboard"} <= {line.partition(".")[0].partition(" ")[0] for line in told}


def test_it_says_no_secret_that_did_not_get_in(cloud: FakeCloud, client: Client, told: Told) -> None:
    answers: list[dict[str, Any]] = [
        {"status_code": 401, "json": fault("error", 401, "No.")},
        {"status_code": 500, "text": "Oops"},
        {"status_code": 201, "json": {"token": {}}, "headers": {"X-Subject-Token": UNSCOPED}},
        {"status_code": 200, "text": "<html>"},
        {"exc": requests.ConnectTimeout},
    ]
    for answer in answers:
        cloud.http.post(TOKENS, **answer)
        for way in (SENT, BY_CREDENTIAL):
            for headers in ({}, HTMX):
                assert_kept(client, text_of(client.post("/sign-in/", way, headers=headers)))
    assert_kept(client, *told)


def test_the_filter_would_notice(client: Client) -> None:
    with pytest.raises(AssertionError):
        assert_kept(client, f"X-Auth-Token: {UNSCOPED}")
    login = Login("u", "ann", "Default", "2099-01-01T00:00:00+00:00", (), UNSCOPED)
    assert_kept(client, repr(login))


Explode = Callable[[Client], Any]


def a_read(client: Client) -> Any:
    return client.get(DISKS)


def a_write(client: Client) -> Any:
    return client.post(f"{ONE_DISK}rename/", {"name": "x", "key": "k", "description": PASSWORD})


def a_sign_in(client: Client) -> Any:
    return client.post("/sign-in/", SENT)


def a_sign_in_by_credential(client: Client) -> Any:
    return client.post("/sign-in/", BY_CREDENTIAL)


EXPLOSIONS = pytest.mark.parametrize("explode", [a_read, a_write, a_sign_in, a_sign_in_by_credential])


@pytest.fixture
def mined(cloud: FakeCloud, signed_in: Client) -> Client:
    """A signed-in client of a cloud that triggers an error deep in Diskboard's own code, where it handles tokens."""
    signed_in.get("/sign-in/?next=/")
    signed_in.get(f"{ONE_DISK}rename/")
    assert signed_in.cookies["diskboard_csrf"].value
    for method in (cloud.http.get, cloud.http.post, cloud.http.put):
        method(OF_CINDER, exc=ZeroDivisionError("deep down"))
    cloud.http.post(TOKENS, exc=ZeroDivisionError("deep down"))
    signed_in.raise_request_exception = False
    return signed_in


@EXPLOSIONS
@pytest.mark.parametrize("accept", ["text/html", "text/plain"])
def test_its_error_page_for_developers_shows_no_secret(
    mined: Client, told: Told, settings: Settings, explode: Explode, accept: str
) -> None:
    settings.DEBUG = True
    mined.defaults["HTTP_ACCEPT"] = accept
    page = explode(mined)
    assert page.status_code == 500
    assert "ZeroDivisionError" in text_of(page)
    assert "deep down" in text_of(page)
    assert "diskboard_csrf" in text_of(page)
    assert_kept(mined, text_of(page), *told)


@EXPLOSIONS
def test_its_error_page_tells_nothing(mined: Client, told: Told, explode: Explode) -> None:
    page = explode(mined)
    assert page.status_code == 500
    assert Page(page).has("heading", "Something went wrong in Diskboard")
    for detail in ("ZeroDivisionError", "deep down", "Traceback"):
        assert detail not in text_of(page)
    assert any("deep down" in line for line in told)
    assert_kept(mined, text_of(page), *told)


@pytest.mark.parametrize("debug", [False, True])
def test_its_refusals_show_no_secret(signed_in: Client, settings: Settings, debug: bool) -> None:
    signed_in.get("/sign-in/?next=/")
    settings.DEBUG = debug
    for path in ("/nowhere/", f"{HERE}/nowhere/", "/sign-out/", f"{HERE}/disks/capacity/%00", "/p/x/disks/"):
        answer = signed_in.get(path)
        assert 400 <= answer.status_code < 500, path
        assert_kept(signed_in, text_of(answer) or "-")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in.cookies
    refused = strict.post("/sign-in/", SENT)
    assert refused.status_code == 403
    assert_kept(signed_in, text_of(refused))
