"""No page, dialog or menu may have an axe finding, wide or narrow, light or dark."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import NewContext
from tests.browser.watch import Watch, axe
from tests.devcloud_fixtures import Project

# What is dark needs no wide window too: the colours are the same.
LOOKS: dict[str, dict[str, Any]] = {
    "wide": {},
    "narrow-and-dark": {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark"},
}


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest, new_context: NewContext) -> Page:
    """A page of each look."""
    return new_context(**LOOKS[request.param]).new_page()


def fits(page: Page) -> None:
    """Fail where one would have to scroll sideways."""
    too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert too_wide <= 0, f"{page.url} is {too_wide} pixels too wide"


def test_signing_in(look: Page, project: Project, watch: Watch) -> None:
    watch.expect(401)
    look.goto("/")
    axe(look)
    fits(look)
    steps.fill_in_sign_in(look, project.username, "wrong")
    expect(look.get_by_role("alert").filter(has_text="is wrong")).to_be_visible()
    axe(look)


def test_disks(look: Page, project: Project) -> None:
    project.create_disk("database")
    project.create_failed_disk("broken")
    steps.sign_in(look, project)
    expect(steps.rows(look)).to_have_count(2)
    axe(look)
    fits(look)
    steps.open_menu(look, "broken")
    axe(look)
    look.keyboard.press("Escape")
    steps.choose(look, "database", "Create snapshot")
    steps.dialog(look, "Create snapshot")
    axe(look)


def test_snapshots(look: Page, project: Project) -> None:
    disk = project.create_disk("database")
    project.create_snapshots(disk.id, 2)
    steps.sign_in_to_snapshots(look, project, disk)
    steps.tick(look, "snapshot-001")
    axe(look)
    fits(look)
    look.get_by_role("button", name="Delete snapshot", exact=True).click()
    dialog = steps.dialog(look, "Delete snapshots")
    axe(look)
    dialog.get_by_role("button", name="Delete", exact=True).click()
    expect(steps.rows(look)).to_have_count(1)
    expect(look.locator(".toast")).to_be_visible()
    axe(look)


def test_empty_lists_and_errors(look: Page, project: Project, watch: Watch) -> None:
    watch.expect(404)
    steps.sign_in(look, project)
    expect(look.get_by_role("heading", name="No disks yet")).to_be_visible()
    axe(look)
    fits(look)
    look.goto("/disks/00000000-0000-4000-8000-000000000000/snapshots/")
    expect(steps.heading(look, "Not found")).to_be_visible()
    axe(look)
    fits(look)
    look.goto("/no/such/page")
    expect(steps.heading(look, "There is no such page")).to_be_visible()
    axe(look)


def test_dialogs_as_pages(look: Page, project: Project) -> None:
    disk = project.create_disk("database")
    steps.sign_in(look, project, f"/disks/{disk.id}/create-snapshot/")
    expect(steps.heading(look, "Create snapshot")).to_be_visible()
    axe(look)
    fits(look)


def test_the_readers_view(look: Page, project: Project) -> None:
    disk = project.create_disk("database")
    project.create_snapshot(disk.id)
    steps.sign_in_to_snapshots(look, project, disk, reader=True)
    axe(look)
    fits(look)
