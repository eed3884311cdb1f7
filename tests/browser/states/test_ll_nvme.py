"""Disks whose snapshots don't last are marked wherever users could rely on them."""

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.states.entering import enter
from tests.browser.states.rows import look_again, snapshots
from tests.support.cloud_rows import disk_type, volume
from tests.support.fake_cloud import FakeCloud

WHY = "Snapshots of LL NVMe disks are deleted when the instance migrates."


def test_the_badge_and_the_warning(page: Page, cloud: FakeCloud) -> None:
    cloud.types.append(disk_type(4003, "ef-nvme"))
    cloud.volumes = [volume(2, name="steady"), volume(1, name="fast", volume_type="ef-nvme")]
    cloud.snapshots = [*snapshots("of steady", disk=2), *snapshots("of fast")]
    page.clock.install()
    enter(page)
    expect(steps.row(page, "fast").get_by_text("LL NVMe", exact=True)).to_have_attribute("title", WHY)
    expect(steps.row(page, "steady").get_by_text("LL NVMe")).to_have_count(0)
    dialog = steps.open_dialog(page, "steady", "Create snapshot")
    expect(dialog).not_to_contain_text("LL NVMe")
    page.keyboard.press("Escape")

    dialog = steps.open_dialog(page, "fast", "Create snapshot")
    expect(dialog).to_contain_text("Snapshots of LL NVMe disks don't last.")
    expect(dialog).to_contain_text("deleted when the instance migrates")
    steps.tab_to(page, dialog.get_by_role("button", name="Create backup instead", exact=True))
    page.keyboard.press("Enter")
    dialog = steps.dialog(page, "Create backup")
    expect(page.get_by_role("dialog")).to_have_count(1)
    expect(dialog).to_contain_text("Disk: fast")
    expect(steps.field(dialog, "Backup name")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Actions for fast", exact=True)).to_be_focused()

    page.get_by_role("link", name="Snapshots", exact=True).click()
    expect(steps.row(page, "of fast").get_by_text("LL NVMe", exact=True)).to_have_attribute("title", WHY)
    expect(steps.row(page, "of steady").get_by_role("link", name="steady", exact=True)).to_be_visible()
    expect(steps.row(page, "of steady").get_by_text("LL NVMe")).to_have_count(0)
    steps.row(page, "of fast").get_by_role("link", name="fast", exact=True).click()
    expect(steps.heading(page, "Snapshots of disk fast")).to_be_visible()
    expect(steps.row(page, "of fast").get_by_text("LL NVMe", exact=True)).to_have_attribute("title", WHY)
    # A row that is replaced keeps the mark.
    steps.press(page, "Create snapshot")
    dialog = steps.dialog(page, "Create snapshot")
    steps.field(dialog, "Snapshot name").fill("fresh")
    steps.press(dialog, "Create snapshot")
    expect(steps.row(page, "fresh")).to_contain_text("Creating")
    cloud.snapshots[0]["status"] = "available"
    look_again(page)
    expect(steps.row(page, "fresh")).to_contain_text("Available")
    expect(steps.row(page, "fresh").get_by_text("LL NVMe", exact=True)).to_be_visible()
