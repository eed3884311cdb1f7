"""Names with invisible or reordering characters are visible as such wherever they are shown."""

import re

import pytest
from django.test import Client

from dashboard.cloud.visible import FIRST_STRONG_ISOLATE, INVISIBLE, POP_ISOLATE
from tests.support.cloud_rows import an_id, backup, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import HERE, Page, command, text_of
from tests.support.views import BOTH_WAYS, EVERY_VIEW, View, stock_one_of_each

pytestmark = pytest.mark.django_db

SPOOFED, SHOWN = "photo\u202egnp.exe\u200b", "photo[U+202E]gnp.exe[U+200B]"
# Line breaks and tabs belong to the markup, isolates to Diskboard's own sentences.
MARKUP = re.compile(f"[\n\t{FIRST_STRONG_ISOLATE}{POP_ISOLATE}]")
# The fields in which names are edited hold them as they are, and files too.
HOLDS_NAMES = ("export/", "rename/", "edit/")


@pytest.fixture(params=[SPOOFED, "\u200b\u2060", "مرحبا 1"], ids=["spoofed", "invisible", "right to left"])
def name(request: pytest.FixtureRequest, cloud: FakeCloud) -> str:
    """The name of everything in the cloud."""
    given = str(request.param)
    stock_one_of_each(cloud)
    for row in (*cloud.volumes, *cloud.snapshots, *cloud.backups):
        row["name"] = given
    return given


@EVERY_VIEW
def test_no_view_holds_an_invisible_character(signed_in: Client, name: str, view: View) -> None:
    for headers in BOTH_WAYS:
        answer = signed_in.get(view.url, headers=headers)
        if not view.path.endswith(HOLDS_NAMES):
            found = INVISIBLE.findall(MARKUP.sub("", text_of(answer)))
            assert not found, f"{name!r}: {[f'U+{ord(sign):04X}' for sign in found]}"


@pytest.mark.parametrize("kind", ["disks", "snapshots", "backups"])
def test_a_list_shows_the_name_or_the_id(signed_in: Client, cloud: FakeCloud, name: str, kind: str) -> None:
    row_id = {"disks": cloud.volumes, "snapshots": cloud.snapshots, "backups": cloud.backups}[kind][0]["id"]
    shown = {SPOOFED: SHOWN, "\u200b\u2060": row_id}.get(name, name)
    page = Page(signed_in.get(f"{HERE}/{kind}/"))
    assert [one.text for one in page.select("td.col-name > bdi")] == [shown]
    assert page.has("checkbox", f"Select {shown}")
    assert page.has("button", f"Actions for {shown}")


@pytest.mark.parametrize("kind", ["disks", "snapshots", "backups"])
def test_a_preview_tells_look_alikes_apart(signed_in: Client, cloud: FakeCloud, kind: str) -> None:
    ids = ["3fa85f64-5717-4562-b3fc-2c963f66afa6", "7c9e6679-7425-40de-944b-e07fc1f90ae7", an_id(9)]
    make, rows = {
        "disks": (volume, cloud.volumes),
        "snapshots": (snapshot, cloud.snapshots),
        "backups": (backup, cloud.backups),
    }[kind]
    names = ["web", "web", "other"]
    rows[:] = [make(number, id=one, name=name) for number, (one, name) in enumerate(zip(ids, names, strict=True), 1)]
    page = Page(signed_in.post(f"{HERE}/{kind}/delete/", {"ids": ids}))
    # Backups come in an order of their own.
    assert {one.text for one in page.select("#fates .name")} == {"web 3fa85f64", "web 7c9e6679", "other"}


def test_a_select_tells_look_alikes_apart(signed_in: Client, cloud: FakeCloud) -> None:
    ids = ["3fa85f64-5717-4562-b3fc-2c963f66afa6", "7c9e6679-7425-40de-944b-e07fc1f90ae7"]
    cloud.volumes = [*(volume(number, id=one, name="web") for number, one in enumerate(ids, 1)), volume(3, name="db")]
    answers = {
        "Disk": signed_in.get(f"{HERE}/snapshots/create/"),
        "Made from": signed_in.post(f"{HERE}/disks/create/?again", {"source": "disk"}),
    }
    for label, answer in answers.items():
        options = [one.text for one in Page(answer).field(label).select("option") if one["value"]]
        assert sorted(options) == ["db, 10 GB", "web, 10 GB (3fa85f64)", "web, 10 GB (7c9e6679)"]


def test_a_message_shows_the_name_as_pages_do(signed_in: Client, cloud: FakeCloud) -> None:
    stock_one_of_each(cloud)
    url = f"{HERE}/disks/{an_id(1)}/create-snapshot/"
    for given, shown in ((SPOOFED, SHOWN), ("مرحبا", f"{FIRST_STRONG_ISOLATE}مرحبا{POP_ISOLATE}")):
        assert signed_in.post(url, {"name": given, "key": given}).status_code == 302
        assert f"Snapshot “{shown}” is being created." in text_of(signed_in.get("/toasts/"))


def test_new_names_are_proposed_without_invisible_characters(signed_in: Client, cloud: FakeCloud) -> None:
    cloud.volumes = [volume(1, name=SPOOFED)]
    page = Page(signed_in.get(f"{HERE}/disks/{an_id(1)}/create-snapshot/"))
    assert page.field("Snapshot name").value.startswith("photognp.exe_snapshot_")


def test_a_command_holds_no_invisible_character(signed_in: Client, cloud: FakeCloud) -> None:
    cloud.volumes = [volume(1, name=SPOOFED)]
    line = command(signed_in.get(f"{HERE}/disks/{an_id(1)}/rename/"))
    assert INVISIBLE.search(line) is None
    assert r"photo\0342\0200\0256gnp.exe\0342\0200\0213" in line
