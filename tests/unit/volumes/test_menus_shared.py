"""The menus of a list: the page holds the usual menu once, and what differs in some rows, which these share."""

from typing import Any

import pytest
from django.test import Client

from dashboard.cloud.ids import NO_DISK
from dashboard.cloud.keystone import Cloud
from tests.support.canned import HTMX, a_cloud
from tests.support.cloud_rows import Answer, ago, an_id, backup, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import (
    HERE,
    PLACEHOLDERS,
    Answered,
    Element,
    Page,
    menu_of,
    menus,
    opens_dialog,
    rows_by_id,
)
from volumes.cinder import readers
from volumes.lists import row_texts
from volumes.menus import Menus

DISKS, SNAPSHOTS, BACKUPS = (f"{HERE}/{kind}/" for kind in ("disks", "snapshots", "backups"))
OF_DISK = f"{DISKS}{an_id(1)}/snapshots/"
READS = "Your role in this project is read-only."
ATTACHED: Answer = {"status": "in-use", "attachments": [{"server_id": an_id(5000), "device": "/dev/vdb"}]}
STATUSES = ("available", "in-use", "creating", "deleting", "error", "error_deleting", "maintenance", "moonstruck")
PLACE = "beforeend:#menus"


@pytest.fixture
def many(cloud: FakeCloud) -> None:
    """Disks, snapshots and backups in many states, three of each."""
    states = [*({"status": status} for status in STATUSES), ATTACHED, {"group_id": "g"}, {"bootable": "true"}]
    numbered = list(enumerate(states * 3, 1))
    cloud.volumes = [volume(number, **state) for number, state in numbered]
    cloud.snapshots = [snapshot(1000 + number, disk=number, **state) for number, state in numbered]
    cloud.snapshots += [snapshot(1100 + number, group_snapshot_id="g") for number in range(3)]
    cloud.backups = [backup(2000 + number, disk=number, **state) for number, state in numbered]
    cloud.backups += [backup(2100 + number, has_dependent_backups=True) for number in range(3)]


def usual(answer: Answered) -> Element:
    """The usual menu of the rows on a page."""
    entries = Page(answer).by_id("menu-entries")
    assert entries
    return entries


def templates(answer: Answered) -> list[Element]:
    """The templates with what differs in some menus."""
    found = [one for one in Page(answer).select("template") if one["id"].startswith("menu-")]
    return [one for one in found if one["id"] != "menu-entries"]


def keys(answer: Answered) -> dict[str, str]:
    """The key of what differs in each row's menu, empty if nothing does, by the id of the resource."""
    return {row_id: row["data-menu"] for row_id, row in rows_by_id(answer).items()}


def addresses(part: Element) -> list[str]:
    """The addresses in a menu, without the key of a form."""
    found = [one[name] for one in part.find_all("menuitem") for name in ("href", "hx-get", "hx-post")]
    return [address.partition("?")[0] for address in found if address]


# --- Which rows share one ---------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("url", [DISKS, SNAPSHOTS, BACKUPS])
def test_rows_share_a_template_exactly_if_they_have_the_same_menu(signed_in: Client, url: str) -> None:
    answer = signed_in.get(f"{url}?per_page=100", headers=HTMX)
    entries_by_key: dict[str, list[dict[str, str]]] = {}
    for row_id, entries in menus(answer).items():
        entries_by_key.setdefault(keys(answer)[row_id], []).append(entries)
    assert all(entries == shared[0] for shared in entries_by_key.values() for entries in shared)
    distinct = [list(shared[0].items()) for shared in entries_by_key.values()]
    assert all(distinct.count(entries) == 1 for entries in distinct)
    assert len(distinct) > 2
    # Each template is there once, and none is for nothing, nor for the usual menu.
    assert sorted(one["id"] for one in templates(answer)) == sorted(f"menu-{key}" for key in entries_by_key if key)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("url", [DISKS, SNAPSHOTS, BACKUPS])
def test_only_rows_with_the_usual_menu_name_no_template(signed_in: Client, url: str) -> None:
    answer = signed_in.get(f"{url}?per_page=100", headers=HTMX)
    usual_entries = {entry.name: "" for entry in usual(answer).find_all("menuitem")}
    unchanged = {row_id for row_id, entries in menus(answer).items() if entries == usual_entries}
    assert unchanged == {row_id for row_id, row in rows_by_id(answer).items() if "data-menu" not in row}
    assert 0 < len(unchanged) < len(menus(answer))


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("url", [DISKS, SNAPSHOTS, BACKUPS])
def test_a_template_holds_only_what_differs(signed_in: Client, url: str) -> None:
    answer = signed_in.get(f"{url}?per_page=100", headers=HTMX)
    labels = [entry.name for entry in usual(answer).find_all("menuitem")]
    for one in templates(answer):
        changes = one.select("template > *")
        positions = [int(change["data-entry"]) for change in changes]
        assert positions == sorted(set(positions))
        assert all(change["title"] or change.text for change in changes)
        assert all(change.text != labels[int(change["data-entry"])] for change in changes)


