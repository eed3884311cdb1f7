"""No page, dialog or menu may have an axe finding or be too wide, in a wide window and a narrow one, light and dark."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from dashboard.devcloud.administrator import Administrator
from tests.browser import steps
from tests.browser.conftest import NewContext
from tests.browser.watch import Watch, axe, axe_in_the_dark
from tests.support.devcloud import Project, wait_for_status

LOOKS: dict[str, dict[str, Any]] = {"wide": {}, "narrow": {"viewport": {"width": 320, "height": 740}}}
DIALOG_OVERFLOW = """
(() => {
  const dialog = [...document.querySelectorAll("dialog:modal")].pop();
  const box = dialog.getBoundingClientRect();
  return Math.max(-box.left, box.right - innerWidth, dialog.scrollWidth - dialog.clientWidth);
})()
"""


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest, new_context: NewContext) -> Page:
    """A page of each look."""
    return new_context(**LOOKS[request.param]).new_page()


def in_light_and_dark(page: Page) -> None:
    """Fail on axe's findings."""
    axe(page)
    axe_in_the_dark(page)


def fits(page: Page) -> None:
    """Fail where one would have to scroll sideways."""
    too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert too_wide <= 0, f"{page.url} is {too_wide} pixels too wide"


def dialog_fits(page: Page) -> None:
    """Fail where an open dialog is wider than the window, or what is in it wider than itself."""
    too_wide = page.evaluate(DIALOG_OVERFLOW)
    assert too_wide <= 0, f"A dialog on {page.url} is {too_wide} pixels too wide"


def looked_at(page: Page, name: str, first: str = "") -> Locator:
    """Look at an open dialog, which begins with its first field, or with that of this label."""
    dialog = steps.dialog(page, name)
    if first:
        expect(steps.field(dialog, first)).to_be_focused()
    in_light_and_dark(page)
    dialog_fits(page)
    return dialog


def leave(page: Page, opener: Locator) -> None:
    """Close the dialog; the focus goes back to where it was opened."""
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()


def test_signing_in(look: Page, project: Project, watch: Watch) -> None:
    watch.expect(401)
    look.goto("/")
    in_light_and_dark(look)
    fits(look)
    steps.fill_in_sign_in(look, project.username, "wrong")
    expect(look.get_by_role("alert").filter(has_text="is wrong")).to_be_visible()
    in_light_and_dark(look)


def test_disks(look: Page, project: Project) -> None:
    disk = project.create_disk("database")
    project.create_snapshot(disk.id)
    project.attach(disk.id)
    project.create_failed_disk("broken")
    steps.sign_in(look, project)
    expect(steps.rows(look)).to_have_count(2)
    expect(steps.row(look, "database")).to_contain_text("1 snapshot, newest")
    expect(look.get_by_label("Disks 2 of 5000")).to_be_visible()
    look.get_by_text("Filters", exact=True).click()
    expect(look.locator("#types option").first).to_be_attached()
    steps.tick(look, "database")
    in_light_and_dark(look)
    fits(look)
    steps.open_menu(look, "broken")
    in_light_and_dark(look)
    look.keyboard.press("Escape")
    steps.choose(look, "database", "Create snapshot")
    looked_at(look, "Create snapshot", "Snapshot name")


