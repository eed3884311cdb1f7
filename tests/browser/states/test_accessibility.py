"""No page, dialog or menu has an axe finding or is too wide: in wide and narrow windows, light and dark."""

import pytest
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.states import stock
from tests.browser.states.entering import enter, go
from tests.browser.states.looks import Visit, whole_visits
from tests.browser.watch import Watch
from tests.support.cloud_rows import an_id, snapshot
from tests.support.fake_cloud import KEYSTONE, OTHER_PROJECT, FakeCloud

WHOLE_VISITS = pytest.mark.parametrize("visit", whole_visits(), indirect=True)
DISK = f"/disks/{an_id(stock.DATABASE)}/"
SNAPSHOT = f"/snapshots/{an_id(stock.OLD)}/"


def test_signing_in(cloud: FakeCloud, visit: Visit, watch: Watch) -> None:
    watch.expect(401)
    cloud.http.post(f"{KEYSTONE}/auth/tokens", status_code=401, json={"error": {"code": 401, "message": "No."}})
    page = visit.page
    page.goto("/")
    visit.look("the sign-in page")
    page.get_by_text(visit.words("Application credential"), exact=True).click()
    visit.look("both ways to sign in", again=True)
    page.reload()
    steps.field(page.locator("form").first, visit.words("User name")).fill("ann")
    steps.field(page.locator("form").first, visit.words("Password")).fill("wrong")
    page.keyboard.press("Enter")
    wrong = visit.words("The user name, password or domain is wrong.")
    expect(page.get_by_role("alert").filter(has_text=wrong)).to_be_visible()
    visit.look("the sign-in page after a wrong password", again=True)


def test_disks(cloud: FakeCloud, visit: Visit) -> None:
    stock.fill(cloud)
    cloud.projects[OTHER_PROJECT] = "Project two, whose name is longer than others"
    page = visit.page
    enter(page, DISK)
    expect(visit.heading("Disk %(name)s", name=stock.LONG)).to_be_visible()
    visit.unfold()
    visit.look("a disk")
    of_a_disk = ("Resize disk", "Change disk type", "Rename disk", "Clone disk", "Create snapshot", "Create backup")
    visit.look_at_dialogs(named=(*of_a_disk, "Edit properties", "Delete disks"))
    go(page, f"/disks/{an_id(stock.ATTACHED)}/")
    expect(page.get_by_text("web-1")).to_have_count(1)
    visit.look("an attached disk", again=True)
    visit.press("Create snapshot")
    visit.look_at_dialog(visit.button("Create snapshot"))
    go(page, "/disks/")
    expect(steps.rows(page)).to_have_count(len(cloud.volumes))
    visit.unfold()
    expect(page.locator("#types option").first).to_be_attached()
    visit.look_for_overflow("the filters")
    page.keyboard.press("Escape")
    expect(page.locator(".capacity .legend")).to_be_visible()
    expect(page.locator(f"#row-{an_id(stock.DATABASE)} .count")).to_contain_text("2")
    visit.tick(stock.LONG)
    visit.tick(an_id(stock.UNNAMED))
    expect(visit.more(an_id(stock.UNNAMED))).to_be_visible()
    visit.look("the disks")
    visit.look_at_menu(stock.LONG, again=True)
    visit.look_at_menu("broken")
    visit.look_at_dialogs(stock.LONG, named=("Create disk",))
    page.get_by_role("checkbox", name=visit.words("Select all"), exact=True).check()
    for opener in (visit.button("Create snapshots"), visit.button("Delete disk")):
        opener.click()
        visit.look_at_dialog(opener)


def test_snapshots(cloud: FakeCloud, visit: Visit) -> None:
    stock.fill(cloud)
    page = visit.page
    enter(page, SNAPSHOT)
    expect(page.get_by_role("link", name="made from it", exact=True)).to_be_visible()
    visit.unfold()
    visit.look("a snapshot", again=True)
    of_a_snapshot = ("Create disk", "Create backup", "Edit snapshot", "Roll back disk")
    visit.look_at_dialogs(named=of_a_snapshot)
    go(page, f"{DISK}snapshots/")
    expect(visit.heading("Snapshots of disk %(name)s", name=stock.LONG)).to_be_visible()
    visit.tick("old")
    visit.look("the snapshots of a disk", again=True)
    visit.look_at_menu("old", again=True)
    visit.look_at_dialogs(stock.BEFORE_UPDATE, named=("Create snapshot", *of_a_snapshot, "Delete snapshots"))
    visit.choose("old", "Delete snapshot")
    visit.look_at_dialog(visit.more("old"))


@WHOLE_VISITS
def test_more_snapshots_than_a_page_shows(cloud: FakeCloud, visit: Visit) -> None:
    stock.fill(cloud)
    cloud.snapshots += [snapshot(number, stock.ATTACHED) for number in range(1100, 1117)]
    page = visit.page
    enter(page, "/snapshots/")
    visit.unfold()
    visit.link("Select all %(total)s that match", total=len(cloud.snapshots)).click()
    expect(page.locator("[data-selected-count]")).to_contain_text(str(len(cloud.snapshots)))
    visit.look("the project's snapshots", again=True)
    visit.look_at_dialogs(named=("Create snapshot", "Clean up"))
    visit.press("Delete snapshot")
    visit.look_at_dialog(visit.button("Delete snapshot"))


def test_backups(cloud: FakeCloud, visit: Visit) -> None:
    stock.fill(cloud)
    page = visit.page
    enter(page, "/backups/")
    expect(steps.rows(page)).to_have_count(len(cloud.backups))
    visit.unfold()
    visit.tick("nightly")
    visit.look("the backups")
    visit.look_at_menu("nightly", again=True)
    visit.look_at_dialogs("nightly", "incremental", named=("Delete backups", "Create disk"))


@WHOLE_VISITS
def test_the_readers_view(cloud: FakeCloud, visit: Visit) -> None:
    stock.fill(cloud)
    cloud.roles = ["reader"]
    page = visit.page
    enter(page)
    visit.look("a reader's disks")
    visit.look_at_menu(stock.LONG, again=True)
    pages = {DISK: "", f"{DISK}snapshots/": "old", "/snapshots/": "old", SNAPSHOT: "", "/backups/": "nightly"}
    for path, title in pages.items():
        go(page, path)
        visit.look_at_more(f"a reader's {path}")
        if title:
            visit.menu(title)
            visit.look_by_axe(f"the menu of {title}", again=True)
