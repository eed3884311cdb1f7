"""The snapshots of a disk: selecting, making and deleting them, also when something goes wrong."""

import re

from playwright.sync_api import Locator, Page, Route, expect

from dashboard.devcloud.administrator import Administrator
from tests.browser import steps
from tests.browser.watch import Watch
from tests.support.devcloud import Project, wait_for_status, wait_until

READ_ONLY = "Your role in this project may only read."


def select_all(page: Page) -> Locator:
    return page.get_by_role("checkbox", name="Select all", exact=True)


def button(page: Page, name: str) -> Locator:
    return page.locator(".toolbar").get_by_role("button", name=name, exact=True)


def open_deletion(page: Page) -> Locator:
    button(page, "Delete snapshot").click()
    return steps.dialog(page, "Delete snapshots")


def confirm(dialog: Locator) -> None:
    dialog.get_by_role("button", name="Delete", exact=True).click()


def test_select_all_tells_none_some_and_all(page: Page, project: Project) -> None:
    disk = project.create_disk()
    project.create_snapshots(disk.id, 3)
    steps.sign_in_to_snapshots(page, project, disk)
    delete = button(page, "Delete snapshot")
    count = page.locator("[data-selected-count]")
    expect(select_all(page)).not_to_be_checked()
    expect(delete).to_be_disabled()
    steps.tick(page, "snapshot-001")
    expect(select_all(page)).to_be_checked(indeterminate=True)
    expect(count).to_have_text("selected: 1")
    expect(delete).to_be_enabled()
    select_all(page).click()
    expect(select_all(page)).to_be_checked()
    expect(count).to_have_text("selected: 3")
    select_all(page).click()
    expect(count).to_be_empty()
    expect(delete).to_be_disabled()
    steps.tick(page, "snapshot-000", "snapshot-001", "snapshot-002")
    expect(select_all(page)).to_be_checked()


def test_a_selection_survives_what_happens_to_other_rows(page: Page, project: Project) -> None:
    disk = project.create_disk()
    project.create_snapshots(disk.id, 2)
    with steps.slow_storage(project, disk):
        project.volume_client().volume_snapshots.create(disk.id, name="growing")
        steps.sign_in_to_snapshots(page, project, disk)
        growing = steps.row(page, "growing")
        expect(growing).to_contain_text("Creating")
        steps.tick(page, "growing", "snapshot-001")
        page.get_by_role("checkbox", name="Select snapshot-000", exact=True).focus()
    expect(growing).to_contain_text("Available")
    expect(page.get_by_role("checkbox", name="Select growing", exact=True)).to_be_checked()
    expect(page.get_by_role("checkbox", name="Select snapshot-001", exact=True)).to_be_checked()
    expect(page.get_by_role("checkbox", name="Select snapshot-000", exact=True)).to_be_focused()
    expect(page.locator("[data-selected-count]")).to_have_text("selected: 2")


def test_the_focus_stays_in_a_row_that_changes(page: Page, project: Project) -> None:
    disk = project.create_disk()
    with steps.slow_storage(project, disk):
        project.volume_client().volume_snapshots.create(disk.id, name="growing")
        steps.sign_in_to_snapshots(page, project, disk)
        actions = page.get_by_role("button", name="Actions for growing", exact=True)
        actions.focus()
    expect(steps.row(page, "growing")).to_contain_text("Available")
    expect(actions).to_be_focused()


def test_an_open_menu_is_not_disturbed(page: Page, project: Project) -> None:
    disk = project.create_disk()
    snapshots = project.volume_client().volume_snapshots
    page.clock.install()
    asked: list[str] = []
    with steps.slow_storage(project, disk):
        made = snapshots.create(disk.id, name="growing")
        steps.sign_in_to_snapshots(page, project, disk)
        growing = steps.row(page, "growing")
        expect(growing).to_contain_text("Creating")
        menu = steps.open_menu(page, "growing")
    wait_for_status(snapshots, made.id)
    page.on("request", lambda request: asked.append(request.url))
    page.clock.fast_forward(60_000)
    page.clock.fast_forward(60_000)
    expect(menu).to_be_visible()
    expect(growing).to_contain_text("Creating")
    assert not asked
    page.keyboard.press("Escape")
    page.clock.fast_forward(60_000)
    expect(growing).to_contain_text("Available")


