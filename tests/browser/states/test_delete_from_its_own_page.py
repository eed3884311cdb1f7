"""Deleting a disk or a snapshot from its own page, in the usual dialog."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.states.entering import enter, settle
from tests.browser.states.rows import disks, let_go, look_again, snapshots
from tests.browser.watch import Watch
from tests.support.cloud_rows import an_id, fault
from tests.support.fake_cloud import FAULT_HEADERS, FakeCloud


@pytest.mark.parametrize("kind", ["disk", "snapshot"])
def test_it_leads_to_the_list(page: Page, cloud: FakeCloud, kind: str) -> None:
    label = f"Delete {kind}"
    path = f"/disks/{an_id(2)}/" if kind == "disk" else f"/snapshots/{an_id(1001)}/"
    cloud.volumes, cloud.snapshots = disks("web", "going"), snapshots("going")
    page.clock.install()
    enter(page, "/backups/")
    page.goto(page.url.replace("/backups/", path))
    steps.press(page, label)
    dialog = steps.dialog(page, f"{label}s")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=label, exact=True)).to_be_focused()
    steps.press(page, label)
    steps.press(dialog, "Delete")
    expect(steps.heading(page, f"{kind.title()}s")).to_be_visible()
    steps.told(page, f"1 {kind} is being deleted.")
    expect(steps.row(page, "going")).to_contain_text("Deleting")
    let_go(cloud)
    look_again(page)
    expect(steps.row(page, "going")).to_have_count(0)
    page.go_back()
    expect(steps.heading(page, "Backups")).to_be_visible()


def test_what_is_refused_is_told_on_the_page(page: Page, cloud: FakeCloud, watch: Watch) -> None:
    watch.expect(400)
    cloud.volumes = disks("web")
    body = fault("badRequest", 400, "Not today.")
    cloud.http.delete(cloud.at(f"/volumes/{an_id(1)}"), status_code=400, json=body, headers=FAULT_HEADERS)
    enter(page, f"/disks/{an_id(1)}/")
    steps.press(page, "Delete disk")
    steps.press(steps.dialog(page, "Delete disks"), "Delete")
    expect(page.get_by_role("alert").filter(has_text="Not today.")).to_be_visible()
    expect(steps.heading(page, "Disk web")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_page_whose_disk_goes_is_left_for_the_list(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("web", "going")
    cloud.volumes[0]["status"] = "deleting"
    page.clock.install()
    enter(page, "/snapshots/")
    page.goto(page.url.replace("/snapshots/", f"/disks/{an_id(2)}/"))
    settle(page)
    let_go(cloud)
    look_again(page)
    expect(steps.heading(page, "Disks")).to_be_visible()
    page.go_back()
    expect(steps.heading(page, "Snapshots")).to_be_visible()


def test_the_preview_follows_its_checkbox(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes, cloud.snapshots = disks("web", "plain"), snapshots("one", "two")
    enter(page)
    steps.tick(page, "web", "plain")
    steps.press(page, "Delete disk")
    dialog = steps.dialog(page, "Delete disks")
    box = steps.field(dialog, "Delete their snapshots too")
    line = dialog.get_by_role("listitem").filter(has_text="web")
    count = dialog.get_by_role("status").first
    for _ in range(2):
        expect(count).to_have_text("Will be deleted: 1. 1 disk has snapshots: tick below to delete them too.")
        expect(line).to_contain_text("is kept: 2 snapshots (20 GB)")
        box.check()
        expect(count).to_have_text("Will be deleted: 2. 1 disk goes together with its snapshots.")
        expect(line).to_contain_text("will be deleted with its snapshots: 2 snapshots (20 GB)")
        expect(box).to_be_focused()
        box.uncheck()
    box.check()
    dialog.get_by_text("Equivalent CLI command").first.click()
    expect(dialog.locator("code")).to_contain_text("--cascade")
    steps.press(dialog, "Delete")
    steps.told(page, "2 disks are being deleted.")
