"""Without JavaScript, lists, dialogs and the deletion of several resources work as plain pages and forms."""

from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.conftest import NewContext
from tests.support.devcloud import Project, wait_until


def test_the_whole_job(new_context: NewContext, project: Project) -> None:
    page = new_context(java_script_enabled=False).new_page()
    disk = project.create_disk("database")
    snapshots = project.volume_client().volume_snapshots
    page.goto("/")
    steps.fill_in_sign_in(page, project.username, project.password)
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
