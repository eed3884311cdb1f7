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


DISK, PROPERTY, AGE = "Disk (name or id)", "Property (key or key=value)", "Older than (days)"


def apply(page: Page, change: dict[str, str]) -> None:
    """Change some filters, by their labels, and apply all of them."""
    steps.open_filters(page)
    for label, value in change.items():
        steps.field(page, label).fill(value)
    steps.press(page, "Apply")


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
    changes: list[tuple[dict[str, str], list[str]]] = [
        ({DISK: "web"}, ["web-new", "web-old"]),
        ({AGE: "30"}, ["web-old"]),
        ({DISK: db.id}, ["db-old"]),
        ({DISK: "", PROPERTY: "env=production"}, ["db-old"]),
        ({AGE: ""}, ["web-new", "db-old"]),
    ]
    for change, names in changes:
        apply(page, change)
        shown(page, *names)
    steps.open_filters(page)
    prop, status = steps.field(page, PROPERTY), steps.field(page, "Status")
    status.select_option(label="Error")
    prop.fill("note")
    prop.press("Enter")
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
    steps.open_filters(page)
    page.get_by_role("link", name="Clear", exact=True).click()
    shown(page, "web-new", "web-old", "db-old")
