"""A snapshot's own page shows changes as they happen, and offers every action."""

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.states.entering import enter, go
from tests.browser.states.rows import disks, let_go, look_again, snapshots
from tests.support.cloud_rows import ago, an_id, fault
from tests.support.fake_cloud import FAULT_HEADERS, FakeCloud

HERE = f"/snapshots/{an_id(1001)}/"


def test_it_follows_its_snapshot(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes, cloud.snapshots = disks("web"), snapshots("growing", status="creating", created_at=ago())
    page.clock.install()
    enter(page, HERE)
    expect(page.get_by_role("definition").filter(has_text="Creating")).to_be_visible()
    entry = page.get_by_role("button", name="Create disk", exact=True)
    expect(entry).to_have_accessible_description("A disk can be created only from a snapshot that is available.")
    cloud.snapshots[0]["status"] = "available"
    look_again(page)
    expect(page.get_by_role("definition").filter(has_text="Available")).to_be_visible()
    expect(entry).to_have_accessible_description("")


def test_deleting_it_leads_back_to_the_list(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes, cloud.snapshots = disks("web"), snapshots("first", "second")
    refusal = fault("badRequest", 400, "Invalid snapshot: Snapshot status must be available or error.")
    this = cloud.at(f"/snapshots/{an_id(1001)}")
    enter(page, HERE)
    steps.press(page, "Delete snapshot")
    dialog = steps.dialog(page, "Delete snapshots")
    expect(dialog.get_by_role("listitem")).to_contain_text("will be deleted")
    # If Cinder refuses a change, the page says so, and nothing is lost.
    cloud.http.delete(this, status_code=400, json=refusal, headers=FAULT_HEADERS)
    steps.press(dialog, "Delete")
    told = page.get_by_role("alert").filter(has_text="The cloud refused this.")
    expect(told).to_contain_text("req-")
    expect(steps.heading(page, "Snapshot first")).to_be_visible()
    cloud.http.delete(this, text=cloud._delete)

    go(page, HERE)
    steps.press(page, "Delete snapshot")
    dialog = steps.dialog(page, "Delete snapshots")
    steps.press(dialog, "Delete")
    expect(steps.heading(page, "Snapshots")).to_be_visible()
    steps.told(page, "1 snapshot is being deleted.")
    let_go(cloud)
    expect(steps.row(page, "second")).to_be_visible()
    expect(steps.rows(page)).to_have_count(1)
