"""The Disks page: what it shows, how one finds one's way in it, and that it follows what happens."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from dashboard.devcloud.administrator import Administrator
from tests.browser import steps
from tests.browser.watch import Watch
from tests.support.devcloud import Project, wait_for_status, wait_until

MARKUP = "<script>alert(1)</script>"
READ_ONLY = "Your role in this project may only read."
A_LINE = 22
WHY_NO_SNAPSHOT = "A snapshot can be made only of a disk that is available or in use."


def test_it_shows_what_a_disk_is_and_who_uses_it(page: Page, project: Project) -> None:
    disk = project.create_disk("database", size=2, volume_type="ceph-ssd")
    project.volume_client().volumes.set_bootable(disk.id, True)
    project.attach(disk.id, device="/dev/vdc", instance="7d3fa0b2-0000-4000-8000-000000000000")
    steps.sign_in(page, project)
    expect(page).to_have_title("Disks · Diskboard")
    for name in ("Name", "Bootable", "Type", "Size", "Attached to"):
        expect(page.get_by_role("columnheader", name=name, exact=True)).to_be_visible()
    row = steps.row(page, "database")
    for text in ("In use", "Yes", "ceph-ssd", "nova", "2 GB", "7d3fa0b2", "/dev/vdc"):
        expect(row).to_contain_text(text)
    expect(row.get_by_role("button")).to_have_accessible_name("Actions for database")


def test_what_is_loaded_later_moves_no_row(page: Page, project: Project) -> None:
    below = project.create_disk("below")
    project.create_snapshot(below.id)
    project.create_failed_disk("failed")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/details/**", hold)
    steps.sign_in(page, project)
    steps.wait_in(page, lambda: bool(held), "the rest of the rows is asked for")
    before = _top(page, "below")
    held.pop().continue_()
    expect(steps.row(page, "failed").locator(".request-id")).to_contain_text("req-")
    expect(steps.row(page, "below")).to_contain_text("1 snapshot, newest")
    # Fonts differ, and so may a line's end.
    assert abs(_top(page, "below") - before) < A_LINE


def _top(page: Page, name: str) -> float:
    box = steps.row(page, name).bounding_box()
    assert box
    return box["y"]


def test_what_others_delete_goes_when_it_is_wanted(page: Page, project: Project, watch: Watch) -> None:
    watch.expect(404)
    project.create_disk("stays")
    disk = project.create_disk("goes")
    steps.sign_in(page, project)
    disks = project.volume_client().volumes
    disks.delete(disk.id)
    wait_until(lambda: steps.is_gone(disks, disk.id), "it is gone")
    steps.choose(page, "goes", "Rename disk")
    expect(steps.rows(page)).to_have_count(1)
    expect(page.get_by_role("alert").filter(has_text="doesn't exist in this project")).to_be_visible()


def test_an_empty_project_says_so(page: Page, project: Project) -> None:
    steps.sign_in(page, project)
    expect(page.get_by_role("heading", name="No disks yet")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Select all", exact=True)).to_be_disabled()


def test_an_unnamed_disk_shows_its_id(page: Page, project: Project) -> None:
    disk = project.create_disk("")
    steps.sign_in(page, project)
    expect(steps.row(page, disk.id).get_by_role("link", name=disk.id, exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=f"Actions for {disk.id}", exact=True)).to_be_visible()


@pytest.mark.parametrize("name", ["Диск «Ёлка» №1", "x" * 255, MARKUP], ids=["cyrillic", "long", "markup"])
def test_no_name_breaks_the_page(page: Page, project: Project, name: str) -> None:
    project.create_disk(name)
    steps.sign_in(page, project)
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
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "The page is wider than the window"


def test_a_right_click_opens_the_menu_where_it_happened(page: Page, project: Project) -> None:
    project.create_disk("database")
    steps.sign_in(page, project)
    cell = steps.row(page, "database").get_by_role("cell", name="1 GB")
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


def test_it_sorts_by_each_column(page: Page, project: Project) -> None:
    alpha = project.create_disk("alpha", size=2, volume_type="ceph-ssd")
    project.create_disk("beta", size=3, volume_type="ceph-hdd")
    gamma = project.create_disk("gamma", size=1, volume_type="ceph-ssd")
    project.attach(alpha.id)
    project.volume_client().volumes.set_bootable(gamma.id, True)
    steps.sign_in(page, project)
    assert in_both_orders(page, "Name") == (["alpha", "beta", "gamma"], ["gamma", "beta", "alpha"])
    assert in_both_orders(page, "Size") == (["gamma", "alpha", "beta"], ["beta", "alpha", "gamma"])
    # Two of the three are alike in these columns: the third is at one end, then at the other.
    for column, third in (("Bootable", "gamma"), ("Attached to", "alpha"), ("Type", "beta")):
        upwards, downwards = in_both_orders(page, column)
        assert {upwards.index(third), downwards.index(third)} == {0, 2}, column


def in_both_orders(page: Page, column: str) -> tuple[list[str], list[str]]:
    """Sort by a column upwards and downwards and return the names in these orders."""
    header = page.get_by_role("columnheader", name=column, exact=True)
    found = []
    for order in ("ascending", "descending"):
        header.get_by_role("link").click()
        expect(header).to_have_attribute("aria-sort", order)
        expect(page.locator("th[aria-sort]")).to_have_count(1)
        found.append(steps.names(page))
    return found[0], found[1]


def test_it_finds_by_a_part_of_the_name(page: Page, project: Project) -> None:
    project.create_disk("web server")
    project.create_disk("База данных")
    steps.sign_in(page, project)
    search = page.get_by_role("searchbox", name="Search disks", exact=True)
    search.press_sequentially("база")
    expect(steps.row(page, "База данных")).to_be_visible()
    expect(steps.rows(page)).to_have_count(1)
    expect(search).to_be_focused()
    search.fill("nothing & <b>")
    expect(page.locator("#table")).to_contain_text("No disk's name or id contains “nothing & <b>”.")
    page.reload()
    expect(search).to_have_value("nothing & <b>")
    search.fill("")
    expect(steps.rows(page)).to_have_count(2)


def test_pages_replace_each_other_and_back_works(page: Page, project: Project) -> None:
    disk = project.create_disk("copy-9999")
    project.multiply_disk(disk.id, 21)
    steps.sign_in(page, project, "/disks/?sort=name&per_page=20")
    following = page.get_by_role("link", name="Next", exact=True)
    previous = page.get_by_role("link", name="Previous", exact=True)
    expect(steps.rows(page)).to_have_count(20)
    expect(page.get_by_text("22 in all")).to_be_visible()
    expect(previous).to_have_count(0)
    first = steps.names(page)
    assert first == sorted(first)
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


def test_a_greyed_entry_can_be_reached_and_says_why(page: Page, project: Project) -> None:
    project.create_failed_disk("broken")
    steps.sign_in(page, project)
    expect(steps.row(page, "broken")).to_contain_text("Error")
    entry = steps.open_menu(page, "broken").get_by_role("menuitem", name="Create snapshot", exact=True)
    expect(entry).to_have_attribute("aria-disabled", "true")
    expect(entry).to_have_accessible_description(WHY_NO_SNAPSHOT)
    expect(entry).to_have_attribute("title", WHY_NO_SNAPSHOT)
    page.keyboard.press("End")
    page.keyboard.press("Home")
    # Change disk type, Clone disk, Create snapshot
    for _ in range(3):
        page.keyboard.press("c")
    expect(entry).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_disk_becomes_available_by_itself(page: Page, project: Project) -> None:
    source = project.create_disk("source")
    volumes = project.volume_client().volumes
    with steps.slow_storage(project, source):
        volumes.create(1, name="clone", source_volid=source.id)
        steps.sign_in(page, project)
        row = steps.row(page, "clone")
        expect(row).to_contain_text("Creating")
        entry = steps.open_menu(page, "clone").get_by_role("menuitem", name="Create snapshot", exact=True)
        expect(entry).to_have_accessible_description(WHY_NO_SNAPSHOT)
        page.keyboard.press("Escape")
    expect(row).to_contain_text("Available")
    steps.choose(page, "clone", "Create snapshot")
    steps.dialog(page, "Create snapshot")


def test_counts_and_quota_come_after_the_page_and_follow_it(
    page: Page, project: Project, administrator: Administrator
) -> None:
    administrator.volumes.quotas.update(project.project_id, volumes=7, snapshots=8, gigabytes=-1)
    taken, bare = project.create_disk("taken", size=2), project.create_disk("bare")
    project.backdate(project.create_snapshot(taken.id).id, days=3)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile("/disks/(details|quota)/"), hold)
    steps.sign_in(page, project)
    expect(steps.rows(page)).to_have_count(2)
    expect(steps.row(page, "taken").locator(f"#count-{taken.id}")).to_be_empty()
    expect(page.get_by_role("meter")).to_have_count(0)
    steps.wait_in(page, lambda: len(held) >= 2, "counts and quota are asked for")
    assert len(held) == 2, "All the counts of a page cost one request"
    for route in held:
        route.continue_()
    page.unroute(re.compile("/disks/(details|quota)/"))
    expect(steps.row(page, "taken")).to_contain_text("1 snapshot, newest 3\u00a0days ago")
    expect(steps.row(page, "bare")).to_contain_text("no snapshots")
    expect(quota_bar(page, "Disks 2 of 7")).to_have_attribute("value", "2")
    expect(quota_bar(page, "Snapshots 1 of 8")).to_have_attribute("max", "8")
    # Without a limit there is no bar.
    expect(page.get_by_text(re.compile(r"^Gigabytes \d+$"))).to_be_visible()

    page.evaluate("window.stayed = true")
    steps.press(steps.open_dialog(page, "bare", "Create snapshot"), "Create snapshot")
    expect(steps.row(page, "bare")).to_contain_text("1 snapshot, newest 0\u00a0minutes ago")
    expect(quota_bar(page, "Snapshots 2 of 8")).to_be_visible()
    # A row that changes keeps its count.
    steps.choose(page, "bare", "Make bootable")
    expect(steps.row(page, "bare").get_by_role("cell", name="Yes", exact=True)).to_be_visible()
    expect(steps.row(page, "bare")).to_contain_text("1 snapshot, newest")
    assert page.evaluate("window.stayed")
    steps.row(page, "bare").get_by_role("link", name="1 snapshot", exact=True).click()
    expect(steps.heading(page, "Snapshots of disk bare")).to_be_visible()
    assert bare.id in page.url


def quota_bar(page: Page, label: str) -> Locator:
    return page.get_by_label(label)


def test_menu_and_selection_stay_while_other_disks_come_and_go(page: Page, project: Project) -> None:
    client = project.volume_client()
    source, other = project.create_disk("source"), project.create_disk("other")
    project.create_disk("going")
    page.clock.install()
    count = page.locator("[data-selected-count]")
    with steps.slow_storage(project, source):
        made = client.volumes.create(1, name="clone", source_volid=source.id)
        steps.sign_in(page, project)
        clone = steps.row(page, "clone")
        expect(clone).to_contain_text("Creating")
        steps.tick(page, "clone", "other")
        menu = steps.open_menu(page, "other")
        steps.go_to_entry(page, "Rename disk")
    wait_for_status(client.volumes, made.id)
    page.clock.fast_forward(60_000)
    page.clock.fast_forward(60_000)
    # What it shows waits for the menu.
    expect(menu.get_by_role("menuitem", name="Rename disk", exact=True)).to_be_focused()
    expect(clone).to_contain_text("Creating")
    page.keyboard.press("Escape")
    page.clock.fast_forward(60_000)
    expect(clone).to_contain_text("Available")
    expect(count).to_have_text("selected: 2")
    expect(page.get_by_role("button", name="Actions for other", exact=True)).to_be_focused()

    page.clock.resume()
    steps.press(steps.open_dialog(page, "going", "Delete disk", "Delete disks"), "Delete")
    expect(steps.row(page, "going")).to_have_count(0)
    for name in ("clone", "other"):
        expect(page.get_by_role("checkbox", name=f"Select {name}", exact=True)).to_be_checked()
    expect(count).to_have_text("selected: 2")
    assert {one.id for one in client.volumes.list()} >= {source.id, other.id, made.id}


def test_a_reader_selects_but_does_not_write(page: Page, project: Project, watch: Watch) -> None:
    watch.expect(403)
    disk = project.create_disk("kept")
    project.create_disk("other")
    steps.sign_in(page, project, reader=True)
    for name in ("Create disk", "Delete disk", "Create snapshots"):
        button = page.get_by_role("button", name=name, exact=True)
        expect(button).to_have_attribute("aria-disabled", "true")
        expect(button).to_have_accessible_description(READ_ONLY)
        button.click(force=True)
        expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("checkbox", name="Select all", exact=True).check()
    expect(page.locator("[data-selected-count]")).to_have_text("selected: 2")
    expect(page.get_by_label("Disks 2 of")).to_be_visible()
    entries = steps.open_menu(page, "kept").get_by_role("menuitem")
    for entry in entries.all():
        if entry.inner_text().strip() == "Snapshot list":
            expect(entry).not_to_have_attribute("aria-disabled", "true")
        else:
            expect(entry).to_have_accessible_description(READ_ONLY)
    page.keyboard.press("Escape")

    base = f"/p/{project.project_id}/disks"
    for path in ("create/", f"{disk.id}/resize/", f"{disk.id}/rename/", f"{disk.id}/bootable/", f"{disk.id}/clone/"):
        page.goto(f"{base}/{path}")
        expect(page.get_by_role("alert").filter(has_text=READ_ONLY)).to_be_visible()
        expect(page.locator("main").get_by_role("button", name="Cancel", exact=True)).to_be_visible()
        expect(page.locator("main .button.primary")).to_have_count(0)
    form: dict[str, str | float | bool] = {
        "csrfmiddlewaretoken": page.locator("#page-token").input_value(),
        "bootable": "true",
    }
    assert page.request.post(f"{base}/{disk.id}/bootable/", form=form, max_redirects=0).status == 403
    assert project.volume_client().volumes.get(disk.id).bootable == "false"
    page.goto(f"{base}/{disk.id}/")
    expect(page.get_by_role("button", name="Rename disk", exact=True)).to_have_accessible_description(READ_ONLY)
