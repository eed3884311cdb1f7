"""The snapshots of a disk, and making one."""

import json
import re
from datetime import UTC, datetime

import pytest
import requests
from django.core.cache import cache
from django.test import Client

from tests.support.canned import HTMX, SignIn
from tests.support.fake_cloud import (
    FAULT_HEADERS,
    OTHER_PROJECT,
    PROJECT,
    REQUEST_ID,
    FakeCloud,
    an_id,
    fault,
    snapshot,
    volume,
)

DISK = an_id(1)
LIST = f"/p/{PROJECT}/disks/{DISK}/snapshots/"
CREATE = f"/p/{PROJECT}/disks/{DISK}/create-snapshot/"
DETAIL = "/snapshots/detail"


@pytest.fixture(autouse=True)
def _a_disk(cloud: FakeCloud) -> None:
    cloud.volumes = [volume(1, name="data")]


def created(cloud: FakeCloud) -> list[dict[str, object]]:
    """What Cinder was told to create."""
    return [one.json()["snapshot"] for one in cloud.requests() if one.method == "POST"]


def test_it_shows_the_snapshots_of_the_disk_only(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [snapshot(1001, name="mine"), snapshot(1002, disk=2, name="theirs")]
    text = signed_in.get(LIST).content.decode()
    assert "<h1>Snapshots of disk data</h1>" in text
    assert 'aria-label="Select mine"' in text
    assert 'aria-label="Actions for mine"' in text
    assert "theirs" not in text
    assert cloud.query()["volume_id"] == DISK


def test_it_gives_the_table_alone_to_htmx(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [snapshot(1001)]
    part = signed_in.get(LIST, headers=HTMX)
    assert part.content.lstrip().startswith(b'<div id="table"')
    assert "HX-Request" in part["Vary"]
    assert "HX-Request" in signed_in.get(LIST)["Vary"]


def test_it_says_that_there_are_none(signed_in: Client) -> None:
    assert b"No snapshots yet" in signed_in.get(LIST).content


def test_it_does_not_call_a_disk_without_snapshots_beyond_the_last_one(cloud: FakeCloud, signed_in: Client) -> None:
    """The second page's only snapshot was deleted, and the table is read anew at the same position."""
    cloud.snapshots = [snapshot(number) for number in range(1021, 1001, -1)]
    text = signed_in.get(LIST, {"marker": an_id(1002)}, headers=HTMX).content.decode()
    assert "No snapshots yet" not in text


def test_it_survives_rows_that_lack_everything(cloud: FakeCloud, signed_in: Client) -> None:
    body = {"snapshots": [{"id": an_id(1001)}, dict.fromkeys(snapshot(1002)) | {"id": an_id(1002)}]}
    cloud.http.get(cloud.at(DETAIL), json=body)
    page = signed_in.get(LIST)
    assert page.status_code == 200
    assert page.content.count(b"<tr id=") == 2


@pytest.mark.parametrize("url", [LIST, CREATE])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_it_says_when_the_disk_is_gone(cloud: FakeCloud, signed_in: Client, url: str, headers: dict[str, str]) -> None:
    cloud.volumes = []
    page = signed_in.get(url, headers=headers)
    assert page.status_code == 404
    assert b"No snapshots yet" not in page.content


@pytest.mark.parametrize("part", ["snapshots/", "create-snapshot/", "snapshots/changes/"])
@pytest.mark.parametrize("bad", ["x", "1", f"{DISK}x", "..%2F..", f"{DISK}%0A"])
def test_it_knows_no_disk_by_a_bad_id(cloud: FakeCloud, signed_in: Client, part: str, bad: str) -> None:
    assert signed_in.get(f"/p/{PROJECT}/disks/{bad}/{part}").status_code == 404
    assert cloud.asked() == []


@pytest.mark.parametrize("url", [LIST, CREATE, f"{LIST}changes/"])
def test_it_knows_no_other_project(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    assert signed_in.get(url.replace(PROJECT, OTHER_PROJECT)).status_code == 404
    assert cloud.asked() == []


@pytest.mark.parametrize("url", [LIST, CREATE, f"{LIST}changes/"])
def test_it_sends_to_sign_in(client: Client, db: None, url: str) -> None:  # noqa: ARG001
    assert client.get(url)["Location"].startswith("/sign-in/?next=")
    assert client.get(url, headers=HTMX).status_code == 401


@pytest.mark.parametrize("url", [LIST, CREATE])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_it_says_when_the_cloud_is_down(cloud: FakeCloud, signed_in: Client, url: str, headers: dict[str, str]) -> None:
    cloud.http.get(cloud.at(f"/volumes/{DISK}"), exc=requests.ConnectTimeout("no route"))
    page = signed_in.get(url, headers=headers)
    assert page.status_code == 503
    assert b'class="reason"' in page.content
    assert b"No snapshots yet" not in page.content


def test_it_never_calls_the_list_empty_when_only_that_fails(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at(DETAIL), status_code=500, headers=FAULT_HEADERS, json=fault("computeFault", 500, "Oh."))
    page = signed_in.get(LIST)
    assert page.status_code == 502
    assert REQUEST_ID.encode() in page.content
    assert b"No snapshots yet" not in page.content


@pytest.mark.parametrize(("url", "method"), [(LIST, "post"), (f"{LIST}changes/", "post"), (CREATE, "put")])
def test_it_knows_no_other_methods(cloud: FakeCloud, signed_in: Client, url: str, method: str) -> None:
    assert getattr(signed_in, method)(url).status_code == 405
    assert cloud.asked() == []


def test_it_greys_writing_for_readers(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.roles = ["reader"]
    cloud.snapshots = [snapshot(1001)]
    text = sign_in().get(LIST).content.decode()
    assert "create-snapshot" not in text
    assert 'aria-describedby="create-refusal"' in text
    assert 'aria-describedby="delete-refusal"' in text
    assert 'aria-label="Select snapshot-1001"' in text


def test_it_opens_the_form_with_a_free_name(cloud: FakeCloud, signed_in: Client) -> None:
    today = f"{datetime.now(UTC):%d-%m-%Y}"
    cloud.snapshots = [snapshot(1001, name=f"data_snapshot_{today}")]
    text = signed_in.get(CREATE).content.decode()
    assert f'value="data_snapshot_{today}_2"' in text
    assert '<h1 id="dialog-title">Create snapshot</h1>' in text
    assert "<html" in text


def test_it_names_by_the_persons_day(cloud: FakeCloud, signed_in: Client) -> None:  # noqa: ARG001
    """In Kiribati and on Niue it is never the same day."""
    names = set()
    for zone in ("Pacific/Kiritimati", "Pacific/Niue"):
        signed_in.cookies["timezone"] = zone
        found = re.search(r"data_snapshot_[\d-]+", signed_in.get(CREATE).content.decode())
        assert found
        names.add(found[0])
    assert len(names) == 2


def test_it_opens_as_a_dialog_over_the_page(signed_in: Client) -> None:
    part = signed_in.get(CREATE, headers=HTMX)
    assert part.status_code == 200
    assert b"<dialog" in part.content
    assert b"<html" not in part.content
    assert "HX-Request" in part["Vary"]


def test_it_gives_every_form_a_key_of_its_own(signed_in: Client) -> None:
    assert _key(signed_in.get(CREATE).content) != _key(signed_in.get(CREATE).content)


def test_it_tells_what_happens_to_an_attached_disk(cloud: FakeCloud, signed_in: Client) -> None:
    assert b"crash-consistent" not in signed_in.get(CREATE).content
    cloud.volumes = [volume(1, status="in-use")]
    assert b"crash-consistent" in signed_in.get(CREATE).content


def test_it_says_why_none_can_be_made(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, status="error")]
    text = signed_in.get(CREATE).content.decode()
    assert 'role="alert"' in text
    assert 'name="name"' not in text


def test_it_offers_a_reader_no_form(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.roles = ["reader"]
    text = sign_in().get(CREATE).content.decode()
    assert 'name="name"' not in text
    assert 'role="alert"' in text


def test_it_creates(cloud: FakeCloud, signed_in: Client) -> None:
    answer = signed_in.post(CREATE, {"name": "now", "description": "why", "key": "k1"})
    assert answer.status_code == 302
    assert answer["Location"] == LIST
    assert created(cloud) == [{"volume_id": DISK, "name": "now", "description": "why"}]
    assert "“now”" in signed_in.get(LIST).content.decode()


def test_it_closes_the_dialog_and_tells_the_page(cloud: FakeCloud, signed_in: Client) -> None:
    answer = signed_in.post(CREATE, {"name": "now", "key": "k1"}, headers=HTMX)
    assert answer.status_code == 204
    assert set(json.loads(answer["HX-Trigger"])) == {"snapshots-changed", "messages", "dialog-done"}
    assert len(created(cloud)) == 1
    assert "“now”" in signed_in.get("/toasts/").content.decode()
    assert "“now”" not in signed_in.get("/toasts/").content.decode()


def test_it_creates_with_force_where_cinder_still_wants_it(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.microversion = "3.65"
    cache.clear()
    signed_in.post(CREATE, {"name": "now", "key": "k1"})
    assert created(cloud)[0]["force"] is True


def test_it_acts_once_when_sent_twice(cloud: FakeCloud, signed_in: Client) -> None:
    sent = {"name": "now", "key": "k1"}
    first = signed_in.post(CREATE, sent)
    second = signed_in.post(CREATE, sent)
    assert (first.status_code, second.status_code) == (302, 302)
    assert len(created(cloud)) == 1


def test_it_wants_the_key(cloud: FakeCloud, signed_in: Client) -> None:
    assert signed_in.post(CREATE, {"name": "now"}).status_code == 422
    assert created(cloud) == []


@pytest.mark.parametrize("field", ["name", "description"])
@pytest.mark.parametrize("value", ["x" * 256, "a\0b"])
def test_it_refuses_what_cinder_would(cloud: FakeCloud, signed_in: Client, field: str, value: str) -> None:
    part = signed_in.post(CREATE, {"name": "now", "key": "k1", field: value}, headers=HTMX)
    assert part.status_code == 422
    assert b"field-error" in part.content
    assert created(cloud) == []


def test_it_accepts_an_empty_name(cloud: FakeCloud, signed_in: Client) -> None:
    assert signed_in.post(CREATE, {"name": "", "key": "k1"}).status_code == 302
    assert len(created(cloud)) == 1


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(("kind", "status"), [("badRequest", 400), ("forbidden", 403), ("overLimit", 413)])
def test_it_shows_a_refusal_in_the_form(
    cloud: FakeCloud, signed_in: Client, kind: str, status: int, headers: dict[str, str]
) -> None:
    body = fault(kind, status, "Not <today>.")
    cloud.http.post(cloud.at("/snapshots"), status_code=status, json=body, headers=FAULT_HEADERS)
    answer = signed_in.post(CREATE, {"name": "typed", "key": "k1"}, headers=headers)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Not &lt;today&gt;." in text
    assert REQUEST_ID in text
    assert 'value="typed"' in text
    assert ("<html" in text) == (not headers)


def test_it_may_send_what_was_refused_again(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.post(cloud.at("/snapshots"), [{"status_code": 413}, {"status_code": 202, "json": _made()}])
    sent = {"name": "now", "key": "k1"}
    assert signed_in.post(CREATE, sent).status_code == 422
    assert signed_in.post(CREATE, sent).status_code == 302
    assert len(created(cloud)) == 2


@pytest.mark.parametrize(
    "answer",
    [
        {"exc": requests.ReadTimeout("silence")},
        {"status_code": 504, "text": "<html>gateway</html>"},
        {"status_code": 202, "text": '{"snapshot": {"id": "1'},
    ],
    ids=["silence", "a gateway's time-out", "an answer cut short"],
)
def test_it_does_not_act_again_where_it_may_have_acted(
    cloud: FakeCloud, signed_in: Client, answer: dict[str, object]
) -> None:
    cloud.http.post(cloud.at("/snapshots"), **answer)  # type: ignore[arg-type]
    sent = {"name": "now", "key": "k1"}
    first = signed_in.post(CREATE, sent)
    assert first.status_code == 422
    assert b"may have been made" in first.content
    signed_in.post(CREATE, sent)
    assert len(created(cloud)) == 1
    fresh = _key(first.content)
    assert fresh != "k1"
    signed_in.post(CREATE, {**sent, "key": fresh})
    assert len(created(cloud)) == 2


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_it_keeps_what_was_typed_while_the_cloud_is_down(
    cloud: FakeCloud, signed_in: Client, headers: dict[str, str]
) -> None:
    down = requests.ConnectTimeout("no route")
    cloud.http.post(cloud.at("/snapshots"), exc=down)
    cloud.http.get(cloud.at(f"/volumes/{DISK}"), exc=down)
    answer = signed_in.post(CREATE, {"name": "typed", "description": "by hand", "key": "k1"}, headers=headers)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'value="typed"' in text
    assert "by hand" in text
    assert 'value="k1"' in text
    assert cloud.asked() == ["POST /snapshots"]


def test_it_asks_to_sign_in_when_the_token_ends_meanwhile(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.post(cloud.at("/snapshots"), status_code=401)
    part = signed_in.post(CREATE, {"name": "now", "key": "k1"}, headers=HTMX)
    assert part.status_code == 401
    assert part["HX-Retarget"] == "#sign-in"


def test_it_opens_sign_in_over_a_form(db: None, client: Client) -> None:  # noqa: ARG001
    part = client.post(CREATE, {"name": "now", "key": "k1"}, headers=HTMX)
    assert part.status_code == 401
    assert part["HX-Retarget"] == "#sign-in"


def test_it_escapes_names_in_messages(cloud: FakeCloud, signed_in: Client) -> None:  # noqa: ARG001
    signed_in.post(CREATE, {"name": "<script>alert(1)</script>", "key": "k1"})
    text = signed_in.get("/toasts/").content.decode()
    assert "&lt;script&gt;" in text
    assert "<script>" not in text


def _made() -> dict[str, object]:
    return {"snapshot": snapshot(9999, status="creating")}


def _key(content: bytes) -> str:
    found = re.search(rb'name="key" value="([^"]+)"', content)
    assert found
    return found[1].decode()
