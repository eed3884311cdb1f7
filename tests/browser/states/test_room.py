"""A list has room for its rows in windows of every size; its head stays in view, and filters open over it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.states.entering import enter
from tests.browser.states.rows import disks, numbered
from tests.support.cloud_rows import ago, an_id, message, snapshot
from tests.support.fake_cloud import FakeCloud

ROWS_IN_VIEW = """
() => [...document.querySelectorAll("#table tbody tr")].filter((row) => {
  const box = row.getBoundingClientRect();
  return box.top >= 0 && box.bottom <= innerHeight;
}).length
"""
# Whether nothing covers the middle of an element
IS_ON_TOP = """
(element) => {
  const box = element.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return element.contains(top);
}
"""


@pytest.fixture
def _many(cloud: FakeCloud) -> None:
    """A failed disk with its reason, an attached one with a snapshot, and others."""
    cloud.volumes = disks(*numbered("usual-disk-name", 40))
    cloud.volumes[0] |= {"status": "error"}
    cloud.volumes[1] |= {"status": "in-use", "attachments": [{"server_id": an_id(5001), "device": "/dev/vdb"}]}
    cloud.messages = [message(9001, about=cloud.volumes[0]["id"])]
    cloud.snapshots = [snapshot(1001, volume_id=cloud.volumes[1]["id"], created_at=ago(days=3))]


@pytest.mark.usefixtures("_many")
@pytest.mark.parametrize(("width", "height", "rows"), [(1440, 900, 10), (1024, 768, 7), (390, 844, 5)])
def test_many_rows_are_seen_without_scrolling(page: Page, width: int, height: int, rows: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    enter(page)
    expect(page.locator(".failure details")).to_have_count(1)
    expect(page.locator(".count", has_text="no snapshots").first).to_be_visible()
    assert page.evaluate(ROWS_IN_VIEW) >= rows


@pytest.mark.usefixtures("_many")
def test_toolbar_and_headings_stay_in_view(page: Page) -> None:
    enter(page)
    steps.rows(page).last.scroll_into_view_if_needed()
    heading = page.get_by_role("columnheader", name="Size", exact=True)
    button = page.get_by_role("button", name="Delete disk", exact=True)
    assert heading.evaluate(IS_ON_TOP)
    assert button.evaluate(IS_ON_TOP)
    # The number of selected rows covers neither.
    steps.rows(page).last.get_by_role("checkbox").check()
    expect(page.get_by_text("selected: 1", exact=True)).to_be_visible()
    assert heading.evaluate(IS_ON_TOP)
    assert button.evaluate(IS_ON_TOP)
    assert page.get_by_role("button", name="Clear selection", exact=True).evaluate(IS_ON_TOP)


@pytest.mark.usefixtures("_many")
def test_a_selection_moves_no_row(page: Page) -> None:
    enter(page)
    row = steps.rows(page).nth(2)
    before = row.bounding_box()
    row.get_by_role("checkbox").check()
    expect(page.get_by_text("selected: 1", exact=True)).to_be_visible()
    assert row.bounding_box() == before
    # The chips are hidden behind it, also from the keyboard.
    expect(page.get_by_role("link", name="Not attached", exact=True)).to_have_count(0)


@pytest.mark.usefixtures("_many")
def test_the_reason_of_a_failure_opens(page: Page) -> None:
    enter(page)
    reason = page.locator(".failure summary")
    whole = page.get_by_text("Request id:")
    expect(whole).to_be_hidden()
    reason.focus()
    page.keyboard.press("Enter")
    expect(whole).to_be_visible()


@pytest.mark.usefixtures("_many")
def test_filters_open_over_the_list_until_they_are_applied(page: Page) -> None:
    enter(page)
    row = steps.rows(page).nth(2)
    before = row.bounding_box()
    summary = page.get_by_text("Filters", exact=True)
    field = steps.field(page, "Status")
    for close in (
        lambda: page.keyboard.press("Escape"),
        lambda: page.get_by_role("heading", name="Disks", exact=True).click(),
    ):
        summary.click()
        expect(field).to_be_visible()
        assert row.bounding_box() == before
        field.focus()
        close()  # type: ignore[no-untyped-call]  # a lambda
        expect(field).to_be_hidden()
    summary.click()
    field.select_option("Error")
    steps.press(page, "Apply")
    expect(steps.rows(page)).to_have_count(1)
    expect(field).to_be_hidden()
    chip = page.get_by_role("link", name="Error", exact=True)
    expect(chip).to_have_attribute("aria-current", "true")
    chip.click()
    expect(steps.rows(page)).to_have_count(20)
    expect(chip).not_to_have_attribute("aria-current", "true")


@pytest.mark.usefixtures("_many")
def test_a_chip_keeps_what_is_searched_for(page: Page) -> None:
    enter(page, "/disks/?sort=name")
    page.get_by_role("searchbox", name="Search disks", exact=True).fill("name-0001")
    expect(steps.rows(page)).to_have_count(1)
    page.get_by_role("link", name="Not attached", exact=True).click()
    expect(page.get_by_role("searchbox", name="Search disks", exact=True)).to_have_value("name-0001")
    assert "sort=name" in page.url
    page.get_by_text("Filters", exact=True).click()
    expect(steps.field(page, "Attached")).to_have_value("no")


def test_the_account_menu_opens_and_closes_by_keyboard(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("alpha")
    enter(page)
    button = steps.account_menu(page)
    steps.tab_to(page, button)
    page.keyboard.press("Enter")
    for name in ("Theme", "Language"):
        expect(page.get_by_role("combobox", name=name, exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()
    expect(page.locator("#account")).to_contain_text("ann")
    page.keyboard.press("Tab")
    expect(page.get_by_role("combobox", name="Theme", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_have_count(0)
    expect(button).to_be_focused()
