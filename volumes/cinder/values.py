"""What crosses the door to Cinder: frozen values, and the rules of their states."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from django.utils.translation import gettext_lazy as _

from volumes.statuses import Status, status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from django.utils.functional import _StrPromise

Row = TypeVar("Row")

# Cinder takes snapshots of disks in these statuses only (cinder/volume/api.py, _create_snapshot_in_db; with "force"
# below microversion 3.66, without from then on), and backups too (cinder/backup/api.py, API.create).
SNAPSHOT_STATUSES = frozenset({"available", "in-use"})
# A disk can be cloned from these (cinder/volume/flows/api/create_volume.py, SRC_VOL_PROCEED_STATUS), grow in these (the
# second from microversion 3.42 on: cinder/api/contrib/volume_actions.py, _extend), and change its type (cinder/volume/
# api.py, retype).
USABLE_STATUSES = frozenset({"available", "in-use"})
# A snapshot (cinder/volume/api.py, delete_snapshot) and a backup (cinder/backup/api.py, API.delete) can be deleted from
# these only.
DELETABLE_STATUSES = frozenset({"available", "error"})
# A disk from these (cinder/volume/api.py, delete; Cinder shows "error_managing" as "error")
DELETABLE_DISK_STATUSES = DELETABLE_STATUSES | {"error_restoring", "error_extending", "error_managing"}
# In this one a disk takes no other name and stays bootable or not (cinder/volume/api.py, update), and in these it takes
# no other properties (_update_volume_metadata).
MAINTENANCE = "maintenance"
FIXED_PROPERTIES_STATUSES = frozenset({MAINTENANCE, "uploading"})
# A disk with any other migration status is being moved to other storage (cinder/volume/api.py,
# AVAILABLE_MIGRATION_STATUS).
AT_HOME = frozenset({"", "deleting", "error", "success"})
# A disk can be made of a snapshot or backup only from this one (cinder/volume/flows/api/create_volume.py,
# SNAPSHOT_PROCEED_STATUS, BACKUP_PROCEED_STATUS), and a backup of a snapshot too (cinder/backup/api.py, API.create).
READABLE_STATUS = "available"
# What Cinder notes on a backup that no service took on (cinder/scheduler/manager.py, create_backup), or whose service
# found its own storage out of order (cinder/backup/manager.py, create_backup and delete_backup).
NO_SERVICE_REASONS = ("service not found", "backup service is down")

DELETION_FAILED = _("Deleting it has failed before; only the cloud's operator can reset it.")
GOING_ON = _("Something is going on with it; it can be deleted when it is available.")
DETACH_FIRST = _("It is attached to an instance: detach it first.")
MOVING = _("It is being moved to other storage: try again when that is done.")
IN_MAINTENANCE = _("The cloud's operator has put it into maintenance.")


@dataclass(frozen=True, slots=True)
class Attachment:
    """An instance that a disk is connected to, by id, as which device (may be empty), and since when."""

    server_id: str
    device: str
    attached_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What disks, snapshots and backups have in common.

    `size` is in GiB. `properties` are what the person noted on it as key and value: Cinder's metadata.
    """

    id: str
    name: str
    description: str
    status_code: str
    size: int
    properties: Mapping[str, str] = field(hash=False)
    created_at: datetime | None
    updated_at: datetime | None

    @property
    def title(self) -> str:
        """What it is called: its name, or its id where it has none."""
        return self.name or self.id

    @property
    def status(self) -> Status:
        """Its status with words and colour."""
        return status(self.status_code)

    @property
    def owner_disk_id(self) -> str:
        """The id of the disk that a snapshot or backup was made of; empty for a disk, and where the cloud hides it."""
        return ""

    @property
    def refusal_to_delete(self) -> _StrPromise | None:
        """Why it can't be deleted now; None where it can, or is being deleted already."""
        raise NotImplementedError

    @property
    def busy_since(self) -> datetime | None:
        """Since when its present status in transition lasts; None when it is in no such status."""
        return (self.updated_at or self.created_at) if self.status.in_transition else None


