"""The frozen values that volumes/cinder returns, and what Cinder allows in each status."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from django.utils.translation import gettext_lazy as _

from dashboard.cloud.visible import isolated, plain_name, short_ids, shown_name
from volumes.statuses import Status, status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from django.utils.functional import _StrPromise

Row = TypeVar("Row")

# The statuses of disks of which Cinder makes snapshots (cinder/volume/api.py, _create_snapshot_in_db; with "force"
# below microversion 3.66, without it from then on) and backups (cinder/backup/api.py, API.create)
SNAPSHOT_STATUSES = frozenset({"available", "in-use"})
# The statuses in which a disk can be cloned (cinder/volume/flows/api/create_volume.py, SRC_VOL_PROCEED_STATUS), resized
# ("in-use" from microversion 3.42 on: cinder/api/contrib/volume_actions.py, _extend), and retyped (cinder/volume/
# api.py, retype)
USABLE_STATUSES = frozenset({"available", "in-use"})
# The statuses in which snapshots (cinder/volume/api.py, delete_snapshot) and backups (cinder/backup/api.py, API.delete)
# can be deleted
DELETABLE_STATUSES = frozenset({"available", "error"})
# The statuses in which a disk can be deleted (cinder/volume/api.py, delete; Cinder shows "error_managing" as "error")
DELETABLE_DISK_STATUSES = DELETABLE_STATUSES | {"error_restoring", "error_extending", "error_managing"}
# The status in which a disk can't be renamed or made bootable (cinder/volume/api.py, update), and the statuses in which
# its properties can't be changed (_update_volume_metadata)
MAINTENANCE = "maintenance"
FIXED_PROPERTIES_STATUSES = frozenset({MAINTENANCE, "uploading"})
# The migration statuses of disks that are not being moved to other storage (cinder/volume/api.py,
# AVAILABLE_MIGRATION_STATUS)
NOT_MIGRATING = frozenset({"", "deleting", "error", "success"})
# The status in which a disk can be created from a snapshot or backup (cinder/volume/flows/api/create_volume.py,
# SNAPSHOT_PROCEED_STATUS, BACKUP_PROCEED_STATUS), and a backup of a snapshot (cinder/backup/api.py, API.create)
READABLE_STATUS = "available"
# Parts of the fail reason of a backup for which no service was found (cinder/scheduler/manager.py, create_backup), or
# whose service found its own storage unusable (cinder/backup/manager.py, create_backup and delete_backup)
NO_SERVICE_REASONS = ("service not found", "backup service is down")

DELETION_FAILED = _("Deleting it has failed before; only the cloud's operator can reset it.")
IN_TRANSITION = _("An operation on it is in progress; it can be deleted when it is available.")
DETACH_FIRST = _("It is attached to an instance: detach it first.")
MOVING = _("It is being moved to other storage: try again when that is done.")
DISK_ELSEWHERE = _("Its disk belongs to another project. Transfer the disk back, or ask the cloud's operator.")
IN_MAINTENANCE = _("The cloud's operator has put it into maintenance.")


@dataclass(frozen=True, slots=True)
class Attachment:
    """The attachment of a disk to an instance: its id, the device name (may be empty), and the time."""

    server_id: str
    device: str
    attached_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """The common fields of disks, snapshots and backups.

    `size` is in GiB. `properties` are the user's key-value pairs, which Cinder calls metadata.
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
        """The name as pages show it, or the id if nothing of the name is visible."""
        return shown_name(self.name, self.id)

    @property
    def inline_title(self) -> str:
        """The title for sentences, attributes and options, where markup can't keep its direction apart."""
        return isolated(self.title)

    @property
    def plain_name(self) -> str:
        """The name without invisible characters, or the id; other names can be based on it."""
        return plain_name(self.name) or self.id

    @property
    def status(self) -> Status:
        """The status with its label and tone."""
        return status(self.status_code)

    @property
    def owner_disk_id(self) -> str:
        """The id of the disk of a snapshot or backup; empty for a disk, and if the cloud's answer has none."""
        return ""

    @property
    def refusal_to_delete(self) -> _StrPromise | None:
        """Why it can't be deleted now, or None; None also if it is being deleted already."""
        raise NotImplementedError

    @property
    def judged_by(self) -> tuple[object, ...]:
        """What the rules of state look at: records with the same values have the same refusals."""
        raise NotImplementedError

    @property
    def busy_since(self) -> datetime | None:
        """When the present transition began; None if the status is no transition."""
        return (self.updated_at or self.created_at) if self.status.in_transition else None


