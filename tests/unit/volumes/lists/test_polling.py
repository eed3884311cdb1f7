"""Live status: what the poller of a table gets."""

import pytest
import requests
from django.test import Client

from tests.support.canned import HTMX
from tests.support.cloud_rows import REQUEST_ID, Answer, ago, an_id, message, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import HERE, Answered, Page, rows_by_id, triggered, words

LIST = f"{HERE}/disks/"
DISKS = f"{LIST}changes/"
SNAPSHOTS = f"{LIST}{an_id(1)}/snapshots/changes/"
ALL_SNAPSHOTS = f"{HERE}/snapshots/changes/"


def seen(**statuses: str) -> dict[str, str]:
    """The statuses that the page has shown, by the number of each row: `_1="creating"`."""
    return {"seen": ",".join(f"{an_id(int(key[1:]))}:{status}" for key, status in statuses.items())}


def busy(number: int, status: str = "creating", **since: float) -> Answer:
    return volume(number, status=status, updated_at=ago(**since))


def brought(answer: Answered) -> dict[str, str]:
    """The rows that an answer replaces ("true") or removes ("delete")."""
    return {row_id: row["hx-swap-oob"] for row_id, row in rows_by_id(answer).items()}


def selecting(answer: Answered) -> dict[str, str]:
    """The rows whose selection an answer changes."""
    return {box["value"]: box["data-select"] for box in Page(answer).select("[data-select]")}


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
    assert brought(answer) == {an_id(1): "true"}
    assert "data-busy" not in rows_by_id(answer)[an_id(1)]


def test_it_ends_once_all_has_settled(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1), volume(2, status="error")]
    assert signed_in.get(DISKS, seen(_1="creating", _2="deleting"), headers=HTMX).status_code == 286


def test_it_removes_what_is_gone(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(2)]
    answer = signed_in.get(DISKS, seen(_1="deleting"), headers=HTMX)
    assert answer.status_code == 286
    assert brought(answer) == {an_id(1): "delete"}
    total = Page(answer).by_id("total")
    assert total
    assert (total["hx-swap-oob"], total.text) == ("true", "1 disk")
    # Nothing is in transition any more, so the list is read again.
    assert (triggered(answer), triggered(answer, "Settle")) == ({"gone"}, {"disks-changed"})
    assert cloud.asked() == ["GET /volumes/detail", f"GET /volumes/{an_id(1)}"]


def test_it_reads_the_list_again_only_when_the_last_one_has_settled(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(2, status="deleting")]
    answer = signed_in.get(DISKS, seen(_1="deleting", _2="deleting"), headers=HTMX)
    assert answer.status_code == 200
    assert (triggered(answer), triggered(answer, "Settle")) == ({"gone"}, set())


def test_the_total_changes_together_with_the_link_that_repeats_it(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(number) for number in range(30, 1, -1)]
    answer = signed_in.get(DISKS, seen(_1="deleting"), headers=HTMX)
    assert "disks-changed" in triggered(answer, "Settle")
    assert Page(answer).by_id("total") is None


def test_it_does_not_remove_what_has_only_left_the_page(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(number) for number in range(30, 0, -1)]
    answer = signed_in.get(DISKS, seen(_1="creating"), headers=HTMX)
    assert brought(answer) == {an_id(1): "true"}


def test_it_reads_the_page_that_is_shown(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1)]
    signed_in.get(DISKS, {"sort": "name", "per_page": "50", **seen(_1="creating")}, headers=HTMX)
    assert (cloud.query(0)["sort"], cloud.query(0)["limit"]) == ("display_name:asc", "51")


def test_it_tells_of_the_snapshots_of_a_disk(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [snapshot(1001)]
    answer = signed_in.get(SNAPSHOTS, seen(_1001="creating"), headers=HTMX)
    assert answer.status_code == 286
    assert brought(answer) == {an_id(1001): "true"}
    assert cloud.query(0)["volume_id"] == an_id(1)


def test_it_survives_nonsense(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1)]
    for nonsense in ("", ",", "x", "x:y", ":", an_id(1), "a:b:c," * 3000, "\0:\0"):
        assert signed_in.get(DISKS, {"seen": nonsense}, headers=HTMX).status_code == 204, nonsense[:20]