def test_dialogs_of_a_disk(look: Page, project: Project, watch: Watch) -> None:
    watch.expect(422)
    name = "x" * 120
    disk = project.create_disk(name, volume_type="ceph-ssd")
    snapshot = project.create_snapshot(disk.id)
    steps.sign_in(look, project)
    for entry, title, first in (
        ("Resize disk", "Resize disk", "New size (GB)"),
        ("Change disk type", "Change disk type", "Disk type"),
        ("Rename disk", "Rename disk", "Disk name"),
        ("Clone disk", "Clone disk", "Disk name"),
        ("Create backup", "Create backup", "Backup name"),
        ("Delete disk", "Delete disks", "Delete their snapshots too"),
    ):
        steps.choose(look, name, entry)
        dialog = looked_at(look, title, first)
        if not first.startswith("Delete"):
            dialog.get_by_text("Equivalent CLI command").click()
            expect(dialog.locator("code")).to_be_visible()
            dialog_fits(look)
        leave(look, look.get_by_role("button", name=f"Actions for {name}", exact=True))

    # With errors: at the field that has the focus then.
    for entry, label, submit in (("Resize disk", "New size (GB)", "Resize"), ("Clone disk", "Size (GB)", "Clone")):
        steps.choose(look, name, entry)
        dialog = looked_at(look, entry)
        steps.field(dialog, label).fill("3000000000")
        dialog.locator("form").evaluate("form => form.noValidate = true")
        steps.press(dialog, submit)
        expect(steps.field(dialog, label)).to_have_attribute("aria-invalid", "true")
        looked_at(look, entry, label)
        leave(look, look.get_by_role("button", name=f"Actions for {name}", exact=True))
    assert snapshot.volume_id == disk.id


def test_new_disks_and_snapshots_of_several(
    look: Page, project: Project, administrator: Administrator, watch: Watch
) -> None:
    watch.expect(422)
    disk = project.create_disk("x" * 120)
    project.create_snapshot(disk.id, "y" * 120)
    project.create_failed_disk("broken")
    administrator.volumes.quotas.update(project.project_id, volumes=2)
    steps.sign_in(look, project)
    steps.press(look, "Create disk")
    dialog = looked_at(look, "Create disk", "Disk name")
    expect(dialog.get_by_role("alert")).to_contain_text("The project's quota leaves no room")
    steps.field(dialog, "Source").select_option(label="Disk snapshot")
    expect(steps.field(dialog, "Made from")).to_be_visible()
    looked_at(look, "Create disk")
    steps.field(dialog, "Size (GB)").fill("1")
    steps.press(dialog, "Create disk")
    expect(steps.field(dialog, "Made from")).to_be_focused()
    dialog.get_by_text("Equivalent CLI command").click()
    looked_at(look, "Create disk")
    leave(look, look.get_by_role("button", name="Create disk", exact=True))

    look.get_by_role("checkbox", name="Select all", exact=True).check()
    steps.press(look, "Create snapshots")
    dialog = looked_at(look, "Create snapshots", "Snapshot name")
    dialog.get_by_text("Equivalent CLI command").click()
    dialog_fits(look)
    leave(look, look.get_by_role("button", name="Create snapshots", exact=True))
    steps.press(look, "Delete disk")
    dialog = looked_at(look, "Delete disks", "Delete their snapshots too")
    steps.press(dialog, "Delete")
    expect(steps.rows(look)).to_have_count(1)
    in_light_and_dark(look)


def test_one_disk(look: Page, project: Project) -> None:
    properties = {"env": "x" * 200, "team": "storage"}
    disk = project.create_disk("x" * 120, description="y" * 200, volume_type="ef-nvme", metadata=properties)
    project.attach(disk.id)
    steps.sign_in(look, project, f"/disks/{disk.id}/")
    expect(steps.heading(look, f"Disk {disk.name}")).to_be_visible()
    look.get_by_text("Equivalent CLI command").click()
    in_light_and_dark(look)
    fits(look)
    steps.press(look, "Edit properties")
    looked_at(look, "Edit properties", "Properties")
    leave(look, look.get_by_role("button", name="Edit properties", exact=True))
    look.get_by_role("link", name="Disk snapshots", exact=True).click()
    expect(look.get_by_role("heading", name="No snapshots yet")).to_be_visible()
    in_light_and_dark(look)
    fits(look)
    look.goto(f"/p/{project.project_id}/disks/{disk.id}/bootable/")
    expect(steps.heading(look, "Make bootable")).to_be_visible()
    in_light_and_dark(look)
    fits(look)


