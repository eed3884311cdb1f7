"""Create disk by keyboard, in the dialog and as a page without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import NewContext
from tests.browser.states.entering import HOME, enter, settle
from tests.browser.states.rows import disks, snapshots
from tests.support.cloud_rows import an_id
from tests.support.fake_cloud import PASSWORD, FakeCloud


@pytest.mark.parametrize("source", ["Empty disk", "Disk snapshot"])
def test_enter_creates_it(page: Page, cloud: FakeCloud, source: str) -> None:
    cloud.volumes, cloud.snapshots = disks("web"), snapshots("nightly")
    enter(page)
    steps.press(page, "Create disk")
    dialog = steps.dialog(page, "Create disk")
    steps.field(dialog, "Source").select_option(source)
    settle(page)
    if source != "Empty disk":
        steps.field(dialog, "Made from").select_option(an_id(1001))
        settle(page)
    steps.field(dialog, "Size (GB)").fill("20")
    steps.field(dialog, "Disk name").fill("fresh")
    page.keyboard.press("Enter")
    steps.told(page, "Disk “fresh” is being created.")
    expect(steps.row(page, "fresh")).to_contain_text("20 GB")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_enter_creates_it_without_javascript(new_context: NewContext, cloud: FakeCloud) -> None:
    cloud.volumes, cloud.snapshots = disks("web"), snapshots("nightly")
    page = new_context(java_script_enabled=False).new_page()
    steps.let_in(page, "ann", PASSWORD)
    page.goto(f"{HOME}/disks/create/")
    steps.field(page, "Source").select_option("Disk snapshot")
    steps.press(page, "Show what can be chosen")
    steps.field(page, "Made from").select_option(an_id(1001))
    steps.field(page, "Size (GB)").fill("20")
    steps.field(page, "Disk name").fill("fresh")
    page.keyboard.press("Enter")
    steps.told(page, "Disk “fresh” is being created.")
    assert cloud.volumes[0]["snapshot_id"] == an_id(1001)
