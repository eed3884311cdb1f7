"""Selecting rows: one, a range, all, and what stays selected while other rows change."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.states.entering import enter
from tests.browser.states.rows import disks, look_again, numbered, snapshots
from tests.browser.watch import axe
from tests.support.cloud_rows import an_id
from tests.support.fake_cloud import FakeCloud

NAMES = [f"disk {letter}" for letter in "abcdefghijkl"]
# Browsers position elements by fractions of a pixel, and round them anew with every repaint.
A_PIXEL = 1


@pytest.fixture
def listed(page: Page, cloud: FakeCloud) -> Page:
    """The Disks page with twelve disks, sorted by name."""
    cloud.volumes = disks(*NAMES)
    enter(page, "/disks/?sort=name")
    return page


def box(page: Page, name: str) -> Locator:
    return page.get_by_role("checkbox", name=f"Select {name}", exact=True)


def select_all(page: Page) -> Locator:
    return box(page, "all")


def count(page: Page) -> Locator:
    return page.locator("[data-selected-count]")


def chosen(page: Page) -> str:
    """The last letters of the names of the selected disks."""
    ticked = page.locator("#table tbody").get_by_role("checkbox", checked=True)
    names: list[str] = ticked.evaluate_all("boxes => boxes.map((box) => box.getAttribute('aria-label'))")
    return "".join(name[-1] for name in names)


def top(page: Page, name: str) -> float:
    """The distance of a disk's row from the top, in pixels."""
    place = steps.row(page, name).bounding_box()
    assert place
    return place["y"]


def test_shift_selects_from_the_last_one_clicked(listed: Page) -> None:
    page = listed
    box(page, "disk b").click()
    box(page, "disk k").click(modifiers=["Shift"])
    assert chosen(page) == "bcdefghijk"
    expect(count(page)).to_have_text("selected: 10")
    assert page.evaluate("getSelection().toString()") == ""
    # From the last clicked row upwards, then in the other direction
    box(page, "disk c").click(modifiers=["Shift"])
    assert chosen(page) == "b"
    box(page, "disk l").click()
    box(page, "disk a").click(modifiers=["Shift"])
    assert chosen(page) == "abcdefghijkl"
    expect(select_all(page)).to_be_checked()


def test_shift_without_one_before_selects_one(listed: Page) -> None:
    page = listed
    box(page, "disk c").click(modifiers=["Shift"])
    assert chosen(page) == "c"
    # The row that was clicked before is not on the new page.
    page.get_by_role("searchbox", name="Search disks", exact=True).fill("disk f")
    expect(steps.rows(page)).to_have_count(1)
    box(page, "disk f").click(modifiers=["Shift"])
    assert box(page, "disk f").is_checked()
    expect(count(page)).to_have_text("selected: 1")


def test_ranges_and_clearing_go_by_keyboard(listed: Page) -> None:
    page = listed
    clear = page.get_by_role("button", name="Clear selection", exact=True)
    expect(clear).to_have_count(0)
    before = top(page, "disk d")
    box(page, "disk b").focus()
    page.keyboard.press("Space")
    assert abs(top(page, "disk d") - before) < A_PIXEL, "The rows move away under the pointer"
    steps.tab_to(page, box(page, "disk d"))
    page.keyboard.press("Shift+Space")
    assert chosen(page) == "bcd"
    steps.tab_to(page, box(page, "disk c"), "Shift+Tab")
    page.keyboard.press("Space")
    assert chosen(page) == "bd"
    expect(clear).to_be_visible()
    axe(page)
    steps.tab_to(page, clear, "Shift+Tab")
    page.keyboard.press("Enter")
    assert chosen(page) == ""
    expect(count(page)).to_be_empty()
    expect(clear).to_have_count(0)
    expect(page.get_by_role("button", name="Delete disk", exact=True)).to_be_disabled()
    expect(page.locator("#main")).to_be_focused()


