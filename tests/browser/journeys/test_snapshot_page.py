"""One snapshot's own page: it follows what happens, and everything can be done from it."""

from playwright.sync_api import Page, expect

from dashboard.devcloud.administrator import Administrator
from tests.browser import steps
from tests.support.devcloud import Project, wait_until


def test_it_follows_its_snapshot(page: Page, project: Project) -> None:
    disk = project.create_disk("web")
    with steps.slow_storage(project, disk):
        made = project.volume_client().volume_snapshots.create(disk.id, name="growing")
        steps.sign_in(page, project, f"/snapshots/{made.id}/")
        expect(page.get_by_role("definition").filter(has_text="Creating")).to_be_visible()
        entry = page.get_by_role("button", name="Create disk", exact=True)
        expect(entry).to_have_accessible_description("A disk can be created only from a snapshot that is available.")
    expect(page.get_by_role("definition").filter(has_text="Available")).to_be_visible()
    expect(entry).to_have_accessible_description("")


def test_deleting_it_leads_back_to_the_list(page: Page, project: Project, administrator: Administrator) -> None:
    disk = project.create_disk("web")
    first, second = project.create_snapshots(disk.id, 2)
    snapshots = project.volume_client().volume_snapshots
    steps.sign_in(page, project, f"/snapshots/{first.id}/")
    steps.press(page, "Delete snapshot")
    dialog = steps.dialog(page, "Delete snapshots")
    expect(dialog.get_by_role("listitem")).to_contain_text("will be deleted")
    # What Cinder refuses says so, and nothing was lost.
    administrator.volumes.volume_snapshots.reset_state(first.id, "backing-up")
    steps.press(dialog, "Delete")
    expect(dialog.get_by_role("listitem")).to_contain_text("The cloud refused this.")
    expect(dialog.get_by_role("listitem")).to_contain_text("req-")
    administrator.volumes.volume_snapshots.reset_state(first.id, "available")

    page.goto(f"/snapshots/{first.id}/")
    steps.press(page, "Delete snapshot")
    dialog = steps.dialog(page, "Delete snapshots")
    steps.press(dialog, "Delete")
    expect(dialog.get_by_role("listitem")).to_contain_text("deleted")
    wait_until(lambda: steps.is_gone(snapshots, first.id), "it is gone")
    dialog.get_by_role("link", name="Back to the list", exact=True).click()
    expect(steps.heading(page, "Snapshots")).to_be_visible()
    expect(steps.row(page, second.name)).to_be_visible()
    expect(steps.rows(page)).to_have_count(1)
