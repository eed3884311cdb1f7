"""The project's snapshots: finding them, and cleaning up many at once."""

import re

from playwright.sync_api import Locator, Page, Request, Route, expect

from tests.browser import steps
from tests.browser.states.entering import HOME, enter
from tests.browser.states.rows import aged, disks, let_go, look_again, numbered, snapshots
from tests.support.cloud_rows import Answer, an_id
from tests.support.fake_cloud import PASSWORD, FakeCloud

DELETION = re.compile(r"/snapshots/delete/run/$")


def selected(page: Page) -> Locator:
    return page.locator("[data-selected-count]")


def shown(page: Page, *names: str) -> None:
    """Wait until the table has exactly these rows."""
    for name in names:
        expect(steps.row(page, name)).to_be_visible()
    expect(steps.rows(page)).to_have_count(len(names))


def open_deletion(page: Page) -> Locator:
    page.get_by_role("button", name="Delete snapshot", exact=True).click()
    return steps.dialog(page, "Delete snapshots")


def hold_chunk(page: Page, number: int) -> list[Route]:
    """Hold back this chunk of a deletion; return the list that receives the chunks."""
    confirmed: list[Route] = []

    def hold(route: Route) -> None:
        confirmed.append(route)
        if len(confirmed) != number:
            route.continue_()

    page.route(DELETION, hold)
    return confirmed


def names_in(preview: Locator) -> set[str]:
    return set(preview.get_by_role("listitem").locator(".name").all_inner_texts())


def test_the_disks_names_come_after_the_page(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("web", "db")
    for disk in cloud.volumes[::-1]:
        number = len(cloud.snapshots) + 1
        properties = {"env": "production", "tier": "2"}
        cloud.snapshots += snapshots(f"of {disk['name']}", disk=number, metadata=properties)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile("/snapshots/details/"), hold)
    steps.let_in(page, "ann", PASSWORD)
    page.goto(f"{HOME}/snapshots/")
    expect(page).to_have_title("Snapshots · Diskboard")
    expect(page.get_by_role("link", name="Snapshots", exact=True)).to_have_attribute("aria-current", "page")
    for column in ("Name", "Disk", "Size", "Created", "Properties"):
        expect(page.get_by_role("columnheader", name=column, exact=True)).to_be_visible()
    row = steps.row(page, "of web")
    for text in ("10 GB", "env=production, tier=2", an_id(1)[:8]):
        expect(row).to_contain_text(text)
    steps.wait_in(page, lambda: bool(held), "the disks of the rows are asked for")
    assert len(held) == 1, "All the disks of a page cost one request"
    held[0].continue_()
    expect(steps.row(page, "of db").get_by_role("link", name="db", exact=True)).to_be_visible()
    row.get_by_role("link", name="web", exact=True).click()
    expect(steps.heading(page, "Snapshots of disk web")).to_be_visible()
    shown(page, "of web")


def test_all_that_match_are_deleted_chunk_by_chunk(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes, cloud.snapshots = disks("web"), snapshots(*numbered("copy", 130), "stuck")
    cloud.snapshots[0]["status"] = "error_deleting"
    sent: list[Request] = []
    page.clock.install()
    enter(page, "/snapshots/")
    page.on("request", lambda request: sent.append(request) if DELETION.search(request.url) else None)
    expect(steps.rows(page)).to_have_count(20)
    expect(page.locator("#total")).to_have_text("131 snapshots")
    page.get_by_role("link", name="Select all 131 that match", exact=True).click()
    expect(selected(page)).to_have_text("selected: 131")
    dialog = open_deletion(page)
    expect(dialog).to_contain_text("Will be deleted: 130. Can't be deleted: 1.")
    expect(dialog.get_by_role("listitem")).to_have_count(131)
    expect(dialog.get_by_role("listitem").first).to_contain_text("Can't be deleted: deleting it has failed")
    confirmed = hold_chunk(page, 3)
    steps.press(dialog, "Delete")
    progress = page.get_by_role("progressbar", name="100 of 130 done", exact=True)
    expect(progress).to_have_attribute("value", "100")
    steps.wait_in(page, lambda: len(confirmed) == 3, "the third chunk is asked for")
    confirmed[-1].continue_()
    steps.told(page, "130 snapshots are being deleted.")
    expect(page.get_by_role("progressbar")).to_have_count(0)
    assert len(sent) == 3, "130 in chunks of 50"
    let_go(cloud)
    look_again(page)
    shown(page, "stuck")
    expect(page.locator("#total")).to_have_text("1 snapshot")
    assert [one["name"] for one in cloud.snapshots] == ["stuck"]


def test_a_deletion_can_be_stopped_in_the_middle(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes, cloud.snapshots = disks("web"), snapshots(*numbered("copy", 80))
    confirmed = hold_chunk(page, 2)
    enter(page, "/snapshots/?per_page=100")
    page.get_by_role("checkbox", name="Select all", exact=True).check()
    dialog = open_deletion(page)
    steps.press(dialog, "Delete")
    progress = page.get_by_role("progressbar", name="50 of 80 done", exact=True)
    expect(progress).to_be_visible()
    expect(progress).to_have_attribute("value", "50")
    steps.wait_in(page, lambda: len(confirmed) == 2, "the second chunk is asked for")
    let_go(cloud)
    steps.tab_to(page, page.get_by_role("button", name="Stop", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    steps.told(page, "Stopped. The cloud still carries out what it was asked for before; the list shows it.")
    expect(steps.rows(page)).to_have_count(30)
    expect(page.locator("#total")).to_have_text("30 snapshots")
    confirmed[-1].abort()
    assert len(confirmed) == 2
    assert steps.names(page) == [one["name"] for one in cloud.snapshots]
    expect(selected(page)).to_have_text("selected: 30")


def test_cleaning_up_by_age_makes_a_selection_to_look_at(page: Page, cloud: FakeCloud) -> None:
    ages = {"web": {"new": 0, "young": 10, "old": 40, "older": 50, "oldest": 60}, "db": {"last": 35, "before": 45}}
    cloud.volumes = disks(*ages)
    taken = {f"{disk} {name}": days for disk, of_disk in ages.items() for name, days in of_disk.items()}
    made = [*snapshots(*(one for one in taken if one.startswith("web"))), *snapshots("db last", "db before", disk=2)]
    cloud.snapshots = sorted((aged(one, taken[one["name"]]) for one in made), key=by_age, reverse=True)
    page.clock.install()
    enter(page, "/snapshots/")
    opener = page.get_by_role("button", name="Clean up", exact=True)
    steps.tab_to(page, opener)
    page.keyboard.press("Space")
    dialog = steps.dialog(page, "Clean up")
    expect(steps.field(dialog, "Older than (days)")).to_be_focused()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    expect(steps.field(dialog, "Keep the newest … of each disk")).to_have_value("1")
    page.keyboard.press("Enter")

    # The newest snapshot of the other disk is old too, and stays.
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
    let_go(cloud)
    look_again(page)
    shown(page, "web older")
    assert {one["name"] for one in cloud.snapshots} == set(taken) - going


def by_age(snapshot: Answer) -> str:
    return str(snapshot["created_at"])
