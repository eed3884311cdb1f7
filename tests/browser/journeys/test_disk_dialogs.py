"""A disk's dialogs, opened from its menu and from its own page. The tests compare the bytes."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.disk_bytes import same_bytes, write
from tests.browser.watch import Watch
from tests.support.devcloud import Project, wait_for_status

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


def fact(page: Page, name: str) -> Locator:
    """The value of a fact on the page of a disk."""
    return page.locator(f"dt:text-is('{name}') + dd")


@pytest.mark.full
def test_a_source_is_chosen_while_what_was_typed_stays(page: Page, project: Project, watch: Watch) -> None:
    watch.expect(422)
    disk = project.create_disk("database", size=2, volume_type="ceph-ssd")
    write(project, disk, "of the shop")
    snapshot = project.create_snapshot(disk.id, "monday")
    volumes = project.volume_client().volumes
    steps.sign_in(page, project)
    opener = page.get_by_role("button", name="Create disk", exact=True)
    opener.click()
    dialog = steps.dialog(page, "Create disk")
    name, source = steps.field(dialog, "Disk name"), steps.field(dialog, "Source")
    made_from, size = steps.field(dialog, "Made from"), steps.field(dialog, "Size (GB)")
    expect(made_from).to_have_count(0)
    name.fill("copy")
    steps.field(dialog, "Description").fill("to compare")
    source.focus()
    source.select_option(label="Disk snapshot")
    expect(made_from).to_be_visible()
    expect(source).to_be_focused()
    size.fill("1")
    steps.press(dialog, "Create disk")
    expect(made_from).to_have_accessible_description("Choose the source of the disk.")
    expect(made_from).to_be_focused()

    made_from.select_option(label="monday, 2 GB")
    expect(size).to_have_value("2")
    expect(steps.field(dialog, "Disk type").locator("option:checked")).to_have_text("ceph-ssd")
    size.fill("1")
    steps.press(dialog, "Create disk")
    expect(size).to_have_accessible_description("It must be at least 2 GB, the size of its source.")
    expect(name).to_have_value("copy")
    size.fill("3")
    with steps.slow_storage(project, snapshot):
        steps.press(dialog, "Create disk")
        steps.told(page, "Disk “copy” is being created.")
        expect(steps.row(page, "copy")).to_contain_text("Creating")
        expect(opener).to_be_focused()
    expect(steps.row(page, "copy")).to_contain_text("Available")
    expect(steps.row(page, "copy")).to_contain_text("3 GB")
    copy = next(one for one in volumes.list() if one.name == "copy")
    assert (copy.description, copy.snapshot_id) == ("to compare", snapshot.id)
    clone_in_the_same_dialog(page, project, disk)


def clone_in_the_same_dialog(page: Page, project: Project, disk: Any) -> None:
    """Change the kind of source in the dialog: it forgets the source that was chosen for the first kind."""
    steps.press(page, "Create disk")
    dialog = steps.dialog(page, "Create disk")
    name, source = steps.field(dialog, "Disk name"), steps.field(dialog, "Source")
    made_from = steps.field(dialog, "Made from")
    name.fill("clone")
    source.select_option(label="Disk snapshot")
    made_from.select_option(label="monday, 2 GB")
    expect(steps.field(dialog, "Size (GB)")).to_have_value("2")
    source.select_option(label="Disk")
    expect(made_from).to_have_value("")
    made_from.select_option(label="database, 2 GB")
    expect(name).to_have_value("clone")
    steps.press(dialog, "Create disk")
    expect(steps.row(page, "clone")).to_contain_text("Available")
    clone = next(one for one in project.volume_client().volumes.list() if one.name == "clone")
    assert clone.source_volid == disk.id
    assert same_bytes(project, clone, disk)


def test_the_menu_and_what_acts_at_once(page: Page, project: Project) -> None:
    disk = project.create_disk("database")
    volumes = project.volume_client().volumes
    steps.sign_in(page, project)
    menu = steps.open_menu(page, "database")
    expect(menu.get_by_role("menuitem")).to_have_text(ENTRIES)
    menu.get_by_role("menuitem", name="Make bootable", exact=True).click()
    expect(steps.row(page, "database").get_by_role("cell", name="Yes", exact=True)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert volumes.get(disk.id).bootable == "true"
    steps.choose(page, "database", "Make not bootable")
    steps.told(page, "Disk “database” is not bootable any more.")
    expect(steps.row(page, "database").get_by_role("cell", name="No", exact=True)).to_be_visible()
    assert volumes.get(disk.id).bootable == "false"


@pytest.mark.full
def test_the_disks_own_page(page: Page, project: Project, watch: Watch) -> None:
    watch.expect(409, 422)
    client = project.volume_client()
    snapshot = project.create_snapshot(project.create_disk("origin").id)
    disk = client.volumes.create(1, name="database", description="of the shop", snapshot_id=snapshot.id)
    wait_for_status(client.volumes, disk.id)
    instance = "7d3fa0b2-0000-4000-8000-000000000000"
    project.attach(disk.id, device="/dev/vdc", instance=instance)
    steps.sign_in(page, project)
    page.get_by_role("link", name="database", exact=True).click()
    expect(steps.heading(page, "Disk database")).to_be_visible()
    expect(page).to_have_title("Disk database · Diskboard")
    for name, text in {
        "Status": "In use",
        "ID": disk.id,
        "Size": "1 GB",
        "Availability zone": "nova",
        "Bootable": "No",
        "Encrypted": "No",
        "Attached to": f"{instance} /dev/vdc",
        "Made from": f"Snapshot: {snapshot.id}",
        "Description": "of the shop",
        "Properties": "—",
    }.items():
        expect(fact(page, name)).to_contain_text(text)
    for copied in (disk.id, instance):
        expect(page.get_by_role("button", name=f"Copy {copied}", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Delete disk", exact=True)).to_have_accessible_description(
        re.compile("detach it first", re.IGNORECASE)
    )

    # The disk grows while it is attached, and the page follows that; the cloud reports that no instance was notified.
    steps.press(page, "Resize disk")
    dialog = steps.dialog(page, "Resize disk")
    expect(steps.field(dialog, "New size (GB)")).to_have_value("2")
    steps.press(dialog, "Resize")
    expect(fact(page, "Size")).to_have_text("2 GB")
    expect(fact(page, "Status")).to_have_text("In use")
    expect(page.get_by_role("heading", name="Messages of the cloud")).to_be_visible()

    # Another user's change isn't overwritten unseen.
    steps.press(page, "Rename disk")
    dialog = steps.dialog(page, "Rename disk")
    client.volumes.update(disk.id, name="theirs")
    steps.field(dialog, "Disk name").fill("ours")
    steps.field(dialog, "Description").fill("")
    steps.press(dialog, "Save")
    expect(dialog.get_by_role("alert")).to_contain_text("Disk name: “theirs”")
    steps.press(dialog, "Save")
    expect(steps.heading(page, "Disk ours")).to_be_visible()
    expect(fact(page, "Description")).to_have_text("—")
    steps.press(page, "Make bootable")
    expect(fact(page, "Bootable")).to_have_text("Yes")

    tabs = page.get_by_role("navigation", name="Pages of this disk")
    expect(tabs.get_by_role("link", name="General information")).to_have_attribute("aria-current", "page")
    tabs.get_by_role("link", name="Disk snapshots", exact=True).click()
    expect(steps.heading(page, "Snapshots of disk ours")).to_be_visible()
    expect(tabs.get_by_role("link", name="Disk snapshots")).to_have_attribute("aria-current", "page")
    tabs.get_by_role("link", name="General information", exact=True).click()
    fact(page, "Made from").get_by_role("link").click()
    expect(steps.heading(page, f"Snapshot {snapshot.name}")).to_be_visible()


def test_a_disk_is_deleted_from_its_own_page(page: Page, project: Project) -> None:
    project.create_failed_disk("broken")
    steps.sign_in(page, project)
    page.get_by_role("link", name="broken", exact=True).click()
    expect(page.get_by_role("heading", name="Messages of the cloud")).to_be_visible()
    expect(page.get_by_role("button", name="Clone disk", exact=True)).to_have_attribute("aria-disabled", "true")
    steps.press(page, "Delete disk")
    steps.press(steps.dialog(page, "Delete disks"), "Delete")
    expect(steps.heading(page, "Disks")).to_be_visible()
    steps.told(page, "1 disk is being deleted.")
    expect(page.get_by_role("heading", name="No disks yet")).to_be_visible()
