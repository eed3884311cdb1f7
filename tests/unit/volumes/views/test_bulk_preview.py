"""What the preview of a deletion warns of, which it takes where all that match are selected, and how counts add up."""

import re
from collections.abc import Callable

import pytest
import requests
from django.test import Client

from tests.support.canned import HTMX
from tests.support.fake_cloud import FAULT_HEADERS, REQUEST_ID, FakeCloud, ago, an_id, backup, fault, snapshot, volume
from tests.support.pages import HERE, Answered, command, sent_by, text_of, words

URL = f"{HERE}/snapshots/delete/"
BACKUPS = f"{HERE}/backups/delete/"


def some(cloud: FakeCloud, how_many: int) -> list[str]:
    cloud.snapshots = [snapshot(number) for number in range(1001, 1001 + how_many)]
    return [row["id"] for row in cloud.snapshots]


def offered(answer: Answered) -> list[str]:
    return re.findall(r'name="ids" value="([^"]+)"', text_of(answer))


def deleted(cloud: FakeCloud) -> list[str]:
    return [asked.split("/")[-1] for asked in cloud.asked() if asked.startswith("DELETE")]


@pytest.mark.parametrize(
    ("clones", "told"),
    [
        (1, "1 disk was made from it; on some storage it can go only after that: clone-1"),
        (2, "2 disks were made from it; on some storage it can go only after those: clone-1, clone-2"),
        (7, "after those: clone-1, clone-2, clone-3, clone-4, clone-5, …"),
    ],
)
def test_it_warns_of_disks_that_were_made_from_it(cloud: FakeCloud, signed_in: Client, clones: int, told: str) -> None:
    ids = some(cloud, 2)
    cloud.volumes = [volume(number, name=f"clone-{number}", snapshot_id=ids[0]) for number in range(1, clones + 1)]
    page = signed_in.post(URL, {"ids": ids})
    assert told in words(page)
    assert words(page).count("made from it") == 1
    assert offered(page) == ids


@pytest.mark.parametrize("status", [403, 500])
def test_it_says_when_it_could_not_look_for_those(cloud: FakeCloud, signed_in: Client, status: int) -> None:
    ids = some(cloud, 1)
    cloud.http.get(cloud.at("/volumes/detail"), status_code=status)
    page = signed_in.post(URL, {"ids": ids})
    assert "Not all disks could be looked through" in words(page)
    assert offered(page) == ids


def test_it_says_when_there_are_too_many_disks_to_look_through(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 1)
    assert "looked through" not in words(signed_in.post(URL, {"ids": ids}))
    cloud.largest_limit = 2
    cloud.volumes = [volume(number) for number in range(30, 0, -1)]
    cloud.forget()
    assert "Not all disks could be looked through" in words(signed_in.post(URL, {"ids": ids}))
    assert cloud.asked().count("GET /volumes/detail") == 10


def test_it_asks_to_sign_in_also_when_only_those_need_it(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at("/volumes/detail"), status_code=401)
    assert signed_in.post(URL, {"ids": some(cloud, 1)}, headers=HTMX).status_code == 401


def test_it_reads_the_list_where_many_are_selected(cloud: FakeCloud, signed_in: Client) -> None:
    """And asks one by one for those that the list hasn't."""
    ids = [*some(cloud, 30), an_id(1077)]
    page = signed_in.post(URL, {"ids": ids})
    assert "1 of the selected is gone already. Will be deleted: 30." in words(page)
    assert page["HX-Trigger"] == "not-found"
    assert sorted(cloud.asked()) == ["GET /snapshots/" + an_id(1077), "GET /snapshots/detail", "GET /volumes/detail"]


def test_it_counts_what_goes_and_what_stays(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 3)
    cloud.snapshots[1]["status"] = "error_deleting"
    page = signed_in.post(URL, {"ids": ids})
    assert "Will be deleted: 2. Can't be deleted: 1." in words(page)
    assert "can't be deleted, because: Deleting it has failed before" in words(page)
    assert command(page) == f"openstack volume snapshot delete {ids[0]} {ids[2]}"


def matching(cloud: FakeCloud, how_many: int) -> list[str]:
    cloud.snapshots = [
        snapshot(number, disk=number % 2 + 1, name=f"nightly {number}", status="error" if number % 2 else "available")
        for number in range(1000 + how_many, 1000, -1)
    ]
    return [row["id"] for row in cloud.snapshots]


