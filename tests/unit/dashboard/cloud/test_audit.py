"""The audit log of signing in and out, and its optional file."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests
from django.conf import settings as ours
from django.test import Client
from pytest_django.fixtures import Settings

from tests.support.canned import HTMX, SENT
from tests.support.cloud_rows import REQUEST_ID, USER, fault
from tests.support.fake_cloud import (
    CREDENTIAL,
    CREDENTIAL_SECRET,
    FAULT_HEADERS,
    KEYSTONE,
    PASSWORD,
    UNSCOPED,
    FakeCloud,
)

TOKENS = f"{KEYSTONE}/auth/tokens"
BY_CREDENTIAL = {"credential": CREDENTIAL, "secret": CREDENTIAL_SECRET}
WAYS = pytest.mark.parametrize("way", [SENT, BY_CREDENTIAL], ids=["password", "application credential"])
# In a separate process, because the handler opens its file at the start
WRITE_A_LINE = """
import django
django.setup()
import logging
from dashboard.cloud import audit
audit.record("disk.create", name="д\\nb")
logging.getLogger("dashboard").warning("something else")
"""

pytestmark = pytest.mark.django_db


def the_only(lines: list[str]) -> dict[str, Any]:
    [line] = lines
    assert "\n" not in line
    read: dict[str, Any] = json.loads(line)
    return read


@WAYS
def test_it_tells_who_signs_in_from_where(
    cloud: FakeCloud, client: Client, audited: list[str], way: dict[str, str]
) -> None:
    answer = client.post("/sign-in/", way, REMOTE_ADDR="203.0.113.7")
    line = the_only(audited)
    assert line.pop("time")
    assert line == {
        "action": "sign-in",
        "outcome": "accepted",
        "request_id": answer["X-Request-Id"],
        "user_id": USER,
        "user_name": "ann",
        "address": "203.0.113.7",
    }
    assert cloud.asked(KEYSTONE)


def test_it_tells_who_signs_out(signed_in: Client, audited: list[str]) -> None:
    signed_in.post("/sign-out/")
    line = the_only(audited)
    assert (line["action"], line["outcome"], line["user_id"]) == ("sign-out", "accepted", USER)
    assert line["address"] == "127.0.0.1"
    signed_in.post("/sign-out/")
    assert len(audited) == 1


def test_it_tells_of_a_sign_out_that_keystone_did_not_hear(
    cloud: FakeCloud, signed_in: Client, audited: list[str]
) -> None:
    cloud.http.delete(TOKENS, exc=requests.ConnectionError)
    signed_in.post("/sign-out/")
    assert the_only(audited)["action"] == "sign-out"


@pytest.mark.parametrize(
    ("answer", "outcome", "error", "theirs"),
    [
        ({"status_code": 401, "headers": FAULT_HEADERS}, "refused", "WrongCredentials", REQUEST_ID),
        ({"status_code": 403}, "refused", "NotAllowed", None),
        ({"status_code": 429}, "refused", "RateLimited", None),
        ({"status_code": 503}, "refused", "Broken", None),
        ({"exc": requests.ConnectTimeout}, "not sent", "Unreachable", None),
    ],
    ids=str,
)
def test_it_tells_of_failures_without_what_was_typed(  # noqa: PLR0917
    cloud: FakeCloud,
    client: Client,
    audited: list[str],
    answer: dict[str, Any],
    outcome: str,
    error: str,
    theirs: str | None,
) -> None:
    """Users type their password into the field for the name, and Keystone repeats it."""
    words = fault("error", 401, f"Could not find user: {PASSWORD}.")
    cloud.http.post(TOKENS, **({"json": words, **answer} if "exc" not in answer else answer))
    for headers in ({}, HTMX):
        audited.clear()
        page = client.post("/sign-in/", {**SENT, "user_name": PASSWORD, "password": "ann"}, headers=headers)
        line = the_only(audited)
        assert (line["action"], line["outcome"], line["error"]) == ("sign-in", outcome, error)
        assert line["request_id"] == page["X-Request-Id"]
        assert line.get("cloud_request_id") == theirs
        assert set(line) <= {"time", "action", "outcome", "error", "request_id", "cloud_request_id", "address"}
        assert PASSWORD not in audited[0]


@pytest.mark.parametrize("sent", [{"secret": "guessed"}, {"credential": "d" * 32}], ids=["secret", "id"])
def test_it_tells_of_a_wrong_application_credential(
    cloud: FakeCloud, client: Client, audited: list[str], sent: dict[str, str]
) -> None:
    client.post("/sign-in/", {**BY_CREDENTIAL, **sent})
    line = the_only(audited)
    assert (line["outcome"], line["error"]) == ("refused", "WrongApplicationCredential")
    assert not any(one in audited[0] for one in (CREDENTIAL, CREDENTIAL_SECRET, *sent.values()))
    assert cloud.asked(KEYSTONE)


@WAYS
def test_it_tells_of_attempts_that_it_did_not_let_through(
    cloud: FakeCloud, client: Client, audited: list[str], settings: Settings, way: dict[str, str]
) -> None:
    settings.SIGN_IN_FAILURES_BY_NAME = 1
    cloud.http.post(TOKENS, status_code=401)
    client.post("/sign-in/", way)
    answer = client.post("/sign-in/", way)
    line = json.loads(audited[1])
    assert (line["action"], line["outcome"], line["error"]) == ("sign-in", "refused", "TooManyFailures")
    assert line["request_id"] == answer["X-Request-Id"]
    assert line["address"] == "127.0.0.1"


def test_it_tells_nothing_of_a_form_that_lacks_something(client: Client, audited: list[str]) -> None:
    client.get("/sign-in/")
    client.post("/sign-in/", {**SENT, "password": ""})
    assert audited == []


def test_it_holds_no_secret(client: Client, cloud: FakeCloud, audited: list[str]) -> None:
    for way in (SENT, BY_CREDENTIAL):
        client.post("/sign-in/", way)
        client.get("/", follow=True)
        session = client.cookies["diskboard_session"].value
        client.post("/sign-out/")
        told = "".join(audited)
        for secret in (PASSWORD, CREDENTIAL_SECRET, UNSCOPED, cloud.scoped_token(), session):
            assert secret not in told
    assert len(audited) == 4


def write_a_line(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", WRITE_A_LINE],
        cwd=ours.BASE_DIR,
        env={**kept, "VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "dashboard.settings", **environment},
        capture_output=True,
        text=True,
        check=True,
    )


def test_it_goes_to_a_file_of_its_own(tmp_path: Path) -> None:
    log = tmp_path / "audit.log"
    log.write_text('{"name": "of an earlier start"}\n')
    done = write_a_line(tmp_path, AUDIT_LOG=str(log))
    assert "disk.create" not in done.stderr
    assert "something else" in done.stderr
    lines = log.read_text(encoding="utf-8").splitlines()
    assert [json.loads(one)["name"] for one in lines] == ["of an earlier start", "д\nb"]


def test_it_goes_to_standard_error_without_one(tmp_path: Path) -> None:
    done = write_a_line(tmp_path)
    [line] = [one for one in done.stderr.splitlines() if one.startswith("{")]
    assert json.loads(line)["action"] == "disk.create"
    assert done.stdout == ""
