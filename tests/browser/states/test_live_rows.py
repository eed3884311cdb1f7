"""Rows that update by themselves leave menus, selection, focus and columns alone."""

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser import steps
from tests.browser.states.entering import enter, settle
from tests.browser.states.rows import disks, let_go, look_again, snapshots
from tests.support.cloud_rows import Answer, ago, an_id, message, volume
from tests.support.fake_cloud import FakeCloud

WHY_NO_SNAPSHOT = "A snapshot can be created only while the disk is available or in use."
OF_THE_DISK = f"/disks/{an_id(1)}/snapshots/"


def growing(cloud: FakeCloud, *others: str) -> Answer:
    """A snapshot in creation, beside others of the same disk."""
    cloud.volumes, cloud.snapshots = disks("web"), snapshots(*others, "growing")
    cloud.snapshots[0] |= {"status": "creating", "created_at": ago()}
    return cloud.snapshots[0]


def actions(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=f"Actions for {name}", exact=True)


def test_a_disk_becomes_available_by_itself(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = [volume(2, name="clone", status="creating", created_at=ago()), *disks("source")]
    page.clock.install()
    enter(page)
    row = steps.row(page, "clone")
    expect(row).to_contain_text("Creating")
    entry = steps.open_menu(page, "clone").get_by_role("menuitem", name="Create snapshot", exact=True)
    expect(entry).to_have_accessible_description(WHY_NO_SNAPSHOT)
    page.keyboard.press("Escape")
    cloud.volumes[0]["status"] = "available"
    look_again(page)
    expect(row).to_contain_text("Available")
    steps.choose(page, "clone", "Create snapshot")
    steps.dialog(page, "Create snapshot")


def test_the_focus_stays_in_a_row_that_changes(page: Page, cloud: FakeCloud) -> None:
    made = growing(cloud)
    page.clock.install()
    enter(page, OF_THE_DISK)
    actions(page, "growing").focus()
    made["status"] = "available"
    look_again(page)
    expect(steps.row(page, "growing")).to_contain_text("Available")
    expect(actions(page, "growing")).to_be_focused()


def test_an_open_menu_is_not_disturbed(page: Page, cloud: FakeCloud) -> None:
    made = growing(cloud)
    page.clock.install()
    asked: list[str] = []
    enter(page, OF_THE_DISK)
    expect(steps.row(page, "growing")).to_contain_text("Creating")
    menu = steps.open_menu(page, "growing")
    made["status"] = "available"
    page.on("request", lambda request: asked.append(request.url))
    look_again(page)
    look_again(page)
    settle(page)
    expect(menu).to_be_visible()
    expect(steps.row(page, "growing")).to_contain_text("Creating")
    assert not asked
    page.keyboard.press("Escape")
    look_again(page)
    expect(steps.row(page, "growing")).to_contain_text("Available")


def test_menu_and_selection_stay_while_other_disks_come_and_go(page: Page, cloud: FakeCloud) -> None:
    clone = volume(4, name="clone", status="creating", created_at=ago())
    cloud.volumes = [clone, *disks("source", "other", "going")]
    page.clock.install()
    count = page.locator("[data-selected-count]")
    enter(page)
    row = steps.row(page, "clone")
    expect(row).to_contain_text("Creating")
    steps.tick(page, "clone", "other")
    menu = steps.open_menu(page, "other")
    steps.go_to_entry(page, "Rename disk")
    clone["status"] = "available"
    look_again(page)
    look_again(page)
    settle(page)
    # The row's update waits until the menu is closed.
    expect(menu.get_by_role("menuitem", name="Rename disk", exact=True)).to_be_focused()
    expect(row).to_contain_text("Creating")
    page.keyboard.press("Escape")
    look_again(page)
    expect(row).to_contain_text("Available")
    expect(count).to_have_text("selected: 2")
    expect(actions(page, "other")).to_be_focused()

    steps.press(steps.open_dialog(page, "going", "Delete disk", "Delete disks"), "Delete")
    expect(steps.row(page, "going")).to_contain_text("Deleting")
    let_go(cloud)
    look_again(page)
    expect(steps.row(page, "going")).to_have_count(0)
    for name in ("clone", "other"):
        expect(page.get_by_role("checkbox", name=f"Select {name}", exact=True)).to_be_checked()
    expect(count).to_have_text("selected: 2")
    assert [one["name"] for one in cloud.volumes] == ["clone", "other", "source"]


def test_a_menu_closes_when_its_row_goes(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("going", "staying")
    enter(page)
    steps.open_menu(page, "going")
    cloud.volumes = [one for one in cloud.volumes if one["name"] == "staying"]
    page.evaluate("htmx.trigger(document.body, 'disks-changed')")
    expect(steps.row(page, "going")).to_have_count(0)
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(page.locator("#main")).to_be_focused()


def test_a_row_keeps_its_columns_while_it_is_deleted(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes, cloud.snapshots = disks("web"), snapshots("first", "second")
    enter(page, OF_THE_DISK)
    columns = steps.row(page, "first").get_by_role("cell")
    expect(columns).to_have_count(5)
    steps.choose(page, "first", "Delete snapshot")
    steps.press(steps.dialog(page, "Delete snapshots"), "Delete")
    expect(steps.row(page, "first")).to_contain_text("Deleting")
    expect(columns).to_have_count(5)


def test_a_deletion_that_fails_later_shows_by_itself(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes, cloud.snapshots = disks("web"), snapshots("stubborn")
    page.clock.install()
    enter(page, OF_THE_DISK)
    steps.choose(page, "stubborn", "Delete snapshot")
    dialog = steps.dialog(page, "Delete snapshots")
    expect(dialog).to_contain_text("stubborn")
    steps.press(dialog, "Delete")
    row = steps.row(page, "stubborn")
    expect(row).to_contain_text("Deleting")
    cloud.messages = [message(about=an_id(1001), kind="VOLUME_SNAPSHOT", user_message="Snapshot failed to delete.")]
    cloud.snapshots[0]["status"] = "error_deleting"
    look_again(page)
    expect(row).to_contain_text("Error deleting")
    expect(page.get_by_role("alert").filter(has_text="“stubborn” could not be deleted after all")).to_be_visible()
    expect(row.locator(".failure")).to_contain_text("failed to delete")
    expect(row.locator(".failure .request-id")).to_contain_text("req-")
    expect(row.get_by_role("checkbox")).to_be_checked()
    entry = steps.open_menu(page, "stubborn").get_by_role("menuitem", name="Delete snapshot", exact=True)
    expect(entry).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("Escape")
    steps.press(page, "Delete snapshot")
    dialog = steps.dialog(page, "Delete snapshots")
    expect(dialog).to_contain_text("Can't be deleted")
    expect(dialog.get_by_role("button", name="Delete", exact=True)).to_have_count(0)


def test_what_lasts_says_for_how_long(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("web")
    cloud.snapshots = snapshots("stuck", status="deleting", updated_at=ago(hours=3))
    enter(page, "/snapshots/")
    expect(steps.row(page, "stuck")).to_contain_text("Deleting for 3 hours")
    steps.row(page, "stuck").get_by_role("link", name="stuck", exact=True).click()
    expect(page.get_by_role("definition").filter(has_text="Deleting, for 3 hours")).to_be_visible()


def test_the_status_lives_on_where_the_table_is_replaced_while_it_asks(page: Page, cloud: FakeCloud) -> None:
    made = growing(cloud, "other")
    page.clock.install()
    enter(page, OF_THE_DISK)
    held: list[Route] = []
    page.route("**/changes/*", lambda route: route.continue_() if held else held.append(route))
    look_again(page)
    steps.wait_in(page, lambda: bool(held), "the page asks for changes")
    page.get_by_role("link", name="Name", exact=True).click()
    settle(page)
    made["status"] = "available"
    look_again(page)
    expect(steps.row(page, "growing")).to_contain_text("Available")
    held[0].continue_()
