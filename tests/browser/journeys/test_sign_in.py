"""Signing in with the real Keystone: in each way, to each project, and again when the session has ended."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from dashboard.devcloud.administrator import Administrator
from dashboard.devcloud.launcher import DevCloud
from tests.browser import steps
from tests.browser.watch import Watch
from tests.support.application_credentials import make_credential
from tests.support.devcloud import Project, make_project, wait_until

SESSION = "diskboard_session"
DELETION = re.compile(r"/snapshots/delete/run/$")
# Fifty, or those of three seconds
SOME_DONE = re.compile(r"^\d+ of 55 done$")
IS_WRONG = "The user name, password or domain is wrong."


@pytest.fixture
def other(devcloud: DevCloud, administrator: Administrator, project: Project) -> Project:
    """Another project of the same user."""
    made = make_project(devcloud, administrator)
    administrator.grant("member", str(project.session.get_user_id()), made.project_id)
    return made


def is_refused(where: Page | Locator, project: Project) -> None:
    """Send a wrong password; the form keeps everything else that was typed."""
    steps.fill_in_sign_in(where, project.username, "wrong")
    expect(where.get_by_role("alert").filter(has_text=IS_WRONG)).to_be_visible()
    expect(steps.field(where, "User name")).to_have_value(project.username)
    expect(steps.field(where, "Password")).to_have_value("")
    expect(steps.field(where, "Domain")).to_have_value("Default")


@pytest.mark.full
def test_a_deletion_outlives_the_session(page: Page, project: Project, site: str, watch: Watch) -> None:
    watch.expect(401)
    disk = project.create_disk("database")
    first = project.create_snapshot(disk.id, "first")
    project.multiply_snapshot(first.id, 54)
    snapshots = project.volume_client().volume_snapshots
    path = f"/p/{project.project_id}/disks/{disk.id}/snapshots/?per_page=100"
    page.goto(path)
    is_refused(page, project)
    steps.fill_in_sign_in(page, project.username, project.password)
    expect(steps.rows(page)).to_have_count(55)
    assert page.url == f"{site}{path}"

    asked: list[Route] = []

    def end_the_session_with_the_second_chunk(route: Route) -> None:
        asked.append(route)
        if len(asked) != 2:
            route.continue_()

    page.get_by_role("checkbox", name="Select all", exact=True).check()
    page.route(DELETION, end_the_session_with_the_second_chunk)
    steps.press(page, "Delete snapshot")
    steps.press(steps.dialog(page, "Delete snapshots"), "Delete")
    expect(page.get_by_role("progressbar", name=SOME_DONE)).to_be_visible()
    steps.wait_in(page, lambda: len(asked) == 2, "the second chunk is asked for")
    page.context.clear_cookies(name=SESSION)
    asked[-1].continue_()
    dialog = steps.dialog(page, "Sign in")
    expect(dialog.get_by_role("alert")).to_contain_text("Your session has ended.")
    is_refused(dialog, project)
    steps.fill_in_sign_in(dialog, project.username, project.password)
    steps.told(page, "55 snapshots are being deleted.")
    expect(page.get_by_role("heading", name="No snapshots yet")).to_be_visible()
    wait_until(lambda: not snapshots.list(), "the cloud has deleted them")


def test_an_application_credential_opens_its_project(page: Page, project: Project) -> None:
    project.create_disk("database")
    credential, secret = make_credential(project)
    page.goto("/")
    page.get_by_text("Application credential", exact=True).click()
    steps.field(page, "Application credential ID").fill(credential)
    steps.field(page, "Secret").fill(secret)
    steps.press(page, "Sign in with application credential")
    expect(steps.row(page, "database")).to_be_visible()
    steps.account_menu(page).click()
    expect(page.get_by_text(project.username, exact=True)).to_be_visible()


def test_two_tabs_with_two_projects_do_not_mix(
    page: Page, project: Project, other: Project, administrator: Administrator, watch: Watch
) -> None:
    watch.expect(404)
    disk = project.create_disk("one")
    other.create_disk("two")
    steps.sign_in(page, project, f"/p/{project.project_id}/disks/{disk.id}/snapshots/")
    tab = page.context.new_page()
    tab.goto(f"/p/{project.project_id}/disks/")
    expect(steps.row(tab, "one")).to_be_visible()
    control = tab.get_by_role("combobox", name="Project", exact=True)
    control.select_option(label=other.project_name)
    expect(steps.row(tab, "two")).to_be_visible()
    expect(steps.rows(tab)).to_have_count(1)
    page.locator(".toolbar").get_by_role("button", name="Create snapshot", exact=True).click()
    dialog = steps.dialog(page, "Create snapshot")
    dialog.get_by_role("button", name="Create snapshot", exact=True).click()
    expect(steps.rows(page)).to_have_count(1)
    assert len(project.volume_client().volume_snapshots.list()) == 1
    assert not other.volume_client().volume_snapshots.list()

    # The user starts in the project they switched to last; a project of another user is not found.
    tab.goto("/")
    expect(steps.row(tab, "two")).to_be_visible()
    expect(control.locator("option:checked")).to_have_text(other.project_name)
    foreign = administrator.create_project(f"foreign to {project.project_name}")
    answer = tab.goto(f"/p/{foreign}/disks/")
    assert answer
    assert answer.status == 404
    expect(steps.heading(tab, "Not found")).to_be_visible()
