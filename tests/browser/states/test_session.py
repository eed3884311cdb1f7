"""Signing in, signing out, and what happens to unsaved work when the session ends in between."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import NewContext
from tests.browser.states.entering import HOME, enter
from tests.browser.states.rows import disks
from tests.browser.watch import Watch
from tests.support.cloud_rows import an_id
from tests.support.fake_cloud import KEYSTONE, PASSWORD, FakeCloud

SESSION = "diskboard_session"
WRONG = "wrong"
REFUSAL = {"error": {"code": 401, "message": "The request you have made requires authentication."}}


@pytest.fixture
def cloud(cloud: FakeCloud) -> FakeCloud:
    """A cloud that knows two users and one password, and has a disk."""

    def token(request: Any, context: Any) -> dict[str, Any]:
        sent = request.json()["auth"]["identity"].get("password", {"user": {"password": PASSWORD, "name": "ann"}})
        if sent["user"]["password"] == WRONG:
            context.status_code = 401
            return REFUSAL
        answer = cloud._token(request, context)
        if sent["user"].get("name") == "eve":
            answer["token"]["user"] |= {"id": "e" * 32, "name": "eve"}
        return answer

    cloud.http.post(f"{KEYSTONE}/auth/tokens", json=token)
    cloud.volumes = disks("database")
    return cloud


def test_one_comes_back_to_where_one_was_until_one_signs_out(page: Page, site: str) -> None:
    path = f"{HOME}/disks/{an_id(1)}/snapshots/?sort=name"
    page.goto(path)
    expect(steps.field(page, "User name")).to_be_focused()
    steps.fill_in_sign_in(page, "ann", PASSWORD)
    expect(steps.heading(page, "Snapshots of disk database")).to_be_visible()
    assert page.url == f"{site}{path}"

    steps.sign_out(page)
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    page.goto(path)
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def test_nobody_is_led_elsewhere(page: Page, site: str) -> None:
    page.goto("/sign-in/?next=https://example.org/")
    steps.fill_in_sign_in(page, "ann", PASSWORD)
    expect(steps.heading(page, "Disks")).to_be_visible()
    assert page.url.startswith(site)


def test_a_search_outlives_the_session(page: Page, cloud: FakeCloud, watch: Watch) -> None:
    watch.expect(401)
    cloud.volumes = disks("alpha", "beta")
    enter(page, "/disks/?sort=name")
    expect(steps.rows(page)).to_have_count(2)
    page.context.clear_cookies(name=SESSION)
    page.get_by_role("searchbox").fill("alp")
    dialog = steps.dialog(page, "Sign in")
    expect(page).to_have_url(re.compile(r"/disks/\?sort=name$"))
    steps.fill_in_sign_in(dialog, "ann", PASSWORD)
    expect(steps.rows(page)).to_have_count(1)
    expect(page.get_by_role("searchbox")).to_have_value("alp")
    expect(page).to_have_url(re.compile(r"/disks/\?q=alp&sort=name$"))


def type_a_snapshot(page: Page) -> None:
    """Fill in a dialog, and send it after the session has ended."""
    enter(page)
    dialog = steps.open_dialog(page, "database", "Create snapshot")
    steps.field(dialog, "Snapshot name").fill("typed")
    steps.field(dialog, "Description").fill("before the update")
    page.context.clear_cookies(name=SESSION)
    steps.press(dialog, "Create snapshot")


def test_a_dialog_outlives_the_session(page: Page, cloud: FakeCloud, watch: Watch) -> None:
    """A mistyped password doesn't lose what was typed before either."""
    watch.expect(401)
    type_a_snapshot(page)
    sign_in = steps.dialog(page, "Sign in")
    expect(sign_in.get_by_role("alert")).to_contain_text("Your session has ended.")
    expect(steps.field(sign_in, "User name")).to_be_focused()
    steps.fill_in_sign_in(sign_in, "ann", WRONG)
    expect(sign_in.get_by_role("alert").filter(has_text="is wrong")).to_be_visible()
    expect(steps.field(sign_in, "Password")).to_be_focused()
    steps.fill_in_sign_in(sign_in, "ann", PASSWORD)
    expect(page.get_by_role("dialog", name="Sign in")).to_have_count(0)
    dialog = steps.dialog(page, "Create snapshot")
    expect(steps.field(dialog, "Snapshot name")).to_have_value("typed")
    expect(steps.field(dialog, "Description")).to_have_value("before the update")
    steps.press(dialog, "Create snapshot")
    steps.told(page, "typed")
    assert [one["description"] for one in cloud.snapshots] == ["before the update"]


def test_somebody_else_does_not_go_on_with_it(page: Page, cloud: FakeCloud, watch: Watch) -> None:
    watch.expect(401)
    type_a_snapshot(page)
    steps.fill_in_sign_in(steps.dialog(page, "Sign in"), "eve", PASSWORD)
    expect(page.get_by_role("dialog")).to_have_count(0)
    steps.account_menu(page).click()
    expect(page.get_by_text("eve", exact=True)).to_be_visible()
    assert not cloud.snapshots


def test_a_form_outlives_the_session_without_javascript(new_context: NewContext, watch: Watch) -> None:
    watch.expect(401)
    page = new_context(java_script_enabled=False).new_page()
    steps.let_in(page, "ann", PASSWORD)
    page.goto(f"{HOME}/disks/{an_id(1)}/create-snapshot/")
    steps.field(page, "Snapshot name").fill("typed")
    steps.field(page, "Description").fill("before the update")
    page.context.clear_cookies(name=SESSION)
    steps.press(page, "Create snapshot")
    expect(page.get_by_role("alert").filter(has_text="Your session has ended.")).to_be_visible()
    steps.fill_in_sign_in(page, "ann", PASSWORD)
    expect(steps.field(page, "Snapshot name")).to_have_value("typed")
    expect(steps.field(page, "Description")).to_have_value("before the update")
    steps.press(page, "Create snapshot")
    steps.told(page, "typed")
    expect(steps.row(page, "typed")).to_be_visible()


def test_an_open_dialog_of_someone_else_writes_nothing(page: Page, cloud: FakeCloud, watch: Watch) -> None:
    """The other user has signed in in another tab."""
    watch.expect(409)
    enter(page)
    dialog = steps.open_dialog(page, "database", "Create snapshot")
    steps.field(dialog, "Snapshot name").fill("typed")
    tab = page.context.new_page()
    tab.goto(f"{HOME}/disks/")
    steps.sign_out(tab)
    steps.fill_in_sign_in(tab, "eve", PASSWORD)
    steps.account_menu(tab).click()
    expect(tab.get_by_text("eve", exact=True)).to_be_visible()
    steps.press(dialog, "Create snapshot")
    expect(dialog.get_by_role("alert").filter(has_text="Someone else is signed in now")).to_contain_text("eve")
    expect(steps.field(dialog, "Snapshot name")).to_have_value("typed")
    assert not cloud.snapshots
