"""The project's backups, and a Diskboard without backups."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.support.canned import HTMX, SignIn
from tests.support.cloud_rows import ago, an_id, backup, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import (
    HERE,
    Page,
    link,
    menu_of,
    menus,
    names,
    opens_dialog,
    rows,
    rows_by_id,
    text_of,
    words,
)

URL = f"{HERE}/backups/"
DETAIL = "GET /backups/detail"
PLAIN = {"limit": "21", "sort": "created_at:desc"}
READS = "Your role in this project is read-only."


@pytest.fixture(autouse=True)
def _some(cloud: FakeCloud) -> None:
    cloud.volumes = [volume(2, name="root"), volume(1, name="data")]
    cloud.snapshots = [snapshot(1001)]
    cloud.backups = [
        backup(2003, disk=2, name="increment", is_incremental=True, snapshot_id=an_id(1001)),
        backup(2002, disk=1, name="broken", status="error", fail_reason="The <disk> is full."),
        backup(2001, disk=2, name="base", size=40, has_dependent_backups=True),
    ]


def test_it_shows_the_backups(cloud: FakeCloud, signed_in: Client) -> None:
    page = signed_in.get(URL)
    assert names(page) == ["increment", "broken", "base"]
    told = words(page)
    assert "Incremental of a snapshot" in told
    assert "Full" in told
    assert "40 GB" in told
    assert "3 backups" in told
    assert rows(page)[0].find("link", an_id(2)[:8])["href"] == f"{HERE}/disks/{an_id(2)}/snapshots/"
    assert f"{URL}details/?disks={an_id(2)},{an_id(1)}&failed={an_id(2002)}" in [
        one["hx-get"] for one in Page(page).select("[hx-get]")
    ]
    assert cloud.asked() == [DETAIL]
    assert cloud.query() == PLAIN


def test_it_offers_to_restore_and_delete(signed_in: Client) -> None:
    page = signed_in.get(URL)
    increment, broken, base = (menu_of(page, an_id(number)) for number in (2003, 2002, 2001))
    assert [entry.name for entry in increment.find_all("menuitem")] == ["Restore to a new disk", "Delete backup"]
    assert opens_dialog(increment, f"{URL}{an_id(2003)}/create-disk/")
    assert opens_dialog(increment, f"{URL}{an_id(2003)}/delete/")
    # A failed backup can't be restored, and a backup with increments can't be deleted
    assert f"{an_id(2002)}/create-disk/" not in broken.markup
    assert f"{an_id(2001)}/delete/" not in base.markup
    unrestored = broken.find("menuitem", "Restore to a new disk")
    assert unrestored.description == "A disk can be created only from a backup that is available."
    refused = base.find("menuitem", "Delete backup")
    assert refused.description == "Increments are based on it: delete those first."


def test_it_gives_the_table_alone_to_htmx(signed_in: Client) -> None:
    answer = signed_in.get(URL, headers=HTMX)
    part = Page(answer)
    assert part.by_id("table")
    assert not any(part.has(role) for role in ("main", "heading", "search", "searchbox"))
    assert "HX-Request" in answer["Vary"]


def test_it_says_that_there_are_none(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.backups = []
    assert "No backups yet" in words(signed_in.get(URL, headers=HTMX))


def test_it_survives_rows_that_lack_everything(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.backups = [{"id": an_id(2001)}, dict.fromkeys(backup(2002)) | {"id": an_id(2002)}]
    page = signed_in.get(URL)
    assert page.status_code == 200
    assert names(page) == [an_id(2001), an_id(2002)]


def test_it_says_why_one_failed(signed_in: Client) -> None:
    told = words(signed_in.get(URL, headers=HTMX))
    assert "The <disk> is full." in told
    assert "backup service" not in told


def test_it_says_plainly_that_there_is_no_service(cloud: FakeCloud, signed_in: Client) -> None:
    """Cinder accepts such a backup and fails it later; members can't list its services."""
    for reason in ("Service not found for creating backup.", "Backup service is down."):
        cloud.backups[1]["fail_reason"] = reason
        told = words(signed_in.get(URL, headers=HTMX))
        assert f"This cloud has no working backup service: its operator has to set one up. {reason}" in told


def test_it_lets_cinder_filter(cloud: FakeCloud, signed_in: Client) -> None:
    of_disk, of_root = {"volume_id": an_id(1)}, {"volume_id": an_id(2)}
    for wanted, asked, found in (
        ({"status": "error"}, {"status": "error"}, ["broken"]),
        ({"disk": an_id(1)}, of_disk, ["broken"]),
        ({"disk": "root"}, of_root, ["increment", "base"]),
    ):
        assert names(signed_in.get(URL, wanted, headers=HTMX)) == found
        assert cloud.query() == {**PLAIN, **asked}