@dataclass(frozen=True, slots=True)
class Disk(Record):
    """A Cinder volume. `snapshot_id` and `source_disk_id` tell what it was made from; that may be gone.

    `image_name` is the image that its bytes came from, once, also by way of a snapshot or another disk; empty where
    there was none. `multiattach` allows several instances at once. A disk in a group, `group_id`, is handled with
    that. `migration_status` is shown to members by few clouds; `user_id` is who made it.
    """

    type_name: str
    zone: str
    bootable: bool
    attachments: tuple[Attachment, ...]
    snapshot_id: str
    source_disk_id: str
    encrypted: bool
    multiattach: bool
    group_id: str
    migration_status: str
    image_name: str
    user_id: str

    @property
    def is_attached(self) -> bool:
        """Whether an instance uses it."""
        return self.status_code == "in-use"

    @property
    def refusal_to_snapshot(self) -> _StrPromise | None:
        """Why no snapshot can be made of it now; None where one can."""
        if self.status_code in SNAPSHOT_STATUSES:
            return None
        return _("A snapshot can be made only of a disk that is available or in use.")

    @property
    def refusal_to_back_up(self) -> _StrPromise | None:
        """Why no backup can be made of it now; None where one can."""
        if self.status_code in SNAPSHOT_STATUSES:
            return None
        return _("A backup can be made only of a disk that is available or in use.")

    @property
    def refusal_to_delete(self) -> _StrPromise | None:
        """Why it can't be deleted now; None where it can, or is being deleted already.

        What its snapshots prevent isn't told here: they are another request (cinder/volume/api.py, delete).
        """
        if self.status_code == "deleting":
            return None
        reasons = (
            (self.is_attached or self.attachments, DETACH_FIRST),
            (self.group_id, _("It belongs to a group and goes only with that.")),
            (self._is_moving, MOVING),
        )
        return _first(reasons) or self._undeletable_status

    @property
    def _undeletable_status(self) -> _StrPromise | None:
        reasons = (
            (self.status_code in DELETABLE_DISK_STATUSES, None),
            (self.status_code == "error_deleting", DELETION_FAILED),
            (
                self.status_code == "awaiting-transfer",
                _("It is offered to another project: cancel the transfer first."),
            ),
            (self.status_code == MAINTENANCE, IN_MAINTENANCE),
            (
                self.status_code.startswith("error"),
                _("Something went wrong with it halfway; only the cloud's operator can reset it."),
            ),
        )
        return next((reason for applies, reason in reasons if applies), GOING_ON)

    @property
    def refusal_to_clone(self) -> _StrPromise | None:
        """Why no disk can be made from it now; None where one can."""
        return None if self._is_usable else _("Only a disk that is available or in use can be cloned.")

    @property
    def refusal_to_change_type(self) -> _StrPromise | None:
        """Why its type can't be changed now; None where Cinder takes it on, which isn't yet that it will succeed.

        Where its bytes would have to move, Cinder gives up later, and says so in a message, if that wasn't allowed, or
        if the disk has snapshots (cinder/volume/api.py and cinder/volume/manager.py, retype).
        """
        reasons = (
            (self.group_id, _("It belongs to a group, whose disks keep their type.")),
            (self._is_moving, MOVING),
            (not self._is_usable, _("The type can be changed only of a disk that is available or in use.")),
        )
        return _first(reasons)

    def refusal_to_resize(self, *, attached_possible: bool) -> _StrPromise | None:
        """Tell why it can't grow now; None where it can.

        `attached_possible` tells whether the cloud lets attached disks grow (cinder/volume/api.py, _extend).
        """
        reasons = (
            (
                self.is_attached and not attached_possible,
                _("This cloud is too old to resize an attached disk: detach it first."),
            ),
            (not self._is_usable, _("Only a disk that is available or in use can be resized.")),
        )
        return _first(reasons)

    @property
    def refusal_to_edit(self) -> _StrPromise | None:
        """Why it can't be renamed, or made bootable or not; None where it can."""
        return IN_MAINTENANCE if self.status_code == MAINTENANCE else None

    @property
    def refusal_to_change_properties(self) -> _StrPromise | None:
        """Why its properties can't be changed now; None where they can."""
        if self.status_code not in FIXED_PROPERTIES_STATUSES:
            return None
        return self.refusal_to_edit or _("It is being uploaded as an image: try again when that is done.")

    @property
    def _is_usable(self) -> bool:
        return self.status_code in USABLE_STATUSES

    @property
    def _is_moving(self) -> bool:
        return self.migration_status not in AT_HOME


