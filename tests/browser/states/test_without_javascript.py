"""Without JavaScript, lists, dialogs and the deletion of many resources work as plain pages and forms."""

import re
from datetime import UTC

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import NewContext
from tests.browser.states.entering import HOME
from tests.browser.states.rows import aged, disks, let_go, numbered, snapshots
from tests.browser.watch import Watch
from tests.support.cloud_rows import an_id
from tests.support.fake_cloud import PASSWORD, FakeCloud


@pytest.fixture
def page(new_context: NewContext) -> Page:
    """A page of a browser without JavaScript."""
    return new_context(java_script_enabled=False).new_page()


def enter(page: Page, path: str = "/disks/") -> None:
    """Sign in to the canned cloud in its present state, and open a page of its project."""
    steps.let_in(page, "ann", PASSWORD)
    page.goto(f"{HOME}{path}")


def test_a_snapshot_is_edited_and_cloned(page: Page, cloud: FakeCloud, watch: Watch) -> None:
    watch.expect(422)
    cloud.volumes = disks("web", size=1)
    cloud.snapshots = snapshots("nightly", size=1, metadata={"env": "test"})
    enter(page, "/snapshots/")
    steps.row(page, "nightly").get_by_role("link", name="nightly", exact=True).click()
    expect(steps.heading(page, "Snapshot nightly")).to_be_visible()
    steps.press(page, "Edit snapshot")
    expect(steps.heading(page, "Edit snapshot")).to_be_visible()
    expect(page.get_by_role("dialog", name="Edit snapshot")).to_be_visible()
    steps.field(page, "Snapshot name").fill("weekly")
    steps.field(page, "Properties").fill("env=test\nno equals sign")
    steps.press(page, "Save")
    expect(page.get_by_text("Line 2: the “=” between key and value is missing.")).to_be_visible()
    expect(steps.field(page, "Snapshot name")).to_have_value("weekly")
    steps.field(page, "Properties").fill("env=production")
    steps.press(page, "Save")
    expect(steps.heading(page, "Snapshot weekly")).to_be_visible()
    steps.told(page, "Snapshot “weekly” is saved.")
    expect(page.get_by_text("env=production", exact=True)).to_be_visible()

    steps.press(page, "Create disk")
    expect(steps.heading(page, "Create disk")).to_be_visible()
    page.get_by_text("Equivalent CLI command").click()
    expect(page.get_by_role("code")).to_contain_text(an_id(1001))
    steps.field(page, "Disk name").fill("copy")
    steps.field(page, "Size (GB)").fill("2")
    steps.press(page, "Create disk")
    steps.told(page, "Disk “copy” is being created.")
    expect(steps.heading(page, "Disks")).to_be_visible()
    expect(steps.row(page, "copy")).to_contain_text("2 GB")
    assert cloud.volumes[0]["snapshot_id"] == an_id(1001)


