"""A snapshot whose disk was transferred to another project without it: Cinder answers 404 to most of its changes."""

import pytest
from django.test import Client

from tests.support.asked import deleted
from tests.support.canned import HTMX
from tests.support.cloud_rows import an_id, fault, snapshot, volume
from tests.support.fake_cloud import FAULT_HEADERS, FakeCloud
from tests.support.pages import HERE, Page, alerts, failures, rows_by_id, words

SNAPSHOT, DISK = an_id(1001), an_id(1)
ONE = f"{HERE}/snapshots/{SNAPSHOT}/"
WITH_DISK = f"{HERE}/disks/{DISK}/snapshots/{SNAPSHOT}/"
ELSEWHERE = "Its disk belongs to another project. Transfer the disk back, or ask the cloud's operator."
GONE = f"Volume {DISK} could not be found."


@pytest.fixture(autouse=True)
def _transferred(cloud: FakeCloud) -> None:
    cloud.volumes, cloud.snapshots = [volume(2)], [snapshot(1001, name="left behind")]
    cloud.http.delete(
        cloud.at(f"/snapshots/{SNAPSHOT}"),
        status_code=404,
        json=fault("itemNotFound", 404, GONE),
        headers=FAULT_HEADERS,
    )


def test_a_refused_deletion_is_no_success(cloud: FakeCloud, signed_in: Client) -> None:
    part = signed_in.post(f"{HERE}/snapshots/delete/run/", {"ids": [SNAPSHOT]}, headers=HTMX)
    assert deleted(cloud) == [SNAPSHOT]
    assert rows_by_id(part) == {}
    assert GONE in failures(part)[SNAPSHOT]
    toasts = words(signed_in.get("/toasts/"))
    assert "1 snapshot could not be deleted: its row says why." in toasts
    assert "being deleted" not in toasts
    page = words(signed_in.post(f"{HERE}/snapshots/delete/run/", {"ids": [SNAPSHOT]}))
    assert GONE in page
    assert "is deleted" not in page


def test_the_preview_says_so_before(signed_in: Client) -> None:
    preview = signed_in.post(f"{HERE}/snapshots/delete/", {"ids": [SNAPSHOT]}, headers=HTMX)
    assert f"Can't be deleted: {ELSEWHERE[0].lower()}{ELSEWHERE[1:]}" in words(preview)
    assert not Page(preview).has("button", "Delete")


@pytest.mark.parametrize("url", [f"{ONE}create-disk/", f"{WITH_DISK}create-backup/", f"{WITH_DISK}roll-back/"])
def test_the_dialogs_open_and_say_why_not(signed_in: Client, url: str) -> None:
    for headers in ({}, HTMX):
        answer = signed_in.get(url, headers=headers)
        assert answer.status_code == 200
        assert ELSEWHERE in alerts(answer)


def test_its_page_greys_what_is_impossible_and_leads_nowhere(signed_in: Client) -> None:
    page = Page(signed_in.get(ONE))
    for name in ("Create disk", "Create backup", "Delete snapshot"):
        assert page.find("button", name)["aria-disabled"] == "true"
    assert "another project's disk" in page.text
    assert [link["href"] for link in page.find_all("link") if DISK in link["href"]] == []


def test_a_backup_of_a_deleted_disk_does_not_link_to_it(signed_in: Client) -> None:
    part = Page(signed_in.get(f"{HERE}/backups/details/", {"disks": DISK}, headers=HTMX))
    assert part.text == f"deleted disk {DISK[:8]}"
    assert part.find_all("link") == []