def test_the_first_snapshot_appears_without_a_reload(page: Page, project: Project) -> None:
    disk = project.create_disk()
    steps.sign_in_to_snapshots(page, project, disk)
    expect(page.get_by_role("heading", name="No snapshots yet")).to_be_visible()
    page.evaluate("window.stayed = true")
    button(page, "Create snapshot").click()
    dialog = steps.dialog(page, "Create snapshot")
    dialog.get_by_label("Snapshot name", exact=True).fill("first")
    dialog.get_by_label("Description", exact=True).fill("Перед обновлением")
    dialog.get_by_role("button", name="Create snapshot", exact=True).click()
    expect(steps.row(page, "first")).to_contain_text("Available")
    assert page.evaluate("window.stayed")
    made = project.volume_client().volume_snapshots.list()[0]
    assert (made.name, made.description) == ("first", "Перед обновлением")


def test_a_description_of_two_lines_is_no_reason_to_refuse(page: Page, project: Project) -> None:
    disk = project.create_disk()
    steps.sign_in_to_snapshots(page, project, disk)
    button(page, "Create snapshot").click()
    dialog = steps.dialog(page, "Create snapshot")
    dialog.get_by_label("Description", exact=True).fill("before\nthe update")
    dialog.get_by_role("button", name="Create snapshot", exact=True).click()
    expect(steps.rows(page)).to_have_count(1)
    made = project.volume_client().volume_snapshots.list()[0]
    assert "before" in made.description
    assert "the update" in made.description


def test_a_refused_snapshot_keeps_what_was_typed(
    page: Page, project: Project, administrator: Administrator, watch: Watch
) -> None:
    watch.expect(409, 422)
    disk = project.create_disk()
    administrator.volumes.quotas.update(project.project_id, snapshots=0)
    steps.sign_in_to_snapshots(page, project, disk)
    button(page, "Create snapshot").click()
    dialog = steps.dialog(page, "Create snapshot")
    dialog.get_by_label("Snapshot name", exact=True).fill("kept")
    dialog.get_by_label("Description", exact=True).fill("before the update")
    dialog.get_by_role("button", name="Create snapshot", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("quota")
    expect(dialog.get_by_role("alert").locator(".request-id")).to_contain_text("req-")
    expect(dialog.get_by_label("Snapshot name", exact=True)).to_have_value("kept")
    expect(dialog.get_by_label("Description", exact=True)).to_have_value("before the update")
    administrator.volumes.quotas.update(project.project_id, snapshots=10)
    dialog.get_by_role("button", name="Create snapshot", exact=True).click()
    expect(steps.row(page, "kept")).to_contain_text("Available")


def test_a_deletion_that_fails_later_shows_by_itself(page: Page, project: Project) -> None:
    disk = project.create_disk()
    snapshot = project.create_snapshot(disk.id, "stubborn")
    project.break_deletion(snapshot.id)
    steps.sign_in_to_snapshots(page, project, disk)
    steps.choose(page, "stubborn", "Delete snapshot")
    dialog = steps.dialog(page, "Delete snapshots")
    expect(dialog).to_contain_text("stubborn")
    confirm(dialog)
    expect(steps.row(page, "stubborn")).to_contain_text("Error deleting")
    entry = steps.open_menu(page, "stubborn").get_by_role("menuitem", name="Delete snapshot", exact=True)
    expect(entry).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("Escape")
    steps.tick(page, "stubborn")
    dialog = open_deletion(page)
    expect(dialog).to_contain_text("can't be deleted, because")
    expect(dialog.get_by_role("button", name="Delete", exact=True)).to_have_count(0)


def test_a_row_keeps_its_columns_while_it_is_deleted(page: Page, project: Project) -> None:
    disk = project.create_disk()
    first, _second = project.create_snapshots(disk.id, 2)
    # One that the storage can delete is gone sometimes before it is looked at.
    project.break_deletion(first.id)
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)

    page.route(re.compile("/snapshots/changes/"), hold)
    steps.sign_in_to_snapshots(page, project, disk)
    columns = steps.row(page, "snapshot-000").get_by_role("cell")
    expect(columns).to_have_count(5)
    steps.choose(page, "snapshot-000", "Delete snapshot")
    confirm(steps.dialog(page, "Delete snapshots"))
    expect(steps.row(page, "snapshot-000")).to_contain_text("Deleting")
    expect(columns).to_have_count(5)
    for route in asked:
        route.continue_()


def test_what_is_gone_meanwhile_counts_as_deleted(page: Page, project: Project) -> None:
    disk = project.create_disk()
    gone = project.create_snapshot(disk.id, "gone")
    project.create_snapshot(disk.id, "here")
    snapshots = project.volume_client().volume_snapshots
    steps.sign_in_to_snapshots(page, project, disk)
    select_all(page).check()
    dialog = open_deletion(page)
    snapshots.delete(gone.id)
    wait_until(lambda: steps.is_gone(snapshots, gone.id), "it is gone")
    confirm(dialog)
    steps.told(page, "2 snapshots are being deleted.")
    expect(page.get_by_role("heading", name="No snapshots yet")).to_be_visible()
    expect(page.locator("[data-selected-count]")).to_be_empty()
    expect(button(page, "Delete snapshot")).to_be_disabled()


