"""What the preview of a deletion warns about, and what it includes if all results are selected; also of backups."""

import pytest
import requests
from django.test import Client

from tests.support.asked import deleted
from tests.support.canned import HTMX
from tests.support.cloud_rows import ago, an_id, backup, fault, snapshot, volume
from tests.support.fake_cloud import FAULT_HEADERS, FakeCloud
from tests.support.pages import (
    HERE,
    Answered,
    Page,
    all_sent_by,
    command,
    failures,
    fates,
    menu_of,
    rows_by_id,
    sent_by,
    triggered,
    words,
)

URL = f"{HERE}/snapshots/delete/"
RUN = f"{URL}run/"
BACKUPS = f"{HERE}/backups/delete/"


def some(cloud: FakeCloud, how_many: int) -> list[str]:
    cloud.volumes = cloud.volumes or [volume(1)]
    cloud.snapshots = [snapshot(number) for number in range(1001, 1001 + how_many)]
    return [row["id"] for row in cloud.snapshots]


def offered(answer: Answered) -> list[str]:
    return all_sent_by(answer).get("ids", [])


def test_it_warns_of_disks_that_were_made_from_it(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 4)
    made = [ids[0], *[ids[1]] * 2, *[ids[2]] * 7]
    cloud.volumes = [volume(number, name=f"clone-{number}", snapshot_id=one) for number, one in enumerate(made, 1)]
    part = signed_in.post(URL, {"ids": ids}, headers=HTMX)
    one, two, seven, none = fates(part)
    assert one.endswith("1 disk was created from it; some storage requires deleting that disk first: clone-1")
    assert two.endswith(
        "2 disks were created from it; some storage requires deleting those disks first: clone-2, clone-3"
    )
    assert seven.endswith(
        "some storage requires deleting those disks first: clone-4, clone-5, clone-6, clone-7, clone-8, …"
    )
    assert "created from it" not in none
    assert "could be checked" not in words(part)
    assert offered(part) == ids


def test_it_says_when_it_could_not_look_for_those(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 1)
    cloud.http.get(cloud.at("/volumes/detail"), status_code=500)
    part = signed_in.post(URL, {"ids": ids}, headers=HTMX)
    assert "Not all disks could be checked" in words(part)
    assert offered(part) == ids


def test_it_says_when_there_are_too_many_disks_to_look_through(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.largest_limit = 2
    cloud.volumes = [volume(number) for number in range(30, 0, -1)]
    part = signed_in.post(URL, {"ids": some(cloud, 1)}, headers=HTMX)
    assert "Not all disks could be checked" in words(part)
    assert cloud.asked().count("GET /volumes/detail") == 10


def test_it_asks_to_sign_in_also_when_only_those_need_it(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at("/volumes/detail"), status_code=401)
    assert signed_in.post(URL, {"ids": some(cloud, 1)}, headers=HTMX).status_code == 401


def test_it_reads_the_list_where_many_are_selected(cloud: FakeCloud, signed_in: Client) -> None:
    ids = [*some(cloud, 30), an_id(1077)]
    part = signed_in.post(URL, {"ids": ids}, headers=HTMX)
    assert "1 selected item no longer exists. Will be deleted: 30." in words(part)
    assert triggered(part) == {"not-found"}
    assert sorted(cloud.asked()) == ["GET /snapshots/detail", "GET /volumes/detail"]


def test_it_counts_what_goes_and_what_stays(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 3)
    cloud.snapshots[1]["status"] = "error_deleting"
    part = signed_in.post(URL, {"ids": ids}, headers=HTMX)
    assert "Will be deleted: 2. Can't be deleted: 1." in words(part)
    assert fates(part)[0].startswith("snapshot-1002 Can't be deleted: deleting it has failed before")
    assert command(part) == f"openstack volume snapshot delete {ids[0]} {ids[2]}"


def matching(cloud: FakeCloud, how_many: int) -> list[str]:
    cloud.volumes = [volume(1), volume(2)]
    cloud.snapshots = [
        snapshot(number, disk=number % 2 + 1, name=f"nightly {number}", status="error" if number % 2 else "available")
        for number in range(1000 + how_many, 1000, -1)
    ]
    return [row["id"] for row in cloud.snapshots]


@pytest.mark.parametrize("query", ["", f"?per_page=20&sort=name&marker={an_id(1005)}&back=1"])
def test_it_takes_all_that_match_over_the_pages(cloud: FakeCloud, signed_in: Client, query: str) -> None:
    """The page also sends the ids of its rows: the results include them, or they are gone."""
    ids = matching(cloud, 25)
    part = signed_in.post(URL, {"matching": query, "ids": [ids[0], an_id(1999)]}, headers=HTMX)
    assert sorted(offered(part)) == sorted(ids)
    assert "More than" not in words(part)
    assert "gone already" not in words(part)


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ({"matching": "?status=error&q=NIGHTLY+101"}, [1019, 1017, 1015, 1013, 1011]),
        ({"matching": f"?disk={an_id(1)}"}, range(1020, 1000, -2)),
        # An unknown status doesn't filter the page either.
        ({"matching": "?status=moonstruck"}, range(1020, 1000, -1)),
        # From the list of one disk
        ({"matching": "?q=nightly", "disk": an_id(2)}, range(1019, 1000, -2)),
    ],
    ids=str,
)
def test_it_takes_only_what_matches(
    cloud: FakeCloud, signed_in: Client, sent: dict[str, str], found: list[int]
) -> None:
    matching(cloud, 20)
    part = signed_in.post(URL, sent, headers=HTMX)
    assert offered(part) == [an_id(number) for number in found]
    assert all_sent_by(part)["disk"] == [sent.get("disk", "")]