@pytest.mark.parametrize("query", ["?", "", "?per_page=100&sort=name", f"?marker={an_id(1005)}&back=1", "?per_page=20"])
def test_it_takes_all_that_match_over_the_pages(cloud: FakeCloud, signed_in: Client, query: str) -> None:
    """The page sends its own rows too: they are among them, or are gone."""
    ids = matching(cloud, 45)
    page = signed_in.post(URL, {"matching": query, "ids": [ids[0], an_id(1999)]})
    assert sorted(offered(page)) == sorted(ids)
    assert "More than" not in words(page)
    assert "gone already" not in words(page)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?status=error", lambda number: number % 2),
        ("?q=NIGHTLY+101", lambda number: 1010 <= number < 1020),
        ("?status=error&q=101", lambda number: number % 2 and 1010 <= number < 1020),
        (f"?disk={an_id(1)}", lambda number: number % 2 == 0),
        ("?status=moonstruck", lambda _number: True),
    ],
)
def test_it_takes_only_what_matches(
    cloud: FakeCloud, signed_in: Client, query: str, found: Callable[[int], bool]
) -> None:
    matching(cloud, 45)
    expected = [an_id(number) for number in range(1045, 1000, -1) if found(number)]
    assert offered(signed_in.post(URL, {"matching": query})) == expected


def test_it_takes_what_matches_of_one_disk_from_that_disks_list(cloud: FakeCloud, signed_in: Client) -> None:
    matching(cloud, 45)
    page = signed_in.post(URL, {"matching": "?q=nightly", "disk": an_id(2)}, headers=HTMX)
    assert offered(page) == [an_id(number) for number in range(1045, 1000, -1) if number % 2]
    assert f'name="disk" value="{an_id(2)}"' in text_of(page)


@pytest.mark.parametrize(("how_many", "more"), [(1000, False), (1001, True)])
def test_it_takes_a_thousand_and_says_when_there_are_more(
    cloud: FakeCloud, signed_in: Client, how_many: int, *, more: bool
) -> None:
    ids = matching(cloud, how_many)
    page = signed_in.post(URL, {"matching": "?"}, headers=HTMX)
    assert offered(page) == ids[:1000]
    assert ("More than 1000 match: these are the first 1000." in words(page)) is more


def test_it_says_when_nothing_matches_any_more(cloud: FakeCloud, signed_in: Client) -> None:
    matching(cloud, 3)
    page = signed_in.post(URL, {"matching": "?q=nowhere", "ids": [an_id(1001)]})
    assert "Nothing is selected." in words(page)
    assert offered(page) == []


def test_it_never_takes_a_failure_for_no_match(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at("/snapshots/detail"), exc=requests.ConnectTimeout)
    page = signed_in.post(URL, {"matching": "?"})
    assert page.status_code == 503
    assert "Nothing is selected" not in words(page)


def test_it_deletes_only_what_the_preview_named(cloud: FakeCloud, signed_in: Client) -> None:
    """What has come to match since isn't confirmed by anybody."""
    ids = matching(cloud, 3)
    signed_in.post(URL, {"confirmed": "1", "matching": "?", "ids": ids[:1]}, headers=HTMX)
    assert deleted(cloud) == ids[:1]


def go_on(client: Client, url: str, ids: list[str]) -> list[dict[str, str]]:
    """Send chunk after chunk, as the answers say; the counts of each answer."""
    sent: dict[str, object] = {"ids": ids, "confirmed": "1"}
    counts: list[dict[str, str]] = []
    while True:
        text = text_of(client.post(url, sent, headers=HTMX))
        hidden = dict(re.findall(r'name="(confirmed|disk|done|failed)" value="([^"]*)"', text))
        if not hidden:
            return counts
        bar = re.search(r'<progress[^>]* max="(\d+)" value="(\d+)"', text)
        assert bar
        counts.append({**hidden, "max": bar[1], "value": bar[2]})
        sent = {**hidden, "ids": re.findall(r'type="hidden" name="ids" value="([^"]+)"', text)}


def test_it_counts_each_once_over_the_chunks(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 50)
    for number in (3, 4, 25, 45):
        body = fault("badRequest", 400, "Busy.")
        cloud.http.delete(cloud.at(f"/snapshots/{ids[number]}"), status_code=400, json=body)
    # Somebody else was faster: gone, and being deleted.
    del cloud.snapshots[7]
    cloud.snapshots[29]["status"] = "deleting"
    counts = go_on(signed_in, URL, ids)
    assert [(one["done"], one["failed"], one["max"]) for one in counts] == [("18", "2", "50"), ("37", "3", "50")]
    assert sorted(deleted(cloud)) == sorted(ids)
    told = words(signed_in.get("/toasts/"))
    assert "46 snapshots are being deleted." in told
    assert "4 snapshots could not be deleted: their rows say why." in told


def test_it_shows_a_failure_with_its_request_id_on_the_page_without_a_script(
    cloud: FakeCloud, signed_in: Client
) -> None:
    ids = some(cloud, 2)
    body = fault("badRequest", 400, "It has <dependents>.")
    cloud.http.delete(cloud.at(f"/snapshots/{ids[1]}"), status_code=400, json=body, headers=FAULT_HEADERS)
    told = words(signed_in.post(URL, {"ids": ids, "confirmed": "1"}))
    assert "snapshot-1001 is being deleted" in told
    assert f"{ids[1]} The cloud refused this. It has <dependents>. Request id: {REQUEST_ID}" in told


