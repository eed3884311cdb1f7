"""Rolling back a disk: what is lost, when it is not possible, and that Diskboard checks it again before acting."""

from typing import Any

import pytest
import requests
from django.core.cache import cache
from django.test import Client

from tests.support.canned import HTMX
from tests.support.cloud_rows import REQUEST_ID, Answer, an_id, fault, snapshot, volume
from tests.support.fake_cloud import FAULT_HEADERS, FakeCloud
from tests.support.pages import HERE, Answered, Page, alerts, is_whole, opens_dialog, sent_by, triggered, words

DISK, ONE = an_id(1), an_id(1001)
URL = f"{HERE}/disks/{DISK}/snapshots/{ONE}/roll-back/"
CLONE = f"{HERE}/snapshots/{ONE}/create-disk/"


@pytest.fixture(autouse=True)
def _newest(cloud: FakeCloud) -> None:
    cloud.volumes = [volume(1, name="data")]
    cloud.snapshots = [snapshot(1001, name="before"), snapshot(1000, name="older")]


def acted(cloud: FakeCloud) -> list[Any]:
    return [(one.path.removeprefix("/v3/"), one.json()) for one in cloud.requests() if one.method == "POST"]


def can_roll_back(answer: Answered) -> bool:
    return Page(answer).has("button", "Roll back")


def newer(status: str = "available") -> Answer:
    return snapshot(1002, name="newer", status=status)


def test_it_says_what_is_lost(cloud: FakeCloud, signed_in: Client) -> None:
    part = signed_in.get(URL, headers=HTMX)
    told = words(part)
    assert "Disk: data Snapshot: before, 2 Mar 2026 10:00" in told
    assert "Everything that was written to the disk since 2 Mar 2026 10:00 is lost" in told
    assert can_roll_back(part)
    assert alerts(part) == ""
    assert set(cloud.asked()) == {"GET /snapshots/detail", f"GET /snapshots/{ONE}", f"GET /volumes/{DISK}"}
    assert acted(cloud) == []


def test_it_is_a_page_too(signed_in: Client) -> None:
    page = signed_in.get(URL)
    assert Page(page).find("dialog", "Roll back disk").has("heading", "Roll back disk")
    assert is_whole(page)
    assert "HX-Request" in page["Vary"]


def test_it_rolls_back(cloud: FakeCloud, signed_in: Client) -> None:
    answer = signed_in.post(URL, {"key": "k"}, headers=HTMX)
    assert answer.status_code == 204
    assert acted(cloud) == [
        (f"{cloud.at('').rsplit('/', 1)[1]}/volumes/{DISK}/action", {"revert": {"snapshot_id": ONE}})
    ]
    events = triggered(answer)
    assert events == {"snapshots-changed", "disks-changed", "messages", "dialog-done"}
    assert "Disk “data” is being rolled back." in words(signed_in.get("/toasts/"))
    assert "Rolling back" in words(signed_in.get(f"{HERE}/disks/"))


def test_it_goes_back_to_the_list_without_a_script(signed_in: Client) -> None:
    assert signed_in.post(URL, {"key": "k"})["Location"] == f"{HERE}/disks/{DISK}/snapshots/"


def test_it_rolls_back_once_when_sent_twice(cloud: FakeCloud, signed_in: Client) -> None:
    assert [signed_in.post(URL, {"key": "k"}).status_code for _ in range(2)] == [302, 302]
    assert len(acted(cloud)) == 1


def test_it_wants_the_key(cloud: FakeCloud, signed_in: Client) -> None:
    assert signed_in.post(URL).status_code == 422
    assert acted(cloud) == []


# The changed state, why the roll-back is not possible then, and whether a disk can be created instead
REFUSALS: list[tuple[dict[str, Any], str, bool]] = [
    ({"microversion": "3.39"}, "This cloud is too old to roll back a disk.", True),
    ({"snapshots": [newer(), snapshot(1001)]}, "A disk can be rolled back only to its newest snapshot", True),
    ({"snapshots": [newer("error"), snapshot(1001)]}, "A disk can be rolled back only to its newest snapshot", True),
    ({"snapshots": [newer("deleting"), snapshot(1001)]}, "A newer snapshot is being deleted", True),
    ({"snapshots": [snapshot(1001, disk=2)]}, "A disk can be rolled back only to its newest snapshot", True),
    ({"snapshots": [snapshot(1001, status="error")]}, "only to a snapshot that is available", False),
    ({"snapshots": [snapshot(1001, status="creating")]}, "only to a snapshot that is available", False),
    ({"volumes": [volume(1, status="in-use")]}, "The disk is attached to an instance: detach it first.", True),
    ({"volumes": [volume(1, status="error")]}, "A disk can be rolled back only when it is available.", True),
    ({"volumes": [volume(1, status="reverting")]}, "A disk can be rolled back only when it is available.", True),
    ({"volumes": [volume(1, size=11)]}, "The disk was resized after this snapshot.", True),
]


