"""What one is used to from other pages: a key for the search, ranges, copying, files, and Back."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser import steps
from tests.browser.conftest import NewContext
from tests.browser.watch import axe
from tests.support.devcloud import Project

NAMES = [f"disk {letter}" for letter in "abcdef"]
# Browsers place by fractions of a pixel, and round them anew whenever something is drawn.
A_PIXEL = 1


@pytest.fixture
def listed(page: Page, project: Project) -> Page:
    """The Disks page with six disks, sorted by name."""
    for name in NAMES:
        project.create_disk(name)
    steps.sign_in(page, project, "/disks/?sort=name")
    expect(steps.rows(page)).to_have_count(len(NAMES))
    return page


def box(page: Page, name: str) -> Locator:
    return page.get_by_role("checkbox", name=f"Select {name}", exact=True)


def chosen(page: Page) -> str:
    """The last letters of the disks that are selected."""
    return "".join(name[-1] for name in NAMES if box(page, name).is_checked())


def top(page: Page, name: str) -> float:
    """How far down a disk's row begins, in pixels."""
    place = steps.row(page, name).bounding_box()
    assert place
    return place["y"]


def search(page: Page, name: str = "Search disks") -> Locator:
    return page.get_by_role("searchbox", name=name, exact=True)


def test_a_slash_leads_to_the_search(listed: Page) -> None:
    page = listed
    expect(search(page)).to_have_attribute("aria-keyshortcuts", "/")
    page.keyboard.press("/")
    expect(search(page)).to_be_focused()
    expect(search(page)).to_have_value("")
    # In a field it is a letter like any other.
    page.keyboard.type("a/b")
    expect(search(page)).to_have_value("a/b")
    search(page).fill("")
    expect(steps.rows(page)).to_have_count(len(NAMES))
    for start in (box(page, "disk a"), page.get_by_role("button", name="Actions for disk a", exact=True)):
        start.focus()
        page.keyboard.press("/")
        expect(search(page)).to_be_focused()


def test_a_slash_disturbs_nothing_else(listed: Page) -> None:
    page = listed
    for keys in ("Control+/", "Alt+/", "Meta+/"):
        page.keyboard.press(keys)
        expect(search(page)).not_to_be_focused()
    page.get_by_text("Filters", exact=True).click()
    zone = steps.field(page, "Availability zone")
    zone.press_sequentially("a/")
    expect(zone).to_have_value("a/")
    status = steps.field(page, "Status")
    status.focus()
    page.keyboard.press("/")
    expect(status).to_be_focused()
    steps.open_menu(page, "disk a")
    page.keyboard.press("/")
    expect(page.get_by_role("menuitem").locator("visible=true").first).to_be_focused()
    page.keyboard.press("Escape")
    dialog = steps.open_dialog(page, "disk a", "Rename disk")
    cancel = dialog.get_by_role("button", name="Cancel", exact=True)
    cancel.focus()
    page.keyboard.press("/")
    expect(cancel).to_be_focused()


def test_a_page_without_a_search_takes_no_slash(page: Page, project: Project) -> None:
    disk = project.create_disk("database")
    steps.sign_in(page, project, f"/disks/{disk.id}/")
    page.keyboard.press("/")
    expect(page.locator("body")).to_be_focused()


def test_shift_selects_from_the_last_one_clicked(listed: Page) -> None:
    page = listed
    box(page, "disk b").click()
    box(page, "disk e").click(modifiers=["Shift"])
    assert chosen(page) == "bcde"
    expect(page.locator("[data-selected-count]")).to_have_text("selected: 4")
    assert page.evaluate("getSelection().toString()") == ""
    # From there on, upwards, and the other way
    box(page, "disk c").click(modifiers=["Shift"])
    assert chosen(page) == "b"
    box(page, "disk f").click()
    box(page, "disk a").click(modifiers=["Shift"])
    assert chosen(page) == "abcdef"
    expect(page.get_by_role("checkbox", name="Select all", exact=True)).to_be_checked()