def test_it_brings_the_rows_as_their_table_shows_them(cloud: FakeCloud, signed_in: Client) -> None:
    """The project's table has the disk and the properties in it, one disk's has not."""
    cloud.volumes = [volume(1, name="data")]
    ids = some(cloud, 1)
    wide = text_of(signed_in.post(URL, {"ids": ids, "confirmed": "1"}, headers=HTMX))
    assert f'<td class="disk-{an_id(1)}">' in wide
    assert ">data</a>" in wide
    narrow = text_of(signed_in.post(URL, {"ids": ids, "confirmed": "1", "disk": an_id(1)}, headers=HTMX))
    assert f"row-{ids[0]}" in narrow
    assert '<td class="disk-' not in narrow


@pytest.mark.parametrize(
    ("path", "query", "wide"), [("snapshots/", {}, True), (f"disks/{an_id(1)}/snapshots/", {"disk": an_id(1)}, False)]
)
def test_it_knows_from_which_list_a_menu_was_opened(
    cloud: FakeCloud, signed_in: Client, path: str, query: dict[str, str], *, wide: bool
) -> None:
    """A row of the other table has too many cells, or too few. The menu of a disk's list tells the disk."""
    cloud.volumes = [volume(1)]
    some(cloud, 1)
    page = text_of(signed_in.get(f"{HERE}/{path}"))
    assert (f'hx-get="{HERE}/snapshots/{an_id(1001)}/delete/?disk={an_id(1)}"' in page) is not wide
    preview = signed_in.get(f"{HERE}/snapshots/{an_id(1001)}/delete/", query, headers=HTMX)
    assert f'href="{HERE}/{path}"' in text_of(preview)
    part = signed_in.post(URL, sent_by(preview), headers=HTMX)
    assert f'<tr id="row-{an_id(1001)}"' in text_of(part)
    assert ('<td class="disk-' in text_of(part)) is wide


def test_it_tells_what_was_deleted_also_when_the_disks_cannot_be_read(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at(f"/volumes/{an_id(1)}"), status_code=500)
    part = signed_in.post(URL, {"ids": some(cloud, 1), "confirmed": "1"}, headers=HTMX)
    assert part.status_code == 200
    assert 'data-busy="deleting"' in text_of(part)


def test_it_deletes_no_backup_that_others_are_based_on(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.backups = [backup(2002, name="increment"), backup(2001, name="base", has_dependent_backups=True)]
    ids = [an_id(2002), an_id(2001)]
    page = signed_in.post(BACKUPS, {"ids": ids})
    assert offered(page) == ids[:1]
    assert "base can't be deleted, because: Increments are based on it: delete those first." in words(page)
    assert command(page) == f"openstack volume backup delete {an_id(2002)}"
    assert "A deleted backup can't be brought back." in words(page)


def test_it_deletes_backups(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.backups = [backup(number) for number in range(2025, 2000, -1)]
    ids = [row["id"] for row in cloud.backups]
    cloud.backups[0]["has_dependent_backups"] = True
    part = signed_in.post(BACKUPS, {"ids": ids[:2], "confirmed": "1"}, headers=HTMX)
    assert f'<span id="failure-{ids[0]}" class="failure" hx-swap-oob="true">' in text_of(part)
    assert "Incremental backups exist for this backup." in words(part)
    assert text_of(part).count('data-select="no"') == 1
    assert go_on(signed_in, BACKUPS, ids[2:])[0]["done"] == "20"
    assert sorted(deleted(cloud)) == sorted(ids)
    assert "23 backups are being deleted." in words(signed_in.get("/toasts/"))


def test_it_calls_no_backup_deleted_that_no_service_could_delete(cloud: FakeCloud, signed_in: Client) -> None:
    """Cinder says "not found" of its service, not of the backup."""
    cloud.backups = [backup(2001)]
    body = fault("itemNotFound", 404, "Service cinder-backup could not be found.")
    cloud.http.delete(cloud.at(f"/backups/{an_id(2001)}"), status_code=404, json=body, headers=FAULT_HEADERS)
    part = signed_in.post(BACKUPS, {"ids": [an_id(2001)], "confirmed": "1"}, headers=HTMX)
    assert "Service cinder-backup could not be found." in words(part)
    assert 'hx-swap-oob="delete"' not in text_of(part)


def test_it_takes_all_backups_that_match(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.backups = [backup(number, status="error" if number % 2 else "available") for number in range(2045, 2000, -1)]
    page = signed_in.post(BACKUPS, {"matching": "?status=error"})
    assert offered(page) == [an_id(number) for number in range(2045, 2000, -2)]


def test_it_previews_one_backup_from_its_menu(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.backups = [backup(2001, name="kept", created_at=ago(days=1))]
    url = f"{HERE}/backups/{an_id(2001)}/delete/"
    assert offered(signed_in.get(url)) == [an_id(2001)]
    cloud.backups = []
    assert signed_in.get(url).status_code == 404
