"""Log lines of what came from outside: nothing in them that a terminal would obey."""

import logging
import logging.config
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from dashboard.logs import printable

HOSTILE = "http://evil\u009b31m\u0085.test\x1b[2J\u202e"


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """What the handler of the settings writes to standard error."""
    configured: Any = settings.LOGGING
    kept = logging.root.handlers[:]
    logging.config.dictConfig({**configured, "loggers": {}, "disable_existing_loggers": False})
    [handler] = [one for one in logging.root.handlers if one.get_name() == "stderr"]
    assert isinstance(handler, logging.StreamHandler)
    stream = StringIO()
    handler.setStream(stream)
    yield stream
    logging.root.handlers = kept


def test_it_escapes_what_does_not_print() -> None:
    assert printable("Снимок №1\n") == r"Снимок №1\n"
    assert printable(HOSTILE) == r"http://evil\x9b31m\x85.test\x1b[2J\u202e"


def test_a_line_has_no_control_characters(logged: StringIO) -> None:
    logging.getLogger("dashboard.error_pages").warning("CSRF: %s", f"{HOSTILE}\nforged line")
    assert logged.getvalue().count("\n") == 1
    assert logged.getvalue().rstrip("\n").isprintable()


def fail() -> None:
    raise ValueError(HOSTILE)


def test_a_traceback_has_lines_but_no_control_characters(logged: StringIO) -> None:
    try:
        fail()
    except ValueError:
        logging.getLogger("dashboard").exception("a fault")
    lines = logged.getvalue().splitlines()
    assert len(lines) > 3
    assert all(line.isprintable() for line in logged.getvalue().split("\n"))
    assert r"\x1b[2J" in lines[-1]


@pytest.mark.parametrize("host", ["evil.test", "evil.test\x85\x9b31m"])
def test_a_host_that_is_not_ours_makes_one_line(logged: StringIO, client: Client, host: str) -> None:
    assert client.get("/sign-in/", headers={"Host": host}).status_code == 400
    lines = [line for line in logged.getvalue().splitlines() if "Traceback" in line or "DisallowedHost" in line]
    assert len(lines) == 1
    assert "Traceback" not in logged.getvalue()


@pytest.mark.parametrize(
    ("content_type", "body"),
    [("multipart/form-data; boundary=\x9b", b"--x"), ("application/x-www-form-urlencoded", b"a=1&" * 2_000)],
    ids=["no form", "many fields"],
)
def test_a_form_that_cannot_be_read_makes_one_line(
    logged: StringIO, client: Client, content_type: str, body: bytes
) -> None:
    """Anybody may send it, without signing in."""
    assert client.generic("POST", "/sign-in/", body, content_type).status_code == 400
    assert "Traceback" not in logged.getvalue()


@pytest.mark.django_db
def test_a_fault_of_diskboard_has_its_own_traceback_only(logged: StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.accounts.views.sign_in_forms", lambda **_: fail())
    assert Client(raise_request_exception=False).get("/sign-in/").status_code == 500
    assert logged.getvalue().count("Traceback") == 1