def test_shift_without_one_before_selects_one(listed: Page) -> None:
    page = listed
    box(page, "disk c").click(modifiers=["Shift"])
    assert chosen(page) == "c"
    # The one clicked before is on no other page.
    search(page).fill("disk f")
    expect(steps.rows(page)).to_have_count(1)
    box(page, "disk f").click(modifiers=["Shift"])
    assert box(page, "disk f").is_checked()
    expect(page.locator("[data-selected-count]")).to_have_text("selected: 1")


def test_the_range_goes_by_keyboard(listed: Page) -> None:
    page = listed
    box(page, "disk b").focus()
    page.keyboard.press("Space")
    steps.tab_to(page, box(page, "disk d"))
    page.keyboard.press("Shift+Space")
    assert chosen(page) == "bcd"
    steps.tab_to(page, box(page, "disk c"), "Shift+Tab")
    page.keyboard.press("Space")
    assert chosen(page) == "bd"


def test_the_selection_can_be_cleared(listed: Page) -> None:
    page = listed
    clear = page.get_by_role("button", name="Clear selection", exact=True)
    expect(clear).to_have_count(0)
    before = top(page, "disk d")
    steps.tick(page, "disk b", "disk d")
    assert abs(top(page, "disk d") - before) < A_PIXEL, "The rows move away under the pointer"
    expect(clear).to_be_visible()
    axe(page)
    steps.tab_to(page, clear, "Shift+Tab")
    page.keyboard.press("Enter")
    assert chosen(page) == ""
    expect(page.locator("[data-selected-count]")).to_be_empty()
    expect(clear).to_have_count(0)
    expect(page.get_by_role("button", name="Delete disk", exact=True)).to_be_disabled()
    expect(page.locator("#main")).to_be_focused()


def test_clearing_leaves_all_that_match(page: Page, project: Project) -> None:
    disk = project.create_disk("copy-9999")
    project.multiply_disk(disk.id, 21)
    steps.sign_in(page, project, "/disks/?sort=name")
    page.get_by_role("link", name="Select all 22 that match", exact=True).click()
    count = page.locator("[data-selected-count]")
    expect(count).to_have_text("selected: 22")
    steps.press(page, "Clear selection")
    expect(count).to_be_empty()
    steps.tick(page, "copy-0000")
    expect(count).to_have_text("selected: 1")
    steps.press(page, "Delete disk")
    dialog = steps.dialog(page, "Delete disks")
    expect(dialog).to_contain_text("copy-0000")
    expect(dialog).not_to_contain_text("copy-0001")


def test_ids_can_be_copied(new_context: NewContext, project: Project) -> None:
    context = new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    source = project.create_disk("source")
    snapshot = project.create_snapshot(source.id, "before")
    steps.sign_in(page, project, f"/snapshots/{snapshot.id}/")
    for one in (snapshot.id, source.id):
        button = page.get_by_role("button", name=f"Copy {one}", exact=True)
        steps.tab_to(page, button)
        page.keyboard.press("Enter")
        expect(button.locator("..").get_by_role("status")).to_have_text("Copied")
        # The clipboard holds one at a time.
        expect(page.get_by_text("Copied", exact=True)).to_have_count(1)
        assert page.evaluate("navigator.clipboard.readText()") == one
        expect(button).to_be_focused()
    axe(page)


def test_a_line_runs_while_one_waits(listed: Page) -> None:
    page = listed
    held: list[Route] = []
    page.route(re.compile("sort=size"), lambda route: held.append(route))  # noqa: PLW0108  # Playwright marks it
    line = page.locator("#progress")
    expect(line).to_have_css("width", "0px")
    page.get_by_role("columnheader", name="Size", exact=True).get_by_role("link").click()
    expect(line).not_to_have_css("width", "0px")
    held[0].continue_()
    expect(page.get_by_role("columnheader", name="Size", exact=True)).to_have_attribute("aria-sort", "ascending")
    expect(line).to_have_css("width", "0px")


