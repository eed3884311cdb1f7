"""Going back to a snapshot: on the disk itself, or on a new disk if that is not possible. The bytes are compared."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.disk_bytes import same_bytes, write
from tests.browser.watch import Watch
from tests.support.devcloud import Project, wait_for_status

ATTACHED = "The disk is attached to an instance: detach it first."
NOT_NEWEST = (
    "A disk can be rolled back only to its newest snapshot: "
    "delete the newer ones first, or create a disk from this one."
)


def test_a_disk_gets_the_bytes_of_its_snapshot_again(page: Page, project: Project) -> None:
    disk = project.create_disk("database")
    write(project, disk, "before the upgrade")
    snapshot = project.create_snapshot(disk.id, "good")
    volumes = project.volume_client().volumes
    steps.sign_in_to_snapshots(page, project, disk)

    # Both rows show the roll-back while the storage works on it.
    with steps.slow_storage(project, snapshot):
        steps.press(steps.open_dialog(page, "good", "Roll back disk"), "Roll back")
        steps.told(page, "Disk “database” is being rolled back.")
        expect(steps.row(page, "good")).to_contain_text("Restoring")
        page.get_by_role("link", name="Disks", exact=True).first.click()
        expect(steps.row(page, "database")).to_contain_text("Rolling back")
    expect(steps.row(page, "database")).to_contain_text("Available")

    write(project, disk, "after the upgrade")
    assert not same_bytes(project, disk, snapshot)
    steps.choose(page, "database", "Snapshot list")
    row = steps.row(page, "good")
    taken = row.get_by_role("time").get_attribute("datetime")
    dialog = steps.open_dialog(page, "good", "Roll back disk")
    expect(dialog).to_contain_text("Disk: database")
    expect(dialog).to_contain_text("Everything that was written to the disk since")
    expect(dialog.get_by_role("time").first).to_have_attribute("datetime", str(taken))
    steps.press(dialog, "Cancel")
    assert volumes.get(disk.id).status == "available"
    assert not same_bytes(project, disk, snapshot)
    dialog = steps.open_dialog(page, "good", "Roll back disk")
    steps.press(dialog, "Roll back")
    steps.told(page, "Disk “database” is being rolled back.")
    wait_for_status(volumes, disk.id)
    assert same_bytes(project, disk, snapshot)
    expect(row).to_contain_text("Available")


@pytest.mark.full
def test_where_it_is_not_possible_a_new_disk_is(page: Page, project: Project, watch: Watch) -> None:
    watch.expect(422)
    disk = project.create_disk("database", volume_type="ceph-ssd")
    write(project, disk, "old")
    old = project.create_snapshot(disk.id, "old")
    write(project, disk, "new")
    project.create_snapshot(disk.id, "new")
    project.attach(disk.id)
    steps.sign_in_to_snapshots(page, project, disk)

    for name, reason in (("new", ATTACHED), ("old", NOT_NEWEST)):
        dialog = steps.open_dialog(page, name, "Roll back disk")
        expect(dialog.get_by_role("alert")).to_have_text(reason)
        expect(dialog.get_by_role("button", name="Roll back", exact=True)).to_have_count(0)
        steps.press(dialog, "Create disk")
        dialog = steps.dialog(page, "Create disk")
        expect(page.get_by_role("dialog")).to_have_count(1)
        expect(steps.field(dialog, "Disk name")).to_be_focused()
        expect(dialog).to_contain_text(f"From: {name} 1 GB")
        if name == "new":
            page.keyboard.press("Escape")
            expect(page.get_by_role("button", name="Actions for new", exact=True)).to_be_focused()

    expect(steps.field(dialog, "Source").locator("option")).to_have_text(["Disk snapshot"])
    expect(steps.field(dialog, "Disk type").locator("option:checked")).to_have_text("ceph-ssd")
    expect(steps.field(dialog, "Size (GB)")).to_have_value("1")
    steps.field(dialog, "Disk name").fill("from old")
    steps.field(dialog, "Description").fill("to compare")
    steps.field(dialog, "Disk type").select_option(label="ceph-hdd")
    steps.press(dialog, "Create disk")
    expect(dialog.get_by_role("alert")).to_contain_text("requested type is not compatible")
    expect(steps.field(dialog, "Disk type").locator("option:checked")).to_have_text("ceph-hdd")
    expect(steps.field(dialog, "Description")).to_have_value("to compare")
    steps.field(dialog, "Disk type").select_option(label="ceph-ssd")
    steps.press(dialog, "Create disk")
    steps.told(page, "Disk “from old” is being created.")
    page.get_by_role("link", name="Disks", exact=True).first.click()
    expect(steps.row(page, "from old")).to_contain_text("Available")
    expect(steps.row(page, "from old")).to_contain_text("ceph-ssd")
    made = next(one for one in project.volume_client().volumes.list() if one.name == "from old")
    assert made.description == "to compare"
    assert same_bytes(project, made, old)
    assert not same_bytes(project, disk, old)

    # The snapshot's own page now shows the disk made from it, and so does the preview of its deletion.
    steps.choose(page, "database", "Snapshot list")
    steps.row(page, "old").get_by_role("link", name="old", exact=True).click()
    expect(page.get_by_role("listitem").filter(has=page.get_by_role("link", name="from old"))).to_contain_text("1 GB")
    steps.press(page, "Delete snapshot")
    made = re.compile(r"1 disk was created from it; .*:\s+from old")
    expect(steps.dialog(page, "Delete snapshots")).to_contain_text(made)
