"""What the canned cloud of a test has, and how it goes on."""

from typing import Any

from playwright.sync_api import Page

from tests.support.cloud_rows import Answer, ago, snapshot, volume
from tests.support.fake_cloud import FakeCloud

# Longer than any pause between two looks at rows in transition
A_MINUTE = 60_000


def disks(*names: str, **changes: Any) -> list[Answer]:
    """Disks of these names, as the cloud lists them: the last one is the newest. Sorted by name they stand as here."""
    return [volume(number, name=name, **changes) for number, name in enumerate(names, 1)][::-1]


def snapshots(*names: str, disk: int = 1, **changes: Any) -> list[Answer]:
    """Snapshots of one disk, in the order of `disks`."""
    found = [snapshot(1000 * disk + number, disk, name=name, **changes) for number, name in enumerate(names, 1)]
    return found[::-1]


def numbered(name: str, count: int) -> list[str]:
    """Many names: ``name-0000`` and so on."""
    return [f"{name}-{number:04}" for number in range(count)]


def aged(snapshot_: Answer, days: float) -> Answer:
    """The snapshot, as old as that."""
    return {**snapshot_, "created_at": ago(days=days)}


def let_go(cloud: FakeCloud) -> None:
    """Finish every deletion that is under way."""
    for held in (cloud.volumes, cloud.snapshots, cloud.backups):
        held[:] = [one for one in held if one["status"] != "deleting"]


def look_again(page: Page) -> None:
    """Skip the pause until the page looks again at rows in transition; its clock has to be installed."""
    page.clock.fast_forward(A_MINUTE)
