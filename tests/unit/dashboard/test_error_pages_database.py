"""While the database can't be reached, pages and dialogs say so, and whether a change may have been made."""

import logging
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from dashboard.logs import PrintableFormatter, without_traceback
from tests.support.canned import HTMX, SENT
from tests.support.cloud_rows import an_id, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import HERE, Page, text_of

TITLE = "Diskboard's database does not answer"
UNKNOWN = "The change may have been made: check before you try again."
REASON = "server closed the connection unexpectedly"
CREATION = f"{HERE}/disks/{an_id(1)}/create-snapshot/"


class Outage:
    """Makes statements fail that contain a text."""

    def __init__(self, text: str = "") -> None:
        self.text = text

    def __call__(self, execute: Any, sql: str, *arguments: Any) -> Any:
        if self.text in sql:
            raise OperationalError(f"{REASON}\n\tThis probably means …")
        return execute(sql, *arguments)


@pytest.fixture
def patient(signed_in: Client) -> Client:
    """A signed-in client that gets answers where Django's usual one raises the error."""
    signed_in.raise_request_exception = False
    return signed_in


def test_a_page_says_so_in_plain_words(cloud: FakeCloud, patient: Client) -> None:
    cloud.forget()
    with connection.execute_wrapper(Outage()):
        answer = patient.get(f"{HERE}/disks/")
        partial = patient.get(f"{HERE}/disks/", headers=HTMX)
        signing_in = patient.post("/sign-in/", SENT)
    assert [one.status_code for one in (answer, partial, signing_in)] == [503] * 3
    assert Page(answer).has("heading", TITLE)
    assert Page(signing_in).has("heading", TITLE)
    assert Page(partial).text == f"{TITLE} Nothing was changed. Try again in a moment."
    assert partial["HX-Reswap"] == "none"
    assert REASON not in text_of(answer)
    assert cloud.asked() == []
    assert patient.get(f"{HERE}/disks/").status_code == 200


def test_toasts_stay_for_the_next_page(cloud: FakeCloud, patient: Client) -> None:
    cloud.volumes = [volume(1, name="data")]
    assert patient.post(CREATION, {"name": "made", "key": "k"}).status_code == 302
    with connection.execute_wrapper(Outage()):
        assert patient.get(f"{HERE}/disks/").status_code == 503
    assert "made" in text_of(patient.get(f"{HERE}/disks/"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_change_that_was_made_meanwhile_is_not_denied(
    cloud: FakeCloud, patient: Client, headers: dict[str, str]
) -> None:
    cloud.volumes = [volume(1, name="data")]
    form = {"name": "made", "key": "k"}
    with connection.execute_wrapper(Outage('UPDATE "web_submission"')):
        answer = patient.post(CREATION, form, headers=headers)
    assert answer.status_code == 503
    assert UNKNOWN in text_of(answer)
    assert ("HX-Trigger" in answer) is bool(headers), "The list looks again"
    assert [one["name"] for one in cloud.snapshots] == ["made"]
    # Sent again, it is known.
    assert patient.post(CREATION, form, headers=HTMX).status_code == 204
    assert len(cloud.snapshots) == 1


def test_the_log_has_the_reason_on_one_line(
    cloud: FakeCloud,  # noqa: ARG001
    patient: Client,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.handler.addFilter(without_traceback)
    caplog.handler.setFormatter(PrintableFormatter("%(levelname)s %(name)s %(message)s"))
    with connection.execute_wrapper(Outage()), caplog.at_level(logging.ERROR):
        patient.get(f"{HERE}/disks/")
    lines = caplog.text.splitlines()
    assert f"ERROR dashboard.error_pages The database is unavailable: {REASON} This probably means …" in lines
    assert "Traceback" not in caplog.text


def test_a_fault_of_diskboard_is_no_outage(patient: Client) -> None:
    def fail(*_statement: Any) -> None:
        raise ZeroDivisionError

    with connection.execute_wrapper(fail):
        answer = patient.get(f"{HERE}/disks/")
    assert answer.status_code == 500
    assert Page(answer).has("heading", "Something went wrong in Diskboard")
