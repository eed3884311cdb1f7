"""Snapshots can be found by the filters of a real Cinder, which the page names in its own words."""

from playwright.sync_api import Page, expect

from dashboard.devcloud.administrator import Administrator
from tests.browser import steps
from tests.support.devcloud import Project


def shown(page: Page, *names: str) -> None:
    """Wait until the table has exactly these rows."""
    for name in names:
        expect(steps.row(page, name)).to_be_visible()
    expect(steps.rows(page)).to_have_count(len(names))


def test_it_finds_by_name_disk_property_status_and_age(
    page: Page, project: Project, administrator: Administrator
) -> None:
    web, db = project.create_disk("web"), project.create_disk("db")
    project.create_snapshot(web.id, "web-new", metadata={"env": "production"})
    old = project.create_snapshot(web.id, "web-old", metadata={"env": "test"})
    failed = project.create_snapshot(db.id, "db-old", metadata={"env": "production", "note": ""})
    project.backdate(old.id, failed.id, days=40)
    administrator.volumes.volume_snapshots.reset_state(failed.id, "error")
    steps.sign_in(page, project, "/snapshots/")
    shown(page, "web-new", "web-old", "db-old")
    header = page.get_by_role("columnheader", name="Name", exact=True)
    header.get_by_role("link").click()
    expect(header).to_have_attribute("aria-sort", "ascending")
    assert steps.names(page) == ["db-old", "web-new", "web-old"]
    page.get_by_text("Filters", exact=True).click()
    disk, prop = steps.field(page, "Disk (name or id)"), steps.field(page, "Property (key or key=value)")
    age, status = steps.field(page, "Older than (days)"), steps.field(page, "Status")

    disk.fill("web")
    disk.press("Enter")
    shown(page, "web-new", "web-old")
    age.fill("30")
    steps.press(page, "Apply")
    shown(page, "web-old")
    disk.fill(db.id)
    steps.press(page, "Apply")
    shown(page, "db-old")
    disk.fill("")
    prop.fill("env=production")
    steps.press(page, "Apply")
    shown(page, "db-old")
    age.fill("")
    steps.press(page, "Apply")
    shown(page, "web-new", "db-old")
    prop.fill("note")
    status.select_option(label="Error")
    steps.press(page, "Apply")
    shown(page, "db-old")
    page.get_by_role("searchbox", name="Search snapshots", exact=True).fill("web")
    expect(page.locator("#table")).to_contain_text(
        "No snapshot whose name contains “web” matches these filters: status Error, property note."
    )

    page.go_back()
    shown(page, "db-old")
    expect(status.locator("option:checked")).to_have_text("Error")
    expect(prop).to_have_value("note")
    page.go_back()
    shown(page, "web-new", "db-old")
    expect(prop).to_have_value("env=production")
    page.reload()
    shown(page, "web-new", "db-old")
    page.get_by_role("link", name="Clear", exact=True).click()
    shown(page, "web-new", "web-old", "db-old")
