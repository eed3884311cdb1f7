"""Live status: what the poller of a table gets."""

import re

import pytest
import requests
from django.test import Client

from tests.support.canned import HTMX
from tests.support.fake_cloud import PROJECT, REQUEST_ID, Answer, FakeCloud, ago, an_id, message, snapshot, volume
from tests.support.pages import text_of, words

DISKS = f"/p/{PROJECT}/disks/changes/"
SNAPSHOTS = f"/p/{PROJECT}/disks/{an_id(1)}/snapshots/changes/"
ALL_SNAPSHOTS = f"/p/{PROJECT}/snapshots/changes/"


def seen(**statuses: str) -> dict[str, str]:
    """What the page has seen, by the number of each row: `_1="creating"`."""
    return {"seen": ",".join(f"{an_id(int(key[1:]))}:{status}" for key, status in statuses.items())}


def busy(number: int, status: str = "creating", **since: float) -> Answer:
    return volume(number, status=status, updated_at=ago(**since))


def test_it_has_nothing_to_say_while_nothing_changes(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [busy(1), volume(2)]
    answer = signed_in.get(DISKS, seen(_1="creating"), headers=HTMX)
    assert answer.status_code == 204
    assert answer.content == b""
    assert cloud.asked() == ["GET /volumes/detail"]


def test_it_sends_the_changed_rows_only(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1), busy(2), volume(3)]
    answer = signed_in.get(DISKS, seen(_1="creating", _2="creating"), headers=HTMX)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert text.count("<tr ") == 1
    assert f'<tr id="row-{an_id(1)}" hx-swap-oob="true">' in text


def test_it_ends_once_all_has_settled(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1), volume(2, status="error")]
    assert signed_in.get(DISKS, seen(_1="creating", _2="deleting"), headers=HTMX).status_code == 286


def test_it_removes_what_is_gone(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(2)]
    answer = signed_in.get(DISKS, seen(_1="deleting"), headers=HTMX)
    assert answer.status_code == 286
    assert f'<tr id="row-{an_id(1)}" hx-swap-oob="delete">' in answer.content.decode()
    assert '<span id="total" hx-swap-oob="true">1 in all</span>' in answer.content.decode()
    assert answer["HX-Trigger"] == "gone"
    assert cloud.asked() == ["GET /volumes/detail", f"GET /volumes/{an_id(1)}"]


def test_it_does_not_remove_what_has_only_left_the_page(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(number) for number in range(30, 0, -1)]
    text = signed_in.get(DISKS, seen(_1="creating"), headers=HTMX).content.decode()
    assert 'hx-swap-oob="delete"' not in text
    assert f'id="row-{an_id(1)}" hx-swap-oob="true"' in text


def test_it_reads_the_page_that_is_shown(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1)]
    signed_in.get(DISKS, {"sort": "name", "per_page": "50", **seen(_1="creating")}, headers=HTMX)
    assert cloud.query(0)["sort"] == "display_name:asc"
    assert cloud.query(0)["limit"] == "51"


