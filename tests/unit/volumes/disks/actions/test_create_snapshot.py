"""Creating a snapshot of a disk: what the dialog proposes, what it sends, and the outcome."""

from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from django.test import Client

from tests.support.asked import created_snapshots
from tests.support.canned import HTMX
from tests.support.cloud_rows import an_id, fault, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import (
    HERE,
    Answered,
    Page,
    alerts,
    all_sent_by,
    field_errors,
    is_whole,
    names,
    sent_by,
    text_of,
    triggered,
    words,
)

DISK = an_id(1)
LIST = f"{HERE}/disks/{DISK}/snapshots/"
URL = f"{HERE}/disks/{DISK}/create-snapshot/"
MADE: dict[str, Any] = {"status_code": 202, "json": {"snapshot": snapshot(9999, status="creating")}}


@pytest.fixture(autouse=True)
def _a_disk(cloud: FakeCloud) -> None:
    cloud.volumes = [volume(1, name="data")]


def key_of(answer: Answered) -> str:
    return sent_by(answer)["key"]


def test_it_proposes_a_free_name(cloud: FakeCloud, signed_in: Client) -> None:
    today = f"{datetime.now(UTC):%d-%m-%Y}"
    cloud.snapshots = [snapshot(1001, name=f"data_snapshot_{today}")]
    page = signed_in.get(URL)
    assert is_whole(page)
    assert Page(page).has("heading", "Create snapshot")
    assert Page(page).field("Snapshot name").value == f"data_snapshot_{today}_2"


def test_it_names_by_the_day_of_the_person(signed_in: Client) -> None:
    """Kiribati and Niue never have the same date."""
    proposed = set()
    for zone in ("Pacific/Kiritimati", "Pacific/Niue"):
        signed_in.cookies["diskboard_timezone"] = zone
        proposed.add(sent_by(signed_in.get(URL, headers=HTMX))["name"])
    assert all(name.startswith("data_snapshot_") for name in proposed)
    assert len(proposed) == 2


def test_it_opens_as_a_dialog_over_the_page(signed_in: Client) -> None:
    part = signed_in.get(URL, headers=HTMX)
    assert part.status_code == 200
    assert Page(part).has("dialog", "Create snapshot")
    assert not is_whole(part)
    assert "HX-Request" in part["Vary"]


def test_it_gives_every_form_a_key_of_its_own(signed_in: Client) -> None:
    assert len({key_of(signed_in.get(URL, headers=HTMX)) for _ in range(2)}) == 2


def test_it_tells_what_happens_to_an_attached_disk(cloud: FakeCloud, signed_in: Client) -> None:
    assert "crash-consistent" not in words(signed_in.get(URL, headers=HTMX))
    cloud.volumes = [volume(1, status="in-use")]
    assert "crash-consistent" in words(signed_in.get(URL, headers=HTMX))


def test_it_says_why_none_can_be_made(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, status="error")]
    part = signed_in.get(URL, headers=HTMX)
    assert alerts(part) == "A snapshot can be created only while the disk is available or in use."
    assert all_sent_by(part) == {}


def test_it_offers_a_reader_no_form(reader: Client) -> None:
    part = reader.get(URL, headers=HTMX)
    assert alerts(part) == "Your role in this project is read-only."
    assert all_sent_by(part) == {}


def test_it_creates_and_goes_back_to_the_list(cloud: FakeCloud, signed_in: Client) -> None:
    answer = signed_in.post(URL, {"name": "now", "description": "why", "key": "k1"})
    assert (answer.status_code, answer["Location"]) == (302, LIST)
    assert created_snapshots(cloud) == [{"volume_id": DISK, "name": "now", "description": "why"}]
    page = signed_in.get(LIST)
    assert names(page) == ["now"]
    assert "Snapshot “now” is being created." in words(page)


def test_it_closes_the_dialog_and_tells_the_page_once(cloud: FakeCloud, signed_in: Client) -> None:
    answer = signed_in.post(URL, {"name": "now", "key": "k1"}, headers=HTMX)
    assert answer.status_code == 204
    assert triggered(answer) == {"snapshots-changed", "messages", "dialog-done"}
    assert len(created_snapshots(cloud)) == 1
    toasts = [words(signed_in.get("/toasts/")) for _ in range(2)]
    assert toasts == ["Snapshot “now” is being created.", ""]