def test_names_sizes_and_ids_make_no_difference(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, name="a", size=1), volume(2, name="b", size=2, volume_type="x"), volume(3, **ATTACHED)]
    found = keys(signed_in.get(DISKS, headers=HTMX))
    assert found[an_id(1)] == found[an_id(2)] != found[an_id(3)]


def test_a_reader_has_one_menu_for_all_but_different_labels(cloud: FakeCloud, reader: Client) -> None:
    cloud.volumes = [volume(1), volume(2, **ATTACHED), volume(3, status="error"), volume(4, bootable="true")]
    answer = reader.get(DISKS, headers=HTMX)
    found = keys(answer)
    assert found[an_id(1)] == found[an_id(2)] == found[an_id(3)] != found[an_id(4)]
    assert set(menus(answer)[an_id(2)].values()) == {READS, ""}
    for number in range(1, 5):
        assert addresses(menu_of(answer, an_id(number))) == [f"{DISKS}{an_id(number)}/snapshots/"]


def test_the_menu_of_a_reader_has_another_key(here: Cloud) -> None:
    """The browser keeps a template that it has, so a key must not change its meaning during a session."""
    disk = readers.disk(volume(1))
    reading = a_cloud(here.endpoint.url, roles=("reader",))
    assert Menus(here).key_of(disk) != Menus(reading).key_of(disk)
    assert Menus(here).key_of(disk) == Menus(here).key_of(readers.disk(volume(2)))


# --- What the browser fills in ----------------------------------------------------------------------------------------


def test_the_script_replaces_what_the_templates_hold() -> None:
    assert PLACEHOLDERS == {"ANY_ID": row_texts.ANY_ID, "ANY_DISK_ID": row_texts.ANY_DISK_ID}


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("url", [DISKS, SNAPSHOTS, OF_DISK, BACKUPS])
def test_templates_hold_ids_as_placeholders_only(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    part = Page(signed_in.get(f"{url}?per_page=100", headers=HTMX)).by_id("menus")
    assert part
    assert "hidden" in part
    assert part.find_all("menuitem")
    ids = [one["id"] for one in (*cloud.volumes, *cloud.snapshots, *cloud.backups)]
    assert [one for one in ids if one in part.markup] == []


@pytest.mark.parametrize(
    ("url", "first", "second"), [(DISKS, 1, 2), (SNAPSHOTS, 1001, 1002), (BACKUPS, 2001, 2002)], ids=str
)
def test_a_menu_leads_to_its_own_rows_actions(
    cloud: FakeCloud, signed_in: Client, url: str, first: int, second: int
) -> None:
    cloud.volumes = [volume(1), volume(2)]
    cloud.snapshots = [snapshot(1001, disk=7), snapshot(1002, disk=8)]
    cloud.backups = [backup(2001, disk=7), backup(2002, disk=8)]
    answer = signed_in.get(url, headers=HTMX)
    assert len(set(keys(answer).values())) == 1
    for number, own, other in ((first, 7, 8), (second, 8, 7)):
        opened = menu_of(answer, an_id(number))
        assert not [one for one in PLACEHOLDERS.values() if one in opened.markup]
        assert an_id(other) not in opened.markup
        assert {an_id(number) in address for address in addresses(opened)} == {True}
        if url == SNAPSHOTS:
            path = f"{DISKS}{an_id(own)}/snapshots/{an_id(number)}/"
            assert opens_dialog(opened, f"{path}roll-back/")
            assert opens_dialog(opened, f"{path}create-backup/")


def test_dialogs_from_the_list_of_one_disk_know_it(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes, cloud.snapshots = [volume(1)], [snapshot(1001)]
    for url, query in ((OF_DISK, f"?disk={an_id(1)}"), (SNAPSHOTS, "")):
        entry = menu_of(signed_in.get(url, headers=HTMX)).find("menuitem", "Delete snapshot")
        assert entry["hx-get"] == f"{SNAPSHOTS}{an_id(1001)}/delete/{query}"
        # As a page, with a key that the browser's Back button keeps
        assert ("?key=" in entry["href"], entry["href"].partition("&")[2]) == (True, query[1:])


def test_a_snapshot_without_a_disk_leads_to_none(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [snapshot(1001), snapshot(1002, volume_id=None), snapshot(1003, volume_id="../x")]
    answer = signed_in.get(SNAPSHOTS, headers=HTMX)
    for number, disk_id in ((1001, an_id(1)), (1002, NO_DISK), (1003, NO_DISK)):
        entry = menu_of(answer, an_id(number)).find("menuitem", "Roll back disk")
        assert entry["hx-get"] == f"{DISKS}{disk_id}/snapshots/{an_id(number)}/roll-back/"


@pytest.mark.parametrize("url", [DISKS, SNAPSHOTS, OF_DISK, BACKUPS])
@pytest.mark.usefixtures("many")
def test_each_rows_button_works_without_javascript(signed_in: Client, url: str) -> None:
    for row_id, row in rows_by_id(signed_in.get(f"{url}?per_page=100")).items():
        [button] = [one for one in row.find_all("button") if one.name.startswith("Actions for ")]
        kind = SNAPSHOTS if url == OF_DISK else url
        assert (button["href"], button["aria-haspopup"]) == (f"{kind}{row_id}/actions/", "menu")


def test_a_page_has_one_menu_to_fill(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1), volume(2)]
    page = Page(signed_in.get(DISKS))
    place = page.find("menu")
    assert (place["id"], "popover" in place, place.text) == ("menu", True, "")
    # It is not in the table, which a refresh replaces while a menu may be open.
    assert not Page(signed_in.get(DISKS, headers=HTMX)).has("menu")


# --- Rows that change -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "number", "changed"),
    [(DISKS, 1, "Delete disk"), (OF_DISK, 1001, "Delete snapshot"), (SNAPSHOTS, 1001, "Delete snapshot")],
    ids=["disks", "snapshots of a disk", "snapshots"],
)
def test_a_poll_brings_the_menu_of_a_changed_row(
    cloud: FakeCloud, signed_in: Client, url: str, number: int, changed: str
) -> None:
    cloud.volumes = [volume(1, status="creating", updated_at=ago())]
    cloud.snapshots = [snapshot(1001, status="creating", updated_at=ago())]
    for row in (cloud.volumes[0], cloud.snapshots[0]):
        row["group_id"] = row["group_snapshot_id"] = "g"
    before = signed_in.get(url, headers=HTMX)
    assert menus(before)[an_id(number)]["Create backup"]
    for row in (cloud.volumes[0], cloud.snapshots[0]):
        row["status"] = "available"
    part = signed_in.get(f"{url}changes/", {"seen": f"{an_id(number)}:creating"}, headers=HTMX)
    assert keys(part)[an_id(number)] not in {one["id"].removeprefix("menu-") for one in templates(before)}
    told = menus(part, page=before)[an_id(number)]
    assert told == menus(signed_in.get(url, headers=HTMX))[an_id(number)]
    assert (told["Create backup"], bool(told[changed])) == ("", True)
    [place] = [one for one in Page(part).select("[hx-swap-oob]") if one["hx-swap-oob"] == PLACE]
    # It doesn't bring the menu again.
    assert len(place.select("template")) == len(templates(part)) == 1
    assert Page(part).by_id("menu-entries") is None


def test_a_poll_brings_no_menu_for_a_row_that_has_the_usual_one_now(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, status="creating", updated_at=ago())]
    before = signed_in.get(DISKS, headers=HTMX)
    assert menus(before)[an_id(1)]["Delete disk"]
    cloud.volumes[0]["status"] = "available"
    part = signed_in.get(f"{DISKS}changes/", {"seen": f"{an_id(1)}:creating"}, headers=HTMX)
    assert set(menus(part, page=before)[an_id(1)].values()) == {""}
    assert [one for one in Page(part).select("[hx-swap-oob]") if one["hx-swap-oob"] == PLACE] == []


