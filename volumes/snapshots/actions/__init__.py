"""The actions on one snapshot, in the menu's order. The URLs and the menu are built from ACTIONS."""

from volumes.actions import Action
from volumes.snapshots.actions.create_backup import CreateBackup
from volumes.snapshots.actions.create_disk import CreateDiskFromSnapshot
from volumes.snapshots.actions.delete import Delete
from volumes.snapshots.actions.edit import Edit
from volumes.snapshots.actions.roll_back import RollBack

ACTIONS: tuple[type[Action], ...] = (CreateDiskFromSnapshot, CreateBackup, Edit, RollBack, Delete)
# These actions concern the snapshot's disk too, so their URLs contain both ids.
WITH_DISK: tuple[type[Action], ...] = (CreateBackup, RollBack)
