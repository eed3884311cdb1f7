"""A disk's snapshots: creating and deleting them, also when something goes wrong."""

from playwright.sync_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.states.entering import enter
from tests.browser.states.rows import disks, let_go, look_again, numbered, snapshots
from tests.browser.watch import Watch
from tests.support.cloud_rows import an_id, fault
from tests.support.fake_cloud import FAULT_HEADERS, FakeCloud

OF_THE_DISK = f"/disks/{an_id(1)}/snapshots/"


def select_all(page: Page) -> Locator:
    return page.get_by_role("checkbox", name="Select all", exact=True)


def selected(page: Page) -> Locator:
    return page.locator("[data-selected-count]")


def button(page: Page, name: str) -> Locator:
    return page.locator(".toolbar").get_by_role("button", name=name, exact=True)


def open_deletion(page: Page) -> Locator:
    button(page, "Delete snapshot").click()
    return steps.dialog(page, "Delete snapshots")


def test_the_first_snapshot_appears_without_a_reload(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("web")
    page.clock.install()
    enter(page, OF_THE_DISK)
    expect(page.get_by_role("heading", name="No snapshots yet")).to_be_visible()
    page.evaluate("window.stayed = true")
    button(page, "Create snapshot").click()
    dialog = steps.dialog(page, "Create snapshot")
    dialog.get_by_label("Snapshot name", exact=True).fill("first")
    dialog.get_by_label("Description", exact=True).fill("Перед обновлением")
    dialog.get_by_role("button", name="Create snapshot", exact=True).click()
    expect(steps.row(page, "first")).to_contain_text("Creating")
    [made] = cloud.snapshots
    assert (made["name"], made["description"]) == ("first", "Перед обновлением")
    made["status"] = "available"
    look_again(page)
    expect(steps.row(page, "first")).to_contain_text("Available")
    assert page.evaluate("window.stayed")


def test_a_refused_snapshot_keeps_what_was_typed(page: Page, cloud: FakeCloud, watch: Watch) -> None:
    watch.expect(409, 422)
    cloud.volumes = disks("web")
    refusal = fault("overLimit", 413, "SnapshotLimitExceeded: Maximum number of snapshots allowed (0) exceeded: quota")
    cloud.http.post(cloud.at("/snapshots"), status_code=413, json=refusal, headers=FAULT_HEADERS)
    enter(page, OF_THE_DISK)
    button(page, "Create snapshot").click()
    dialog = steps.dialog(page, "Create snapshot")
    name, description = (steps.field(dialog, label) for label in ("Snapshot name", "Description"))
    name.fill("kept")
    description.fill("before the update")
    steps.press(dialog, "Create snapshot")
    expect(dialog.get_by_role("alert")).to_contain_text("quota")
    expect(dialog.get_by_role("alert").locator(".request-id")).to_contain_text("req-")
    expect(name).to_have_value("kept")
    expect(description).to_have_value("before the update")
    cloud.http.post(cloud.at("/snapshots"), json=cloud._create_snapshot)
    steps.press(dialog, "Create snapshot")
    expect(steps.row(page, "kept")).to_be_visible()
    assert [one["description"] for one in cloud.snapshots] == ["before the update"]


def test_what_is_gone_meanwhile_counts_as_deleted(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes, cloud.snapshots = disks("web"), snapshots("here", "gone")
    page.clock.install()
    enter(page, OF_THE_DISK)
    select_all(page).check()
    dialog = open_deletion(page)
    del cloud.snapshots[0]
    steps.press(dialog, "Delete")
    steps.told(page, "2 snapshots are being deleted.")
    let_go(cloud)
    look_again(page)
    expect(page.get_by_role("heading", name="No snapshots yet")).to_be_visible()
    expect(selected(page)).to_be_empty()
    expect(button(page, "Delete snapshot")).to_be_disabled()


def test_what_is_gone_before_leaves_the_list_with_the_preview(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes, cloud.snapshots = disks("web"), snapshots("here", "gone")
    enter(page, OF_THE_DISK)
    select_all(page).check()
    del cloud.snapshots[0]
    dialog = open_deletion(page)
    expect(dialog).to_contain_text("1 selected item no longer exists.")
    expect(steps.rows(page)).to_have_count(1)
    expect(selected(page)).to_have_text("selected: 1")
    expect(page.locator("#total")).to_have_text("1 snapshot")
    page.keyboard.press("Escape")
    expect(button(page, "Delete snapshot")).to_be_focused()


def test_many_are_deleted_in_one_go(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes, cloud.snapshots = disks("web"), snapshots(*numbered("copy", 25))
    page.clock.install()
    enter(page, f"{OF_THE_DISK}?per_page=50")
    expect(steps.rows(page)).to_have_count(25)
    select_all(page).check()
    dialog = open_deletion(page)
    expect(dialog.get_by_role("listitem")).to_have_count(25)
    steps.press(dialog, "Delete")
    steps.told(page, "25 snapshots are being deleted.")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert {one["status"] for one in cloud.snapshots} == {"deleting"}
    let_go(cloud)
    look_again(page)
    expect(page.get_by_role("heading", name="No snapshots yet")).to_be_visible()


def test_it_finds_and_sorts(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes, cloud.snapshots = disks("web"), snapshots("alpha", "alphabet", "beta")
    enter(page, OF_THE_DISK)
    header = page.get_by_role("columnheader", name="Name", exact=True)
    header.get_by_role("link").click()
    expect(header).to_have_attribute("aria-sort", "ascending")
    assert steps.names(page) == ["alpha", "alphabet", "beta"]
    search = page.get_by_role("searchbox", name="Search snapshots", exact=True)
    search.press_sequentially("BET")
    expect(steps.rows(page)).to_have_count(2)
    assert steps.names(page) == ["alphabet", "beta"]
    search.fill("gamma")
    expect(page.locator("#table")).to_contain_text("No snapshot's name contains “gamma”.")