def test_clearing_leaves_all_that_match(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks(*numbered("copy", 22))
    enter(page, "/disks/?sort=name")
    page.get_by_role("link", name="Select all 22 that match", exact=True).click()
    expect(count(page)).to_have_text("selected: 22")
    steps.press(page, "Clear selection")
    expect(count(page)).to_be_empty()
    steps.tick(page, "copy-0000")
    expect(count(page)).to_have_text("selected: 1")
    steps.press(page, "Delete disk")
    dialog = steps.dialog(page, "Delete disks")
    expect(dialog).to_contain_text("copy-0000")
    expect(dialog).not_to_contain_text("copy-0001")


def test_select_all_tells_none_some_and_all(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes, cloud.snapshots = disks("disk"), snapshots("first", "second", "third")
    enter(page, f"/disks/{an_id(1)}/snapshots/")
    delete = page.get_by_role("button", name="Delete snapshot", exact=True)
    expect(select_all(page)).not_to_be_checked()
    expect(delete).to_be_disabled()
    steps.tick(page, "second")
    expect(select_all(page)).to_be_checked(indeterminate=True)
    expect(count(page)).to_have_text("selected: 1")
    expect(delete).to_be_enabled()
    select_all(page).click()
    expect(select_all(page)).to_be_checked()
    expect(count(page)).to_have_text("selected: 3")
    select_all(page).click()
    expect(count(page)).to_be_empty()
    expect(delete).to_be_disabled()
    steps.tick(page, "first", "second", "third")
    expect(select_all(page)).to_be_checked()


def test_it_survives_what_happens_to_other_rows(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes, cloud.snapshots = disks("disk"), snapshots("first", "second", "growing")
    cloud.snapshots[0]["status"] = "creating"
    page.clock.install()
    enter(page, f"/disks/{an_id(1)}/snapshots/")
    growing = steps.row(page, "growing")
    expect(growing).to_contain_text("Creating")
    steps.tick(page, "growing", "second")
    box(page, "first").focus()
    cloud.snapshots[0]["status"] = "available"
    look_again(page)
    expect(growing).to_contain_text("Available")
    expect(box(page, "growing")).to_be_checked()
    expect(box(page, "second")).to_be_checked()
    expect(box(page, "first")).to_be_focused()
    expect(count(page)).to_have_text("selected: 2")


def test_what_comes_back_selected_can_be_unselected(page: Page, cloud: FakeCloud) -> None:
    """A row whose deletion fails stays selected, and behaves like any other row."""
    cloud.volumes, cloud.snapshots = disks("disk"), snapshots("other", "stubborn")
    page.clock.install()
    enter(page, "/snapshots/")
    steps.choose(page, "stubborn", "Delete snapshot")
    steps.press(steps.dialog(page, "Delete snapshots"), "Delete")
    expect(steps.row(page, "stubborn")).to_contain_text("Deleting")
    cloud.snapshots[0]["status"] = "error_deleting"
    look_again(page)
    expect(steps.row(page, "stubborn")).to_contain_text("Error deleting")
    expect(box(page, "stubborn")).to_be_checked()
    box(page, "stubborn").uncheck()
    expect(count(page)).to_be_empty()
    steps.choose(page, "other", "Edit snapshot")
    steps.press(steps.dialog(page, "Edit snapshot"), "Save")
    steps.told(page, "is saved")
    expect(box(page, "stubborn")).not_to_be_checked()
    expect(count(page)).to_be_empty()


def test_all_that_match_stay_selected_on_other_pages(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks(*numbered("disk", 23), "else")
    enter(page, "/disks/?per_page=20&q=disk-")
    page.get_by_role("link", name="Select all 23 that match").click()
    expect(count(page)).to_have_text("selected: 23")
    page.get_by_role("link", name="Next", exact=True).click()
    expect(steps.rows(page)).to_have_count(3)
    expect(count(page)).to_have_text("selected: 23")
    page.get_by_role("link", name="Name", exact=True).click()
    expect(steps.rows(page)).to_have_count(20)
    expect(count(page)).to_have_text("selected: 23")
    steps.press(page, "Delete disk")
    expect(steps.dialog(page, "Delete disks")).to_contain_text("Will be deleted: 23.")
    page.keyboard.press("Escape")
    # Without one row, the others of this page are selected, and none of the next.
    box(page, "disk-0003").uncheck()
    expect(count(page)).to_have_text("selected: 19")
    page.get_by_role("link", name="Next", exact=True).click()
    expect(steps.rows(page)).to_have_count(3)
    expect(count(page)).to_have_text("The selection was cleared.")
    expect(page.get_by_role("button", name="Delete disk", exact=True)).to_be_disabled()


def test_another_search_says_what_is_no_longer_selected(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks(*numbered("disk", 23), "else")
    enter(page, "/disks/?per_page=20&q=disk-")
    page.get_by_role("link", name="Select all 23 that match").click()
    expect(count(page)).to_have_text("selected: 23")
    page.get_by_role("searchbox").fill("els")
    expect(steps.row(page, "else")).to_be_visible()
    expect(count(page)).to_have_text("The selection was cleared.")
    box(page, "else").check()
    expect(count(page)).to_have_text("selected: 1")
    box(page, "else").uncheck()
    expect(count(page)).to_have_text("")


def test_a_cleared_selection_does_not_come_back(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks(*numbered("copy", 45))
    enter(page, "/disks/?per_page=20")
    page.get_by_role("link", name="Select all 45 that match", exact=True).click()
    expect(count(page)).to_have_text("selected: 45")
    page.get_by_role("link", name="Next", exact=True).click()
    expect(steps.row(page, "copy-0020")).to_be_visible()
    expect(count(page)).to_have_text("selected: 45")
    assert "select=all" in page.url
    page.get_by_role("button", name="Clear selection", exact=True).click()
    assert "select=all" not in page.url
    page.reload()
    expect(steps.rows(page)).to_have_count(20)
    assert chosen(page) == ""
