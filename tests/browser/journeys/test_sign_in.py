"""Coming in, going out, and what happens to one's work when the session ends in between."""

import re

import pytest
from playwright.sync_api import Page, expect

from dashboard.devcloud.administrator import Administrator
from dashboard.devcloud.launcher import DevCloud
from tests.browser import steps
from tests.browser.conftest import NewContext
from tests.browser.watch import Watch
from tests.support.devcloud import Project, make_project, wait_until

SESSION = "diskboard_session"


@pytest.fixture
def plain_page(new_context: NewContext) -> Page:
    """A page of a browser without JavaScript."""
    return new_context(java_script_enabled=False).new_page()


@pytest.fixture
def other(devcloud: DevCloud, administrator: Administrator, project: Project) -> Project:
    """Another project of the same member."""
    made = make_project(devcloud, administrator)
    administrator.grant("member", str(project.session.get_user_id()), made.project_id)
    return made


def test_a_wrong_password_is_an_alert(page: Page, project: Project, watch: Watch) -> None:
    watch.expect(401)
    page.goto("/")
    steps.fill_in_sign_in(page, project.username, "wrong")
    expect(
        page.get_by_role("alert").filter(has_text="The user name, the password or the domain is wrong.")
    ).to_be_visible()
    expect(page.get_by_label("User name", exact=True)).to_have_value(project.username)
    expect(page.get_by_label("Password", exact=True)).to_have_value("")
    expect(page.get_by_label("Domain", exact=True)).to_have_value("Default")
    steps.fill_in_sign_in(page, project.username, project.password)
    expect(steps.heading(page, "Disks")).to_be_visible()


def test_one_comes_back_to_where_one_was(page: Page, project: Project, site: str) -> None:
    disk = project.create_disk("database")
    path = f"/p/{project.project_id}/disks/{disk.id}/snapshots/?sort=name"
    steps.sign_in(page, project, path)
    expect(steps.heading(page, "Snapshots of disk database")).to_be_visible()
    assert page.url == f"{site}{path}"


def test_nobody_is_led_elsewhere(page: Page, project: Project, site: str) -> None:
    steps.sign_in(page, project, "/sign-in/?next=https://example.org/")
    expect(steps.heading(page, "Disks")).to_be_visible()
    assert page.url.startswith(site)


def test_signing_out_ends_it(page: Page, project: Project) -> None:
    steps.sign_in(page, project)
    inside = page.url
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    page.goto(inside)
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def test_the_header_switches_between_projects(page: Page, project: Project, other: Project) -> None:
    project.create_disk("one")
    other.create_disk("two")
    steps.sign_in(page, project, f"/p/{project.project_id}/disks/")
    expect(steps.row(page, "one")).to_be_visible()
    control = page.get_by_role("combobox", name="Project", exact=True)
    control.select_option(label=other.project_name)
    expect(steps.row(page, "two")).to_be_visible()
    expect(steps.rows(page)).to_have_count(1)
    page.goto("/")
    expect(steps.row(page, "two")).to_be_visible()
    expect(control.locator("option:checked")).to_have_text(other.project_name)


def test_two_tabs_with_two_projects_do_not_mix(page: Page, project: Project, other: Project) -> None:
    disk = project.create_disk("one")
    other.create_disk("two")
    steps.sign_in(page, project, f"/p/{project.project_id}/disks/{disk.id}/snapshots/")
    tab = page.context.new_page()
    tab.goto(f"/p/{project.project_id}/disks/")
    tab.get_by_role("combobox", name="Project", exact=True).select_option(label=other.project_name)
    expect(steps.row(tab, "two")).to_be_visible()
    page.locator(".toolbar").get_by_role("button", name="Create snapshot", exact=True).click()
    dialog = steps.dialog(page, "Create snapshot")
    dialog.get_by_role("button", name="Create snapshot", exact=True).click()
    expect(steps.rows(page)).to_have_count(1)
    assert len(project.volume_client().volume_snapshots.list()) == 1
    assert not other.volume_client().volume_snapshots.list()


def test_somebody_elses_project_is_not_found(
    page: Page, project: Project, devcloud: DevCloud, administrator: Administrator, watch: Watch
) -> None:
    watch.expect(404)
    foreign = make_project(devcloud, administrator)
    steps.sign_in(page, project)
    answer = page.goto(f"/p/{foreign.project_id}/disks/")
    assert answer
    assert answer.status == 404
    expect(steps.heading(page, "Not found")).to_be_visible()


def type_a_snapshot(page: Page, project: Project) -> None:
    project.create_disk("database")
    steps.sign_in(page, project)
    steps.choose(page, "database", "Create snapshot")
    dialog = steps.dialog(page, "Create snapshot")
    dialog.get_by_label("Snapshot name", exact=True).fill("typed")
    dialog.get_by_label("Description", exact=True).fill("before the update")


def send_and_sign_in(page: Page, project: Project, password: str) -> None:
    page.get_by_role("dialog", name="Create snapshot").get_by_role("button", name="Create snapshot").click()
    sign_in = steps.dialog(page, "Sign in")
    expect(sign_in.get_by_role("alert")).to_contain_text("Your session has ended.")
    expect(sign_in.get_by_label("User name", exact=True)).to_be_focused()
    steps.fill_in_sign_in(sign_in, project.username, password)


