"""Deleting some disks of a page: the counts, the pages and the rows that stay agree afterwards."""

import re

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.states.entering import enter
from tests.browser.states.rows import disks, let_go, look_again, numbered
from tests.support.cloud_rows import an_id
from tests.support.fake_cloud import FakeCloud

ATTACHED = {"status": "in-use", "attachments": [{"server_id": an_id(5000), "device": "/dev/vdb"}]}


def test_what_stays_has_its_reason_and_the_counts_agree(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks(*numbered("copy", 22), "kept")
    cloud.volumes[0] |= ATTACHED
    page.clock.install()
    enter(page, "/disks/?per_page=20")
    steps.tick(page, "kept", *numbered("copy", 22)[-4:])
    page.get_by_role("button", name="Delete disk", exact=True).click()
    steps.press(steps.dialog(page, "Delete disks"), "Delete")
    steps.told(page, "4 disks are being deleted.")
    steps.told(page, "1 disk could not be deleted: its row says why.")
    let_go(cloud)
    look_again(page)
    expect(page.locator("#total")).to_have_text("19 disks")
    expect(steps.rows(page)).to_have_count(19)
    expect(page.get_by_role("link", name="Next", exact=True)).to_have_count(0)
    # The list was read again: the row that was left out is still selected, and says why.
    expect(steps.row(page, "kept")).to_contain_text("It is attached to an instance: detach it first.")
    expect(steps.row(page, "kept").get_by_role("checkbox")).to_be_checked()
    expect(page.locator("[data-selected-count]")).to_have_text("selected: 1")


def test_the_reason_goes_when_the_row_is_done(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("other", "kept")
    kept = cloud.volumes[0]
    kept |= ATTACHED
    enter(page, "/disks/")
    steps.tick(page, "kept", "other")
    page.get_by_role("button", name="Delete disk", exact=True).click()
    steps.press(steps.dialog(page, "Delete disks"), "Delete")
    expect(steps.row(page, "kept")).to_contain_text("detach it first.")
    kept |= {"status": "available", "attachments": []}
    page.get_by_role("button", name="Delete disk", exact=True).click()
    steps.press(steps.dialog(page, "Delete disks"), "Delete")
    expect(steps.row(page, "kept")).to_contain_text("Deleting")
    # The list is read again while it is being deleted.
    page.get_by_role("columnheader", name="Name").get_by_role("link").click()
    expect(page).to_have_url(re.compile("sort=name"))
    expect(steps.row(page, "kept")).to_contain_text("Deleting")
    expect(steps.row(page, "kept")).not_to_contain_text("detach it first.")
