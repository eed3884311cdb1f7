"""Errors are shown in the row they belong to, in Cinder's own words."""

import re

from playwright.sync_api import Page, expect

from dashboard.devcloud.administrator import Administrator
from tests.browser import steps
from tests.support.devcloud import Project

NO_PLACE = re.compile("Could not find any available weighted backend")


def test_what_fails_says_why_in_its_row(page: Page, project: Project, administrator: Administrator) -> None:
    project.create_failed_disk("too big")
    disk = project.create_disk("web")
    refused, broken, _easy = project.create_snapshots(disk.id, 3)
    project.break_deletion(broken.id)
    steps.sign_in(page, project)
    row = steps.row(page, "too big")
    expect(row).to_contain_text("Error")
    expect(row.locator(".failure")).to_contain_text(NO_PLACE)
    expect(row.locator(".failure .request-id")).to_contain_text("req-")
    page.get_by_role("link", name="Snapshots", exact=True).click()
    expect(steps.rows(page)).to_have_count(3)
    page.get_by_role("checkbox", name="Select all", exact=True).check()
    steps.press(page, "Delete snapshot")
    dialog = steps.dialog(page, "Delete snapshots")
    # After the preview, the snapshot gets a status in which Cinder doesn't delete it.
    administrator.volumes.volume_snapshots.reset_state(refused.id, "backing-up")
    steps.press(dialog, "Delete")
    steps.told(page, "2 snapshots are being deleted.")
    steps.told(page, "1 snapshot could not be deleted: its row says why.")
    row = steps.row(page, refused.name)
    expect(row.locator(".failure")).to_contain_text("The cloud refused this.")
    expect(row.locator(".failure .request-id")).to_contain_text("req-")
    expect(row.get_by_role("checkbox")).to_be_checked()

    expect(page.get_by_role("alert").filter(has_text=f"“{broken.name}” could not be deleted after all")).to_be_visible()
    row = steps.row(page, broken.name)
    expect(row).to_contain_text("Error deleting")
    expect(row.locator(".failure")).to_contain_text("failed to delete")
    expect(row.locator(".failure .request-id")).to_contain_text("req-")
    expect(row.get_by_role("checkbox")).to_be_checked()
    expect(row.get_by_role("link", name="web", exact=True)).to_be_visible()
    expect(steps.rows(page)).to_have_count(2)
    expect(page.locator("[data-selected-count]")).to_have_text("selected: 2")

    # The second try: only one of the two snapshots can be deleted.
    administrator.volumes.volume_snapshots.reset_state(refused.id, "available")
    steps.press(page, "Delete snapshot")
    dialog = steps.dialog(page, "Delete snapshots")
    expect(dialog).to_contain_text("Will be deleted: 1. Can't be deleted: 1.")
    steps.press(dialog, "Delete")
    expect(steps.rows(page)).to_have_count(1)
    row.get_by_role("link", name=broken.name, exact=True).click()
    expect(page.get_by_role("heading", name="Messages of the cloud")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="req-")).to_contain_text("failed to delete")