def test_snapshots(look: Page, project: Project) -> None:
    disk = project.create_disk("database")
    project.create_snapshots(disk.id, 2)
    steps.sign_in_to_snapshots(look, project, disk)
    steps.tick(look, "snapshot-001")
    in_light_and_dark(look)
    fits(look)
    look.get_by_role("button", name="Delete snapshot", exact=True).click()
    dialog = steps.dialog(look, "Delete snapshots")
    in_light_and_dark(look)
    dialog.get_by_role("button", name="Delete", exact=True).click()
    expect(steps.rows(look)).to_have_count(1)
    expect(look.locator(".toast")).to_be_visible()
    in_light_and_dark(look)


def test_empty_lists_and_errors(look: Page, project: Project, watch: Watch) -> None:
    watch.expect(404)
    steps.sign_in(look, project)
    expect(look.get_by_role("heading", name="No disks yet")).to_be_visible()
    in_light_and_dark(look)
    fits(look)
    steps.press(look, "Create the first disk")
    looked_at(look, "Create disk", "Disk name")
    leave(look, look.get_by_role("button", name="Create the first disk", exact=True))
    look.goto("/disks/00000000-0000-4000-8000-000000000000/snapshots/")
    expect(steps.heading(look, "Not found")).to_be_visible()
    in_light_and_dark(look)
    fits(look)
    look.goto("/no/such/page")
    expect(steps.heading(look, "There is no such page")).to_be_visible()
    in_light_and_dark(look)


def test_dialogs_as_pages(look: Page, project: Project, watch: Watch) -> None:
    watch.expect(422)
    disk = project.create_disk("database")
    snapshot = project.create_snapshot(disk.id)
    steps.sign_in(look, project, f"/disks/{disk.id}/create-snapshot/")
    steps.field(look, "Properties").fill("no equals sign")
    steps.press(look, "Create snapshot")
    expect(look.get_by_text("Line 1: there is no “=” between key and value.")).to_be_visible()
    expect(look.get_by_role("dialog")).to_have_count(1)
    in_light_and_dark(look)
    fits(look)
    for path, name in (("snapshots/clean-up/", "Clean up"), (f"snapshots/{snapshot.id}/delete/", "Delete snapshots")):
        look.goto(f"/p/{project.project_id}/{path}")
        expect(steps.heading(look, name)).to_be_visible()
        in_light_and_dark(look)
        fits(look)


def test_the_projects_snapshots(look: Page, project: Project) -> None:
    disk = project.create_disk("fast", volume_type="ef-nvme")
    snapshot = project.create_snapshot(disk.id, "copy", metadata={"env": "production", "long": "x" * 200})
    project.multiply_snapshot(snapshot.id, 20)
    steps.sign_in(look, project, "/snapshots/")
    # A narrow window has no room for the disk.
    expect(steps.rows(look).first.get_by_text("fast", exact=True)).to_have_count(1)
    look.get_by_text("Filters", exact=True).click()
    look.get_by_role("link", name="Select all 21 that match", exact=True).click()
    expect(look.locator("[data-selected-count]")).to_have_text("selected: 21")
    in_light_and_dark(look)
    fits(look)
    for opener, name, first in (
        ("Create snapshot", "Create snapshot", "Disk"),
        ("Clean up", "Clean up", "Older than (days)"),
        ("Delete snapshot", "Delete snapshots", ""),
    ):
        steps.press(look, opener)
        looked_at(look, name, first)
        leave(look, look.get_by_role("button", name=opener, exact=True))
    steps.field(look, "Property (key or key=value)").fill("nobody has this")
    steps.press(look, "Apply")
    expect(look.get_by_text("No snapshot passes these filters")).to_be_visible()
    in_light_and_dark(look)
    fits(look)