@dataclass(frozen=True, slots=True)
class Disk(Record):
    """A disk, which Cinder calls a volume.

    `snapshot_id` and `source_disk_id` are the ids of the source, which may no longer exist. `image_name` is the image
    from which the data originally came, possibly through a snapshot or another disk; it may be empty. `multiattach`
    allows several attachments at once. A disk with a `group_id` can't be deleted or retyped without its group.
    `migration_status` is empty in most clouds, which hide it from members. `user_id` is the user who created the disk.
    `is_missing` is true if the project has no such disk: it was deleted, or it belongs to another project.
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
    is_missing: bool = False

    @property
    def judged_by(self) -> tuple[object, ...]:
        """What the rules of state look at, see Record; and whether it is bootable."""
        return (self.status_code, bool(self.attachments), self.group_id, self.migration_status, self.bootable)

    @property
    def is_attached(self) -> bool:
        """Whether the disk is in use by an instance, according to its status."""
        return self.status_code == "in-use"

    @property
    def refusal_to_snapshot(self) -> _StrPromise | None:
        """Why a snapshot can't be created now, or None."""
        if self.status_code in SNAPSHOT_STATUSES:
            return None
        return _("A snapshot can be created only while the disk is available or in use.")

    @property
    def refusal_to_back_up(self) -> _StrPromise | None:
        """Why a backup can't be created now, or None."""
        if self.status_code in SNAPSHOT_STATUSES:
            return None
        return _("A backup can be created only while the disk is available or in use.")

    @property
    def refusal_to_delete(self) -> _StrPromise | None:
        """Why it can't be deleted now, or None; None also if it is being deleted already.

        Snapshots also prevent a deletion (cinder/volume/api.py, delete), but checking them would cost a request.
        """
        if self.status_code == "deleting":
            return None
        reasons = (
            (self.is_attached or self.attachments, DETACH_FIRST),
            (self.group_id, _("It belongs to a group and can be deleted only together with it.")),
            (self._is_moving, MOVING),
        )
        return first_reason(reasons) or self._undeletable_status

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
                _("An operation on it failed halfway; only the cloud's operator can reset it."),
            ),
        )
        return next((reason for applies, reason in reasons if applies), IN_TRANSITION)

    @property
    def refusal_to_clone(self) -> _StrPromise | None:
        """Why a disk can't be created from it now, or None."""
        return None if self._is_usable else _("Only a disk that is available or in use can be cloned.")

    @property
    def refusal_to_change_type(self) -> _StrPromise | None:
        """Why the type can't be changed now, or None if Cinder accepts the request.

        It can still fail later, with a message, if the data would have to move and that wasn't allowed or the disk has
        snapshots (cinder/volume/api.py and cinder/volume/manager.py, retype).
        """
        reasons = (
            (self.group_id, _("It belongs to a group: the type of its disks can't be changed.")),
            (self._is_moving, MOVING),
            (not self._is_usable, _("The type can be changed only while the disk is available or in use.")),
        )
        return first_reason(reasons)

    def refusal_to_resize(self, *, attached_possible: bool) -> _StrPromise | None:
        """Return why the disk can't grow now, or None.

        `attached_possible` is whether the cloud can resize attached disks (cinder/volume/api.py, _extend).
        """
        reasons = (
            (
                self.is_attached and not attached_possible,
                _("This cloud is too old to resize an attached disk: detach it first."),
            ),
            (not self._is_usable, _("Only a disk that is available or in use can be resized.")),
        )
        return first_reason(reasons)

    @property
    def refusal_to_edit(self) -> _StrPromise | None:
        """Why the name or the bootable flag can't be changed now, or None."""
        return IN_MAINTENANCE if self.status_code == MAINTENANCE else None

    @property
    def refusal_to_change_properties(self) -> _StrPromise | None:
        """Why the properties can't be changed now, or None."""
        if self.status_code not in FIXED_PROPERTIES_STATUSES:
            return None
        return self.refusal_to_edit or _("It is being uploaded as an image: try again when that is done.")

    @property
    def _is_usable(self) -> bool:
        return self.status_code in USABLE_STATUSES

    @property
    def _is_moving(self) -> bool:
        return self.migration_status not in NOT_MIGRATING