def test_it_acts_once_when_sent_twice(cloud: FakeCloud, signed_in: Client) -> None:
    for _ in range(2):
        assert signed_in.post(URL, {"name": "now", "key": "k1"}).status_code == 302
    assert len(created_snapshots(cloud)) == 1


def test_it_wants_the_key(cloud: FakeCloud, signed_in: Client) -> None:
    assert signed_in.post(URL, {"name": "now"}, headers=HTMX).status_code == 422
    assert created_snapshots(cloud) == []


@pytest.mark.parametrize("typed", ["x" * 256, "a\0b"], ids=["too long", "with a null"])
def test_it_refuses_what_cinder_would(cloud: FakeCloud, signed_in: Client, typed: str) -> None:
    part = signed_in.post(URL, {"name": typed, "description": typed, "key": "k1"}, headers=HTMX)
    assert part.status_code == 422
    assert set(field_errors(part)) == {"name", "description"}
    assert created_snapshots(cloud) == []


def test_it_accepts_an_empty_name(cloud: FakeCloud, signed_in: Client) -> None:
    assert signed_in.post(URL, {"name": "", "key": "k1"}).status_code == 302
    assert len(created_snapshots(cloud)) == 1


def test_it_may_send_what_was_refused_again(cloud: FakeCloud, signed_in: Client) -> None:
    refused = {"status_code": 413, "json": fault("overLimit", 413, "Not <today>.")}
    cloud.http.post(cloud.at("/snapshots"), [refused, MADE])
    sent = {"name": "now", "key": "k1"}
    first = signed_in.post(URL, sent, headers=HTMX)
    assert first.status_code == 422
    assert "Not <today>." in alerts(first)
    assert "<today>" not in text_of(first)
    assert signed_in.post(URL, sent, headers=HTMX).status_code == 204
    assert len(created_snapshots(cloud)) == 2


@pytest.mark.parametrize(
    "answer",
    [{"exc": requests.ReadTimeout("silence")}, {"status_code": 202, "text": '{"snapshot": {"id": "1'}],
    ids=["silence", "an answer cut short"],
)
def test_it_does_not_act_again_where_it_may_have_acted(
    cloud: FakeCloud, signed_in: Client, answer: dict[str, Any]
) -> None:
    cloud.http.post(cloud.at("/snapshots"), **answer)
    sent = {"name": "now", "key": "k1"}
    first = signed_in.post(URL, sent, headers=HTMX)
    assert first.status_code == 422
    assert "may have been made" in words(first)
    signed_in.post(URL, sent, headers=HTMX)
    assert len(created_snapshots(cloud)) == 1
    # A user who sends the form that came back wants a second one.
    assert key_of(first) != "k1"
    signed_in.post(URL, {**sent, "key": key_of(first)}, headers=HTMX)
    assert len(created_snapshots(cloud)) == 2


def test_it_keeps_what_was_typed_while_the_cloud_is_down(cloud: FakeCloud, signed_in: Client) -> None:
    down = requests.ConnectTimeout("no route")
    cloud.http.post(cloud.at("/snapshots"), exc=down)
    cloud.http.get(cloud.at(f"/volumes/{DISK}"), exc=down)
    typed = {"name": "typed", "description": "by hand", "key": "k1"}
    answer = signed_in.post(URL, typed, headers=HTMX)
    assert answer.status_code == 422
    assert typed.items() <= sent_by(answer).items()
    assert cloud.asked() == ["POST /snapshots"]


def test_it_asks_to_sign_in_when_the_token_ends_meanwhile(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.post(cloud.at("/snapshots"), status_code=401)
    part = signed_in.post(URL, {"name": "now", "key": "k1"}, headers=HTMX)
    assert (part.status_code, part["HX-Retarget"]) == (401, "#sign-in")


def test_it_escapes_names_in_messages(signed_in: Client) -> None:
    signed_in.post(URL, {"name": "<script>alert(1)</script>", "key": "k1"})
    told = signed_in.get("/toasts/")
    assert "“<script>alert(1)</script>”" in words(told)
    assert "<script>" not in text_of(told)
