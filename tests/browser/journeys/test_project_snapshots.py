"""The project's snapshots: finding them, and cleaning up many at once."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, Request, Route, expect

from dashboard.devcloud.administrator import Administrator
from tests.browser import steps
from tests.support.devcloud import Project, wait_until

DELETION = re.compile(r"/snapshots/delete/$")
# 130 of them in chunks of 20, one after the other
MANY_MS = 60_000


def selected(page: Page) -> Locator:
    return page.locator("[data-selected-count]")


def shown(page: Page, *names: str) -> None:
    """Wait until the table has these rows and no others."""
    for name in names:
        expect(steps.row(page, name)).to_be_visible()
    expect(steps.rows(page)).to_have_count(len(names))


def open_deletion(page: Page) -> Locator:
    page.get_by_role("button", name="Delete snapshot", exact=True).click()
    return steps.dialog(page, "Delete snapshots")


def names_in(preview: Locator) -> set[str]:
    return set(preview.get_by_role("listitem").locator(".name").all_inner_texts())


def many(project: Project, count: int) -> list[Any]:
    """So many snapshots of one disk, the first of them real."""
    disk = project.create_disk("web")
    first = project.create_snapshot(disk.id, "real")
    return [first.id, *project.multiply_snapshot(first.id, count - 1)]


def test_the_disks_names_come_after_the_page(page: Page, project: Project) -> None:
    disks = [project.create_disk(name) for name in ("web", "db")]
    for disk in disks:
        project.create_snapshot(disk.id, f"of {disk.name}", metadata={"env": "production", "tier": "2"})
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile("/snapshots/details/"), hold)
    steps.sign_in(page, project, "/snapshots/")
    expect(page).to_have_title("Snapshots · Diskboard")
    expect(page.get_by_role("link", name="Snapshots", exact=True)).to_have_attribute("aria-current", "page")
    for column in ("Name", "Disk", "Size", "Created", "Properties"):
        expect(page.get_by_role("columnheader", name=column, exact=True)).to_be_visible()
    row = steps.row(page, "of web")
    for text in ("1 GB", "env=production, tier=2", disks[0].id[:8]):
        expect(row).to_contain_text(text)
    assert len(held) == 1, "All the disks of a page cost one request"
    held[0].continue_()
    expect(steps.row(page, "of db").get_by_role("link", name="db", exact=True)).to_be_visible()
    row.get_by_role("link", name="web", exact=True).click()
    expect(steps.heading(page, "Snapshots of disk web")).to_be_visible()
    shown(page, "of web")


def test_it_finds_by_name_disk_property_status_and_age(
    page: Page, project: Project, administrator: Administrator
) -> None:
    web, db = project.create_disk("web"), project.create_disk("db")
    project.create_snapshot(web.id, "web-new", metadata={"env": "production"})
    old = project.create_snapshot(web.id, "web-old", metadata={"env": "test"})
    failed = project.create_snapshot(db.id, "db-old", metadata={"env": "production", "note": ""})
    project.backdate(old.id, failed.id, days=40)
    administrator.volumes.volume_snapshots.reset_state(failed.id, "error")
    steps.sign_in(page, project, "/snapshots/")
    shown(page, "web-new", "web-old", "db-old")
    page.get_by_text("Filters", exact=True).click()
    disk, prop = steps.field(page, "Disk (name or id)"), steps.field(page, "Property (key or key=value)")
    age, status = steps.field(page, "Older than (days)"), steps.field(page, "Status")

    disk.fill("web")
    disk.press("Enter")
    shown(page, "web-new", "web-old")
    age.fill("30")
    steps.press(page, "Apply")
    shown(page, "web-old")
    disk.fill(db.id)
    steps.press(page, "Apply")
    shown(page, "db-old")
    disk.fill("")
    prop.fill("env=production")
    steps.press(page, "Apply")
    shown(page, "db-old")
    age.fill("")
    steps.press(page, "Apply")
    shown(page, "web-new", "db-old")
    prop.fill("note")
    status.select_option(label="Error")
    steps.press(page, "Apply")
    shown(page, "db-old")
    page.get_by_role("searchbox", name="Search snapshots", exact=True).fill("web")
    expect(page.locator("#table")).to_contain_text(
        "No snapshot whose name or id contains “web” passes these filters: status Error, property note."
    )

    page.go_back()
    shown(page, "db-old")
    expect(status.locator("option:checked")).to_have_text("Error")
    expect(prop).to_have_value("note")
    page.go_back()
    shown(page, "web-new", "db-old")
    expect(prop).to_have_value("env=production")
    page.reload()
    shown(page, "web-new", "db-old")
    page.get_by_role("link", name="Clear", exact=True).click()
    shown(page, "web-new", "web-old", "db-old")


def test_all_that_match_are_deleted_chunk_by_chunk(page: Page, project: Project, administrator: Administrator) -> None:
    ids = many(project, 131)
    administrator.volumes.volume_snapshots.reset_state(ids[0], "error_deleting")
    snapshots = project.volume_client().volume_snapshots
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if DELETION.search(request.url) else None)
    steps.sign_in(page, project, "/snapshots/")
    expect(steps.rows(page)).to_have_count(20)
    expect(page.get_by_text("131 in all")).to_be_visible()
    page.get_by_role("link", name="Select all 131 that match", exact=True).click()
    expect(selected(page)).to_have_text("selected: 131")
    dialog = open_deletion(page)
    expect(dialog).to_contain_text("Will be deleted: 130. Can't be deleted: 1.")
    expect(dialog.get_by_role("listitem")).to_have_count(131)
    expect(dialog.get_by_role("listitem").first).to_contain_text("can't be deleted, because: Deleting it has failed")
    progress = page.get_by_role("progressbar")
    steps.press(dialog, "Delete")
    expect(progress).to_have_accessible_name(re.compile(r"^\d+ of 130 done$"))
    expect(progress).to_be_hidden(timeout=MANY_MS)
    steps.told(page, "130 snapshots are being deleted.")
    shown(page, "real")
    expect(page.get_by_text("1 in all")).to_be_visible()
    assert len(sent) == 1 + 7, "A preview, and 130 in chunks of 20"
    assert [one.id for one in snapshots.list()] == [ids[0]]


def test_a_deletion_can_be_stopped_in_the_middle(page: Page, project: Project) -> None:
    many(project, 70)
    snapshots = project.volume_client().volume_snapshots
    confirmed: list[Route] = []

    def hold_the_third(route: Route) -> None:
        if "confirmed=1" in (route.request.post_data or ""):
            confirmed.append(route)
        if len(confirmed) < 3:
            route.continue_()

    page.route(DELETION, hold_the_third)
    steps.sign_in(page, project, "/snapshots/?per_page=100")
    page.get_by_role("checkbox", name="Select all", exact=True).check()
    dialog = open_deletion(page)
    steps.press(dialog, "Delete")
    progress = page.get_by_role("progressbar", name="40 of 70 done", exact=True)
    expect(progress).to_be_visible()
    expect(progress).to_have_attribute("value", "40")
    steps.tab_to(page, page.get_by_role("button", name="Stop", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(steps.rows(page)).to_have_count(30)
    expect(page.get_by_text("30 in all")).to_be_visible()
    wait_until(lambda: len(snapshots.list()) == 30, "what was asked for is gone")
    assert len(confirmed) == 3
    assert set(steps.names(page)) == {one.name for one in snapshots.list()}
    expect(selected(page)).to_have_text("selected: 30")


def test_cleaning_up_by_age_makes_a_selection_to_look_at(page: Page, project: Project) -> None:
    ages = {"web": {"new": 0, "young": 10, "old": 40, "older": 50, "oldest": 60}, "db": {"last": 35, "before": 45}}
    for name, snapshots in ages.items():
        disk = project.create_disk(name)
        for taken, days in snapshots.items():
            project.backdate(project.create_snapshot(disk.id, f"{name} {taken}").id, days=days)
    steps.sign_in(page, project, "/snapshots/")
    opener = page.get_by_role("button", name="Clean up", exact=True)
    steps.tab_to(page, opener)
    page.keyboard.press("Space")
    dialog = steps.dialog(page, "Clean up")
    expect(steps.field(dialog, "Older than (days)")).to_be_focused()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    expect(steps.field(dialog, "All but the newest of each disk")).to_have_value("1")
    page.keyboard.press("Enter")

    # The newest of the other disk is old too, and stays.
    expect(page.get_by_role("checkbox", name="Select all", exact=True)).to_be_checked()
    shown(page, "web old", "web older", "web oldest", "db before")
    expect(selected(page)).to_have_text("selected: 4")
    page.get_by_role("checkbox", name="Select web older", exact=True).uncheck()
    expect(selected(page)).to_have_text("selected: 3")
    dialog = open_deletion(page)
    going = {"web old", "web oldest", "db before"}
    assert names_in(dialog) == going
    steps.press(dialog, "Delete")
    steps.told(page, "3 snapshots are being deleted.")
    shown(page, "web older")
    left = {one.name for one in project.volume_client().volume_snapshots.list() if one.status != "deleting"}
    assert left == {f"{disk} {taken}" for disk, snapshots in ages.items() for taken in snapshots} - going
