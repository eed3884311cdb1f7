"""How much of a deletion one request does, and what it reads for the rows on the page."""

import re
from functools import partial
from typing import Any

import pytest
import requests
from django.test import Client
from pytest_django.fixtures import Settings

from tests.support.asked import deleted
from tests.support.canned import HTMX, Clock
from tests.support.cloud_rows import ago, an_id, fault, snapshot, volume
from tests.support.fake_cloud import FAULT_HEADERS, FakeCloud
from tests.support.pages import (
    HERE,
    Answered,
    Page,
    all_sent_by,
    failures,
    goes_on_by_itself,
    rows_by_id,
    words,
)

URL = f"{HERE}/snapshots/delete/"
RUN = f"{URL}run/"


def some(cloud: FakeCloud, how_many: int) -> list[str]:
    cloud.volumes = [volume(1)]
    cloud.snapshots = [snapshot(number) for number in range(1001, 1001 + how_many)]
    return [row["id"] for row in cloud.snapshots]


def offered(answer: Answered) -> list[str]:
    return all_sent_by(answer).get("ids", [])


def refuse(cloud: FakeCloud, one_id: str, reason: str) -> None:
    """Let Cinder refuse to delete it, in its own format."""
    body = fault("badRequest", 400, reason)
    cloud.http.delete(cloud.at(f"/snapshots/{one_id}"), status_code=400, json=body, headers=FAULT_HEADERS)


def delete_at_once(cloud: FakeCloud, request: Any, context: Any) -> str:
    """Answer to a deletion as Cinder does, and have nothing left of the snapshot afterwards."""
    context.status_code = 202
    gone = request.url.rsplit("/", 1)[1]
    cloud.snapshots[:] = [row for row in cloud.snapshots if row["id"] != gone]
    return ""


def test_it_goes_on_chunk_by_chunk_and_counts_each_once(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 101)
    for number in (3, 4, 65, 100):
        refuse(cloud, ids[number], "Busy.")
    # Another user was faster: one is gone, and one is being deleted.
    del cloud.snapshots[7]
    cloud.snapshots[79]["status"] = "deleting"
    sent: dict[str, list[str]] = {"ids": ids}
    told = []
    while sent:
        cloud.forget()
        part = signed_in.post(RUN, sent, headers=HTMX)
        told.append((len(deleted(cloud)), [bar.name for bar in Page(part).find_all("progressbar")]))
        sent = all_sent_by(part)
        assert goes_on_by_itself(part) is bool(sent)
    assert told == [(50, ["48 of 101 done"]), (50, ["97 of 101 done"]), (1, [])]
    left = [row["id"] for row in cloud.snapshots if row["status"] != "deleting"]
    assert left == [ids[number] for number in (3, 4, 65, 100)]
    toasts = words(signed_in.get("/toasts/"))
    assert "97 snapshots are being deleted." in toasts
    assert "4 snapshots could not be deleted: their rows say why." in toasts


def test_it_lets_one_go_on_without_javascript(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 51)
    page = signed_in.post(RUN, {"ids": ids})
    assert offered(page) == ids[50:]
    assert Page(page).has("button", "Go on")
    assert not goes_on_by_itself(page)


def test_an_unknown_outcome_is_neither_done_nor_failed_over_the_chunks(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 53)
    for one_id in (ids[0], ids[52]):
        cloud.http.delete(cloud.at(f"/snapshots/{one_id}"), exc=requests.ReadTimeout)
    part = signed_in.post(RUN, {"ids": ids}, headers=HTMX)
    rest = all_sent_by(part)
    assert (rest["done"], rest["failed"], rest["unknown"]) == (["49"], ["0"], ["1"])
    signed_in.post(RUN, rest, headers=HTMX)
    toasts = words(signed_in.get("/toasts/"))
    assert "51 snapshots are being deleted." in toasts
    assert "2 snapshots may or may not have been deleted" in toasts
    assert "could not be deleted" not in toasts