def test_the_page_size_is_remembered(page: Page, project: Project) -> None:
    disk = project.create_disk("copy-9999")
    project.multiply_disk(disk.id, 29)
    steps.sign_in(page, project)
    expect(steps.rows(page)).to_have_count(20)
    page.get_by_role("link", name="50", exact=True).click()
    expect(steps.rows(page)).to_have_count(30)
    page.get_by_role("link", name="Snapshots", exact=True).click()
    page.get_by_role("link", name="Disks", exact=True).click()
    expect(steps.rows(page)).to_have_count(30)
    # What is searched for comes in the same size and order.
    page.get_by_role("columnheader", name="Name", exact=True).get_by_role("link").click()
    expect(page.get_by_role("columnheader", name="Name", exact=True)).to_have_attribute("aria-sort", "ascending")
    search(page).fill("copy-")
    expect(page).to_have_url(re.compile("q=copy-"))
    expect(steps.rows(page)).to_have_count(30)
    expect(page.get_by_role("columnheader", name="Name", exact=True)).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("link", name="20", exact=True).click()
    expect(steps.rows(page)).to_have_count(20)
    page.reload()
    expect(steps.rows(page)).to_have_count(20)
    page.get_by_role("link", name="Next", exact=True).click()
    expect(steps.rows(page)).to_have_count(10)


def saved(page: Page, folder: Path) -> tuple[str, list[list[str]]]:
    """Export the list, and return the file's name and lines."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Export CSV", exact=True).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return path.name, list(csv.reader(file))


def test_the_list_goes_into_a_file(page: Page, project: Project, tmp_path: Path) -> None:
    disk = project.create_disk("База данных")
    project.create_disk("=1+1")
    project.create_snapshot(disk.id, "before")
    steps.sign_in(page, project)
    name, [header, *lines] = saved(page, tmp_path)
    assert (name, header[:2]) == ("disks.csv", ["Id", "Name"])
    assert {line[1] for line in lines} == {"База данных", "'=1+1"}
    # What is searched for now, not when the page was opened
    search(page).fill("база")
    expect(steps.rows(page)).to_have_count(1)
    _name, [_header, line] = saved(page, tmp_path)
    assert line[:4] == [disk.id, "База данных", "available", "1"]
    page.goto(f"/disks/{disk.id}/snapshots/")
    name, [_header, line] = saved(page, tmp_path)
    assert (name, line[1:3]) == (f"snapshots-{disk.id}.csv", ["before", disk.id])
    axe(page)


def test_back_leads_to_where_one_was(page: Page, project: Project) -> None:
    disk = project.create_disk("copy-9999")
    project.multiply_disk(disk.id, 44)
    project.create_disk("other")
    steps.sign_in(page, project)
    search(page).fill("copy-")
    expect(page.get_by_text("45 in all")).to_be_visible()
    page.get_by_role("columnheader", name="Name", exact=True).get_by_role("link").click()
    expect(page).to_have_url(re.compile("sort=name"))
    expect(steps.rows(page).first).to_contain_text("copy-0000")
    page.get_by_role("link", name="Next", exact=True).click()
    expect(steps.row(page, "copy-0020")).to_be_visible()
    before, address = steps.names(page), page.url
    assert len(before) == 20
    page.evaluate("scrollTo(0, 400)")
    page.wait_for_function("scrollY === 400")
    steps.row(page, "copy-0030").get_by_role("link", name="copy-0030", exact=True).click()
    expect(steps.heading(page, "Disk copy-0030")).to_be_visible()
    page.go_back()
    expect(steps.heading(page, "Disks")).to_be_visible()
    assert page.url == address
    assert steps.names(page) == before
    expect(search(page)).to_have_value("copy-")
    page.wait_for_function("scrollY === 400")
    page.go_back()
    expect(steps.row(page, "copy-0000")).to_be_visible()
    expect(search(page)).to_have_value("copy-")