def finish_the_snapshot(page: Page, project: Project) -> None:
    dialog = steps.dialog(page, "Create snapshot")
    expect(dialog.get_by_label("Snapshot name", exact=True)).to_have_value("typed")
    expect(dialog.get_by_label("Description", exact=True)).to_have_value("before the update")
    dialog.get_by_role("button", name="Create snapshot", exact=True).click()
    steps.told(page, "typed")
    assert [one.description for one in project.volume_client().volume_snapshots.list()] == ["before the update"]


def test_a_search_outlives_the_session(page: Page, project: Project, watch: Watch) -> None:
    watch.expect(401)
    project.create_disk("alpha")
    project.create_disk("beta")
    steps.sign_in(page, project, "/disks/?sort=name")
    expect(steps.rows(page)).to_have_count(2)
    page.context.clear_cookies(name=SESSION)
    page.get_by_role("searchbox").fill("alp")
    dialog = steps.dialog(page, "Sign in")
    expect(page).to_have_url(re.compile(r"/disks/\?sort=name$"))
    steps.fill_in_sign_in(dialog, project.username, project.password)
    expect(steps.rows(page)).to_have_count(1)
    expect(page.get_by_role("searchbox")).to_have_value("alp")
    expect(page).to_have_url(re.compile(r"/disks/\?q=alp&sort=name$"))


def test_a_dialog_outlives_the_session(page: Page, project: Project, watch: Watch) -> None:
    watch.expect(401)
    type_a_snapshot(page, project)
    page.context.clear_cookies(name=SESSION)
    send_and_sign_in(page, project, project.password)
    expect(page.get_by_role("dialog", name="Sign in")).to_have_count(0)
    finish_the_snapshot(page, project)


def test_somebody_else_does_not_go_on_with_it(page: Page, project: Project, watch: Watch) -> None:
    watch.expect(401)
    type_a_snapshot(page, project)
    page.context.clear_cookies(name=SESSION)
    page.get_by_role("dialog", name="Create snapshot").get_by_role("button", name="Create snapshot").click()
    steps.fill_in_sign_in(steps.dialog(page, "Sign in"), project.reader_username, project.reader_password)
    expect(page.get_by_text(project.reader_username)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert not project.volume_client().volume_snapshots.list()


def test_a_mistyped_password_over_the_page_is_no_harm(page: Page, project: Project, watch: Watch) -> None:
    watch.expect(401)
    type_a_snapshot(page, project)
    page.context.clear_cookies(name=SESSION)
    send_and_sign_in(page, project, "wrong")
    sign_in = steps.dialog(page, "Sign in")
    expect(sign_in.get_by_role("alert").filter(has_text="is wrong")).to_be_visible()
    steps.fill_in_sign_in(sign_in, project.username, project.password)
    finish_the_snapshot(page, project)


def test_everything_works_without_javascript(plain_page: Page, project: Project) -> None:
    page = plain_page
    disk = project.create_disk("database")
    snapshots = project.volume_client().volume_snapshots
    steps.sign_in(page, project)
    page.get_by_role("link", name="database", exact=True).click()
    page.get_by_role("link", name="Disk snapshots", exact=True).click()
    expect(page.get_by_role("heading", name="No snapshots yet")).to_be_visible()
    for name in ("first", "second"):
        page.get_by_role("button", name="Create snapshot", exact=True).click()
        page.get_by_label("Snapshot name", exact=True).fill(name)
        page.get_by_role("button", name="Create snapshot", exact=True).click()
        steps.told(page, name)
        expect(steps.heading(page, "Snapshots of disk database")).to_be_visible()
    wait_until(
        lambda: [one.status for one in snapshots.list(search_opts={"volume_id": disk.id})] == ["available"] * 2,
        "both are available",
    )
    page.reload()
    steps.tick(page, "first", "second")
    page.get_by_role("button", name="Delete snapshot", exact=True).click()
    expect(steps.heading(page, "Delete snapshots")).to_be_visible()
    for name in ("first", "second"):
        expect(page.get_by_text(name, exact=True)).to_be_visible()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("listitem").filter(has_text="first")).to_contain_text("deleted")
    wait_until(lambda: not snapshots.list(), "the cloud has deleted them")
    page.get_by_role("link", name="Back to the list").click()
    expect(page.get_by_role("heading", name="No snapshots yet")).to_be_visible()


def test_a_form_outlives_the_session_without_javascript(plain_page: Page, project: Project, watch: Watch) -> None:
    watch.expect(401)
    page = plain_page
    disk = project.create_disk("database")
    steps.sign_in(page, project, f"/p/{project.project_id}/disks/{disk.id}/create-snapshot/")
    page.get_by_label("Snapshot name", exact=True).fill("typed")
    page.get_by_label("Description", exact=True).fill("before the update")
    page.context.clear_cookies(name=SESSION)
    page.get_by_role("button", name="Create snapshot", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="Your session has ended.")).to_be_visible()
    steps.fill_in_sign_in(page, project.username, project.password)
    expect(page.get_by_label("Snapshot name", exact=True)).to_have_value("typed")
    expect(page.get_by_label("Description", exact=True)).to_have_value("before the update")
    page.get_by_role("button", name="Create snapshot", exact=True).click()
    steps.told(page, "typed")
    expect(steps.row(page, "typed")).to_be_visible()
