"""Finding disks: the cloud sorts and filters them, also where there are more than it lists at once."""

import pytest
from playwright.sync_api import Locator, Page, expect

from dashboard.devcloud.administrator import Administrator
from tests.browser import steps
from tests.support.devcloud import Project, wait_until

# The preview for 1,000 disks reads all of them and their newest snapshots.
MANY_MS = 60_000


def shown(page: Page, *names: str) -> None:
    """Wait until the table has exactly these rows."""
    for name in names:
        expect(steps.row(page, name)).to_be_visible()
    expect(steps.rows(page)).to_have_count(len(names))


def search(page: Page) -> Locator:
    return page.get_by_role("searchbox", name="Search disks", exact=True)


def apply(page: Page, **wanted: str) -> None:
    """Set exactly these filters."""
    steps.open_filters(page)
    words = {"bootable": "Bootable", "attached": "Attached", "status": "Status"}
    for name, label in words.items():
        steps.field(page, label).select_option(label=wanted.get(name, "Any"))
    for name, label in {"zone": "Availability zone", "days": "No snapshot for (days)"}.items():
        steps.field(page, label).fill(wanted.get(name, ""))
    steps.press(page, "Apply")


def in_both_orders(page: Page, column: str) -> tuple[list[str], list[str]]:
    """Sort by a column in both directions and return the names in each order."""
    header = page.get_by_role("columnheader", name=column, exact=True)
    found = []
    for order in ("ascending", "descending"):
        header.get_by_role("link").click()
        expect(header).to_have_attribute("aria-sort", order)
        expect(page.locator("th[aria-sort]")).to_have_count(1)
        found.append(steps.names(page))
    return found[0], found[1]


@pytest.mark.full
def test_it_sorts_by_each_column_and_filters(page: Page, project: Project, administrator: Administrator) -> None:
    client = project.volume_client()
    fresh = project.create_disk("fresh", size=2, volume_type="ceph-ssd")
    old = project.create_disk("old", size=4, volume_type="ceph-hdd")
    never = project.create_disk("never", size=1, volume_type="ceph-ssd")
    unnamed = project.create_disk("", size=3, volume_type="ceph-ssd")
    project.create_snapshot(fresh.id, "today")
    project.backdate(project.create_snapshot(old.id, "long ago").id, days=40)
    client.volumes.set_bootable(old.id, True)
    project.attach(never.id)
    administrator.volumes.volumes.reset_state(unnamed.id, "error")
    steps.sign_in(page, project)
    shown(page, "fresh", "old", "never", unnamed.id)

    by_name, by_size = [unnamed.id, "fresh", "never", "old"], ["never", "fresh", unnamed.id, "old"]
    assert in_both_orders(page, "Name") == (by_name, by_name[::-1])
    assert in_both_orders(page, "Size") == (by_size, by_size[::-1])
    # All disks but one have the same value in these columns: that one is first in one order and last in the other.
    for column, other in (("Bootable", "old"), ("Attached to", "never"), ("Type", "old")):
        upwards, downwards = in_both_orders(page, column)
        assert {upwards.index(other), downwards.index(other)} == {0, 3}, column

    page.get_by_text("Filters", exact=True).click()
    # The suggested values are loaded with the filters.
    expect(page.locator("#types option[value=ceph-ssd]")).to_have_count(1)
    expect(page.locator("#zones option[value=nova]")).to_have_count(1)

    apply(page, status="Error")
    shown(page, unnamed.id)
    apply(page, bootable="Yes")
    shown(page, "old")
    apply(page, bootable="No")
    shown(page, "fresh", "never", unnamed.id)
    apply(page, attached="Yes")
    shown(page, "never")
    apply(page, days="30", attached="No")
    shown(page, "old", unnamed.id)
    apply(page, days="50")
    shown(page, "never", unnamed.id)
    apply(page, zone="elsewhere", bootable="Yes")
    expect(page.locator("#table")).to_contain_text(
        "No disk matches these filters: availability zone elsewhere, bootable: yes."
    )

    page.go_back()
    shown(page, "never", unnamed.id)
    expect(steps.field(page, "No snapshot for (days)")).to_have_value("50")
    page.reload()
    shown(page, "never", unnamed.id)
    search(page).fill(unnamed.id[:13].upper())
    shown(page, unnamed.id)
    steps.open_filters(page)
    page.get_by_role("link", name="Clear", exact=True).click()
    shown(page, "fresh", "old", "never", unnamed.id)
    expect(search(page)).to_be_empty()


@pytest.mark.full
def test_more_disks_than_the_cloud_tells_at_once(page: Page, project: Project) -> None:
    oldest = project.create_disk("the oldest")
    project.backdate(oldest.id, days=400)
    disk = project.create_disk("copy-9999")
    project.multiply_disk(disk.id, 1300)
    steps.sign_in(page, project, "/disks/?sort=-name&per_page=20")
    expect(page.locator("#total")).to_have_text("1302 disks")
    shown_first = steps.names(page)
    assert shown_first[:3] == ["the oldest", "copy-9999", "copy-1299"]
    page.get_by_role("link", name="Next", exact=True).click()
    expect(steps.row(page, "copy-1281")).to_be_visible()
    expect(steps.rows(page)).to_have_count(20)
    assert not set(steps.names(page)) & set(shown_first)

    # If the position in the list no longer exists, the first page is shown with a notice.
    volumes = project.volume_client().volumes
    volumes.delete(disk.id)
    wait_until(lambda: not volumes.list(search_opts={"name": "copy-9999"}), "it is gone")
    page.goto(f"{page.url.partition('?')[0]}?marker={disk.id}&per_page=20")
    expect(page.get_by_text("That position in the list no longer exists: this is its first page.")).to_be_visible()
    expect(page.locator("#total")).to_have_text("1301 disks")

    # The search and the selection reach beyond the first 1,000 disks.
    search(page).fill("OLDEST")
    shown(page, "the oldest")
    search(page).fill("copy-")
    expect(steps.rows(page)).to_have_count(20)
    page.get_by_role("link", name="Select all 1300 that match", exact=True).click()
    expect(page.locator("[data-selected-count]")).to_have_text("selected: 1300")
    steps.press(page, "Delete disk")
    dialog = page.get_by_role("dialog", name="Delete disks", exact=True)
    expect(dialog).to_contain_text("More than 1000 match: these are the first 1000.", timeout=MANY_MS)
    expect(dialog).to_contain_text("Will be deleted: 1000.")
    expect(dialog.get_by_role("listitem")).to_have_count(1000)
    steps.press(dialog, "Cancel")
    expect(page.locator("[data-selected-count]")).to_have_text("selected: 1300")
    page.get_by_role("checkbox", name=f"Select {steps.names(page)[0]}", exact=True).uncheck()
    expect(page.locator("[data-selected-count]")).to_have_text("selected: 19")