@dataclass(frozen=True, slots=True)
class Snapshot(Record):
    """A Cinder snapshot. Its size is that of its disk at that moment."""

    disk_id: str
    group_snapshot_id: str

    @property
    def owner_disk_id(self) -> str:
        """The id of its disk."""
        return self.disk_id

    @property
    def refusal_to_delete(self) -> _StrPromise | None:
        """Why it can't be deleted now; None where it can, or is being deleted already."""
        if self.group_snapshot_id:
            return _("It belongs to a group snapshot and goes only with that.")
        return _refusal_to_delete(self.status_code)

    @property
    def refusal_to_back_up(self) -> _StrPromise | None:
        """Why no backup can be made of it now; None where one can. The status of its disk doesn't matter."""
        if self.status_code == READABLE_STATUS:
            return None
        return _("A backup can be made only of a snapshot that is available.")

    @property
    def refusal_to_edit(self) -> _StrPromise | None:
        """Why it can't be edited now; None where it can.

        At the end of a creation Cinder writes the properties back that it began with: others would be lost.
        """
        return (
            _("It is being created; it can be edited when it is available.") if self.status_code == "creating" else None
        )

    @property
    def refusal_to_clone(self) -> _StrPromise | None:
        """Why no disk can be made from it now; None where one can."""
        if self.status_code == READABLE_STATUS:
            return None
        return _("A disk can be created only from a snapshot that is available.")


@dataclass(frozen=True, slots=True)
class Backup(Record):
    """A Cinder backup. Its size is that of its disk.

    `snapshot_id` is empty where it was made of the disk itself. `is_incremental` tells that it holds only what changed
    since another one, `has_dependents` that others are based on it. `data_at` is the moment whose bytes it holds: that
    of its snapshot, else its own. `fail_reason` is why it failed, in Cinder's words.
    """

    disk_id: str
    snapshot_id: str
    is_incremental: bool
    has_dependents: bool
    fail_reason: str
    zone: str
    data_at: datetime | None

    @property
    def owner_disk_id(self) -> str:
        """The id of its disk."""
        return self.disk_id

    @property
    def refusal_to_delete(self) -> _StrPromise | None:
        """Why it can't be deleted now; None where it can, or is being deleted already."""
        if self.has_dependents:
            return _("Increments are based on it: delete those first.")
        return _refusal_to_delete(self.status_code)

    @property
    def refusal_to_restore(self) -> _StrPromise | None:
        """Why no disk can be made from it now; None where one can."""
        if self.status_code == READABLE_STATUS:
            return None
        return _("A disk can be created only from a backup that is available.")

    @property
    def no_service(self) -> bool:
        """Whether it failed because the cloud runs no backup service, or none that works."""
        told = self.fail_reason.casefold()
        return any(reason in told for reason in NO_SERVICE_REASONS)


@dataclass(frozen=True, slots=True)
class Message:
    """What Cinder tells its users of something that failed.

    `text` and `level` are Cinder's own words, `request_id` is for its operators' logs.
    """

    id: str
    resource_id: str
    text: str
    request_id: str
    level: str
    created_at: datetime | None


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """A page of a list.

    `total` counts all that match, None where the cloud doesn't say. `next_marker` and `previous_marker` name the row
    after which, and before which, the neighbouring page begins; None where there is none. `marker_gone` tells that the
    asked position no longer exists, so that this is page one. `stopped_after` is the number of rows after which a
    search stopped reading, None where it read them all. `undecided` tells that it is empty only because what would
    decide which rows belong into it is more than is read for that.
    """

    rows: tuple[Row, ...]
    total: int | None = None
    next_marker: str | None = None
    previous_marker: str | None = None
    marker_gone: bool = False
    stopped_after: int | None = None
    undecided: bool = False


def rollback_refusal(snapshot: Snapshot, disk: Disk, newest: Snapshot | None, possible: bool) -> _StrPromise | None:
    """Tell why the disk can't be rolled back to its snapshot now; None where it can.

    `newest` is the disk's newest snapshot in any status, None where that isn't known; `possible` tells whether the
    cloud knows rolling back at all. Ask with values that were just read: where the snapshot isn't available, Cinder
    refuses only after it has set the disk to "reverting", and leaves it there.

    The rules are those of cinder/api/v3/volumes.py, revert, and cinder/volume/api.py, revert_to_snapshot; which one is
    the newest, snapshot_get_latest_for_volume in cinder/db/api.py: the last created, whatever its status.
    """
    reasons = (
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
    return _first(reasons)


def _not_newest(newest: Snapshot | None) -> _StrPromise:
    if newest is not None and newest.status_code == "deleting":
        return _("A newer snapshot is being deleted: try again when it is gone.")
    return _(
        "Only the newest snapshot can be rolled back to: delete the newer ones first, or create a disk from this one."
    )


def _first(reasons: Iterable[tuple[object, _StrPromise]]) -> _StrPromise | None:
    """Return the first reason that applies."""
    return next((reason for applies, reason in reasons if applies), None)


def _refusal_to_delete(status_code: str) -> _StrPromise | None:
    if status_code in DELETABLE_STATUSES or status_code == "deleting":
        return None
    return DELETION_FAILED if status_code == "error_deleting" else GOING_ON
