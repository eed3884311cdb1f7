"""The page with the actions of one record, to which its row leads without JavaScript."""

import pytest
import requests
from django.test import Client
from pytest_django.fixtures import Settings

from tests.support.actions import BACKUP, DISK, SNAPSHOT
from tests.support.asked import deleted
from tests.support.canned import HTMX
from tests.support.cloud_rows import Answer, an_id, backup, not_found, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import HERE, Page, all_sent_by, is_whole, opens_dialog, words

READS = "Your role in this project is read-only."
OF_DISKS = ["Delete disk", "Resize disk", "Change disk type", "Rename disk", "Make bootable"]
OF_DISKS += ["Snapshot list", "Clone disk", "Create snapshot", "Create backup"]
OF_SNAPSHOTS = ["Create disk", "Create backup", "Edit snapshot", "Roll back disk", "Delete snapshot"]
OF_BACKUPS = ["Restore to a new disk", "Delete backup"]
# The kind of record, its id, and its actions
RECORDS = [("disks", DISK, OF_DISKS), ("snapshots", SNAPSHOT, OF_SNAPSHOTS), ("backups", BACKUP, OF_BACKUPS)]
EVERY_RECORD = pytest.mark.parametrize(("kind", "record_id", "labels"), RECORDS, ids=["disk", "snapshot", "backup"])
ATTACHED: Answer = {"status": "in-use", "attachments": [{"server_id": an_id(5000), "device": "/dev/vdb"}]}
CINDERS_NAMES = {"disks": "volumes"}


@pytest.fixture(autouse=True)
def _one_of_each(cloud: FakeCloud) -> None:
    cloud.volumes = [volume(1, name="<x>")]
    cloud.snapshots, cloud.backups = [snapshot(1001, name="<x>")], [backup(2001, name="<x>")]


def actions_on(page: Page) -> dict[str, str]:
    """The actions on a page, with the reason for each greyed one."""
    found = [*page.find_all("button"), *page.find_all("link")]
    labels = {*OF_DISKS, *OF_SNAPSHOTS, *OF_BACKUPS}
    return {one.name: one.description if one["aria-disabled"] else "" for one in found if one.name in labels}


@EVERY_RECORD
def test_it_offers_what_the_menu_does(
    cloud: FakeCloud, signed_in: Client, kind: str, record_id: str, labels: list[str]
) -> None:
    answer = signed_in.get(f"{HERE}/{kind}/{record_id}/actions/")
    page = Page(answer)
    assert is_whole(answer)
    assert page.find("heading").text.endswith("<x>")
    assert page.find("heading").text.startswith("Actions for ")
    assert actions_on(page) == dict.fromkeys(labels, "")
    assert [one.text for one in page.select(".toolbar .button")] == labels
    assert page.find("link", "Back to the list")["href"] == f"{HERE}/{kind}/"
    assert cloud.asked() == [f"GET /{CINDERS_NAMES.get(kind, kind)}/{record_id}"]


def test_a_disks_actions_are_links(signed_in: Client) -> None:
    disk = f"{HERE}/disks/{DISK}/"
    page = Page(signed_in.get(f"{disk}actions/"))
    for path in ("resize", "change-type", "rename", "clone", "create-snapshot", "create-backup"):
        assert opens_dialog(page, f"{disk}{path}/"), path
    assert page.find("link", "Snapshot list")["href"] == f"{disk}snapshots/"
    assert page.find("button", "Make bootable")["href"] == f"{disk}bootable/"


@pytest.mark.parametrize(
    ("kind", "record_id", "label"),
    [("disks", DISK, "Delete disk"), ("snapshots", SNAPSHOT, "Delete snapshot"), ("backups", BACKUP, "Delete backup")],
    ids=["disk", "snapshot", "backup"],
)
def test_deleting_it_leads_to_the_list(
    cloud: FakeCloud, signed_in: Client, kind: str, record_id: str, label: str
) -> None:
    """The page would be about something that is gone."""
    cloud.volumes.append(volume(2))
    cloud.snapshots[0]["volume_id"] = an_id(2)
    delete = Page(signed_in.get(f"{HERE}/{kind}/{record_id}/actions/")).find("button", label)
    preview = signed_in.get(delete["href"])
    assert Page(preview).has("heading", f"{label}s")
    answer = signed_in.post(f"{HERE}/{kind}/delete/run/", all_sent_by(preview), follow=True)
    assert answer.redirect_chain == [(f"{HERE}/{kind}/", 302)]
    assert deleted(cloud) == [record_id]


def test_it_says_why_something_is_impossible(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, **ATTACHED)]
    page = Page(signed_in.get(f"{HERE}/disks/{DISK}/actions/"))
    told = {label: reason for label, reason in actions_on(page).items() if reason}
    # Tooltips need a mouse.
    assert {item.text for item in page.find_all("listitem")} >= {f"{label}: {reason}" for label, reason in told.items()}
    assert told == {"Delete disk": "It is attached to an instance: detach it first."}
    assert "href" not in page.find("button", "Delete disk")


@EVERY_RECORD
def test_a_reader_may_only_look(reader: Client, kind: str, record_id: str, labels: list[str]) -> None:
    page = Page(reader.get(f"{HERE}/{kind}/{record_id}/actions/"))
    assert actions_on(page) == {label: "" if label == "Snapshot list" else READS for label in labels}


@EVERY_RECORD
def test_it_says_that_the_record_is_gone(
    cloud: FakeCloud, signed_in: Client, kind: str, record_id: str, labels: list[str]
) -> None:
    cloud.volumes, cloud.snapshots, cloud.backups = [], [], []
    answer = signed_in.get(f"{HERE}/{kind}/{record_id}/actions/")
    assert answer.status_code == 404
    assert Page(answer).has("heading", "Not found")
    assert actions_on(Page(answer)) == {}
    assert labels


@EVERY_RECORD
def test_it_never_takes_a_failure_for_gone(
    cloud: FakeCloud, signed_in: Client, kind: str, record_id: str, labels: list[str]
) -> None:
    path = cloud.at(f"/{CINDERS_NAMES.get(kind, kind)}/{record_id}")
    for wrong, status in (({"exc": requests.ConnectTimeout}, 503), ({"status_code": 500}, 502)):
        cloud.http.get(path, **wrong)
        assert signed_in.get(f"{HERE}/{kind}/{record_id}/actions/").status_code == status
    cloud.http.get(path, **not_found())
    assert signed_in.get(f"{HERE}/{kind}/{record_id}/actions/").status_code == 404
    assert labels


def test_it_has_no_backups_where_these_are_off(cloud: FakeCloud, signed_in: Client, settings: Settings) -> None:
    settings.BACKUPS = False
    for kind, record_id in (("disks", DISK), ("snapshots", SNAPSHOT)):
        answer = signed_in.get(f"{HERE}/{kind}/{record_id}/actions/")
        assert answer.status_code == 200
        assert "Create backup" not in words(answer)
    cloud.forget()
    assert signed_in.get(f"{HERE}/backups/{BACKUP}/actions/").status_code == 404
    assert cloud.asked() == []


@EVERY_RECORD
def test_it_is_a_page_for_htmx_too(signed_in: Client, kind: str, record_id: str, labels: list[str]) -> None:
    """No element requests it by htmx; it never becomes a part of another page."""
    answer = signed_in.get(f"{HERE}/{kind}/{record_id}/actions/", headers=HTMX)
    assert is_whole(answer)
    assert set(actions_on(Page(answer))) == set(labels)