def test_it_asks_for_no_more_rows_than_a_page_has(cloud: FakeCloud, signed_in: Client) -> None:
    many = ",".join(f"{an_id(number)}:deleting" for number in range(1, 200))
    signed_in.get(DISKS, {"seen": many}, headers=HTMX)
    # The page, and the list, which has none of the others.
    assert len(cloud.asked()) == 2
    cloud.forget()
    cloud.volumes = [volume(number) for number in range(3001, 1000, -1)]
    signed_in.get(DISKS, {"seen": many}, headers=HTMX)
    # The page, as much of the list as is read, and each of the others.
    assert len(cloud.asked()) == 1 + 2 + 100


def test_it_never_takes_a_failure_for_gone(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at(f"/volumes/{an_id(1)}"), status_code=500)
    answer = signed_in.get(DISKS, seen(_1="deleting"), headers=HTMX)
    assert answer.status_code == 502
    assert brought(answer) == {}


def test_it_says_when_the_cloud_is_down(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at("/volumes/detail"), exc=requests.ConnectTimeout)
    answer = signed_in.get(DISKS, seen(_1="deleting"), headers=HTMX)
    assert (answer.status_code, answer["HX-Reswap"]) == (503, "none")


def test_it_shows_a_row_in_transition_as_busy(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [busy(1), volume(2)]
    shown = rows_by_id(signed_in.get(LIST, headers=HTMX))
    assert {row_id: row["data-busy"] for row_id, row in shown.items()} == {an_id(1): "creating", an_id(2): ""}


@pytest.mark.parametrize(("url", "path"), [(DISKS, "volumes"), (SNAPSHOTS, "snapshots")])
def test_it_does_not_search_again_for_every_poll(cloud: FakeCloud, signed_in: Client, url: str, path: str) -> None:
    cloud.volumes = cloud.snapshots = [volume(1), volume(2)]
    answer = signed_in.get(url, {"q": "disk", **seen(_1="creating")}, headers=HTMX)
    assert answer.status_code == 286
    assert brought(answer) == {an_id(1): "true"}
    assert cloud.asked()[0] == f"GET /{path}/{an_id(1)}"
    assert f"GET /{path}/detail" not in cloud.asked()


@pytest.mark.parametrize(
    ("url", "before", "status"),
    [
        (SNAPSHOTS, "deleting", "error_deleting"),
        (ALL_SNAPSHOTS, "deleting~120", "available"),
    ],
    ids=["failed", "as before"],
)
def test_it_tells_when_a_deletion_comes_back(
    cloud: FakeCloud, signed_in: Client, url: str, before: str, status: str
) -> None:
    """Cinder accepts every deletion, and says only later that the snapshot is busy."""
    cloud.snapshots = [snapshot(1001, name="kept", status=status), snapshot(1002), snapshot(1003)]
    told = {"kind": "VOLUME_SNAPSHOT", "user_message": "Snapshot is <busy>."}
    cloud.messages = [message(3001, about=an_id(1001), **told), message(3002, about=an_id(1003), **told)]
    part = signed_in.get(url, seen(_1001=before, _1002="creating"), headers=HTMX)
    assert brought(part) == {an_id(1001): "true", an_id(1002): "true"}
    assert selecting(part) == {an_id(1001): "yes"}
    assert f"Snapshot is <busy>. Request id: {REQUEST_ID}" in rows_by_id(part)[an_id(1001)].text
    assert words(part).count("Snapshot is <busy>.") == 1
    assert triggered(part, "Settle") == {"messages"}
    assert "“kept” could not be deleted after all: its row says why." in words(signed_in.get("/toasts/"))
    assert cloud.asked().count("GET /messages") == 1


def test_it_tells_of_no_deletion_otherwise(cloud: FakeCloud, signed_in: Client) -> None:
    statuses = {1001: "available", 1002: "error", 1003: "deleting"}
    cloud.snapshots = [snapshot(number, status=one, updated_at=ago(minutes=2)) for number, one in statuses.items()]
    part = signed_in.get(SNAPSHOTS, seen(_1001="creating", _1002="creating", _1003="deleting"), headers=HTMX)
    assert brought(part) == {an_id(number): "true" for number in statuses}
    assert selecting(part) == {}
    assert "HX-Trigger-After-Settle" not in part.headers
    assert words(signed_in.get("/toasts/")) == ""


def test_it_says_why_something_failed(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [snapshot(1001, status="error")]
    cloud.messages = [message(3001, about=an_id(1001), kind="VOLUME_SNAPSHOT", user_message="No room.")]
    part = signed_in.get(SNAPSHOTS, seen(_1001="creating"), headers=HTMX)
    assert f"No room. Request id: {REQUEST_ID}" in rows_by_id(part)[an_id(1001)].text


def test_it_asks_for_no_messages_where_nothing_failed(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1)]
    signed_in.get(DISKS, seen(_1="creating"), headers=HTMX)
    # The list, and the row's number of snapshots
    assert cloud.asked() == ["GET /volumes/detail", "GET /snapshots/detail"]


def test_it_shows_the_disk_in_the_projects_list_only(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, name="data", volume_type="ef-nvme")]
    cloud.snapshots = [snapshot(1001)]
    for url, wide in ((SNAPSHOTS, False), (ALL_SNAPSHOTS, True)):
        row = rows_by_id(signed_in.get(url, seen(_1001="creating"), headers=HTMX))[an_id(1001)]
        assert row.has("link", "data") is wide
        assert row.text.count("LL NVMe") == 1


