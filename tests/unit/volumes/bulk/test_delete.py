"""Deleting snapshots: the preview, and the deletion in chunks with an outcome for each snapshot."""

from typing import Any

import pytest
import requests
from django.test import Client

from tests.support.asked import deleted
from tests.support.canned import HTMX
from tests.support.cloud_rows import REQUEST_ID, USER, ago, an_id, fault, snapshot, volume
from tests.support.fake_cloud import FAULT_HEADERS, FakeCloud
from tests.support.pages import (
    HERE,
    Answered,
    Page,
    alerts,
    all_sent_by,
    failures,
    fates,
    is_whole,
    rows_by_id,
    sign_in_on,
    text_of,
    triggered,
    words,
)

LIST = f"{HERE}/snapshots/"
URL = f"{LIST}delete/"
RUN = f"{URL}run/"
LIST_OF_DISK = f"{HERE}/disks/{an_id(1)}/snapshots/"


def one(number: int) -> str:
    return f"{LIST}{an_id(number)}/delete/"


def some(cloud: FakeCloud, how_many: int) -> list[str]:
    cloud.volumes = cloud.volumes or [volume(1)]
    cloud.snapshots = [snapshot(number) for number in range(1001, 1001 + how_many)]
    return [row["id"] for row in cloud.snapshots]


def offered(answer: Answered) -> list[str]:
    return all_sent_by(answer).get("ids", [])


def refuse(cloud: FakeCloud, one_id: str, reason: str) -> None:
    """Let Cinder refuse to delete it, in its own format."""
    body = fault("badRequest", 400, reason)
    cloud.http.delete(cloud.at(f"/snapshots/{one_id}"), status_code=400, json=body, headers=FAULT_HEADERS)


def test_it_previews_each(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1)]
    cloud.snapshots = [
        snapshot(1001),
        snapshot(1002, status="error"),
        snapshot(1003, status="deleting"),
        snapshot(1004, status="creating"),
        snapshot(1005, status="error_deleting"),
        snapshot(1006, group_snapshot_id="g"),
    ]
    ids = [row["id"] for row in cloud.snapshots]
    # Each is listed once, however often its id is sent.
    page = signed_in.post(URL, {"ids": [*ids, an_id(1077), *ids]})
    assert page.status_code == 200
    assert [told.partition(" · ")[0].partition(":")[0] for told in fates(page)] == [
        "snapshot-1004 Can't be deleted",
        "snapshot-1005 Can't be deleted",
        "snapshot-1006 Can't be deleted",
        "snapshot-1001 will be deleted",
        "snapshot-1002 will be deleted",
        "snapshot-1003 is being deleted",
    ]
    assert "1 selected item no longer exists. Will be deleted: 3. Can't be deleted: 3." in words(page)
    assert offered(page) == ids[:3]
    assert deleted(cloud) == []


def test_it_previews_over_the_page(cloud: FakeCloud, signed_in: Client) -> None:
    part = signed_in.post(URL, {"ids": some(cloud, 1)}, headers=HTMX)
    assert part.status_code == 200
    assert Page(part).find("dialog", "Delete snapshots").has("button", "Delete")
    assert not is_whole(part)
    assert "HX-Request" in part["Vary"]


def test_it_previews_one_from_its_menu(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 2)
    page = signed_in.get(one(1001))
    assert is_whole(page)
    assert offered(page) == ids[:1]
    assert Page(page).find("button", "Cancel")["href"] == LIST


def test_it_says_when_all_are_gone(signed_in: Client) -> None:
    part = signed_in.post(URL, {"ids": [an_id(1001)]}, headers=HTMX)
    assert "The selected items no longer exist." in words(part)
    assert all_sent_by(part) == {}


@pytest.mark.parametrize("ids", [[], ["x", "../../volumes/1", ""]], ids=["nothing", "nonsense"])
def test_it_leaves_out_what_is_no_id(cloud: FakeCloud, signed_in: Client, ids: list[str]) -> None:
    assert "Nothing is selected" in words(signed_in.post(URL, {"ids": ids}, headers=HTMX))
    signed_in.post(RUN, {"ids": ids})
    assert cloud.asked() == []


