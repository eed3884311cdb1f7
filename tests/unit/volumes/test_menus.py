"""The menu of a disk: what it offers, in the original's order, and what is greyed, why."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.support.canned import HTMX, SignIn
from tests.support.fake_cloud import Answer, FakeCloud, an_id, volume
from tests.support.pages import HERE, menu, opens_dialog, text_of, words

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
READS = "Your role in this project may only read."
DETACH = "It is attached to an instance: detach it first."
ATTACHED: Answer = {"status": "in-use", "attachments": [{"server_id": an_id(5000), "device": "/dev/vdb"}]}
MAINTAINED = "The cloud's operator has put it into maintenance."
NOT_AT_REST = {
    "Resize disk": "Only a disk that is available or in use can be resized.",
    "Change disk type": "The type can be changed only of a disk that is available or in use.",
    "Clone disk": "Only a disk that is available or in use can be cloned.",
    "Create snapshot": "A snapshot can be made only of a disk that is available or in use.",
    "Create backup": "A backup can be made only of a disk that is available or in use.",
}
BUSY = "Something is going on with it; it can be deleted when it is available."
HALFWAY = "Something went wrong with it halfway; only the cloud's operator can reset it."
GREYED: list[tuple[Answer, dict[str, str]]] = [
    ({}, {}),
    ({"status": "creating"}, {**NOT_AT_REST, "Delete disk": BUSY}),
    ({"status": "extending"}, {**NOT_AT_REST, "Delete disk": BUSY}),
    ({"status": "retyping"}, {**NOT_AT_REST, "Delete disk": BUSY}),
    ({"status": "reserved"}, {**NOT_AT_REST, "Delete disk": BUSY}),
    # Asked for once more it does no harm.
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
            "Delete disk": "It belongs to a group and goes only with that.",
            "Change disk type": "It belongs to a group, whose disks keep their type.",
        },
    ),
]


def greyed(shown: dict[str, str]) -> dict[str, str]:
    return {label: reason for label, reason in shown.items() if reason}


def test_it_stands_in_the_originals_order(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1)]
    assert list(menu(signed_in.get(URL))) == ENTRIES


def test_it_offers_to_undo_what_is_bootable(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, bootable="true")]
    assert list(menu(signed_in.get(URL)))[4] == "Make not bootable"


def test_it_has_no_backups_where_there_are_none(cloud: FakeCloud, signed_in: Client, settings: Settings) -> None:
    settings.BACKUPS = False
    cloud.volumes = [volume(1)]
    assert list(menu(signed_in.get(URL))) == ENTRIES[:-1]


@pytest.mark.parametrize(("changes", "reasons"), GREYED, ids=str)
def test_it_greys_what_the_state_forbids(
    cloud: FakeCloud, signed_in: Client, changes: Answer, reasons: dict[str, str]
) -> None:
    cloud.volumes = [volume(1, **changes)]
    assert greyed(menu(signed_in.get(URL))) == reasons


@pytest.mark.parametrize(("version", "reason"), [("3.41", "too old to resize an attached disk"), ("3.42", "")])
def test_it_knows_which_clouds_resize_attached_disks(
    cloud: FakeCloud, sign_in: SignIn, version: str, reason: str
) -> None:
    cloud.microversion = version
    client = sign_in()
    cloud.volumes = [volume(1, **ATTACHED)]
    assert reason in menu(client.get(URL))["Resize disk"]
    assert bool(reason) == bool(menu(client.get(URL))["Resize disk"])
    cloud.volumes = [volume(1)]
    assert menu(client.get(URL))["Resize disk"] == ""


@pytest.mark.parametrize("changes", [{}, ATTACHED, {"status": "error"}], ids=str)
def test_it_greys_all_that_writes_for_readers(cloud: FakeCloud, sign_in: SignIn, changes: Answer) -> None:
    cloud.roles = ["reader"]
    cloud.volumes = [volume(1, **changes)]
    shown = menu(sign_in().get(URL))
    assert shown == {**dict.fromkeys(ENTRIES, READS), "Snapshot list": ""}


def test_it_opens_dialogs_acts_and_leads_on(cloud: FakeCloud, signed_in: Client) -> None:
    """Each entry is a link for who has no script."""
    cloud.volumes = [volume(1)]
    text = text_of(signed_in.get(URL))
    disk = f"{URL}{an_id(1)}/"
    dialogs = ("delete", "resize", "change-type", "rename", "clone", "create-snapshot", "create-backup")
    for path in dialogs:
        assert opens_dialog(text, f"{disk}{path}/")
    assert (
        f'href="{disk}bootable/" hx-post="{disk}bootable/" hx-include="#page-token" hx-target="#dialog" hx-swap="none"'
        in text
    )
    assert f'<a role="menuitem" tabindex="-1" href="{disk}snapshots/">' in text


def test_its_reasons_are_descriptions_of_the_greyed_entries(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, **ATTACHED)]
    text = text_of(signed_in.get(URL))
    assert f'aria-disabled="true" aria-describedby="why-{an_id(1)}-1" title="{DETACH}"' in text
    assert f'id="why-{an_id(1)}-1" hidden>{DETACH}</span>' in text
    assert f'href="{URL}{an_id(1)}/delete/' not in text


def test_it_stands_on_the_disks_own_page_as_buttons(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, **ATTACHED)]
    page = signed_in.get(f"{URL}{an_id(1)}/")
    told, text = words(page), text_of(page)
    positions = [told.index(label) for label in ENTRIES if label != "Snapshot list"]
    assert positions == sorted(positions)
    assert DETACH in told
    assert f'hx-get="{URL}{an_id(1)}/resize/" hx-target="#dialog"' in text
    assert f'hx-post="{URL}{an_id(1)}/bootable/"' in text
    assert f'href="{URL}{an_id(1)}/delete/' not in text


@pytest.mark.parametrize("path", ["rename", "delete", "create-snapshot"])
@pytest.mark.parametrize(("target", "told"), [("dialog", "not-found"), ("table", None)])
def test_the_list_looks_again_for_what_is_gone(signed_in: Client, path: str, target: str, told: str | None) -> None:
    assert "not-found from:body" in text_of(signed_in.get(URL))
    answer = signed_in.get(f"{URL}{an_id(1)}/{path}/", headers={**HTMX, "HX-Target": target})
    assert answer.status_code == 404
    assert answer.get("HX-Trigger") == told
