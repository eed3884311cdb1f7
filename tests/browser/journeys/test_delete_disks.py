"""Deleting disks: what the preview says about their snapshots, and what happens to disks that can't be deleted."""

import re

from playwright.sync_api import Locator, Page, expect

from dashboard.devcloud.administrator import Administrator
from tests.browser import steps
from tests.browser.watch import Watch
from tests.support.devcloud import Project, wait_until


def open_deletion(page: Page) -> Locator:
    steps.press(page, "Delete disk")
    return steps.dialog(page, "Delete disks")


def fate(dialog: Locator, name: str) -> Locator:
    """What the preview says about a disk."""
    return dialog.get_by_role("listitem").filter(has=dialog.page.get_by_text(name, exact=True))


def test_disks_with_snapshots_go_only_when_somebody_says_so(
    page: Page, project: Project, administrator: Administrator, watch: Watch
) -> None:
    watch.expect(422)
    client = project.volume_client()
    disk, stuck = project.create_disk("web", size=2), project.create_disk("stuck")
    for name in ("first", "second"):
        oldest = project.create_snapshot(disk.id, name)
    project.backdate(oldest.id, days=40)
    held = project.create_snapshot(stuck.id, "held")
    administrator.volumes.volume_snapshots.reset_state(held.id, "error_deleting")
    steps.sign_in(page, project)
    page.get_by_role("checkbox", name="Select all", exact=True).check()
    dialog = open_deletion(page)
    expect(dialog).to_contain_text("1 disk has snapshots: tick below to delete them too. Can't be deleted: 1.")
    expect(fate(dialog, "web")).to_contain_text(re.compile(r"2 snapshots \(4 GB\), oldest from .+"))
    expect(fate(dialog, "stuck")).to_contain_text(
        "Can't be deleted: some of its snapshots can't be deleted now: check them first."
    )
    also = steps.field(dialog, "Delete their snapshots too")
    expect(also).not_to_be_checked()
    dialog.get_by_text("Equivalent CLI command").first.click()
    expect(dialog.locator("code")).to_have_text("# Nothing would be deleted.")
    steps.press(dialog, "Delete")
    expect(dialog.get_by_role("alert")).to_contain_text("Nothing was deleted")
    assert {one.id for one in client.volumes.list()} == {disk.id, stuck.id}

    also.check()
    dialog.get_by_text("Equivalent CLI command").first.click()
    expect(dialog.locator("code")).to_have_text(f"openstack volume delete --cascade {disk.id}")
    steps.press(dialog, "Delete")
    steps.told(page, "1 disk is being deleted.")
    expect(steps.row(page, "web")).to_have_count(0)
    wait_until(lambda: steps.is_gone(client.volumes, disk.id), "the cloud has deleted it")
    assert [one.id for one in client.volume_snapshots.list()] == [held.id]


def test_what_could_not_be_deleted_stays_selected_with_its_reason(page: Page, project: Project) -> None:
    disks = {name: project.create_disk(name) for name in ("first", "second", "third", "fourth")}
    # If the storage can't delete a disk, it fails some time after the cloud has accepted the request.
    project.break_deletion(disks["fourth"].id)
    volumes = project.volume_client().volumes
    steps.sign_in(page, project)
    steps.tick(page, "first", "second")
    dialog = open_deletion(page)
    expect(dialog).to_contain_text("Will be deleted: 2.")
    project.attach(disks["second"].id)
    steps.press(dialog, "Delete")
    steps.told(page, "1 disk is being deleted.")
    steps.told(page, "1 disk could not be deleted: its row says why.")
    expect(steps.row(page, "first")).to_have_count(0)
    expect(page.get_by_role("checkbox", name="Select second", exact=True)).to_be_checked()
    expect(steps.row(page, "second").locator(".failure")).to_contain_text("attached")
    expect(steps.row(page, "second").locator(".request-id")).to_contain_text("req-")
    expect(page.locator("[data-selected-count]")).to_have_text("selected: 1")

    # The disk is attached now: the next preview shows that, and the instance it is attached to.
    dialog = open_deletion(page)
    expect(fate(dialog, "second")).to_contain_text("Instance: 5f0c1c5e-8a3d-4d0b-9a53-0f6c3b1d7a11")
    expect(dialog.get_by_role("button", name="Delete", exact=True)).to_have_count(0)
    steps.press(dialog, "Cancel")
    page.get_by_role("checkbox", name="Select second", exact=True).uncheck()
    steps.press(steps.open_dialog(page, "fourth", "Delete disk", "Delete disks"), "Delete")
    steps.told(page, "“fourth” could not be deleted after all: its row says why.")
    expect(steps.row(page, "fourth")).to_contain_text("Error deleting")
    expect(page.get_by_role("checkbox", name="Select fourth", exact=True)).to_be_checked()
    expect(page.get_by_role("checkbox", name="Select third", exact=True)).not_to_be_checked()
    assert {one.name for one in volumes.list()} == {"second", "third", "fourth"}