def test_it_filters_itself_on_a_cloud_without_filters(cloud: FakeCloud, enter: SignIn) -> None:
    cloud.filters["backup"] = []
    client = enter()
    assert names(client.get(URL, {"status": "error", "disk": "data", "q": "BRO"}, headers=HTMX)) == ["broken"]
    assert cloud.query() == {"limit": "1000", "sort": "created_at:desc"}


def test_it_takes_nonsense_for_the_default(cloud: FakeCloud, signed_in: Client) -> None:
    for nonsense in ({"status": "moonstruck"}, {"disk": " "}, {"older_than": "9"}, {"sort": "status"}):
        assert len(names(signed_in.get(URL, nonsense, headers=HTMX))) == 3, nonsense
        assert cloud.query() == PLAIN, nonsense


def test_it_says_what_was_asked_for_in_vain(signed_in: Client) -> None:
    told = words(signed_in.get(URL, {"q": "nowhere", "status": "restoring"}, headers=HTMX))
    assert "No backup whose name contains “nowhere” matches these filters: status Restoring." in told


def test_it_turns_pages_and_selects_all_that_match(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.backups = [backup(number, name=str(number), status="error") for number in range(2045, 2000, -1)]
    first = signed_in.get(URL, {"status": "error"}, headers=HTMX)
    offered = Page(first).find("link", "Select all that match")
    second = signed_in.get(URL + link(first, "next"), headers=HTMX)
    assert names(second)[0] == "2025"
    assert cloud.query()["status"] == "error"
    [matching] = Page(signed_in.get(offered["hx-get"], headers=HTMX)).select("[name=matching]")
    assert (matching["value"], "data-matching" in matching) == ("?status=error", True)


def test_it_greys_writing_for_readers(reader: Client) -> None:
    answer = reader.get(URL)
    assert Page(answer).find("button", "Delete backup").description == READS
    greyed = dict.fromkeys(("Restore to a new disk", "Delete backup"), READS)
    assert menus(answer) == {an_id(number): greyed for number in (2003, 2002, 2001)}


def test_it_tells_what_has_become_of_them(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.backups = [backup(2001, disk=2, name="made"), backup(2002, status="restoring", updated_at=ago())]
    seen = f"{an_id(2001)}:creating,{an_id(2002)}:restoring,{an_id(2003)}:deleting"
    part = signed_in.get(f"{URL}changes/", {"seen": seen}, headers=HTMX)
    assert part.status_code == 200
    changed = {id_: row["hx-swap-oob"] for id_, row in rows_by_id(part).items()}
    assert changed == {an_id(2001): "true", an_id(2003): "delete"}
    assert Page(part).has("link", "root")


def test_it_has_nothing_to_say_while_nothing_changes(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.backups = [backup(2002, status="creating", updated_at=ago())]
    assert signed_in.get(f"{URL}changes/", {"seen": f"{an_id(2002)}:creating"}).status_code == 204
    assert cloud.asked() == [DETAIL]


OFF = [
    URL,
    f"{URL}changes/",
    f"{URL}delete/",
    f"{URL}{an_id(2001)}/delete/",
    f"{HERE}/disks/{an_id(1)}/create-backup/",
    f"{HERE}/disks/{an_id(1)}/snapshots/{an_id(1001)}/create-backup/",
    f"{URL}{an_id(2001)}/create-disk/",
    f"{URL}details/?failed={an_id(2001)}",
    f"{URL}{an_id(2001)}/actions/",
]


def test_it_is_not_there_where_backups_are_off(cloud: FakeCloud, signed_in: Client, settings: Settings) -> None:
    for url in OFF:
        assert signed_in.get(url).status_code in {200, 204}, url
    settings.BACKUPS = False
    cloud.forget()
    for url in OFF:
        assert signed_in.get(url).status_code == 404, url
    assert cloud.asked() == []


def test_it_is_not_offered_where_backups_are_off(signed_in: Client, settings: Settings) -> None:
    dialog = f"{HERE}/disks/{an_id(1)}/create-backup/"
    of_snapshot = f"{HERE}/disks/{an_id(1)}/snapshots/{an_id(1001)}/create-backup/"
    # The last two show one record, and offer its actions without a menu.
    pages = [
        (f"{HERE}/disks/", an_id(1), dialog),
        (f"{HERE}/snapshots/", an_id(1001), of_snapshot),
        (f"{HERE}/snapshots/{an_id(1001)}/", "", of_snapshot),
        (f"{HERE}/disks/{an_id(1)}/actions/", "", dialog),
    ]
    for url, shown, offered in pages:
        answer = signed_in.get(url)
        page = Page(answer)
        assert page.find("link", "Backups")["href"] == URL
        assert opens_dialog(menu_of(page, shown) if shown else page, offered)
    settings.BACKUPS = False
    for url, _shown, _offered in pages:
        answer = signed_in.get(url)
        assert URL not in text_of(answer)
        assert "create-backup/" not in text_of(answer)
        assert "Create backup" not in words(answer)
