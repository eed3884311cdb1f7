"""Users with a read-only role see everything, and why they can't change it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.states.entering import HOME, enter
from tests.browser.states.rows import disks, snapshots
from tests.browser.watch import Watch
from tests.support.cloud_rows import an_id
from tests.support.fake_cloud import FakeCloud

READ_ONLY = "Your role in this project is read-only."
DISK = f"/disks/{an_id(1)}/"
DIALOGS = ("create/", *(f"{an_id(1)}/{one}/" for one in ("resize", "rename", "bootable", "clone")))


@pytest.fixture
def page(page: Page, cloud: FakeCloud) -> Page:
    """A page of a reader, whose project has two disks and a snapshot."""
    cloud.roles = ["reader"]
    cloud.volumes, cloud.snapshots = disks("kept", "other"), snapshots("taken")
    return page


def is_greyed(page: Page, name: str) -> None:
    """The toolbar's button is greyed, explains why, and does nothing."""
    button = page.locator(".toolbar").get_by_role("button", name=name, exact=True)
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(button).to_have_accessible_description(READ_ONLY)
    button.click(force=True)
    expect(page.get_by_role("dialog")).to_have_count(0)


def says_why_in_its_place(page: Page, path: str) -> None:
    """A dialog's own page shows the reason, and no button but the one that leads back."""
    page.goto(f"{HOME}{path}")
    expect(page.get_by_role("alert").filter(has_text=READ_ONLY)).to_be_visible()
    expect(page.locator("main").get_by_role("button", name="Cancel", exact=True)).to_be_visible()
    expect(page.locator("main .button.primary")).to_have_count(0)


def test_a_reader_selects_disks_but_does_not_write(page: Page, watch: Watch) -> None:
    watch.expect(403)
    enter(page)
    for name in ("Create disk", "Delete disk", "Create snapshots"):
        is_greyed(page, name)
    page.get_by_role("checkbox", name="Select all", exact=True).check()
    expect(page.locator("[data-selected-count]")).to_have_text("selected: 2")
    expect(page.get_by_text("Disks: 2 of")).to_be_visible()
    entries = steps.open_menu(page, "kept").get_by_role("menuitem")
    for entry in entries.all():
        if entry.inner_text().strip() == "Snapshot list":
            expect(entry).not_to_have_attribute("aria-disabled", "true")
        else:
            expect(entry).to_have_accessible_description(READ_ONLY)
    page.keyboard.press("Escape")
    for path in DIALOGS:
        says_why_in_its_place(page, f"/disks/{path}")
    page.goto(f"{HOME}{DISK}")
    expect(page.get_by_role("button", name="Rename disk", exact=True)).to_have_accessible_description(READ_ONLY)


def test_a_reader_looks_at_snapshots_but_does_not_write(page: Page, watch: Watch) -> None:
    watch.expect(403)
    enter(page, f"{DISK}snapshots/")
    for name in ("Create snapshot", "Delete snapshot"):
        is_greyed(page, name)
    page.get_by_role("checkbox", name="Select all", exact=True).check()
    expect(page.locator("[data-selected-count]")).to_have_text("selected: 1")
    entry = steps.open_menu(page, "taken").get_by_role("menuitem", name="Delete snapshot", exact=True)
    expect(entry).to_have_accessible_description(READ_ONLY)
    page.keyboard.press("Escape")
    says_why_in_its_place(page, f"{DISK}create-snapshot/")