LASTING = [
    (2, "creating~1", "creating~2", "Creating for 2 minutes"),
    (59, "creating~58", "creating~59", "Creating for 59 minutes"),
    (90, "creating~59", "creating~60", "Creating for 1 hour, 30 minutes"),
    (150, "creating~60", "creating~120", "Creating for 2 hours, 30 minutes"),
]


def test_it_says_how_long_something_lasts(cloud: FakeCloud, signed_in: Client) -> None:
    """A row is sent again when its words change: every minute, and after an hour every hour."""
    for minutes, before, now, told in LASTING:
        cloud.volumes = [busy(1, minutes=minutes, seconds=5)]
        part = signed_in.get(DISKS, seen(_1=before), headers=HTMX)
        assert part.status_code == 200
        row = rows_by_id(part)[an_id(1)]
        assert row["data-busy"] == now
        assert told in row.text
        assert signed_in.get(DISKS, seen(_1=now), headers=HTMX).status_code == 204


def test_it_says_nothing_of_the_first_minute(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [busy(1, seconds=50)]
    assert "Creating for" not in words(signed_in.get(LIST, headers=HTMX))
    assert signed_in.get(DISKS, seen(_1="creating"), headers=HTMX).status_code == 204


def test_it_counts_from_the_creation_where_cinder_says_nothing_else(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, status="creating", created_at=ago(minutes=7, seconds=5), updated_at=None)]
    row = rows_by_id(signed_in.get(LIST, headers=HTMX))[an_id(1)]
    assert row["data-busy"] == "creating~7"
    assert "Creating for 7 minutes" in row.text


@pytest.mark.parametrize("status", [403, 404, 500])
def test_it_shows_the_changes_without_messages_that_may_not_be_read(
    cloud: FakeCloud, signed_in: Client, status: int
) -> None:
    cloud.snapshots = [snapshot(1002, status="error"), snapshot(1001)]
    cloud.http.get(cloud.at("/messages"), status_code=status)
    part = signed_in.get(SNAPSHOTS, seen(_1001="creating", _1002="creating"), headers=HTMX)
    assert part.status_code == 286
    assert brought(part) == {an_id(1001): "true", an_id(1002): "true"}


def test_it_shows_the_changes_without_disks_and_counts_that_cannot_be_read(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [snapshot(1001)]
    cloud.http.get(cloud.at(f"/volumes/{an_id(1)}"), status_code=403)
    part = signed_in.get(SNAPSHOTS, seen(_1001="creating"), headers=HTMX)
    assert part.status_code == 286
    assert brought(part) == {an_id(1001): "true"}
    cloud.volumes = [volume(2)]
    cloud.http.get(cloud.at("/snapshots/detail"), status_code=403)
    part = signed_in.get(DISKS, seen(_2="creating"), headers=HTMX)
    assert brought(part) == {an_id(2): "true"}
    assert "snapshots: unknown" in words(part)
