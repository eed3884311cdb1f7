"""Deleting snapshots: the preview, and chunk by chunk with each one's outcome."""

import json
import re

import pytest
import requests
from django.test import Client

from tests.support.canned import HTMX, SignIn
from tests.support.fake_cloud import FAULT_HEADERS, OTHER_PROJECT, PROJECT, REQUEST_ID, FakeCloud, an_id, fault, snapshot

URL = f"/p/{PROJECT}/snapshots/delete/"
LIST = f"/p/{PROJECT}/disks/{an_id(1)}/snapshots/"


def one(number: int) -> str:
    return f"/p/{PROJECT}/snapshots/{an_id(number)}/delete/"


def some(cloud: FakeCloud, how_many: int) -> list[str]:
    cloud.snapshots = [snapshot(number) for number in range(1001, 1001 + how_many)]
    return [row["id"] for row in cloud.snapshots]


def deleted(cloud: FakeCloud) -> list[str]:
    return sorted(asked.split("/")[-1] for asked in cloud.asked() if asked.startswith("DELETE"))


def offered(text: str) -> list[str]:
    return re.findall(r'name="ids" value="([^"]+)"', text)


def test_it_previews_each(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [
        snapshot(1001),
        snapshot(1002, status="error"),
        snapshot(1003, status="deleting"),
        snapshot(1004, status="creating"),
        snapshot(1005, status="error_deleting"),
        snapshot(1006, group_snapshot_id="g"),
    ]
    ids = [row["id"] for row in cloud.snapshots]
    page = signed_in.post(URL, {"ids": [*ids, an_id(1077)]})
    assert page.status_code == 200
    text = page.content.decode()
    assert text.count("will be deleted") == 2
    assert text.count("is being deleted") == 1
    assert text.count("can't be deleted, because") + text.count("can&#x27;t be deleted, because") == 3
    assert offered(text) == ids[:3]
    assert deleted(cloud) == []


def test_it_previews_over_the_page(cloud: FakeCloud, signed_in: Client) -> None:
    part = signed_in.post(URL, {"ids": some(cloud, 1)}, headers=HTMX)
    assert part.status_code == 200
    assert b"<dialog" in part.content
    assert b"<html" not in part.content
    assert "HX-Request" in part["Vary"]


def test_it_previews_one_from_its_menu(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 1)
    text = signed_in.get(one(1001)).content.decode()
    assert offered(text) == ids
    assert f'href="/p/{PROJECT}/snapshots/"' in text


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_it_says_when_that_one_is_gone(cloud: FakeCloud, signed_in: Client, headers: dict[str, str]) -> None:
    assert signed_in.get(one(1001), headers=headers).status_code == 404
    assert deleted(cloud) == []


def test_it_says_when_all_are_gone(signed_in: Client) -> None:
    text = signed_in.post(URL, {"ids": [an_id(1001)]}).content.decode()
    assert "gone already" in text
    assert "confirmed" not in text


@pytest.mark.parametrize("ids", [[], ["x"], ["../../volumes/1"], [""]])
def test_it_leaves_out_what_is_no_id(cloud: FakeCloud, signed_in: Client, ids: list[str]) -> None:
    text = signed_in.post(URL, {"ids": ids}).content.decode()
    assert "Nothing is selected" in text
    assert cloud.asked() == []
    signed_in.post(URL, {"ids": ids, "confirmed": "1"})
    assert cloud.asked() == []


def test_it_names_each_once(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 1)
    assert offered(signed_in.post(URL, {"ids": ids * 3}).content.decode()) == ids


def test_it_deletes(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 2)
    page = signed_in.post(URL, {"ids": ids, "confirmed": "1", "disk": an_id(1)})
    assert page.status_code == 200
    assert deleted(cloud) == sorted(ids)
    text = page.content.decode()
    assert text.count("is being deleted") == 2
    assert f'href="{LIST}"' in text


def test_it_brings_the_rows_out_of_band(cloud: FakeCloud, signed_in: Client) -> None:
    part = signed_in.post(URL, {"ids": some(cloud, 2), "confirmed": "1"}, headers=HTMX)
    assert part.status_code == 200
    text = part.content.decode()
    assert text.count('data-busy="deleting" hx-swap-oob="true"') == 2
    assert "dialog-done" in json.loads(part["HX-Trigger-After-Settle"])
    assert "2 snapshots are being deleted." in signed_in.get("/toasts/").content.decode()


def test_it_removes_the_row_of_what_is_gone_at_once(cloud: FakeCloud, signed_in: Client) -> None:
    part = signed_in.post(URL, {"ids": [an_id(1001)], "confirmed": "1"}, headers=HTMX)
    assert f'<tr id="row-{an_id(1001)}" hx-swap-oob="delete">' in part.content.decode()
    assert deleted(cloud) == [an_id(1001)]


def test_it_goes_on_chunk_by_chunk(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 45)
    sent: dict[str, object] = {"ids": ids, "confirmed": "1"}
    sizes = []
    for _ in range(3):
        cloud.forget()
        text = signed_in.post(URL, sent, headers=HTMX).content.decode()
        sizes.append(len(deleted(cloud)))
        rest = re.findall(r'type="hidden" name="ids" value="([^"]+)"', text)
        hidden = dict(re.findall(r'name="(confirmed|disk|done|failed)" value="([^"]*)"', text))
        sent = {**hidden, "ids": rest}
        if rest:
            assert 'max="45"' in text
            assert 'hx-trigger="load, signed-in from:body"' in text
    assert sizes == [20, 20, 5]
    assert {row["status"] for row in cloud.snapshots} == {"deleting"}
    assert "45 snapshots are being deleted." in signed_in.get("/toasts/").content.decode()


def test_it_lets_one_go_on_without_javascript(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 21)
    text = signed_in.post(URL, {"ids": ids, "confirmed": "1"}).content.decode()
    assert offered(text) == ids[20:]
    assert "Go on" in text


def test_it_may_be_repeated(cloud: FakeCloud, signed_in: Client) -> None:
    sent = {"ids": some(cloud, 2), "confirmed": "1"}
    signed_in.post(URL, sent, headers=HTMX)
    part = signed_in.post(URL, sent, headers=HTMX)
    assert part.status_code == 200
    assert b"failure-" not in re.sub(rb'id="failure-[^"]+"></span>', b"", part.content)


def test_it_tells_each_failure_in_its_row(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 3)
    body = fault("badRequest", 400, "It has <dependents>.")
    cloud.http.delete(cloud.at(f"/snapshots/{ids[1]}"), status_code=400, json=body, headers=FAULT_HEADERS)
    part = signed_in.post(URL, {"ids": ids, "confirmed": "1"}, headers=HTMX)
    text = part.content.decode()
    failures = re.findall(r'<span id="failure-([^"]+)" class="failure" hx-swap-oob="true">', text)
    assert failures == [ids[1]]
    assert "It has &lt;dependents&gt;." in text
    assert REQUEST_ID in text
    assert text.count('data-select="no"') == 2
    told = signed_in.get("/toasts/").content.decode()
    assert "2 snapshots" in told
    assert "1 snapshot could not be deleted" in told


def test_it_takes_a_snapshot_that_is_being_deleted_for_done(cloud: FakeCloud, signed_in: Client) -> None:
    """Cinder refuses to delete one that it deletes already: somebody else was faster."""
    cloud.snapshots = [snapshot(1001, status="deleting")]
    cloud.http.delete(cloud.at(f"/snapshots/{an_id(1001)}"), status_code=400, json=fault("badRequest", 400, "x"))
    part = signed_in.post(URL, {"ids": [an_id(1001)], "confirmed": "1"}, headers=HTMX)
    assert b"hx-swap-oob" in part.content
    assert b'class="failure" hx-swap-oob' not in part.content


@pytest.mark.parametrize(
    "answer",
    [
        {"status_code": 403},
        {"status_code": 409},
        {"status_code": 500},
        {"status_code": 302, "headers": {"Location": "http://elsewhere.test/"}},
        {"status_code": 200, "text": "<html>Please log in to the proxy</html>"},
        {"exc": requests.ReadTimeout},
        {"exc": requests.ConnectTimeout},
    ],
    ids=lambda answer: str(answer.get("status_code") or answer["exc"].__name__),
)
def test_it_calls_nothing_deleted_that_is_not(cloud: FakeCloud, signed_in: Client, answer: dict[str, object]) -> None:
    ids = some(cloud, 1)
    cloud.http.delete(cloud.at(f"/snapshots/{ids[0]}"), **answer)  # type: ignore[arg-type]
    part = signed_in.post(URL, {"ids": ids, "confirmed": "1"}, headers=HTMX)
    assert part.status_code == 200
    assert f'id="failure-{ids[0]}" class="failure" hx-swap-oob="true"' in part.content.decode()
    assert b"data-select" not in part.content


def test_it_calls_deleted_what_was_accepted_though_nobody_can_look(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 1)
    cloud.http.get(cloud.at(f"/snapshots/{ids[0]}"), status_code=500)
    part = signed_in.post(URL, {"ids": ids, "confirmed": "1"}, headers=HTMX)
    assert part.status_code == 200
    assert b'class="failure" hx-swap-oob' not in part.content
    assert b'hx-swap-oob="delete"' not in part.content
    assert "1 snapshot is being deleted." in signed_in.get("/toasts/").content.decode()


@pytest.mark.parametrize("status", ["error_deleting", "available"])
def test_it_tells_what_fails_at_once_as_what_fails_later(cloud: FakeCloud, signed_in: Client, status: str) -> None:
    """The row is in transition until the poll says what became of it, and why."""
    ids = some(cloud, 1)
    cloud.http.delete(cloud.at(f"/snapshots/{ids[0]}"), status_code=202)
    cloud.snapshots[0]["status"] = status
    part = signed_in.post(URL, {"ids": ids, "confirmed": "1"}, headers=HTMX)
    assert f'<tr id="row-{ids[0]}" data-busy="deleting' in part.content.decode()


def test_it_asks_to_sign_in_when_the_token_ends_meanwhile(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 2)
    cloud.http.delete(cloud.at(f"/snapshots/{ids[1]}"), status_code=401)
    part = signed_in.post(URL, {"ids": ids, "confirmed": "1"}, headers=HTMX)
    assert part.status_code == 401
    assert part["HX-Retarget"] == "#sign-in"


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_it_previews_nothing_when_the_cloud_is_down(
    cloud: FakeCloud, signed_in: Client, headers: dict[str, str]
) -> None:
    ids = some(cloud, 2)
    cloud.http.get(cloud.at(f"/snapshots/{ids[1]}"), exc=requests.ConnectTimeout)
    answer = signed_in.post(URL, {"ids": ids}, headers=headers)
    assert answer.status_code == 503
    assert b"gone already" not in answer.content


def test_it_offers_a_reader_no_deletion(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.roles = ["reader"]
    text = sign_in().post(URL, {"ids": some(cloud, 1)}).content.decode()
    assert "confirmed" not in text
    assert 'role="alert"' in text


@pytest.mark.parametrize(
    "sent", [{"done": "x", "failed": "-5"}, {"done": "9" * 5000}, {"done": "1e3"}, {"disk": "//evil.test"}], ids=str
)
def test_it_survives_fields_that_make_no_sense(cloud: FakeCloud, signed_in: Client, sent: dict[str, str]) -> None:
    page = signed_in.post(URL, {"ids": some(cloud, 21), "confirmed": "1", **sent})
    assert page.status_code == 200
    assert b'href="//evil.test' not in page.content


def test_it_takes_a_thousand(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 1000)
    text = signed_in.post(URL, {"ids": ids, "confirmed": "1"}, headers=HTMX).content.decode()
    assert len(deleted(cloud)) == 20
    assert len(re.findall(r'type="hidden" name="ids"', text)) == 980


@pytest.mark.parametrize("url", [URL, one(1001)])
def test_it_knows_no_other_project(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    elsewhere = url.replace(PROJECT, OTHER_PROJECT)
    assert signed_in.get(elsewhere).status_code == 404
    assert signed_in.post(elsewhere, {"ids": [an_id(1001)], "confirmed": "1"}).status_code == 404
    assert cloud.asked() == []


@pytest.mark.parametrize(("url", "method"), [(URL, "put"), (URL, "delete"), (one(1001), "post"), (one(1001), "delete")])
def test_it_knows_no_other_methods(cloud: FakeCloud, signed_in: Client, url: str, method: str) -> None:
    assert getattr(signed_in, method)(url).status_code == 405
    assert cloud.asked() == []


def test_it_keeps_the_selection_through_sign_in(cloud: FakeCloud, client: Client, db: None) -> None:  # noqa: ARG001
    ids = some(cloud, 2)
    page = client.post(URL, {"ids": ids, "confirmed": "1"})
    assert page.status_code == 401
    found = re.search(r'name="carried" value="([^"]+)"', page.content.decode())
    assert found
    sent = {"user_name": "ann", "password": "x", "domain": "Default", "carried": found[1]}
    preview = client.post("/sign-in/", sent, follow=True).content.decode()
    assert offered(preview) == ids
    assert deleted(cloud) == []


def test_it_deletes_nothing_by_a_link(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 1)
    signed_in.get(URL, {"ids": ids, "confirmed": "1"})
    signed_in.get(one(1001), {"confirmed": "1"})
    assert deleted(cloud) == []
