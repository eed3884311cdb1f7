"""What a person can do to one snapshot, in the menu's order: this table gives the URLs and the menu."""

from volumes.actions import Action
from volumes.snapshots.actions.create_backup import CreateBackup
from volumes.snapshots.actions.create_disk import CreateDiskFromSnapshot
from volumes.snapshots.actions.delete import Delete
from volumes.snapshots.actions.edit import Edit
from volumes.snapshots.actions.roll_back import RollBack

ACTIONS: tuple[type[Action], ...] = (CreateDiskFromSnapshot, CreateBackup, Edit, RollBack, Delete)
# These concern the snapshot's disk too: their addresses name both.
WITH_DISK: tuple[type[Action], ...] = (CreateBackup, RollBack)
