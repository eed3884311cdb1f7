"""Disks whose snapshots don't last are marked wherever users could rely on them."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.states.entering import enter, go
from tests.browser.states.rows import look_again, snapshots
from tests.support.cloud_rows import an_id, disk_type, volume
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


@pytest.mark.parametrize("width", [390, 700, 900, 1280])
def test_the_badge_is_seen_in_every_window(page: Page, cloud: FakeCloud, width: int) -> None:
    cloud.volumes = [volume(2, name="steady"), volume(1, name="fast", volume_type="ef-nvme")]
    cloud.snapshots = [*snapshots("of steady", disk=2), *snapshots("of fast")]
    page.set_viewport_size({"width": width, "height": 900})
    enter(page)
    for path, marked, plain in (("/disks/", "fast", "steady"), ("/snapshots/", "of fast", "of steady")):
        go(page, path)
        expect(steps.row(page, marked).get_by_text("LL NVMe", exact=True)).to_be_visible()
        expect(steps.row(page, plain).get_by_text("LL NVMe")).to_have_count(0)
    go(page, f"/disks/{an_id(1)}/snapshots/")
    expect(steps.row(page, "of fast").get_by_text("LL NVMe", exact=True)).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_each_instance_of_a_disk_has_a_line(page: Page, cloud: FakeCloud, width: int) -> None:
    servers = [an_id(5001 + number) for number in range(8)]
    attached = [{"server_id": one, "device": ""} for one in servers]
    cloud.volumes = [volume(1, name="shared", status="in-use", multiattach=True, attachments=attached)]
    cloud.servers = [{"id": one, "name": f"web-0{number}"} for number, one in enumerate(servers)]
    page.set_viewport_size({"width": width, "height": 900})
    enter(page)
    lines = steps.row(page, "shared").locator(".attachment").filter(visible=True)
    expect(lines).to_have_text(["web-00", "web-01", "web-02", "and 5 more"])
    tops = {box["y"] for one in lines.all() if (box := one.bounding_box())}
    assert len(tops) == 4
    lines.last.click()
    expect(steps.heading(page, "Disk shared")).to_be_visible()
    expect(page.get_by_text("web-04")).to_be_visible()
    expect(page.get_by_text("web-07")).to_be_hidden()
    page.get_by_text("and 3 more").click()
    expect(page.get_by_text("web-07")).to_be_visible()
    go(page, "/disks/")
    steps.tick(page, "shared")
    steps.press(page, "Delete disk")
    dialog = steps.dialog(page, "Delete disks")
    expect(dialog).to_contain_text("Instance: web-00")
    expect(dialog.get_by_text("web-04")).to_be_hidden()
    dialog.get_by_text("and 5 more").click()
    expect(dialog.get_by_text("web-04")).to_be_visible()
