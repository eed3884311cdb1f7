"""Users create, change, find and delete disks. The tests compare the bytes."""

import re

from playwright.sync_api import Page, expect

from dashboard.devcloud.administrator import Administrator
from tests.browser import steps
from tests.browser.disk_bytes import same_bytes, write
from tests.browser.watch import Watch
from tests.support.devcloud import Project, wait_until

STRANGE = "Архив <b>бухгалтерии</b>"


def test_the_first_disk_and_one_from_its_snapshot(page: Page, project: Project, watch: Watch) -> None:
    watch.expect(422)
    volumes = project.volume_client().volumes
    steps.sign_in(page, project)
    steps.press(page, "Create the first disk")
    dialog = steps.dialog(page, "Create disk")
    expect(steps.field(dialog, "Disk name")).to_be_focused()
    expect(steps.field(dialog, "Source")).to_have_value("empty")
    steps.field(dialog, "Disk name").fill(STRANGE)
    steps.field(dialog, "Size (GB)").fill("1")
    steps.field(dialog, "Disk type").select_option("ceph-ssd")
    steps.press(dialog, "Create disk")
    steps.told(page, "is being created.")
    expect(steps.row(page, STRANGE)).to_contain_text("Available")
    expect(steps.row(page, STRANGE)).to_contain_text("no snapshots")

    [disk] = volumes.list()
    assert (disk.name, disk.volume_type, disk.size) == (STRANGE, "ceph-ssd", 1)
    write(project, disk, "kept")
    snapshot = project.create_snapshot(disk.id, "good")
    write(project, disk, "later")
    page.reload()
    expect(steps.row(page, STRANGE)).to_contain_text("1 snapshot, newest")

    steps.press(page, "Create disk")
    dialog = steps.dialog(page, "Create disk")
    steps.field(dialog, "Disk name").fill("restored")
    steps.field(dialog, "Source").select_option(label="Disk snapshot")
    steps.field(dialog, "Made from").select_option(label="good, 1 GB")
    expect(steps.field(dialog, "Size (GB)")).to_have_value("1")
    expect(steps.field(dialog, "Disk name")).to_have_value("restored")
    steps.press(dialog, "Create disk")
    expect(steps.row(page, "restored")).to_contain_text("Available")
    made = next(one for one in volumes.list() if one.name == "restored")
    assert same_bytes(project, made, snapshot)
    assert not same_bytes(project, made, disk)


def test_a_disk_is_changed_from_its_menu(page: Page, project: Project, watch: Watch) -> None:
    watch.expect(422)
    disk = project.create_disk("old name", volume_type="ceph-ssd")
    write(project, disk, "kept")
    volumes = project.volume_client().volumes
    steps.sign_in(page, project)
    steps.open_menu(page, "old name").get_by_role("menuitem", name="Make bootable", exact=True).click()
    steps.told(page, "Disk “old name” is bootable now.")
    expect(steps.row(page, "old name").get_by_role("cell", name="Yes", exact=True)).to_be_visible()

    dialog = steps.open_dialog(page, "old name", "Rename disk")
    steps.field(dialog, "Disk name").fill(STRANGE)
    steps.press(dialog, "Save")
    dialog = steps.open_dialog(page, STRANGE, "Resize disk")
    steps.field(dialog, "New size (GB)").fill("1")
    steps.press(dialog, "Resize")
    expect(dialog).to_contain_text("It must be at least 2 GB: disks only grow.")
    steps.field(dialog, "New size (GB)").fill("2")
    steps.press(dialog, "Resize")
    expect(steps.row(page, STRANGE)).to_contain_text("2 GB")
    expect(steps.row(page, STRANGE)).to_contain_text("Available")

    dialog = steps.open_dialog(page, STRANGE, "Change disk type")
    steps.field(dialog, "Disk type").select_option("ceph-hdd")
    steps.press(dialog, "Change type")
    wait_until(lambda: volumes.get(disk.id).volume_type == "ceph-hdd", "the type is changed")
    expect(steps.row(page, STRANGE)).to_contain_text("ceph-hdd")
    expect(steps.row(page, STRANGE)).to_contain_text("Available")
    dialog = steps.open_dialog(page, STRANGE, "Clone disk")
    expect(steps.field(dialog, "Size (GB)")).to_have_value("2")
    steps.press(dialog, "Clone")
    expect(steps.row(page, f"{STRANGE}_clone")).to_contain_text("Available")
    clone = next(one for one in volumes.list() if one.name == f"{STRANGE}_clone")
    assert same_bytes(project, clone, disk)

    page.get_by_role("link", name=STRANGE, exact=True).click()
    expect(steps.heading(page, f"Disk {STRANGE}")).to_be_visible()
    steps.press(page, "Edit properties")
    dialog = steps.dialog(page, "Edit properties")
    steps.field(dialog, "Properties").fill("team=storage\npath/of=a=b")
    steps.press(dialog, "Save")
    expect(page.get_by_text("path/of=a=b", exact=True)).to_be_visible()
    assert volumes.get(disk.id).metadata == {"team": "storage", "path/of": "a=b"}


