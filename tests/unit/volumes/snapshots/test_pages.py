"""A disk's snapshots."""

import pytest
from django.test import Client

from tests.support.canned import HTMX
from tests.support.cloud_rows import REQUEST_ID, an_id, fault, snapshot, volume
from tests.support.fake_cloud import FAULT_HEADERS, FakeCloud
from tests.support.pages import HERE, Page, is_whole, names, rows_by_id, words

DISK = an_id(1)
LIST = f"{HERE}/disks/{DISK}/snapshots/"
DETAIL = "/snapshots/detail"
READS = "Your role in this project is read-only."


@pytest.fixture(autouse=True)
def _a_disk(cloud: FakeCloud) -> None:
    cloud.volumes = [volume(1, name="data")]


def test_it_shows_the_snapshots_of_the_disk_only(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [snapshot(1001, name="mine"), snapshot(1002, disk=2, name="theirs")]
    answer = signed_in.get(LIST)
    page = Page(answer)
    assert page.has("heading", "Snapshots of disk data")
    assert names(answer) == ["mine"]
    row = rows_by_id(answer)[an_id(1001)]
    assert row.has("button", "Actions for mine")
    assert row.find("link", "mine")["href"] == f"{HERE}/snapshots/{an_id(1001)}/"
    for name in ("Create snapshot", "Delete snapshot"):
        assert [one["aria-disabled"] for one in page.find_all("button", name)] == [""]
    # The disk is requested at the same time.
    assert [one.qs["volume_id"] for one in cloud.requests() if DETAIL in one.url] == [[DISK]]


def test_it_gives_the_table_alone_to_htmx(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [snapshot(1001)]
    page, part = signed_in.get(LIST), signed_in.get(LIST, headers=HTMX)
    assert (is_whole(page), is_whole(part)) == (True, False)
    assert [Page(answer).by_id("table") is not None for answer in (page, part)] == [True, True]
    assert ["HX-Request" in answer["Vary"] for answer in (page, part)] == [True, True]


def test_it_says_that_there_are_none(signed_in: Client) -> None:
    assert Page(signed_in.get(LIST, headers=HTMX)).has("heading", "No snapshots yet")


def test_it_does_not_call_a_disk_without_snapshots_beyond_the_last_one(cloud: FakeCloud, signed_in: Client) -> None:
    """The second page's only snapshot was deleted, and the table is read again at the same position."""
    cloud.snapshots = [snapshot(number) for number in range(1021, 1001, -1)]
    assert "No snapshots yet" not in words(signed_in.get(LIST, {"marker": an_id(1002)}, headers=HTMX))


def test_it_survives_rows_that_lack_everything(cloud: FakeCloud, signed_in: Client) -> None:
    body = {"snapshots": [{"id": an_id(1001)}, dict.fromkeys(snapshot(1002)) | {"id": an_id(1002)}]}
    cloud.http.get(cloud.at(DETAIL), json=body)
    part = signed_in.get(LIST, headers=HTMX)
    assert part.status_code == 200
    assert names(part) == [an_id(1001), an_id(1002)]


def test_it_never_calls_the_list_empty_when_only_that_fails(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at(DETAIL), status_code=500, headers=FAULT_HEADERS, json=fault("computeFault", 500, "Oh."))
    part = signed_in.get(LIST, headers=HTMX)
    assert part.status_code == 502
    assert f"Oh. Request id: {REQUEST_ID}" in words(part)
    assert "No snapshots yet" not in words(part)


def test_it_greys_writing_for_readers(cloud: FakeCloud, reader: Client) -> None:
    cloud.snapshots = [snapshot(1001)]
    answer = reader.get(LIST)
    for name in ("Create snapshot", "Delete snapshot"):
        button = Page(answer).find("button", name)
        assert (button["aria-disabled"], button.description) == ("true", READS)
        assert not any(attribute in button for attribute in ("form", "hx-get", "hx-post", "href"))
    assert names(answer) == ["snapshot-1001"]
