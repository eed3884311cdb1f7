"""The Disks page: what it shows, and how users find what they need."""

import re

from playwright.sync_api import Page, Route, expect

from tests.browser import steps
from tests.browser.states.entering import HOME, enter
from tests.browser.states.rows import aged, disks, numbered, snapshots
from tests.browser.watch import Watch
from tests.support.cloud_rows import an_id, message, volume
from tests.support.fake_cloud import PASSWORD, FakeCloud

NASTY_NAMES = ("Диск «Ёлка» №1", "x" * 255, "<script>alert(1)</script>")
A_LINE = 22
LOADED_LATER = re.compile("/disks/(details|capacity)/")
SERVER = "7d3fa0b2-0000-4000-8000-000000000000"
WHY_NO_SNAPSHOT = "A snapshot can be created only while the disk is available or in use."


def test_it_shows_what_a_disk_is_and_who_uses_it(page: Page, cloud: FakeCloud) -> None:
    attachment = {"id": an_id(1), "attachment_id": an_id(5001), "server_id": SERVER, "device": "/dev/vdc"}
    cloud.volumes = disks("database", status="in-use", bootable="true", size=2, attachments=[attachment])
    enter(page)
    expect(page).to_have_title("Disks · Diskboard")
    for name in ("Name", "Bootable", "Type", "Size", "Attached to"):
        expect(page.get_by_role("columnheader", name=name, exact=True)).to_be_visible()
    row = steps.row(page, "database")
    for text in ("In use", "Yes", "ceph-ssd", "nova", "2 GB", "7d3fa0b2", "/dev/vdc"):
        expect(row).to_contain_text(text)
    expect(row.get_by_role("button")).to_have_accessible_name("Actions for database")