def test_dialogs_of_a_snapshot(look: Page, project: Project, administrator: Administrator, watch: Watch) -> None:
    watch.expect(422)
    disk = project.create_disk("x" * 120, volume_type="ef-nvme")
    project.create_disk("made from it", snapshot_id=project.create_snapshot(disk.id, "old").id)
    project.create_snapshot(disk.id, "new")
    steps.sign_in_to_snapshots(look, project, disk)
    for row, entry, name, first in (
        ("new", "Create disk", "Create disk", "Disk name"),
        ("new", "Create backup", "Create backup", "Backup name"),
        ("new", "Edit snapshot", "Edit snapshot", "Snapshot name"),
        ("new", "Roll back disk", "Roll back disk", ""),
        ("old", "Roll back disk", "Roll back disk", ""),
        ("old", "Delete snapshot", "Delete snapshots", ""),
    ):
        steps.choose(look, row, entry)
        dialog = looked_at(look, name, first)
        dialog.get_by_text("Equivalent CLI command").click()
        expect(dialog.locator("code")).to_be_visible()
        dialog_fits(look)
        leave(look, look.get_by_role("button", name=f"Actions for {row}", exact=True))

    # With the warnings, with the quota used up, and with errors.
    administrator.volumes.quotas.update(project.project_id, snapshots=2)
    steps.press(look, "Create snapshot")
    dialog = looked_at(look, "Create snapshot", "Snapshot name")
    expect(dialog.get_by_role("alert")).to_contain_text("The project's quota leaves no room")
    steps.field(dialog, "Properties").fill("y" * 300)
    steps.press(dialog, "Create snapshot")
    expect(steps.field(dialog, "Properties")).to_be_focused()
    looked_at(look, "Create snapshot")
    leave(look, look.get_by_role("button", name="Create snapshot", exact=True))


def test_one_snapshot(look: Page, project: Project) -> None:
    disk = project.create_disk("fast", volume_type="ef-nvme")
    snapshot = project.create_snapshot(disk.id, "copy", description="before", metadata={"env": "x" * 200})
    project.create_disk("made from it", snapshot_id=snapshot.id)
    steps.sign_in(look, project, f"/snapshots/{snapshot.id}/")
    expect(look.get_by_role("link", name="made from it", exact=True)).to_be_visible()
    in_light_and_dark(look)
    fits(look)
    steps.press(look, "Edit snapshot")
    looked_at(look, "Edit snapshot", "Snapshot name")
    leave(look, look.get_by_role("button", name="Edit snapshot", exact=True))


def test_backups(look: Page, project: Project) -> None:
    disk = project.create_disk("database")
    steps.sign_in(look, project, "/backups/")
    expect(look.get_by_role("heading", name="No backups yet")).to_be_visible()
    in_light_and_dark(look)
    fits(look)
    # Without the disk's bytes it fails at once.
    project.disk_file(disk.id).unlink()
    backups = project.volume_client().backups
    wait_for_status(backups, backups.create(disk.id, name="nightly").id, "error")
    look.reload()
    expect(steps.row(look, "nightly")).to_contain_text("Error")
    look.get_by_text("Filters", exact=True).click()
    in_light_and_dark(look)
    fits(look)
    steps.open_menu(look, "nightly")
    in_light_and_dark(look)
    look.keyboard.press("Escape")
    steps.choose(look, "nightly", "Delete backup")
    looked_at(look, "Delete backups")
    leave(look, look.get_by_role("button", name="Actions for nightly", exact=True))


def test_the_readers_view(look: Page, project: Project) -> None:
    disk = project.create_disk("database")
    project.create_snapshot(disk.id)
    steps.sign_in_to_snapshots(look, project, disk, reader=True)
    in_light_and_dark(look)
    fits(look)
    for path in ("disks/", f"disks/{disk.id}/"):
        look.goto(f"/p/{project.project_id}/{path}")
        expect(look.get_by_role("heading", level=1, name="Disk")).to_be_visible()
        in_light_and_dark(look)
        fits(look)
