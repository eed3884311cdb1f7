"""Backups: of an attached disk and of a snapshot, restored to a new disk, deleted. The bytes are compared.

Each of them takes the cloud some seconds, so that one journey makes two and looks at everything on its way.
"""

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.disk_bytes import same_bytes, write
from tests.support.devcloud import Project, wait_for_status

SLOW_MS = 90_000
NOTHING_TO_BASE_ON = "The first backup of a disk holds all of it: there is nothing yet on which to base another."


def test_from_the_first_backup_to_its_restored_disk(page: Page, project: Project) -> None:
    disk = project.create_disk("database", volume_type="ceph-ssd")
    write(project, disk, "monday")
    project.attach(disk.id)
    steps.sign_in(page, project)
    back_up_the_attached_disk(page)
    write(project, disk, "tuesday")
    snapshot = project.create_snapshot(disk.id, "tuesday")
    back_up_the_snapshot(page)
    made = {one.name: one for one in project.volume_client().backups.list()}
    assert not made["monday"].is_incremental
    assert made["tuesday"].is_incremental
    assert made["tuesday"].snapshot_id == snapshot.id

    restored = restore(page, project)
    assert restored.description == "to compare"
    # Cinder's own choice would be its default type.
    assert restored.volume_type == "ceph-ssd"
    assert same_bytes(project, restored, snapshot)
    delete_the_increment_before_its_base(page, project)


def back_up_the_attached_disk(page: Page) -> None:
    dialog = steps.open_dialog(page, "database", "Create backup")
    expect(dialog).to_contain_text("The disk is attached to a running instance")
    incremental = steps.field(dialog, "Incremental")
    expect(incremental).to_be_disabled()
    expect(dialog).to_contain_text(NOTHING_TO_BASE_ON)
    steps.field(dialog, "Backup name").fill("monday")
    steps.field(dialog, "Description").fill("all of it")
    steps.press(dialog, "Create backup")
    steps.told(page, "Backup “monday” is being created. The Backups page shows how it goes.")
    page.get_by_role("link", name="Backups", exact=True).click()
    expect(steps.heading(page, "Backups")).to_be_visible()
    row = steps.row(page, "monday")
    expect(row).to_contain_text("Creating")
    expect(entry(page, "monday", "Restore to a new disk")).to_have_accessible_description(
        "A disk can be created only from a backup that is available."
    )
    page.keyboard.press("Escape")
    expect(row).to_contain_text("Available", timeout=SLOW_MS)
    for text in ("Full", "1 GB"):
        expect(row).to_contain_text(text)
    row.get_by_role("link", name="database", exact=True).click()


def back_up_the_snapshot(page: Page) -> None:
    page.reload()
    dialog = steps.open_dialog(page, "tuesday", "Create backup")
    expect(dialog).not_to_contain_text("attached")
    expect(dialog).to_contain_text("Keeps only what changed since monday: quicker and smaller.")
    steps.field(dialog, "Backup name").fill("tuesday")
    steps.field(dialog, "Incremental").check()
    dialog.get_by_text("Equivalent CLI command").click()
    expect(dialog.get_by_role("code")).to_contain_text("--force --incremental --snapshot")
    steps.press(dialog, "Create backup")
    steps.told(page, "Backup “tuesday” is being created.")
    page.get_by_role("link", name="Backups", exact=True).click()
    row = steps.row(page, "tuesday")
    expect(row).to_contain_text("Available", timeout=SLOW_MS)
    for text in ("Incremental", "of a snapshot"):
        expect(row).to_contain_text(text)


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


def delete_the_increment_before_its_base(page: Page, project: Project) -> None:
    page.get_by_role("link", name="Backups", exact=True).click()
    page.get_by_role("checkbox", name="Select all", exact=True).check()
    expect(entry(page, "monday", "Delete backup")).to_have_accessible_description(
        "Increments are based on it: delete those first."
    )
    page.keyboard.press("Escape")
    steps.press(page, "Delete backup")
    dialog = steps.dialog(page, "Delete backups")
    expect(dialog).to_contain_text("Will be deleted: 1. Can't be deleted: 1.")
    staying, going = dialog.get_by_role("listitem").all()
    expect(staying).to_contain_text("monday")
    expect(staying).to_contain_text("can't be deleted, because: Increments are based on it: delete those first.")
    expect(going).to_contain_text("tuesday")
    steps.press(dialog, "Delete")
    steps.told(page, "1 backup is being deleted.")
    expect(steps.row(page, "tuesday")).to_have_count(0)
    assert [one.name for one in project.volume_client().backups.list()] == ["monday"]

    # Its increment is gone: now it can go too.
    page.reload()
    dialog = steps.open_dialog(page, "monday", "Delete backup", "Delete backups")
    expect(dialog.get_by_role("listitem")).to_contain_text("will be deleted")
    steps.press(dialog, "Delete")
    expect(page.get_by_role("heading", name="No backups yet")).to_be_visible()


def entry(page: Page, name: str, label: str) -> Locator:
    """An entry of a row's menu, which is opened."""
    return steps.open_menu(page, name).get_by_role("menuitem", name=label, exact=True)