def test_what_is_loaded_later_moves_no_row(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = [volume(2, name="failed", status="error"), *disks("below")]
    cloud.snapshots, cloud.messages = snapshots("one"), [message(about=an_id(2))]
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/details/**", hold)
    steps.let_in(page, "ann", PASSWORD)
    page.goto(f"{HOME}/disks/")
    steps.wait_in(page, lambda: bool(held), "the rest of the rows is asked for")
    before = _top(page, "below")
    held.pop().continue_()
    expect(steps.row(page, "failed").locator(".request-id")).to_contain_text("req-")
    expect(steps.row(page, "below")).to_contain_text("1 snapshot, newest")
    # Fonts differ, so the end of a line may differ too.
    assert abs(_top(page, "below") - before) < A_LINE


def _top(page: Page, name: str) -> float:
    box = steps.row(page, name).bounding_box()
    assert box
    return box["y"]


def test_what_others_delete_goes_when_it_is_wanted(page: Page, cloud: FakeCloud, watch: Watch) -> None:
    watch.expect(404)
    cloud.volumes = disks("stays", "goes")
    enter(page)
    del cloud.volumes[0]
    steps.choose(page, "goes", "Rename disk")
    expect(steps.rows(page)).to_have_count(1)
    expect(page.get_by_role("alert").filter(has_text="isn't in this project")).to_be_visible()


def test_an_empty_project_says_so(page: Page, cloud: FakeCloud) -> None:
    assert not cloud.volumes
    enter(page)
    expect(page.get_by_role("heading", name="No disks yet")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Select all", exact=True)).to_be_disabled()


def test_no_name_breaks_the_page(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("", *NASTY_NAMES)
    unnamed = an_id(1)
    enter(page)
    expect(steps.row(page, unnamed).get_by_role("link", name=unnamed, exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=f"Actions for {unnamed}", exact=True)).to_be_visible()
    fits(page)
    for name in NASTY_NAMES:
        row = steps.row(page, name)
        expect(row.get_by_role("link", name=name, exact=True)).to_be_visible()
        expect(row.get_by_role("button")).to_have_accessible_name(f"Actions for {name}")
        steps.choose(page, name, "Create snapshot")
        dialog = steps.dialog(page, "Create snapshot")
        expect(dialog).to_contain_text(name)
        proposed = dialog.get_by_label("Snapshot name", exact=True).input_value()
        assert len(proposed) <= 255
        dialog.get_by_role("button", name="Create snapshot", exact=True).click()
        steps.told(page, proposed)
        steps.choose(page, name, "Snapshot list")
        expect(steps.heading(page, f"Snapshots of disk {name}")).to_be_visible()
        expect(steps.row(page, proposed)).to_be_visible()
        fits(page)
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Disks", exact=True).click()


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "The page is wider than the window"


def test_a_right_click_opens_the_menu_where_it_happened(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("database")
    enter(page)
    cell = steps.row(page, "database").get_by_role("cell", name="10 GB")
    box = cell.bounding_box()
    cell.click(button="right")
    menu = page.get_by_role("menu", name="Actions for database")
    expect(menu.get_by_role("menuitem").first).to_be_focused()
    place = menu.bounding_box()
    assert box
    assert place
    assert abs(place["x"] - box["x"] - box["width"] / 2) < 10
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    cell.click(button="right")
    expect(menu).to_be_visible()
    steps.heading(page, "Disks").click()
    expect(menu).to_be_hidden()


def test_it_finds_by_a_part_of_the_name(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("web server", "База данных")
    enter(page)
    search = page.get_by_role("searchbox", name="Search disks", exact=True)
    search.press_sequentially("база")
    expect(steps.row(page, "База данных")).to_be_visible()
    expect(steps.rows(page)).to_have_count(1)
    expect(search).to_be_focused()
    search.fill("nothing & <b>")
    expect(page.locator("#table")).to_contain_text("No disk's name contains “nothing & <b>”.")
    page.reload()
    expect(search).to_have_value("nothing & <b>")
    search.fill("")
    expect(steps.rows(page)).to_have_count(2)


def test_pages_replace_each_other_and_back_works(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks(*numbered("copy", 21), "copy-9999")
    enter(page, "/disks/?sort=name&per_page=20")
    following = page.get_by_role("link", name="Next", exact=True)
    previous = page.get_by_role("link", name="Previous", exact=True)
    expect(steps.rows(page)).to_have_count(20)
    expect(page.locator("#total")).to_have_text("22 disks")
    expect(previous).to_have_count(0)
    first = steps.names(page)
    assert first == numbered("copy", 20)
    following.click()
    expect(steps.rows(page)).to_have_count(2)
    expect(following).to_have_count(0)
    assert steps.names(page) == ["copy-0020", "copy-9999"]
    previous.click()
    expect(steps.rows(page)).to_have_count(20)
    assert steps.names(page) == first
    expect(previous).to_have_count(0)
    page.go_back()
    expect(steps.row(page, "copy-9999")).to_be_visible()
    page.go_back()
    expect(steps.row(page, "copy-0000")).to_be_visible()
    page.get_by_role("link", name="50", exact=True).click()
    expect(steps.rows(page)).to_have_count(22)


def test_counts_and_quota_come_after_the_page_and_follow_it(page: Page, cloud: FakeCloud) -> None:
    cloud.limits = {"maxTotalVolumes": 7, "maxTotalSnapshots": 8, "maxTotalVolumeGigabytes": -1}
    cloud.volumes = disks("taken", "bare")
    cloud.snapshots = [aged(one, days=3) for one in snapshots("one")]
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(LOADED_LATER, hold)
    steps.let_in(page, "ann", PASSWORD)
    page.goto(f"{HOME}/disks/")
    expect(steps.rows(page)).to_have_count(2)
    expect(steps.row(page, "taken").locator(".count")).to_be_empty()
    expect(page.locator(".capacity")).to_be_empty()
    steps.wait_in(page, lambda: len(held) >= 2, "counts and quota are asked for")
    assert len(held) == 2, "All the counts of a page cost one request"
    for route in held:
        route.continue_()
    page.unroute(LOADED_LATER)
    expect(steps.row(page, "taken")).to_contain_text("1 snapshot, newest 3\u00a0days ago")
    expect(steps.row(page, "bare")).to_contain_text("no snapshots")
    expect(page.get_by_text("Disks: 2 of 7 · Snapshots: 1 of 8", exact=True)).to_be_visible()
    # A quota without a limit has no bar.
    expect(page.get_by_text("30 GB", exact=True)).to_be_visible()

    page.evaluate("window.stayed = true")
    steps.press(steps.open_dialog(page, "bare", "Create snapshot"), "Create snapshot")
    expect(steps.row(page, "bare")).to_contain_text("1 snapshot, newest")
    expect(page.get_by_text("Snapshots: 2 of 8")).to_be_visible()
    # A row that changes keeps its count of snapshots.
    steps.choose(page, "bare", "Make bootable")
    expect(steps.row(page, "bare").get_by_role("cell", name="Yes", exact=True)).to_be_visible()
    expect(steps.row(page, "bare")).to_contain_text("1 snapshot, newest")
    assert page.evaluate("window.stayed")
    steps.row(page, "bare").get_by_role("link", name="1 snapshot", exact=True).click()
    expect(steps.heading(page, "Snapshots of disk bare")).to_be_visible()
    assert an_id(2) in page.url


def test_a_failed_disk_says_why_and_so_does_its_greyed_entry(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = [volume(2, name="broken", status="error"), *disks("fine")]
    cloud.messages = [message(about=an_id(2))]
    enter(page)
    row = steps.row(page, "broken")
    expect(row).to_contain_text("Error")
    expect(row.locator(".failure")).to_contain_text("Could not find any available weighted backend")
    expect(row.locator(".failure .request-id")).to_contain_text("req-")
    expect(steps.row(page, "fine").locator(".failure")).to_be_empty()
    entry = steps.open_menu(page, "broken").get_by_role("menuitem", name="Create snapshot", exact=True)
    expect(entry).to_have_attribute("aria-disabled", "true")
    expect(entry).to_have_accessible_description(WHY_NO_SNAPSHOT)
    expect(entry).to_have_attribute("title", WHY_NO_SNAPSHOT)
    page.keyboard.press("End")
    page.keyboard.press("Home")
    # Keys lead to Change disk type, Clone disk, Create snapshot.
    for _ in range(3):
        page.keyboard.press("c")
    expect(entry).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
