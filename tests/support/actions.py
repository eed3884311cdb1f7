"""The actions of the product, as the contracts test them: the tables of tests take their addresses from here."""

from django.urls import reverse

from tests.support.cloud_rows import an_id, backup, snapshot
from tests.support.fake_cloud import PROJECT
from volumes.actions import Action, PageLink
from volumes.backups.actions import ACTIONS as BACKUP_ACTIONS
from volumes.cinder import disks, readers
from volumes.disks.actions import ACTIONS as DISK_ACTIONS
from volumes.disks.actions.create import CreateDisk
from volumes.disks.actions.edit_properties import EditProperties
from volumes.snapshots.actions import ACTIONS as SNAPSHOT_ACTIONS

DISK, SNAPSHOT, BACKUP = an_id(1), an_id(1001), an_id(2001)
A_DISK, A_SNAPSHOT, A_BACKUP = disks.unknown(DISK), readers.snapshot(snapshot(1001)), readers.backup(backup(2001))

# The resource of each action, and the path of Cinder's that its dialog can't work without
SUBJECTS = (
    (A_DISK, f"/volumes/{DISK}", (*DISK_ACTIONS, EditProperties)),
    (A_SNAPSHOT, f"/snapshots/{SNAPSHOT}", SNAPSHOT_ACTIONS),
    (A_BACKUP, f"/backups/{BACKUP}", BACKUP_ACTIONS),
)
NEEDS = {
    action: (record, path)
    for record, path, actions in SUBJECTS
    for action in actions
    if not isinstance(action, PageLink)
}
EVERY_ACTION: tuple[type[Action], ...] = (*NEEDS, CreateDisk)


def url_of(action: type[Action]) -> str:
    """The address of an action on the disk, the snapshot or the backup above."""
    address = action.address_of(NEEDS[action][0]) if action in NEEDS else {}
    return reverse(action.name, kwargs={"project": PROJECT, **address})


def posts(action: type[Action]) -> bool:
    """Whether it accepts a form: the form of a deletion is sent to the bulk deletion instead."""
    return "post" in action.http_method_names