def test_the_list_is_filtered_and_many_are_deleted(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("web", "db")
    old = [aged(one, days=40) for one in snapshots(*numbered("copy", 55))]
    stuck, kept = snapshots("kept", "stuck", disk=2)
    cloud.snapshots = [{**stuck, "volume_id": an_id(1), "status": "error_deleting"}, kept, *old]
    cloud.snapshots[:2] = [aged(one, days=1) for one in cloud.snapshots[:2]]
    enter(page, "/snapshots/")
    # A script loads the names of the disks: without it, the short id is the link.
    expect(steps.row(page, "kept").get_by_role("link", name=an_id(2)[:8], exact=True)).to_be_visible()
    page.get_by_text("Filters", exact=True).click()
    steps.field(page, "Older than (days)").fill("30")
    steps.press(page, "Apply")
    expect(page.locator("#total")).to_have_text("55 snapshots found")
    expect(page.get_by_role("link", name="Older than 30 days", exact=True)).to_have_attribute("aria-current", "true")
    page.get_by_text("Filters", exact=True).click()
    steps.field(page, "Older than (days)").fill("")
    steps.field(page, "Disk (name or id)").fill("web")
    steps.press(page, "Apply")
    page.get_by_role("link", name="Select all that match", exact=True).click()
    steps.press(page, "Delete snapshot")
    expect(steps.heading(page, "Delete snapshots")).to_be_visible()
    expect(page.get_by_text("Will be deleted: 55. Can't be deleted: 1.")).to_be_visible()
    preview = page.get_by_role("list", name="What will happen").get_by_role("listitem")
    expect(preview).to_have_count(56)
    expect(preview.filter(has_text="stuck")).to_contain_text("Can't be deleted")
    steps.press(page, "Delete")
    expect(page.get_by_role("progressbar", name="50 of 55 done")).to_be_visible()
    steps.press(page, "Go on")
    expect(page.get_by_role("progressbar")).to_have_count(0)
    expect(page.get_by_role("listitem").filter(has_text=re.compile("is (being )?deleted"))).to_have_count(5)
    page.get_by_role("link", name="Back to the list", exact=True).click()
    let_go(cloud)
    page.reload()
    assert steps.names(page) == ["stuck", "kept"]
    assert [one["name"] for one in cloud.snapshots] == ["stuck", "kept"]


def test_cleaning_up_and_choosing_a_disk(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("web")
    new, old = snapshots("old", "new")
    cloud.snapshots = [new, aged(old, days=400)]
    enter(page, "/snapshots/")
    steps.press(page, "Clean up")
    expect(steps.heading(page, "Clean up")).to_be_visible()
    steps.press(page, "Preview selection")
    expect(page.get_by_role("checkbox", name="Select old", exact=True)).to_be_checked()
    assert steps.names(page) == ["old"]
    page.get_by_text("Filters", exact=True).click()
    page.get_by_role("link", name="Clear", exact=True).click()
    assert steps.names(page) == ["new", "old"]
    steps.press(page, "Create snapshot")
    steps.field(page, "Disk").select_option(label="web, 10 GB")
    steps.press(page, "Continue")
    # The browser's time zone is unknown.
    expect(steps.field(page, "Snapshot name")).to_have_value(steps.proposed_name("web", UTC))
    steps.press(page, "Cancel")
    expect(steps.heading(page, "Snapshots of disk web")).to_be_visible()


def test_a_disk_is_made_of_what_is_chosen(page: Page, cloud: FakeCloud, watch: Watch) -> None:
    watch.expect(422)
    cloud.volumes, cloud.snapshots = disks("web", size=2), snapshots("nightly", size=2)
    enter(page)
    steps.press(page, "Create disk")
    expect(steps.heading(page, "Create disk")).to_be_visible()
    steps.field(page, "Disk name").fill("copy")
    steps.field(page, "Description").fill("to compare")
    steps.field(page, "Source").select_option(label="Disk snapshot")
    steps.press(page, "Show what can be chosen")
    steps.field(page, "Made from").select_option(label="nightly, 2 GB")
    steps.press(page, "Show what can be chosen")
    expect(steps.field(page, "Size (GB)")).to_have_value("2")
    expect(steps.field(page, "Disk name")).to_have_value("copy")
    steps.field(page, "Size (GB)").fill("1")
    steps.press(page, "Create disk")
    expect(page.get_by_text("It must be at least 2 GB, the size of its source.")).to_be_visible()
    steps.field(page, "Size (GB)").fill("2")
    steps.press(page, "Create disk")
    steps.told(page, "Disk “copy” is being created.")
    expect(steps.heading(page, "Disks")).to_be_visible()
    copy = cloud.volumes[0]
    assert (copy["snapshot_id"], copy["description"]) == (an_id(1001), "to compare")


def test_a_disk_is_changed_from_its_own_page(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("copy", size=1)
    enter(page)
    # An action that runs at once with JavaScript asks for confirmation here.
    page.get_by_role("link", name="copy", exact=True).click()
    steps.press(page, "Make bootable")
    expect(steps.heading(page, "Make bootable")).to_be_visible()
    assert cloud.volumes[0]["bootable"] == "false"
    steps.press(page, "Make bootable")
    steps.told(page, "Disk “copy” is bootable now.")
    expect(steps.heading(page, "Disk copy")).to_be_visible()
    assert cloud.volumes[0]["bootable"] == "true"
    steps.press(page, "Resize disk")
    expect(steps.field(page, "New size (GB)")).to_have_value("2")
    steps.press(page, "Resize")
    steps.told(page, "The disk is being resized.")
    assert cloud.volumes[0]["status"] == "extending"


def test_disks_get_snapshots_and_are_deleted_with_them(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes, cloud.snapshots = disks("web", "copy"), snapshots("nightly")
    enter(page)
    steps.tick(page, "web", "copy")
    steps.press(page, "Create snapshots")
    expect(steps.heading(page, "Create snapshots")).to_be_visible()
    steps.field(page, "Snapshot name").fill("last of {disk}")
    steps.press(page, "Create snapshots")
    expect(page.locator("main").get_by_role("listitem")).to_have_count(2)
    page.get_by_role("link", name="Back to the list", exact=True).click()
    assert {one["name"] for one in cloud.snapshots} == {"nightly", "last of web", "last of copy"}
    cloud.snapshots = [{**one, "status": "available"} for one in cloud.snapshots if one["name"] != "last of copy"]

    steps.tick(page, "web", "copy")
    steps.press(page, "Delete disk")
    expect(page.get_by_text("Will be deleted: 1. 1 disk has snapshots: tick below to delete them too.")).to_be_visible()
    steps.field(page, "Delete their snapshots too").check()
    steps.press(page, "Show what will happen")
    expect(page.get_by_text("Will be deleted: 2. 1 disk goes together with its snapshots.")).to_be_visible()
    expect(steps.field(page, "Delete their snapshots too")).to_be_checked()
    steps.press(page, "Delete")
    expect(page.locator("main").get_by_role("listitem")).to_have_count(2)
    let_go(cloud)
    assert (cloud.volumes, cloud.snapshots) == ([], [])
    page.get_by_role("link", name="Back to the list", exact=True).click()
    expect(page.get_by_role("heading", name="No disks yet")).to_be_visible()


def test_all_that_match_stay_selected_on_other_pages(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks(*numbered("disk", 23))
    enter(page, "/disks/?per_page=20")
    page.get_by_role("link", name="Select all that match").click()
    page.get_by_role("link", name="Next", exact=True).click()
    expect(steps.rows(page)).to_have_count(3)
    page.get_by_role("link", name="Name", exact=True).click()
    steps.press(page, "Delete disk")
    expect(page.get_by_text("Will be deleted: 23.")).to_be_visible()
