"""A disk's snapshots on the real cloud: what Cinder refuses and keeps, and that a row updates by itself."""

from http import HTTPStatus

from playwright.sync_api import Page, expect

from dashboard.devcloud.administrator import Administrator
from tests.browser import steps
from tests.browser.watch import Watch
from tests.support.devcloud import Project


def test_a_snapshot_is_refused_made_and_edited(
    page: Page, project: Project, administrator: Administrator, watch: Watch
) -> None:
    watch.expect(409, 422)
    disk = project.create_disk("web")
    snapshots = project.volume_client().volume_snapshots
    administrator.volumes.quotas.update(project.project_id, snapshots=0)
    steps.sign_in_to_snapshots(page, project, disk)
    expect(page.get_by_role("heading", name="No snapshots yet")).to_be_visible()
    page.evaluate("window.stayed = true")
    steps.press(page, "Create snapshot")
    dialog = steps.dialog(page, "Create snapshot")
    steps.field(dialog, "Snapshot name").fill("kept")
    # Cinder refuses control characters, but that doesn't forbid a description of two lines.
    steps.field(dialog, "Description").fill("Перед\nобновлением")
    steps.press(dialog, "Create snapshot")
    expect(dialog.get_by_role("alert")).to_contain_text("quota")
    expect(dialog.get_by_role("alert").locator(".request-id")).to_contain_text("req-")
    expect(steps.field(dialog, "Snapshot name")).to_have_value("kept")
    expect(steps.field(dialog, "Description")).to_have_value("Перед\nобновлением")

    administrator.volumes.quotas.update(project.project_id, snapshots=10)
    with steps.slow_storage(project, disk):
        steps.press(dialog, "Create snapshot")
        expect(steps.row(page, "kept")).to_contain_text("Creating")
    expect(steps.row(page, "kept")).to_contain_text("Available")
    [made] = snapshots.list()
    assert made.description.split() == ["Перед", "обновлением"]

    dialog = steps.open_dialog(page, "kept", "Edit snapshot")
    steps.field(dialog, "Snapshot name").fill("<b>Ёлка</b>")
    steps.field(dialog, "Properties").fill("env = production\n\nticket=DB-17=b")
    steps.press(dialog, "Save")
    steps.told(page, "Snapshot “<b>Ёлка</b>” is saved.")
    expect(steps.row(page, "<b>Ёлка</b>")).to_be_visible()
    assert page.evaluate("window.stayed"), "The page was loaded anew"
    edited = snapshots.get(made.id)
    assert (edited.name, edited.metadata) == ("<b>Ёлка</b>", {"env": "production", "ticket": "DB-17=b"})


def test_a_reader_who_sends_a_form_all_the_same_is_refused(page: Page, project: Project) -> None:
    disk = project.create_disk("kept")
    snapshot = project.create_snapshot(disk.id, "kept")
    client = project.volume_client()
    steps.let_in(page, project.reader_username, project.reader_password)
    here = f"/p/{project.project_id}"
    page.goto(f"{here}/disks/{disk.id}/snapshots/")
    token = page.locator("#selection [name=csrfmiddlewaretoken]").input_value()
    for path, sent in (
        (f"disks/{disk.id}/create-snapshot/", {"key": "1", "name": "smuggled"}),
        (f"disks/{disk.id}/bootable/", {"bootable": "true"}),
    ):
        form: dict[str, str | float | bool] = {"csrfmiddlewaretoken": token, **sent}
        answer = page.request.post(f"{here}/{path}", form=form, max_redirects=0)
        assert answer.status in (HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY), path
    assert client.volumes.get(disk.id).bootable == "false"
    assert [one.id for one in client.volume_snapshots.list()] == [snapshot.id]