def test_a_used_up_quota_is_told_at_the_size(
    page: Page, project: Project, administrator: Administrator, watch: Watch
) -> None:
    watch.expect(422)
    project.create_disk("only one")
    administrator.volumes.quotas.update(project.project_id, gigabytes=1)
    steps.sign_in(page, project)
    steps.press(page, "Create disk")
    dialog = steps.dialog(page, "Create disk")
    expect(dialog).to_contain_text("The project's quota leaves no room: Gigabytes: 1 of 1 used.")
    steps.field(dialog, "Disk name").fill("one more")
    steps.field(dialog, "Size (GB)").fill("1")
    steps.press(dialog, "Create disk")
    expect(steps.field(dialog, "Size (GB)")).to_have_accessible_description(re.compile("quota doesn't allow this"))
    expect(steps.field(dialog, "Disk name")).to_have_value("one more")


def test_disks_are_deleted_with_what_belongs_to_them(page: Page, project: Project) -> None:
    plain, with_snapshot, attached = (project.create_disk(name) for name in ("plain", "with snapshot", "attached"))
    project.create_snapshot(with_snapshot.id, "of it")
    project.attach(attached.id)
    client = project.volume_client()
    steps.sign_in(page, project)
    steps.tick(page, "plain", "with snapshot", "attached")
    steps.press(page, "Delete disk")
    dialog = steps.dialog(page, "Delete disks")
    expect(dialog).to_contain_text(
        "Will be deleted: 1. 1 disk has snapshots: tick below to delete them too. Can't be deleted: 1."
    )
    expect(dialog.get_by_role("listitem").filter(has_text="attached")).to_contain_text("Instance: ")
    expect(dialog.get_by_role("listitem").filter(has_text="with snapshot")).to_contain_text("is kept: 1 snapshot (")
    steps.press(dialog, "Delete")
    steps.told(page, "1 disk is being deleted.")
    expect(steps.row(page, "plain")).to_have_count(0)
    wait_until(lambda: steps.is_gone(client.volumes, plain.id), "the cloud has deleted it")

    steps.press(page, "Delete disk")
    dialog = steps.dialog(page, "Delete disks")
    command = dialog.locator("code")
    dialog.get_by_text("Equivalent CLI command").first.click()
    expect(command).not_to_contain_text("--cascade")
    steps.field(dialog, "Delete their snapshots too").check()
    expect(command).to_contain_text(f"openstack volume delete --cascade {with_snapshot.id}")
    steps.press(dialog, "Delete")
    expect(steps.row(page, "with snapshot")).to_have_count(0)
    wait_until(lambda: steps.is_gone(client.volumes, with_snapshot.id), "the cloud has deleted it")
    assert client.volume_snapshots.list() == []
    expect(steps.row(page, "attached")).to_be_visible()
