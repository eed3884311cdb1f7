"""The context menus of disks, snapshots and backups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from volumes.actions import menu
from volumes.backups.actions import ACTIONS as BACKUP_ACTIONS
from volumes.cinder.values import Disk, Snapshot
from volumes.disks.actions import ACTIONS as DISK_ACTIONS
from volumes.snapshots.actions import ACTIONS as SNAPSHOT_ACTIONS

if TYPE_CHECKING:
    from dashboard.cloud.keystone import Cloud
    from volumes.actions import MenuEntry
    from volumes.cinder.values import Record


def menu_of(cloud: Cloud, record: Record) -> list[MenuEntry]:
    """Return the entries of the menu that matches the record's class."""
    if isinstance(record, Disk):
        return menu(DISK_ACTIONS, cloud, record)
    return menu(SNAPSHOT_ACTIONS if isinstance(record, Snapshot) else BACKUP_ACTIONS, cloud, record)
