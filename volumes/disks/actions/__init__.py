"""The actions on one disk, in the menu's order. The URLs and the menu are built from ACTIONS."""

from django.utils.translation import gettext_lazy as _

from volumes.actions import Action, PageLink
from volumes.disks.actions.change_type import ChangeType
from volumes.disks.actions.clone import Clone
from volumes.disks.actions.create_backup import CreateBackup
from volumes.disks.actions.create_snapshot import CreateSnapshot
from volumes.disks.actions.delete import Delete
from volumes.disks.actions.rename import Rename
from volumes.disks.actions.resize import Resize
from volumes.disks.actions.set_bootable import SetBootable

ACTIONS: tuple[type[Action] | PageLink, ...] = (
    Delete,
    Resize,
    ChangeType,
    Rename,
    SetBootable,
    PageLink("disk-snapshots", "disk_id", _("Snapshot list"), "list"),
    Clone,
    CreateSnapshot,
    CreateBackup,
)