def test_it_deletes(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 3)
    page = signed_in.post(RUN, {"ids": ids[:2], "disk": an_id(1)})
    assert page.status_code == 200
    assert deleted(cloud) == ids[:2]
    told = [item.text for item in Page(page).find("dialog").find_all("listitem")]
    assert told == ["snapshot-1001 is being deleted", "snapshot-1002 is being deleted"]
    assert Page(page).find("link", "Back to the list")["href"] == LIST_OF_DISK


def test_it_brings_the_rows_out_of_band(cloud: FakeCloud, signed_in: Client) -> None:
    """Rows of snapshots in deletion come with their new status; rows of snapshots that are gone are removed."""
    ids = [*some(cloud, 2), an_id(1077)]
    part = signed_in.post(RUN, {"ids": ids}, headers=HTMX)
    assert part.status_code == 200
    brought = {row_id: (row["hx-swap-oob"], row["data-busy"]) for row_id, row in rows_by_id(part).items()}
    assert brought == {ids[0]: ("true", "deleting"), ids[1]: ("true", "deleting"), ids[2]: ("delete", "")}
    assert deleted(cloud) == ids
    assert "dialog-done" in triggered(part, "Settle")


def test_it_names_on_the_page_what_is_gone_by_then(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 2)

    def at_once(_request: Any, context: Any) -> None:
        context.status_code = 202
        cloud.snapshots.clear()

    cloud.http.delete(cloud.at(f"/snapshots/{ids[0]}"), json=at_once)
    told = [item.text for item in Page(signed_in.post(RUN, {"ids": ids[:1]})).find("dialog").find_all("listitem")]
    assert told == ["snapshot-1001 is deleted"]


def test_it_may_be_repeated(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 2)
    for _ in range(2):
        part = signed_in.post(RUN, {"ids": ids}, headers=HTMX)
        assert part.status_code == 200
        assert (list(rows_by_id(part)), failures(part)) == (ids, {})


def test_it_tells_each_failure_in_its_row(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 3)
    refuse(cloud, ids[1], "It has <dependents>.")
    part = signed_in.post(RUN, {"ids": ids}, headers=HTMX)
    assert failures(part) == {ids[1]: f"The cloud refused this. It has <dependents>. Request id: {REQUEST_ID}"}
    assert "<dependents>" not in text_of(part)
    # Only the failed ones stay selected.
    assert [box["value"] for box in Page(part).select('[data-select="no"]')] == [ids[0], ids[2]]
    told = words(signed_in.get("/toasts/"))
    assert "2 snapshots are being deleted." in told
    assert "1 snapshot could not be deleted: its row says why." in told


def test_it_tells_failures_on_the_page_without_javascript(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 2)
    refuse(cloud, ids[1], "It has <dependents>.")
    told = words(signed_in.post(RUN, {"ids": ids}))
    assert "snapshot-1001 is being deleted" in told
    assert f"snapshot-1002 The cloud refused this. It has <dependents>. Request id: {REQUEST_ID}" in told


def test_it_takes_a_snapshot_that_is_being_deleted_for_done(cloud: FakeCloud, signed_in: Client) -> None:
    """Cinder refuses to delete a snapshot that is already being deleted: another user was faster."""
    cloud.snapshots = [snapshot(1001, status="deleting", updated_at=ago())]
    refuse(cloud, an_id(1001), "x")
    part = signed_in.post(RUN, {"ids": [an_id(1001)]}, headers=HTMX)
    assert rows_by_id(part)[an_id(1001)]["data-busy"] == "deleting"
    assert failures(part) == {}


NOT_DELETED: list[dict[str, Any]] = [
    {"status_code": 403},
    {"status_code": 409},
    {"status_code": 500},
    {"status_code": 302, "headers": {"Location": "http://elsewhere.test/"}},
    {"status_code": 200, "text": "<html>Please log in to the proxy</html>"},
    {"exc": requests.ReadTimeout},
    {"exc": requests.ConnectTimeout},
]


def test_it_calls_nothing_deleted_that_is_not(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, len(NOT_DELETED))
    for one_id, answer in zip(ids, NOT_DELETED, strict=True):
        cloud.http.delete(cloud.at(f"/snapshots/{one_id}"), **answer)
    part = signed_in.post(RUN, {"ids": ids}, headers=HTMX)
    assert part.status_code == 200
    assert list(failures(part)) == ids
    assert rows_by_id(part) == {}
    toasts = words(signed_in.get("/toasts/"))
    assert "1 snapshot could not be deleted" in toasts
    assert "6 snapshots may or may not have been deleted" in toasts
    assert "being deleted" not in toasts