def test_it_takes_a_thousand_and_says_that_there_are_more(cloud: FakeCloud, signed_in: Client) -> None:
    ids = matching(cloud, 1001)
    part = signed_in.post(URL, {"matching": "?"}, headers=HTMX)
    assert offered(part) == ids[:1000]
    assert "More than 1000 match: these are the first 1000." in words(part)


def test_it_says_when_nothing_matches_any_more(cloud: FakeCloud, signed_in: Client) -> None:
    matching(cloud, 3)
    part = signed_in.post(URL, {"matching": "?q=nowhere", "ids": [an_id(1001)]}, headers=HTMX)
    assert "Nothing is selected." in words(part)
    assert offered(part) == []


def test_it_never_takes_a_failure_for_no_match(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at("/snapshots/detail"), exc=requests.ConnectTimeout)
    part = signed_in.post(URL, {"matching": "?"}, headers=HTMX)
    assert part.status_code == 503
    assert "Nothing is selected" not in words(part)


def test_it_deletes_only_what_the_preview_named(cloud: FakeCloud, signed_in: Client) -> None:
    """Snapshots that match only since the preview were not confirmed."""
    ids = matching(cloud, 3)
    signed_in.post(RUN, {"matching": "?", "ids": ids[:1]}, headers=HTMX)
    assert deleted(cloud) == ids[:1]


@pytest.mark.parametrize(
    ("path", "wide"), [("snapshots/", True), (f"disks/{an_id(1)}/snapshots/", False)], ids=["project", "disk"]
)
def test_it_brings_the_rows_as_the_list_shows_them_from_which_the_menu_was_opened(
    cloud: FakeCloud, signed_in: Client, path: str, *, wide: bool
) -> None:
    """The project's list also has the disk and the properties, so its rows have more cells."""
    cloud.volumes = [volume(1, name="data")]
    some(cloud, 1)
    page = signed_in.get(f"{HERE}/{path}", headers=HTMX)
    entry = menu_of(page).find("menuitem", "Delete snapshot")
    preview = signed_in.get(entry["hx-get"], headers=HTMX)
    assert Page(preview).find("button", "Cancel")["href"] == f"{HERE}/{path}"
    part = signed_in.post(RUN, sent_by(preview), headers=HTMX)
    shown, brought = (rows_by_id(answer)[an_id(1001)] for answer in (page, part))
    assert len(brought.find_all("cell")) == len(shown.find_all("cell"))
    assert brought.has("link", "data") is wide


def test_it_tells_what_was_deleted_also_when_the_disks_cannot_be_read(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at(f"/volumes/{an_id(1)}"), status_code=500)
    part = signed_in.post(RUN, {"ids": some(cloud, 1)}, headers=HTMX)
    assert part.status_code == 200
    assert rows_by_id(part)[an_id(1001)]["data-busy"] == "deleting"


def test_it_previews_no_backup_that_others_are_based_on(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.backups = [backup(2002, name="increment"), backup(2001, name="base", has_dependent_backups=True)]
    ids = [an_id(2002), an_id(2001)]
    part = signed_in.post(BACKUPS, {"ids": ids}, headers=HTMX)
    assert offered(part) == ids[:1]
    assert fates(part)[0] == "base Can't be deleted: increments are based on it: delete those first."
    assert command(part) == f"openstack volume backup delete {an_id(2002)}"
    assert "A deleted backup can't be brought back." in words(part)


def test_it_deletes_backups(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.backups = [backup(2003), backup(2002), backup(2001, has_dependent_backups=True)]
    ids = [row["id"] for row in cloud.backups]
    part = signed_in.post(f"{BACKUPS}run/", {"ids": ids}, headers=HTMX)
    assert {row_id: row["data-busy"] for row_id, row in rows_by_id(part).items()} == dict.fromkeys(ids[:2], "deleting")
    assert [box["value"] for box in Page(part).select('[data-select="no"]')] == ids[:2]
    assert "Incremental backups exist for this backup." in failures(part)[ids[2]]
    assert deleted(cloud) == sorted(ids)
    toasts = words(signed_in.get("/toasts/"))
    assert "2 backups are being deleted." in toasts
    assert "1 backup could not be deleted" in toasts


def test_it_calls_no_backup_deleted_that_no_service_could_delete(cloud: FakeCloud, signed_in: Client) -> None:
    """Cinder's "not found" refers to its service, not to the backup."""
    cloud.backups = [backup(2001)]
    body = fault("itemNotFound", 404, "Service cinder-backup could not be found.")
    cloud.http.delete(cloud.at(f"/backups/{an_id(2001)}"), status_code=404, json=body, headers=FAULT_HEADERS)
    part = signed_in.post(f"{BACKUPS}run/", {"ids": [an_id(2001)]}, headers=HTMX)
    assert "Service cinder-backup could not be found." in failures(part)[an_id(2001)]
    assert rows_by_id(part) == {}


def test_it_takes_all_backups_that_match(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.backups = [backup(number, status="error" if number % 2 else "available") for number in range(2025, 2000, -1)]
    part = signed_in.post(BACKUPS, {"matching": "?status=error"}, headers=HTMX)
    assert offered(part) == [an_id(number) for number in range(2025, 2000, -2)]


def test_it_previews_one_backup_from_its_menu(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.backups = [backup(2001, name="kept", created_at=ago(days=1))]
    part = signed_in.get(f"{HERE}/backups/{an_id(2001)}/delete/", headers=HTMX)
    assert offered(part) == [an_id(2001)]