def test_it_tells_of_a_disks_snapshots(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [snapshot(1001)]
    answer = signed_in.get(SNAPSHOTS, seen(_1001="creating"), headers=HTMX)
    assert answer.status_code == 286
    assert f'id="row-{an_id(1001)}"' in answer.content.decode()
    assert cloud.query(0)["volume_id"] == an_id(1)


@pytest.mark.parametrize("nonsense", ["", ",", "x", "x:y", ":", f"{an_id(1)}", "a:b:c," * 3000, "\0:\0"])
def test_it_survives_nonsense(cloud: FakeCloud, signed_in: Client, nonsense: str) -> None:
    cloud.volumes = [volume(1)]
    assert signed_in.get(DISKS, {"seen": nonsense}, headers=HTMX).status_code == 204


def test_it_asks_for_no_more_rows_than_a_page_has(cloud: FakeCloud, signed_in: Client) -> None:
    many = ",".join(f"{an_id(number)}:deleting" for number in range(1, 500))
    signed_in.get(DISKS, {"seen": many}, headers=HTMX)
    assert len(cloud.asked()) <= 101


def test_it_never_takes_a_failure_for_gone(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at(f"/volumes/{an_id(1)}"), status_code=500)
    answer = signed_in.get(DISKS, seen(_1="deleting"), headers=HTMX)
    assert answer.status_code == 502
    assert b'hx-swap-oob="delete"' not in answer.content


def test_it_says_when_the_cloud_is_down(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at("/volumes/detail"), exc=requests.ConnectTimeout)
    answer = signed_in.get(DISKS, seen(_1="deleting"), headers=HTMX)
    assert answer.status_code == 503
    assert answer["HX-Reswap"] == "none"


def test_it_shows_a_row_in_transition_as_busy(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [busy(1), volume(2)]
    text = signed_in.get(f"/p/{PROJECT}/disks/").content.decode()
    assert text.count("data-busy=") == 1
    assert f'id="row-{an_id(1)}" data-busy="creating"' in text


@pytest.mark.parametrize(("url", "path"), [(DISKS, "volumes"), (SNAPSHOTS, "snapshots")])
def test_it_does_not_search_again_for_every_poll(cloud: FakeCloud, signed_in: Client, url: str, path: str) -> None:
    cloud.volumes = cloud.snapshots = [volume(1), volume(2)]
    answer = signed_in.get(url, {"q": "disk", **seen(_1="creating")}, headers=HTMX)
    assert answer.status_code == 286
    assert f'id="row-{an_id(1)}" hx-swap-oob="true"' in answer.content.decode()
    assert cloud.asked()[0] == f"GET /{path}/{an_id(1)}"
    assert f"GET /{path}/detail" not in cloud.asked()


@pytest.mark.parametrize("before", ["deleting", "deleting~3", "deleting~120"])
@pytest.mark.parametrize("status", ["available", "error_deleting"])
@pytest.mark.parametrize("url", [SNAPSHOTS, ALL_SNAPSHOTS])
def test_it_tells_when_a_deletion_comes_back(
    cloud: FakeCloud, signed_in: Client, url: str, status: str, before: str
) -> None:
    """Cinder takes every deletion on; that the snapshot is busy it says only afterwards."""
    cloud.snapshots = [snapshot(1001, name="kept", status=status), snapshot(1002), snapshot(1003)]
    told = {"kind": "VOLUME_SNAPSHOT", "user_message": "Snapshot is <busy>."}
    cloud.messages = [message(3001, about=an_id(1001), **told), message(3002, about=an_id(1003), **told)]
    part = signed_in.get(url, seen(_1001=before, _1002="creating"), headers=HTMX)
    text = text_of(part)
    assert text.count('data-select="yes"') == 1
    assert re.search(rf'value="{an_id(1001)}"[^>]* data-select="yes"', text)
    assert words(text).count("Snapshot is <busy>.") == 1
    assert REQUEST_ID in text
    assert part["HX-Trigger-After-Settle"] == "messages"
    assert "“kept” could not be deleted after all: its row says why." in words(signed_in.get("/toasts/"))
    assert cloud.asked().count("GET /messages") == 1


@pytest.mark.parametrize(
    ("before", "status"), [("creating", "available"), ("creating", "error"), ("deleting", "deleting")]
)
def test_it_tells_of_no_deletion_otherwise(cloud: FakeCloud, signed_in: Client, before: str, status: str) -> None:
    cloud.snapshots = [snapshot(1001, status=status, updated_at=ago(minutes=2))]
    part = signed_in.get(SNAPSHOTS, seen(_1001=before), headers=HTMX)
    assert f"row-{an_id(1001)}" in text_of(part)
    assert "data-select" not in text_of(part)
    assert "HX-Trigger-After-Settle" not in part.headers
    assert words(signed_in.get("/toasts/")) == ""


@pytest.mark.parametrize("url", [SNAPSHOTS, ALL_SNAPSHOTS])
def test_it_says_why_something_failed(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    cloud.snapshots = [snapshot(1001, status="error")]
    cloud.messages = [message(3001, about=an_id(1001), kind="VOLUME_SNAPSHOT", user_message="No room.")]
    part = signed_in.get(url, seen(_1001="creating"), headers=HTMX)
    assert f"No room. Request id: {REQUEST_ID}" in words(part)


def test_it_asks_for_no_messages_where_nothing_failed(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1)]
    signed_in.get(DISKS, seen(_1="creating"), headers=HTMX)
    # The list, and the row's count of snapshots
    assert cloud.asked() == ["GET /volumes/detail", "GET /snapshots/detail"]


def test_it_shows_the_disk_in_the_projects_list_only(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, name="data", volume_type="ef-nvme")]
    cloud.snapshots = [snapshot(1001)]
    narrow = text_of(signed_in.get(SNAPSHOTS, seen(_1001="creating"), headers=HTMX))
    wide = text_of(signed_in.get(ALL_SNAPSHOTS, seen(_1001="creating"), headers=HTMX))
    assert (">data</a>" in narrow, ">data</a>" in wide) == (False, True)
    assert narrow.count("LL NVMe</span>") == wide.count("LL NVMe</span>") == 1


@pytest.mark.parametrize(
    ("minutes", "busy_for", "told"),
    [
        (2, "creating~2", "Creating for 2 minutes"),
        (59, "creating~59", "Creating for 59 minutes"),
        (90, "creating~60", "Creating for 1 hour, 30 minutes"),
        (150, "creating~120", "Creating for 2 hours, 30 minutes"),
    ],
)
def test_it_says_how_long_something_lasts(
    cloud: FakeCloud, signed_in: Client, minutes: int, busy_for: str, told: str
) -> None:
    """A row is sent again when its words change: each minute, after an hour each hour."""
    cloud.volumes = [busy(1, minutes=minutes, seconds=5)]
    assert f'data-busy="{busy_for}"' in text_of(signed_in.get(f"/p/{PROJECT}/disks/"))
    part = signed_in.get(DISKS, seen(_1=f"creating~{minutes - 1}" if minutes < 60 else "creating~59"), headers=HTMX)
    assert part.status_code == 200
    assert told in words(part)
    assert f'data-busy="{busy_for}"' in text_of(part)
    assert signed_in.get(DISKS, seen(_1=busy_for), headers=HTMX).status_code == 204


def test_it_says_nothing_of_the_first_minute(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [busy(1, seconds=50)]
    assert "Creating for" not in words(signed_in.get(f"/p/{PROJECT}/disks/"))
    assert signed_in.get(DISKS, seen(_1="creating"), headers=HTMX).status_code == 204


def test_it_counts_from_the_creation_where_cinder_says_nothing_else(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, status="creating", created_at=ago(minutes=7, seconds=5), updated_at=None)]
    assert "Creating for 7 minutes" in words(signed_in.get(f"/p/{PROJECT}/disks/"))


def test_it_does_not_settle_for_what_could_not_be_told(cloud: FakeCloud, signed_in: Client) -> None:
    """The next poll asks again: the page still has the row as it was."""
    cloud.snapshots = [snapshot(1001, status="error")]
    cloud.http.get(cloud.at("/messages"), status_code=500)
    part = signed_in.get(SNAPSHOTS, seen(_1001="creating"), headers=HTMX)
    assert part.status_code == 502
    assert part["HX-Reswap"] == "none"
