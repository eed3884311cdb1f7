"""Outcomes, empty lists and error messages have no axe finding and are not too wide."""

import re
from typing import Any

import pytest
import requests
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.states.entering import HOME, enter, go, settle
from tests.browser.states.looks import Visit, whole_visits
from tests.browser.watch import Watch
from tests.support.cloud_rows import an_id, snapshot, volume
from tests.support.fake_cloud import KEYSTONE, OTHER_PROJECT, PASSWORD, FakeCloud
from tests.support.wrong_answers import SIGN_IN_AGAIN, let_all_reads_fail, refused

# The pages that these outcomes change are checked in the quick profile too (test_accessibility.py).
pytestmark = pytest.mark.parametrize("visit", whole_visits(), indirect=True)
CUT: dict[str, Any] = {"exc": requests.ConnectionError("Connection aborted.")}
DISK = f"/disks/{an_id(1)}/"
SOMETHING = re.compile(r"\S")


def test_empty_lists(cloud: FakeCloud, visit: Visit) -> None:
    page = visit.page
    cloud.volumes = [volume(1)]
    enter(page, DISK)
    visit.link("Disk snapshots").click()
    expect(page.get_by_role("heading", level=2, name=visit.words("No snapshots yet"))).to_be_visible()
    visit.look("a disk without snapshots")
    cloud.volumes = []
    for path, heading in (
        ("/disks/", "No disks yet"),
        ("/snapshots/", "No snapshots yet"),
        ("/backups/", "No backups yet"),
    ):
        go(page, path)
        expect(page.get_by_role("heading", level=2, name=visit.words(heading), exact=True)).to_be_visible()
        visit.look(f"empty {path}", again=True)
        for query in ("?status=error&older_than=30", "?q=нет+такого"):
            go(page, path + query)
            expect(page.locator("#table p").first).to_be_visible()
            visit.look_at_more(path + query)
    visit.look("a search in vain", again=True)
    go(page, "/disks/")
    opener = visit.button("Create the first disk")
    opener.click()
    visit.look_at_dialog(opener)


def test_pages_that_are_not_there(cloud: FakeCloud, visit: Visit, watch: Watch) -> None:
    watch.expect(403, 404)
    page = visit.page
    enter(page)
    for path in (f"/disks/{an_id(7)}/", f"/disks/{an_id(7)}/snapshots/", "/no/such/page/"):
        page.goto(HOME + path)
        expect(visit.heading("Page not found" if "such" in path else "Not found")).to_be_visible()
        visit.look(path, again=True)
    cloud.projects.clear()
    page.context.clear_cookies()
    steps.let_in(page, "ann", PASSWORD)
    page.goto("/")
    expect(visit.heading("No project")).to_be_visible()
    visit.look("somebody without a project", again=True)


def test_outcomes(cloud: FakeCloud, visit: Visit, watch: Watch) -> None:
    watch.expect(409)
    page = visit.page
    cloud.volumes = [volume(1, name="база данных"), volume(2, name="сломан", status="error"), volume(3, name="x" * 120)]
    cloud.snapshots = [snapshot(1001, 1)]
    enter(page)
    visit.choose("база данных", "Make bootable")
    expect(page.locator("#toasts .toast")).to_be_visible()
    visit.look("an outcome")
    page.get_by_role("checkbox", name=visit.words("Select all"), exact=True).check()
    visit.press("Delete disk")
    dialog = visit.dialog("Delete disks")
    visit.look("a deletion of several")
    cloud.http.delete(cloud.at(f"/volumes/{an_id(3)}"), **refused(409, "").http)
    steps.press(dialog, visit.words("Delete"))
    expect(page.locator(f"#row-{an_id(3)} .failure")).to_contain_text("hamster")
    expect(steps.rows(page).filter(has_text=visit.words("Deleting"))).to_have_count(1)
    settle(page)
    visit.look("a deletion that failed in part")
    go(page, "/disks/")
    visit.tick("база данных")
    visit.tick("x" * 120)
    visit.press("Create snapshots")
    steps.press(visit.dialog("Create snapshots"), visit.words("Create snapshots"))
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(f"#row-{an_id(1)} .count")).to_contain_text("2")
    settle(page)
    visit.look("new snapshots of several", again=True)


def test_a_cloud_that_fails(cloud: FakeCloud, visit: Visit, watch: Watch) -> None:
    watch.expect(422, 502, 503)
    cloud.volumes = [volume(1, name="data")]
    page = visit.page
    enter(page)
    cloud.http.put(cloud.at(f"/volumes/{an_id(1)}"), **CUT)
    visit.choose("data", "Rename disk")
    dialog = visit.dialog("Rename disk")
    dialog.get_by_role("textbox").first.fill("renamed")
    steps.press(dialog, visit.words("Save"))
    expect(dialog.get_by_role("alert")).to_contain_text(SOMETHING)
    visit.look("a change that may have been made")
    visit.leave(visit.more("data"))

    let_all_reads_fail(cloud, CUT)
    visit.press("Create disk")
    expect(visit.dialog("Create disk").locator("#missed")).to_contain_text(SOMETHING)
    visit.look("a form without all of its choices", again=True)
    visit.leave(visit.button("Create disk"))

    failure = page.get_by_role("alert").filter(has_text=SOMETHING)
    page.locator("th a").first.click()
    expect(failure).to_be_visible()
    visit.look("a list that could not be sorted")
    page.reload()
    expect(visit.heading("Unexpected answer from the cloud")).to_be_visible()
    expect(failure).to_be_visible()
    visit.look("a page that could not be read", again=True)

    cloud.http.post(f"{KEYSTONE}/auth/tokens", **CUT)
    page.context.clear_cookies()
    page.goto("/")
    steps.field(page.locator("form").first, visit.words("User name")).fill("ann")
    steps.field(page.locator("form").first, visit.words("Password")).fill("wrong")
    page.keyboard.press("Enter")
    expect(failure.first).to_be_visible()
    visit.look("a sign-in that could not be tried", again=True)


def test_a_session_that_has_ended(cloud: FakeCloud, visit: Visit, watch: Watch) -> None:
    watch.expect(401)
    cloud.volumes = [volume(1)]
    enter(visit.page)
    visit.page.context.clear_cookies(name="diskboard_session")
    visit.page.locator("th a").first.click()
    dialog = visit.dialog("Sign in")
    dialog.get_by_text(visit.words("More"), exact=True).click()
    visit.look("sign-in over a page", again=True)


def test_a_token_that_is_refused_right_after_signing_in(cloud: FakeCloud, visit: Visit, watch: Watch) -> None:
    watch.expect(502)
    cloud.volumes = [volume(1)]
    enter(visit.page)
    let_all_reads_fail(cloud, SIGN_IN_AGAIN.http)
    visit.page.locator("th a").first.click()
    refused = visit.page.get_by_role("alert").filter(
        has_text=visit.words("You are signed in, but the block storage refuses the token.")
    )
    expect(refused).to_be_visible()
    visit.look("a toast about a refused token", again=True)
    visit.page.reload()
    expect(refused).to_be_visible()
    visit.look("a page about a refused token", again=True)


def test_a_project_that_is_refused(cloud: FakeCloud, visit: Visit, watch: Watch) -> None:
    watch.expect(403)
    cloud.projects[OTHER_PROJECT] = "Project two"
    enter(visit.page)
    cloud.http.post(f"{KEYSTONE}/auth/tokens", status_code=401)
    visit.page.goto(f"/p/{OTHER_PROJECT}/disks/")
    expect(visit.page.get_by_role("link", name="Project one")).to_be_visible()
    visit.look("a page about a refused project")
