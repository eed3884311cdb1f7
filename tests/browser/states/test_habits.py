"""What users expect from other pages: a key for the search, copying, files, and Back."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser import steps
from tests.browser.conftest import NewContext
from tests.browser.states.entering import enter, go
from tests.browser.states.rows import disks, numbered, snapshots
from tests.browser.watch import axe
from tests.support.cloud_rows import an_id
from tests.support.fake_cloud import FakeCloud

NAMES = ("alpha", "beta", "gamma")


@pytest.fixture
def listed(page: Page, cloud: FakeCloud) -> Page:
    """The Disks page with three disks."""
    cloud.volumes = disks(*NAMES)
    enter(page)
    return page


def search(page: Page, name: str = "Search disks") -> Locator:
    return page.get_by_role("searchbox", name=name, exact=True)


def test_a_slash_leads_to_the_search_and_disturbs_nothing_else(listed: Page) -> None:
    page = listed
    for keys in ("Control+/", "Alt+/", "Meta+/"):
        page.keyboard.press(keys)
        expect(search(page)).not_to_be_focused()
    expect(search(page)).to_have_attribute("aria-keyshortcuts", "/")
    page.keyboard.press("/")
    expect(search(page)).to_be_focused()
    steps.open_menu(page, "alpha")
    page.keyboard.press("/")
    expect(page.get_by_role("menuitem").locator("visible=true").first).to_be_focused()
    page.keyboard.press("Escape")
    dialog = steps.open_dialog(page, "alpha", "Rename disk")
    cancel = dialog.get_by_role("button", name="Cancel", exact=True)
    cancel.focus()
    page.keyboard.press("/")
    expect(cancel).to_be_focused()
    page.keyboard.press("Escape")
    page.get_by_text("Filters", exact=True).click()
    zone = steps.field(page, "Availability zone")
    zone.press_sequentially("a/")
    expect(zone).to_have_value("a/")
    zone.fill("")
    status = steps.field(page, "Status")
    status.focus()
    page.keyboard.press("/")
    expect(status).to_be_focused()

    for start in (
        page.get_by_role("checkbox", name="Select alpha", exact=True),
        page.get_by_role("button", name="Actions for alpha", exact=True),
    ):
        start.focus()
        page.keyboard.press("/")
        expect(search(page)).to_be_focused()
        expect(search(page)).to_have_value("")
    # In a field, the key types a letter.
    page.keyboard.type("a/b")
    expect(search(page)).to_have_value("a/b")
    expect(steps.rows(page)).to_have_count(0)
    search(page).fill("")
    expect(steps.rows(page)).to_have_count(len(NAMES))


def test_a_page_without_a_search_takes_no_slash(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("database")
    enter(page, f"/disks/{an_id(1)}/")
    page.keyboard.press("/")
    expect(page.locator("body")).to_be_focused()


def test_ids_can_be_copied(new_context: NewContext, cloud: FakeCloud) -> None:
    page = new_context(permissions=["clipboard-read", "clipboard-write"]).new_page()
    cloud.volumes, cloud.snapshots = disks("source"), snapshots("before")
    enter(page, f"/snapshots/{an_id(1001)}/")
    for one in (an_id(1001), an_id(1)):
        button = page.get_by_role("button", name=f"Copy {one}", exact=True)
        steps.tab_to(page, button)
        page.keyboard.press("Enter")
        expect(button.locator("..").get_by_role("status")).to_have_text("Copied")
        # The clipboard holds one text at a time, so only one button shows “Copied”.
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


def test_the_page_size_is_remembered(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks(*numbered("copy", 30))
    enter(page)
    expect(steps.rows(page)).to_have_count(20)
    page.get_by_role("link", name="50", exact=True).click()
    expect(steps.rows(page)).to_have_count(30)
    page.get_by_role("link", name="Snapshots", exact=True).click()
    page.get_by_role("link", name="Disks", exact=True).click()
    expect(steps.rows(page)).to_have_count(30)
    # The search keeps the page size and the order.
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


def test_the_list_goes_into_a_file(page: Page, cloud: FakeCloud, tmp_path: Path) -> None:
    cloud.volumes, cloud.snapshots = disks("База данных", "=1+1"), snapshots("before")
    disk_id = an_id(1)
    enter(page)
    name, [header, *lines] = saved(page, tmp_path)
    assert (name, header[:2]) == ("disks.csv", ["Id", "Name"])
    assert {line[1] for line in lines} == {"База данных", "'=1+1"}
    # The file contains the results of the present search, not those of the page as it was opened.
    search(page).fill("база")
    expect(steps.rows(page)).to_have_count(1)
    _name, [_header, line] = saved(page, tmp_path)
    assert line[:4] == [disk_id, "База данных", "available", "10"]
    go(page, f"/disks/{disk_id}/snapshots/")
    name, [_header, line] = saved(page, tmp_path)
    assert (name, line[1:3]) == (f"snapshots-{disk_id}.csv", ["before", disk_id])
    axe(page)


def test_back_leads_to_where_one_was(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks(*numbered("copy", 45), "other")
    enter(page)
    search(page).fill("copy-")
    expect(page.locator("#total")).to_have_text("45 disks found")
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
