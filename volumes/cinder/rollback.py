"""Whether a disk can be rolled back to a snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from volumes.cinder.values import DISK_ELSEWHERE, READABLE_STATUS, first_reason

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from volumes.cinder.values import Disk, Snapshot


def rollback_refusal(snapshot: Snapshot, disk: Disk, newest: Snapshot | None, possible: bool) -> _StrPromise | None:
    """Return why the disk can't be rolled back to its snapshot now, or None.

    `newest` is the disk's newest snapshot in any status, or None if unknown. `possible` is whether the cloud's version
    supports rolling back. The values must have been read just before: if the snapshot isn't available, Cinder refuses
    only after it has set the disk to "reverting", where it stays.

    The rules are those of cinder/api/v3/volumes.py, revert, and cinder/volume/api.py, revert_to_snapshot. The newest
    snapshot is that of snapshot_get_latest_for_volume in cinder/db/api.py: the last created one in any status.
    """
    reasons = (
        (disk.is_missing, DISK_ELSEWHERE),
        (not possible, _("This cloud is too old to roll back a disk. Create a disk from this snapshot instead.")),
        (
            snapshot.status_code != READABLE_STATUS,
            _("A disk can be rolled back only to a snapshot that is available."),
        ),
        (newest is None or newest.id != snapshot.id, _not_newest(newest)),
        (disk.is_attached or disk.attachments, _("The disk is attached to an instance: detach it first.")),
        (disk.status_code != "available", _("A disk can be rolled back only when it is available.")),
        (
            disk.size != snapshot.size,
            _("The disk was resized after this snapshot. Create a disk from this snapshot instead."),
        ),
    )
    return first_reason(reasons)


def _not_newest(newest: Snapshot | None) -> _StrPromise:
    if newest is not None and newest.status_code == "deleting":
        return _("A newer snapshot is being deleted: try again when it is gone.")
    return _(
        "A disk can be rolled back only to its newest snapshot: "
        "delete the newer ones first, or create a disk from this one."
    )