def test_what_is_gone_before_leaves_the_list_with_the_preview(page: Page, project: Project) -> None:
    disk = project.create_disk()
    gone = project.create_snapshot(disk.id, "gone")
    project.create_snapshot(disk.id, "here")
    snapshots = project.volume_client().volume_snapshots
    steps.sign_in_to_snapshots(page, project, disk)
    select_all(page).check()
    snapshots.delete(gone.id)
    wait_until(lambda: steps.is_gone(snapshots, gone.id), "it is gone")
    dialog = open_deletion(page)
    expect(dialog).to_contain_text("1 of the selected is gone already.")
    expect(steps.rows(page)).to_have_count(1)
    expect(page.locator("[data-selected-count]")).to_have_text("selected: 1")
    expect(page.get_by_text("1 in all")).to_be_visible()
    page.keyboard.press("Escape")
    expect(button(page, "Delete snapshot")).to_be_focused()


def test_many_are_deleted_in_one_go(page: Page, project: Project) -> None:
    disk = project.create_disk()
    snapshot = project.create_snapshot(disk.id, "copy")
    project.multiply_snapshot(snapshot.id, 24)
    snapshots = project.volume_client().volume_snapshots
    steps.sign_in(page, project, f"/disks/{disk.id}/snapshots/?per_page=50")
    expect(steps.rows(page)).to_have_count(25)
    select_all(page).check()
    dialog = open_deletion(page)
    expect(dialog.get_by_role("listitem")).to_have_count(25)
    confirm(dialog)
    steps.told(page, "25 snapshots are being deleted.")
    expect(page.get_by_role("dialog")).to_have_count(0)
    wait_until(lambda: not snapshots.list(), "the cloud has deleted them")
    expect(page.get_by_role("heading", name="No snapshots yet")).to_be_visible(timeout=20_000)


def test_a_reader_looks_but_does_not_write(page: Page, project: Project, watch: Watch) -> None:
    watch.expect(403)
    disk = project.create_disk()
    project.create_snapshot(disk.id, "kept")
    snapshots = project.volume_client().volume_snapshots
    steps.sign_in_to_snapshots(page, project, disk, reader=True)
    for name in ("Create snapshot", "Delete snapshot"):
        expect(button(page, name)).to_have_attribute("aria-disabled", "true")
        expect(button(page, name)).to_have_accessible_description(READ_ONLY)
        button(page, name).click(force=True)
        expect(page.get_by_role("dialog")).to_have_count(0)
    select_all(page).check()
    expect(page.locator("[data-selected-count]")).to_have_text("selected: 1")
    entry = steps.open_menu(page, "kept").get_by_role("menuitem", name="Delete snapshot", exact=True)
    expect(entry).to_have_accessible_description(READ_ONLY)
    page.keyboard.press("Escape")

    create = page.url.removesuffix("snapshots/") + "create-snapshot/"
    token = page.locator("#selection [name=csrfmiddlewaretoken]").input_value()
    form: dict[str, str | float | bool] = {"csrfmiddlewaretoken": token, "key": "1", "name": "smuggled"}
    answer = page.request.post(create, form=form, max_redirects=0)
    assert answer.status in (403, 422)
    page.goto(create)
    expect(page.get_by_role("alert").filter(has_text=READ_ONLY)).to_be_visible()
    expect(page.get_by_role("button", name="Create snapshot", exact=True)).to_have_count(0)
    assert [one.name for one in snapshots.list()] == ["kept"]


def test_it_finds_and_sorts(page: Page, project: Project) -> None:
    disk = project.create_disk()
    for name in ("alpha", "beta", "alphabet"):
        project.create_snapshot(disk.id, name)
    steps.sign_in_to_snapshots(page, project, disk)
    header = page.get_by_role("columnheader", name="Name", exact=True)
    header.get_by_role("link").click()
    expect(header).to_have_attribute("aria-sort", "ascending")
    assert steps.names(page) == ["alpha", "alphabet", "beta"]
    search = page.get_by_role("searchbox", name="Search snapshots", exact=True)
    search.press_sequentially("BET")
    expect(steps.rows(page)).to_have_count(2)
    assert steps.names(page) == ["alphabet", "beta"]
    search.fill("gamma")
    expect(page.locator("#table")).to_contain_text("No snapshot's name or id contains “gamma”.")
