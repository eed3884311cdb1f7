"""Define what the canned cloud of a test has, and how it changes."""

from typing import Any

from playwright.sync_api import Page

from tests.support.cloud_rows import Answer, ago, snapshot, volume
from tests.support.fake_cloud import FakeCloud

# Longer than any pause between two polls of rows in transition
A_MINUTE = 60_000


def disks(*names: str, **changes: Any) -> list[Answer]:
    """Disks with these names, as the cloud lists them: newest first, so the last name comes first."""
    return [volume(number, name=name, **changes) for number, name in enumerate(names, 1)][::-1]


def snapshots(*names: str, disk: int = 1, **changes: Any) -> list[Answer]:
    """Snapshots of one disk, in the order of `disks`."""
    found = [snapshot(1000 * disk + number, disk, name=name, **changes) for number, name in enumerate(names, 1)]
    return found[::-1]


def numbered(name: str, count: int) -> list[str]:
    """Many names: ``name-0000`` and so on."""
    return [f"{name}-{number:04}" for number in range(count)]


def aged(snapshot_: Answer, days: float) -> Answer:
    """The snapshot with this age."""
    return {**snapshot_, "created_at": ago(days=days)}


def let_go(cloud: FakeCloud) -> None:
    """Finish every deletion in progress."""
    for held in (cloud.volumes, cloud.snapshots, cloud.backups):
        held[:] = [one for one in held if one["status"] != "deleting"]


def look_again(page: Page) -> None:
    """Skip the pause until the page polls rows in transition; the test must have installed the page's clock."""
    page.clock.fast_forward(A_MINUTE)
