"""Backups of a disk and of a snapshot are created, restored to a new disk and deleted. The tests compare the bytes."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.disk_bytes import same_bytes, write
from tests.support.devcloud import Project, wait_for_status

# A backup of one full GB takes some seconds.
SLOW_MS = 90_000
NOTHING_TO_BASE_ON = "The first backup is always full."


@pytest.mark.sized
def test_from_the_first_backup_to_its_restored_disk(page: Page, project: Project, full: bool) -> None:
    """To back up an attached disk or a snapshot, Cinder copies it first: one full GB, whatever it contains."""
    disk = project.create_disk("database", volume_type="ceph-ssd")
    if full:
        project.attach(disk.id)
    else:
        project.shrink(disk.id)
    write(project, disk, "monday")
    steps.sign_in(page, project)
    back_up_the_disk(page, attached=full)
    write(project, disk, "tuesday")
    snapshot = project.create_snapshot(disk.id, "tuesday")
    back_up_what_changed(page, of_snapshot=full)
    made = {one.name: one for one in project.volume_client().backups.list()}
    assert not made["monday"].is_incremental
    assert made["tuesday"].is_incremental
    assert made["tuesday"].snapshot_id == (snapshot.id if full else None)

    restored = restore(page, project)
    assert restored.description == "to compare"
    # By itself, Cinder would choose its default type.
    assert restored.volume_type == "ceph-ssd"
    assert same_bytes(project, restored, snapshot)
    delete_the_chain(page, project)


def back_up_the_disk(page: Page, *, attached: bool) -> None:
    dialog = steps.open_dialog(page, "database", "Create backup")
    if attached:
        expect(dialog).to_contain_text("The disk is attached to a running instance")
    incremental = steps.field(dialog, "Incremental")
    expect(incremental).to_be_disabled()
    expect(dialog).to_contain_text(NOTHING_TO_BASE_ON)
    steps.field(dialog, "Backup name").fill("monday")
    steps.field(dialog, "Description").fill("all of it")
    steps.press(dialog, "Create backup")
    steps.told(page, "Backup “monday” is being created. The Backups page shows its progress.")
    page.get_by_role("link", name="Backups", exact=True).click()
    expect(steps.heading(page, "Backups")).to_be_visible()
    row = steps.row(page, "monday")
    if attached:
        expect(row).to_contain_text("Creating")
        expect(entry(page, "monday", "Restore to a new disk")).to_have_accessible_description(
            "A disk can be created only from a backup that is available."
        )
        page.keyboard.press("Escape")
    for text in ("Available", "Full", "1 GB"):
        expect(row).to_contain_text(text, timeout=SLOW_MS)
    row.get_by_role("link", name="database", exact=True).click()
    expect(steps.heading(page, "Snapshots of disk database")).to_be_visible()


def back_up_what_changed(page: Page, *, of_snapshot: bool) -> None:
    if of_snapshot:
        page.reload()
        dialog = steps.open_dialog(page, "tuesday", "Create backup")
    else:
        page.get_by_role("link", name="Disks", exact=True).first.click()
        dialog = steps.open_dialog(page, "database", "Create backup")
    expect(dialog).not_to_contain_text("attached")
    expect(dialog).to_contain_text("Keeps only what changed since monday: quicker and smaller.")
    steps.field(dialog, "Backup name").fill("tuesday")
    steps.field(dialog, "Incremental").check()
    dialog.get_by_text("Equivalent CLI command").click()
    expect(dialog.get_by_role("code")).to_contain_text(
        "--force --incremental --snapshot" if of_snapshot else "--incremental"
    )
    steps.press(dialog, "Create backup")
    steps.told(page, "Backup “tuesday” is being created.")
    page.get_by_role("link", name="Backups", exact=True).click()
    row = steps.row(page, "tuesday")
    for text in ("Available", "Incremental", *(["of a snapshot"] if of_snapshot else [])):
        expect(row).to_contain_text(text, timeout=SLOW_MS)


def restore(page: Page, project: Project) -> Any:
    dialog = steps.open_dialog(page, "tuesday", "Restore to a new disk", "Create disk")
    expect(steps.field(dialog, "Disk name")).to_be_focused()
    expect(dialog).to_contain_text("From: tuesday 1 GB")
    expect(steps.field(dialog, "Source").locator("option")).to_have_text(["Backup"])
    steps.field(dialog, "Disk name").fill("restored")
    steps.field(dialog, "Description").fill("to compare")
    steps.press(dialog, "Create disk")
    steps.told(page, "Disk “restored” is being created.")
    page.get_by_role("link", name="Disks", exact=True).click()
    expect(steps.row(page, "restored")).to_contain_text("Available", timeout=SLOW_MS)
    volumes = project.volume_client().volumes
    made = next(one for one in volumes.list() if one.name == "restored")
    return wait_for_status(volumes, made.id)


def delete_the_chain(page: Page, project: Project) -> None:
    page.get_by_role("link", name="Backups", exact=True).click()
    expect(entry(page, "monday", "Delete backup")).to_have_accessible_description(
        "Increments are based on it: delete those first."
    )
    page.keyboard.press("Escape")
    page.get_by_role("checkbox", name="Select all", exact=True).check()
    steps.press(page, "Delete backup")
    dialog = steps.dialog(page, "Delete backups")
    expect(dialog).to_contain_text("Will be deleted: 2.")
    first, second = dialog.get_by_role("listitem").all()
    expect(first).to_contain_text("tuesday")
    expect(second).to_contain_text("monday")
    # Cinder refuses the base until its increment is gone: Diskboard waits for that.
    steps.press(dialog, "Delete")
    steps.told(page, "2 backups are being deleted.")
    expect(page.get_by_role("heading", name="No backups yet")).to_be_visible()
    assert project.volume_client().backups.list() == []


def entry(page: Page, name: str, label: str) -> Locator:
    """Open a row's menu and return one of its entries."""
    return steps.open_menu(page, name).get_by_role("menuitem", name=label, exact=True)