def test_a_poll_without_rows_brings_no_menus(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(2)]
    part = signed_in.get(f"{DISKS}changes/", {"seen": f"{an_id(1)}:deleting"}, headers=HTMX)
    assert list(rows_by_id(part)) == [an_id(1)]
    assert [one for one in Page(part).select("[hx-swap-oob]") if one["hx-swap-oob"] == PLACE] == []


@pytest.mark.parametrize(
    ("kind", "number", "sent"),
    [
        ("disks", 1, {}),
        ("snapshots", 1001, {}),
        ("snapshots", 1001, {"disk": an_id(1)}),
        ("backups", 2001, {}),
    ],
    ids=str,
)
def test_the_outcome_of_a_deletion_brings_the_menus_of_its_rows(
    cloud: FakeCloud, signed_in: Client, kind: str, number: int, sent: dict[str, Any]
) -> None:
    cloud.volumes = [volume(1), volume(2)]
    cloud.snapshots, cloud.backups = ([snapshot(1001)] if number > 1 else []), [backup(2001)]
    before = signed_in.get(OF_DISK if sent else f"{HERE}/{kind}/", headers=HTMX)
    part = signed_in.post(f"{HERE}/{kind}/delete/run/", {"ids": [an_id(number)], **sent}, headers=HTMX)
    listed = signed_in.get(OF_DISK if sent else f"{HERE}/{kind}/", headers=HTMX)
    opened = menu_of(part, an_id(number), page=before)
    assert opened.find_all("menuitem")
    assert addresses(opened) == addresses(menu_of(listed, an_id(number)))
    assert menus(part, page=before)[an_id(number)] == menus(listed)[an_id(number)]
    assert [one["hx-swap-oob"] for one in Page(part).select("[hx-swap-oob]") if one.select("template")] == [PLACE]


def test_an_empty_list_has_a_place_for_menus(signed_in: Client) -> None:
    part = signed_in.get(DISKS, headers=HTMX)
    assert Page(part).by_id("menus")
    assert not usual(part).has("menuitem")
    assert templates(part) == []
