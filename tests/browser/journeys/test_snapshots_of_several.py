"""Creating a snapshot of each of several disks at once, with an outcome for each."""

import re
from datetime import datetime

import pytest
from playwright.sync_api import Page, Request, Route, expect

from dashboard.devcloud.administrator import Administrator
from tests.browser import steps
from tests.support.devcloud import Project, wait_until

SENT = re.compile(r"/create-snapshots/run/$")


def test_each_disk_has_its_outcome_and_nothing_happens_twice(
    page: Page, project: Project, administrator: Administrator
) -> None:
    disks = {name: project.create_disk(name) for name in ("web", "База <b>", "failing")}
    snapshots = project.volume_client().volume_snapshots
    steps.sign_in(page, project)
    steps.tick(page, *disks)
    opener = page.get_by_role("button", name="Create snapshots", exact=True)
    opener.click()
    dialog = steps.dialog(page, "Create snapshots")
    name = steps.field(dialog, "Snapshot name")
    expect(name).to_be_focused()
    expect(name).to_have_value(f"{{disk}}_snapshot_{datetime.now(steps.ZONE):%d-%m-%Y}")
    expect(dialog).to_contain_text("{disk} is replaced by each disk's name.")
    expect(dialog.get_by_role("listitem")).to_have_count(3)
    name.fill("{disk}, before the move")
    steps.field(dialog, "Description").fill("of all")
    dialog.get_by_text("Equivalent CLI command").first.click()
    for disk in disks.values():
        expect(dialog.locator("code")).to_contain_text(disk.id)
    # The disk fails after the dialog has read its status.
    administrator.volumes.volumes.reset_state(disks["failing"].id, "error")
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if SENT.search(request.url) else None)
    dialog.get_by_role("button", name="Create snapshots", exact=True).dblclick()
    steps.told(page, "2 snapshots are being created.")
    steps.told(page, "Without a new snapshot: 1. The rows say why.")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()
    expect(steps.row(page, "failing").locator(".failure")).to_contain_text("error")
    expect(steps.row(page, "failing").locator(".request-id")).to_contain_text("req-")
    for one in ("web", "База <b>"):
        expect(steps.row(page, one)).to_contain_text("1 snapshot, newest")
        expect(steps.row(page, one).locator(".failure")).to_be_empty()
    # Those that are done are not selected any more.
    expect(page.locator("[data-selected-count]")).to_have_text("selected: 1")
    assert len(sent) == 1
    made = {one.name: one for one in snapshots.list()}
    assert set(made) == {"web, before the move", "База <b>, before the move"}
    assert len(snapshots.list()) == 2
    assert {one.description for one in made.values()} == {"of all"}


@pytest.mark.full
def test_more_than_go_at_once_go_on_by_themselves(page: Page, project: Project) -> None:
    project.create_disks(22)
    snapshots = project.volume_client().volume_snapshots
    steps.sign_in(page, project)
    page.goto(f"/p/{project.project_id}/disks/?per_page=50")
    page.get_by_role("checkbox", name="Select all", exact=True).check()
    steps.press(page, "Create snapshots")
    dialog = steps.dialog(page, "Create snapshots")
    sent: list[Route] = []

    def hold_the_first_two(route: Route) -> None:
        sent.append(route)
        if len(sent) > 2:
            route.continue_()

    page.route(SENT, hold_the_first_two)
    steps.press(dialog, "Create snapshots")
    steps.wait_in(page, lambda: len(sent) == 1, "the first ones are sent")
    sent[0].continue_()
    # Twenty, or those of three seconds
    expect(page.get_by_role("progressbar")).to_have_accessible_name(re.compile(r"^\d+ of 22 done$"))
    steps.wait_in(page, lambda: len(sent) == 2, "the next ones are sent")
    sent[1].continue_()
    steps.told(page, "22 snapshots are being created.")
    expect(page.get_by_role("dialog")).to_have_count(0)
    wait_until(lambda: all(one.status == "available" for one in snapshots.list()), "all are available")
    made = sorted(one.name for one in snapshots.list())
    assert made == [f"disk-{number:03}_snapshot_{datetime.now(steps.ZONE):%d-%m-%Y}" for number in range(22)]