def change(cloud: FakeCloud, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(cloud, name, value)
    cache.clear()


@pytest.mark.parametrize(("changes", "told", "clone"), REFUSALS)
def test_it_says_why_not_and_looks_again_before_it_acts(
    cloud: FakeCloud, signed_in: Client, changes: dict[str, Any], told: str, clone: bool
) -> None:
    """In some cases, Cinder refuses only after it has set the disk to reverting, and leaves it in that status."""
    sent = sent_by(signed_in.get(URL, headers=HTMX))
    change(cloud, changes)
    part = signed_in.get(URL, headers=HTMX)
    assert part.status_code == 200
    assert told in alerts(part)
    assert not can_roll_back(part)
    assert opens_dialog(part, CLONE) is clone
    answer = signed_in.post(URL, sent, headers=HTMX)
    assert answer.status_code == 422
    assert told in alerts(answer)
    assert acted(cloud) == []


def test_it_says_why_not_on_a_page_of_its_own_too(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots.insert(0, newer())
    page = signed_in.get(URL)
    assert page.status_code == 200
    assert "A disk can be rolled back only to its newest snapshot" in alerts(page)
    assert not can_roll_back(page)
    assert opens_dialog(page, CLONE)


def test_it_may_be_sent_again_once_it_is_possible(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots.insert(0, newer())
    answer = signed_in.post(URL, {"key": "k"}, headers=HTMX)
    assert answer.status_code == 422
    assert not can_roll_back(answer)
    assert "This isn't possible: A disk can be rolled back only to its newest snapshot" in words(answer)
    del cloud.snapshots[0]
    assert signed_in.post(URL, {"key": "k"}, headers=HTMX).status_code == 204
    assert len(acted(cloud)) == 1


def test_it_shows_the_clouds_refusal(cloud: FakeCloud, signed_in: Client) -> None:
    for status, headers in ((400, {}), (403, HTMX), (409, HTMX), (413, HTMX)):
        body = fault("conflictingRequest", status, "Not <today>.")
        cloud.http.post(cloud.at(f"/volumes/{DISK}/action"), status_code=status, json=body, headers=FAULT_HEADERS)
        answer = signed_in.post(URL, {"key": "k"}, headers=headers)
        assert answer.status_code == 422
        assert "Not <today>." in alerts(answer)
        assert REQUEST_ID in alerts(answer)


def test_it_says_that_it_may_have_been_done(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.post(cloud.at(f"/volumes/{DISK}/action"), exc=requests.ReadTimeout)
    answer = signed_in.post(URL, {"key": "k"}, headers=HTMX)
    assert "may have been made" in alerts(answer)
    assert sent_by(answer)["key"] != "k"
    signed_in.post(URL, {"key": "k"})
    assert len(acted(cloud)) == 1


@pytest.mark.parametrize("path", [f"/snapshots/{ONE}", f"/volumes/{DISK}", "/snapshots/detail"])
def test_it_sends_nothing_where_it_cannot_look(cloud: FakeCloud, signed_in: Client, path: str) -> None:
    cloud.http.get(cloud.at(path), exc=requests.ConnectTimeout)
    assert signed_in.get(URL).status_code == 503
    answer = signed_in.post(URL, {"key": "k"}, headers=HTMX)
    assert answer.status_code == 422
    assert "can't be reached" in alerts(answer)
    assert acted(cloud) == []


def test_it_offers_a_reader_nothing(reader: Client) -> None:
    part = reader.get(URL, headers=HTMX)
    assert alerts(part) == "Your role in this project is read-only."
    assert not can_roll_back(part)
    assert not opens_dialog(part, CLONE)
