"""The menu of a disk: its entries in the original's order, which ones are greyed, and why.

`test_menus_shared.py` shows how the rows of a list share menus.
"""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.support.canned import HTMX, SignIn
from tests.support.cloud_rows import Answer, an_id, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import HERE, Page, menu, menu_of, menus, opens_dialog, triggered, triggers

URL = f"{HERE}/disks/"
ENTRIES = [
    "Delete disk",
    "Resize disk",
    "Change disk type",
    "Rename disk",
    "Make bootable",
    "Snapshot list",
    "Clone disk",
    "Create snapshot",
    "Create backup",
]
READS = "Your role in this project is read-only."
DETACH = "It is attached to an instance: detach it first."
ATTACHED: Answer = {"status": "in-use", "attachments": [{"server_id": an_id(5000), "device": "/dev/vdb"}]}
MAINTAINED = "The cloud's operator has put it into maintenance."
NOT_AT_REST = {
    "Resize disk": "Only a disk that is available or in use can be resized.",
    "Change disk type": "The type can be changed only while the disk is available or in use.",
    "Clone disk": "Only a disk that is available or in use can be cloned.",
    "Create snapshot": "A snapshot can be created only while the disk is available or in use.",
    "Create backup": "A backup can be created only while the disk is available or in use.",
}
BUSY = "An operation on it is in progress; it can be deleted when it is available."
HALFWAY = "An operation on it failed halfway; only the cloud's operator can reset it."
GREYED: list[tuple[Answer, dict[str, str]]] = [
    ({}, {}),
    ({"status": "creating"}, {**NOT_AT_REST, "Delete disk": BUSY}),
    ({"status": "extending"}, {**NOT_AT_REST, "Delete disk": BUSY}),
    ({"status": "retyping"}, {**NOT_AT_REST, "Delete disk": BUSY}),
    ({"status": "reserved"}, {**NOT_AT_REST, "Delete disk": BUSY}),
    # A second deletion does no harm.
    ({"status": "deleting"}, NOT_AT_REST),
    ({"status": "error"}, NOT_AT_REST),
    ({"status": "error_extending"}, NOT_AT_REST),
    ({"status": "error_backing-up"}, {**NOT_AT_REST, "Delete disk": HALFWAY}),
    (
        {"status": "error_deleting"},
        {**NOT_AT_REST, "Delete disk": "Deleting it has failed before; only the cloud's operator can reset it."},
    ),
    (
        {"status": "awaiting-transfer"},
        {**NOT_AT_REST, "Delete disk": "It is offered to another project: cancel the transfer first."},
    ),
    (
        {"status": "maintenance"},
        {**NOT_AT_REST, **dict.fromkeys(("Delete disk", "Rename disk", "Make bootable"), MAINTAINED)},
    ),
    ({"status": "moonstruck"}, {**NOT_AT_REST, "Delete disk": BUSY}),
    (ATTACHED, {"Delete disk": DETACH}),
    ({**ATTACHED, "status": "error"}, {**NOT_AT_REST, "Delete disk": DETACH}),
    (
        {"group_id": an_id(9)},
        {
            "Delete disk": "It belongs to a group and can be deleted only together with it.",
            "Change disk type": "It belongs to a group: the type of its disks can't be changed.",
        },
    ),
]


def test_it_stands_in_the_originals_order(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1)]
    assert list(menu(signed_in.get(URL, headers=HTMX))) == ENTRIES


def test_it_offers_to_undo_what_is_bootable(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, bootable="true")]
    assert list(menu(signed_in.get(URL, headers=HTMX)))[4] == "Make not bootable"


def test_it_has_no_backups_where_these_are_off(cloud: FakeCloud, signed_in: Client, settings: Settings) -> None:
    settings.BACKUPS = False
    cloud.volumes = [volume(1)]
    assert list(menu(signed_in.get(URL, headers=HTMX))) == ENTRIES[:-1]


def test_it_greys_what_the_state_forbids(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(number, **changes) for number, (changes, _reasons) in enumerate(GREYED, 1)]
    shown = menus(signed_in.get(URL, headers=HTMX)).values()
    for entries, (changes, reasons) in zip(shown, GREYED, strict=True):
        assert {label: reason for label, reason in entries.items() if reason} == reasons, changes