@dataclass(frozen=True, slots=True)
class Snapshot(Record):
    """A snapshot. Its `size` is the size of the disk when the snapshot was made.

    `disk_is_elsewhere` is true if the disk is known to belong to another project: it was transferred without its
    snapshots. Cinder then answers 404 to most changes of the snapshot.
    """

    disk_id: str
    group_snapshot_id: str
    disk_is_elsewhere: bool = False

    @property
    def judged_by(self) -> tuple[object, ...]:
        """What the rules of state look at, see Record."""
        return (self.status_code, self.group_snapshot_id, self.disk_is_elsewhere)

    @property
    def owner_disk_id(self) -> str:
        """The id of the disk."""
        return self.disk_id

    @property
    def refusal_to_delete(self) -> _StrPromise | None:
        """Why it can't be deleted now, or None; None also if it is being deleted already."""
        if self.disk_is_elsewhere:
            return DISK_ELSEWHERE
        if self.group_snapshot_id:
            return _("It belongs to a group snapshot and can be deleted only together with it.")
        return _refusal_to_delete(self.status_code)

    @property
    def refusal_to_back_up(self) -> _StrPromise | None:
        """Why a backup can't be created now, or None; the disk's status doesn't matter."""
        if self.disk_is_elsewhere:
            return DISK_ELSEWHERE
        if self.status_code == READABLE_STATUS:
            return None
        return _("A backup can be created only while the snapshot is available.")

    @property
    def refusal_to_edit(self) -> _StrPromise | None:
        """Why it can't be edited now, or None.

        When Cinder finishes a snapshot, it saves the original properties again, so that changes would be lost.
        """
        return (
            _("It is being created; it can be edited when it is available.") if self.status_code == "creating" else None
        )

    @property
    def refusal_to_clone(self) -> _StrPromise | None:
        """Why a disk can't be created from it now, or None."""
        if self.disk_is_elsewhere:
            return DISK_ELSEWHERE
        if self.status_code == READABLE_STATUS:
            return None
        return _("A disk can be created only from a snapshot that is available.")


@dataclass(frozen=True, slots=True)
class Backup(Record):
    """A backup. Its `size` is the size of its disk.

    `snapshot_id` is empty if the backup was made of the disk itself. An incremental backup holds only the changes since
    another one. `has_dependents` is true if other backups are based on it. `data_at` is the time of the data: when the
    snapshot was made, or else the backup. `fail_reason` is the reason of a failure in Cinder's words.
    """

    disk_id: str
    snapshot_id: str
    is_incremental: bool
    has_dependents: bool
    fail_reason: str
    zone: str
    data_at: datetime | None

    @property
    def status(self) -> Status:
        """The status with its label for a backup, and its tone."""
        return status(self.status_code, of_backup=True)

    @property
    def judged_by(self) -> tuple[object, ...]:
        """What the rules of state look at, see Record."""
        return (self.status_code, self.has_dependents)

    @property
    def owner_disk_id(self) -> str:
        """The id of the disk."""
        return self.disk_id

    @property
    def refusal_to_delete(self) -> _StrPromise | None:
        """Why it can't be deleted now, or None; None also if it is being deleted already."""
        if self.has_dependents:
            return _("Increments are based on it: delete those first.")
        return _refusal_to_delete(self.status_code)

    @property
    def refusal_to_restore(self) -> _StrPromise | None:
        """Why a disk can't be created from it now, or None."""
        if self.status_code == READABLE_STATUS:
            return None
        return _("A disk can be created only from a backup that is available.")

    @property
    def no_service(self) -> bool:
        """Whether it failed because the cloud runs no backup service, or one with unusable storage."""
        fail_reason = self.fail_reason.casefold()
        return any(reason in fail_reason for reason in NO_SERVICE_REASONS)


@dataclass(frozen=True, slots=True)
class Message:
    """A user message of Cinder about a failure.

    `text` and `level` are Cinder's own words. Operators can find `request_id` in their logs.
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

    `total` is the number of all matching rows, or None if the cloud doesn't give it. `next_marker` and
    `previous_marker` are the ids of the rows after and before which the neighbouring pages lie; None if they don't
    exist. `marker_gone` is true if the requested position is gone, so that this is page one. `stopped_after` is the
    number of rows after which a search stopped reading, or None if it read all. `undecided` is true if the page is
    empty because a condition would have needed more rows than are read. `unreadable` is the number of rows that exist,
    but are missing because the cloud's answer has no usable id for them.
    """

    rows: tuple[Row, ...]
    total: int | None = None
    next_marker: str | None = None
    previous_marker: str | None = None
    marker_gone: bool = False
    stopped_after: int | None = None
    undecided: bool = False
    unreadable: int = 0


def short_ids_of(records: Iterable[Record]) -> dict[str, str]:
    """Return the beginnings of the ids of those records whose titles look alike, by id."""
    return short_ids((record.id, record.title) for record in records)


def first_reason(reasons: Iterable[tuple[object, _StrPromise]]) -> _StrPromise | None:
    """Return the first reason that applies."""
    return next((reason for applies, reason in reasons if applies), None)


def _refusal_to_delete(status_code: str) -> _StrPromise | None:
    if status_code in DELETABLE_STATUSES or status_code == "deleting":
        return None
    return DELETION_FAILED if status_code == "error_deleting" else IN_TRANSITION