@pytest.mark.parametrize("total", [12.0, 4.0])
def test_a_chunk_is_short_however_slow_the_cloud_is(
    cloud: FakeCloud, signed_in: Client, settings: Settings, clock: Clock, total: float
) -> None:
    """After 3 seconds, or a quarter of the request's time, it begins no deletion; the others are left to the next."""
    settings.CLOUD_TOTAL_SECONDS = total
    ids = some(cloud, 10)
    waited: list[float] = []

    def delete(request: Any, context: Any) -> str:
        if not waited:
            # Four are sent at once, so they take the time of one: five seconds if the page has twelve.
            clock.advance(total * 5 / 12)
            waited.append(total)
        return delete_at_once(cloud, request, context)

    cloud.http.delete(re.compile(cloud.at("/snapshots/")), text=delete)
    sent: dict[str, list[str]] = {"ids": ids}
    told = []
    while sent:
        cloud.forget()
        waited.clear()
        part = signed_in.post(RUN, sent, headers=HTMX)
        sent = all_sent_by(part)
        told.append((deleted(cloud), failures(part), [bar.name for bar in Page(part).find_all("progressbar")]))
    assert told == [(ids[:4], {}, ["4 of 10 done"]), (ids[4:8], {}, ["8 of 10 done"]), (ids[8:], {}, [])]
    assert "10 snapshots are being deleted." in words(signed_in.get("/toasts/"))


@pytest.mark.parametrize(("others", "lists"), [(0, 1), (200, 1), (1200, 2), (1201, 2)])
def test_it_removes_the_rows_of_those_that_are_gone_at_once(
    cloud: FakeCloud, signed_in: Client, others: int, lists: int
) -> None:
    """The list shows which of them the cloud still has; it is not asked for each, unless there are too many others."""
    ids = some(cloud, 30)
    older = [snapshot(10_000 + number) for number in range(others)]
    cloud.http.delete(re.compile(cloud.at("/snapshots/")), text=partial(delete_at_once, cloud))
    cloud.snapshots += older
    part = signed_in.post(RUN, {"ids": ids}, headers=HTMX)
    assert {row_id: row["hx-swap-oob"] for row_id, row in rows_by_id(part).items()} == dict.fromkeys(ids, "delete")
    reads = [one.removeprefix("GET ") for one in cloud.asked() if one.startswith("GET")]
    singly = [f"/snapshots/{one}" for one in ids] if others > 1200 else []
    assert sorted(reads) == sorted([*["/snapshots/detail"] * lists, *singly])


@pytest.mark.parametrize(("how_many", "hours", "requests"), [(6, 1, 1), (30, 1, 1), (30, 3, 2)])
def test_the_preview_says_how_far_to_read_the_list(
    cloud: FakeCloud, signed_in: Client, how_many: int, hours: int, requests: int
) -> None:
    """Rows that are older than all selected ones show that none of these is left."""
    ids = some(cloud, how_many)
    cloud.snapshots += [snapshot(10_000 + number, created_at=ago(hours=2)) for number in range(100)]
    for row in cloud.snapshots[:how_many]:
        row["created_at"] = ago(hours=hours)
    cloud.http.delete(re.compile(cloud.at("/snapshots/")), text=partial(delete_at_once, cloud))
    sent = all_sent_by(signed_in.post(URL, {"ids": ids}, headers=HTMX))
    cloud.forget()
    part = signed_in.post(RUN, sent, headers=HTMX)
    assert {row_id: row["hx-swap-oob"] for row_id, row in rows_by_id(part).items()} == dict.fromkeys(ids, "delete")
    assert [one for one in cloud.asked() if one.startswith("GET")] == ["GET /snapshots/detail"] * requests


@pytest.mark.parametrize("since", ["", "x", "2026-01-01", "0001-01-01T00:00:00+23:59", "9" * 5000])
def test_it_takes_a_time_that_makes_no_sense_for_unknown(cloud: FakeCloud, signed_in: Client, since: str) -> None:
    ids = some(cloud, 30)
    part = signed_in.post(RUN, {"ids": ids, "created_since": since}, headers=HTMX)
    assert list(rows_by_id(part)) == ids


def test_it_reads_no_records_that_no_row_shows(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 30)
    part = signed_in.post(RUN, {"ids": ids, "shown": ids[0]}, headers=HTMX)
    assert list(rows_by_id(part)) == ids[:1]
    reads = [one for one in cloud.asked() if one.startswith("GET")]
    assert reads == [f"GET /snapshots/{ids[0]}", f"GET /volumes/{an_id(1)}"]