@pytest.mark.parametrize(("version", "reason"), [("3.41", "too old to resize an attached disk"), ("3.42", "")])
def test_it_knows_which_clouds_resize_attached_disks(
    cloud: FakeCloud, enter: SignIn, version: str, reason: str
) -> None:
    cloud.microversion = version
    client = enter()
    cloud.volumes = [volume(1, **ATTACHED), volume(2)]
    shown = menus(client.get(URL, headers=HTMX))
    attached, detached = (shown[an_id(number)]["Resize disk"] for number in (1, 2))
    assert reason in attached
    assert bool(reason) == bool(attached)
    assert detached == ""


def test_it_greys_all_that_writes_for_readers(cloud: FakeCloud, reader: Client) -> None:
    cloud.volumes = [volume(1), volume(2, **ATTACHED), volume(3, status="error")]
    greyed = {**dict.fromkeys(ENTRIES, READS), "Snapshot list": ""}
    assert menus(reader.get(URL, headers=HTMX)) == {an_id(number): greyed for number in (1, 2, 3)}


def test_it_opens_dialogs_acts_and_leads_on(cloud: FakeCloud, signed_in: Client) -> None:
    """Each entry is a link for a browser without JavaScript."""
    cloud.volumes = [volume(1)]
    opened = menu_of(signed_in.get(URL, headers=HTMX))
    disk = f"{URL}{an_id(1)}/"
    for path in ("delete", "resize", "change-type", "rename", "clone", "create-snapshot", "create-backup"):
        assert opens_dialog(opened, f"{disk}{path}/"), path
    acts = opened.find("menuitem", "Make bootable")
    assert (acts["href"], acts["hx-post"], acts["hx-include"]) == (
        f"{disk}bootable/",
        f"{disk}bootable/",
        "#page-token",
    )
    assert (acts["hx-target"], acts["hx-swap"]) == ("#dialog", "none")
    leads = opened.find("menuitem", "Snapshot list")
    assert leads["href"] == f"{disk}snapshots/"
    assert not [attribute for attribute in ("hx-get", "hx-post") if attribute in leads]


def test_it_describes_its_greyed_entries_by_their_reasons(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, **ATTACHED)]
    entry = menu_of(signed_in.get(URL, headers=HTMX)).find("menuitem", "Delete disk")
    assert "aria-describedby" in entry
    assert (entry["aria-disabled"], entry["title"], entry.description) == ("true", DETACH, DETACH)
    assert not [attribute for attribute in ("href", "hx-get", "hx-post") if attribute in entry]


def test_it_stands_on_the_disks_own_page_as_buttons(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, **ATTACHED)]
    disk = f"{URL}{an_id(1)}/"
    answer = signed_in.get(disk)
    page = Page(answer)
    labels = [label for label in ENTRIES if label != "Snapshot list"]
    assert [button.name for button in page.find_all("button") if button.name in labels] == labels
    assert opens_dialog(answer, f"{disk}resize/")
    assert page.find("button", "Make bootable")["hx-post"] == f"{disk}bootable/"
    delete = page.find("button", "Delete disk")
    assert (delete["aria-disabled"], delete.description, delete["href"]) == ("true", DETACH, "")


@pytest.mark.parametrize(
    ("path", "target", "told"),
    [
        ("rename", "dialog", {"not-found"}),
        ("delete", "dialog", {"not-found"}),
        ("create-snapshot", "dialog", {"not-found"}),
        ("rename", "table", set()),
    ],
)
def test_it_lets_the_list_look_again_for_what_is_gone(
    signed_in: Client, path: str, target: str, told: set[str]
) -> None:
    answer = signed_in.get(f"{URL}{an_id(1)}/{path}/", headers={**HTMX, "HX-Target": target})
    assert answer.status_code == 404
    assert triggered(answer) == told


def test_it_is_in_a_list_that_looks_again(signed_in: Client) -> None:
    table = Page(signed_in.get(URL, headers=HTMX)).by_id("table")
    assert table
    assert "not-found from:body" in triggers(table)