def test_it_calls_deleted_what_was_accepted_though_it_cannot_be_looked_at(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 1)
    cloud.http.get(cloud.at(f"/snapshots/{ids[0]}"), status_code=500)
    part = signed_in.post(RUN, {"ids": ids}, headers=HTMX)
    assert part.status_code == 200
    assert (rows_by_id(part), failures(part)) == ({}, {})
    # Its row is old then: the list is read again.
    assert triggered(part) == {"not-found"}
    assert "1 snapshot is being deleted." in words(signed_in.get("/toasts/"))


def test_it_tells_what_fails_at_once_as_what_fails_later(cloud: FakeCloud, signed_in: Client) -> None:
    """The rows are in transition until the poll shows the outcome and its reason."""
    ids = some(cloud, 2)
    for row, status in zip(cloud.snapshots, ("error_deleting", "available"), strict=True):
        cloud.http.delete(cloud.at(f"/snapshots/{row['id']}"), status_code=202)
        row["status"] = status
    part = signed_in.post(RUN, {"ids": ids}, headers=HTMX)
    busy = {row_id: row["data-busy"].startswith("deleting") for row_id, row in rows_by_id(part).items()}
    assert busy == dict.fromkeys(ids, True)


def test_it_asks_to_sign_in_when_the_token_ends_meanwhile(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 2)
    cloud.http.delete(cloud.at(f"/snapshots/{ids[1]}"), status_code=401)
    part = signed_in.post(RUN, {"ids": ids}, headers=HTMX)
    assert part.status_code == 401
    assert part["HX-Retarget"] == "#sign-in"


def test_it_previews_nothing_when_the_cloud_is_down(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 2)
    cloud.http.get(cloud.at(f"/snapshots/{ids[1]}"), exc=requests.ConnectTimeout)
    answer = signed_in.post(URL, {"ids": ids}, headers=HTMX)
    assert answer.status_code == 503
    assert "gone already" not in words(answer)
    assert all_sent_by(answer) == {}


def test_it_offers_a_reader_no_deletion(cloud: FakeCloud, reader: Client) -> None:
    part = reader.post(URL, {"ids": some(cloud, 1)}, headers=HTMX)
    assert alerts(part) == "Your role in this project is read-only."
    assert all_sent_by(part) == {}


@pytest.mark.parametrize(
    "sent", [{"done": "x", "failed": "-5"}, {"done": "9" * 5000}, {"done": "1e3"}], ids=["x", "9", "1e3"]
)
def test_it_takes_counts_that_make_no_sense_for_none(cloud: FakeCloud, signed_in: Client, sent: dict[str, str]) -> None:
    part = signed_in.post(RUN, {"ids": some(cloud, 1), **sent}, headers=HTMX)
    assert part.status_code == 200
    assert words(signed_in.get("/toasts/")) == "1 snapshot is being deleted."


def test_it_leads_back_to_no_other_site(cloud: FakeCloud, signed_in: Client) -> None:
    page = signed_in.post(RUN, {"ids": some(cloud, 1), "disk": "//evil.test"})
    assert page.status_code == 200
    assert Page(page).find("link", "Back to the list")["href"] == LIST


def test_it_takes_the_first_thousand(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 1001)
    part = signed_in.post(RUN, {"ids": ids}, headers=HTMX)
    assert deleted(cloud) == ids[:50]
    assert offered(part) == ids[50:1000]


@pytest.mark.usefixtures("db")
def test_it_keeps_the_selection_through_sign_in(cloud: FakeCloud, client: Client) -> None:
    """The deletion was confirmed before, but the preview asks again."""
    ids = some(cloud, 2)
    page = client.post(RUN, {"ids": ids, "page_user": USER})
    assert page.status_code == 401
    assert offered(sign_in_on(client, page)) == ids
    assert deleted(cloud) == []


def test_it_deletes_nothing_by_a_link(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 1)
    signed_in.get(RUN, {"ids": ids})
    signed_in.get(one(1001), {})
    assert deleted(cloud) == []
