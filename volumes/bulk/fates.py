"""The preview of a deletion: what will happen to each of the selected records."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Generic

from django.utils.translation import gettext_lazy as _

from dashboard.cloud.parallel import together
from volumes.bulk.selection import created_since
from volumes.cinder.backups import increments_of
from volumes.cinder.values import DELETABLE_STATUSES, Backup, Snapshot, short_ids_of
from volumes.lists.rows import Shown

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.snapshots import Summary
    from volumes.cinder.values import Disk, Record
    from volumes.kinds import Kind, Related


@dataclass(frozen=True, slots=True)
class Fate(Generic[Shown]):
    """What a deletion will do to one record.

    `refusal` is the reason why the record can't be deleted. `snapshots` summarises the snapshots that must be deleted
    together with a disk. `made` are the disks that were created from a snapshot.
    """

    shown: Shown
    refusal: _StrPromise | None = None
    snapshots: Summary | None = None
    made: tuple[Disk, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview(Generic[Shown]):
    """What a deletion will do to all selected records.

    `gone` counts the records that no longer exist. `complete` is false if not all dependent resources could be read.
    `cascade` is true if disks are to be deleted together with their snapshots. `short_ids` are the beginnings of the
    ids of records with look-alike names, by id.
    """

    fates: tuple[Fate[Shown], ...]
    gone: int
    complete: bool
    cascade: bool = False
    short_ids: Mapping[str, str] = field(default_factory=dict)

    @property
    def count_deleted(self) -> int:
        """The number of records that will be deleted."""
        return len(self.going) + (len(self.with_snapshots) if self.cascade else 0)

    @property
    def created_since(self) -> datetime | None:
        """The time before which none of the records was created; None if it isn't known of all."""
        return created_since(fate.shown for fate in self.fates)

    @property
    def staying(self) -> list[Fate[Shown]]:
        """The records that can't be deleted."""
        return [fate for fate in self.fates if fate.refusal]

    @property
    def going(self) -> list[Fate[Shown]]:
        """The records that will be deleted."""
        return [fate for fate in self.fates if not fate.refusal and not fate.snapshots]

    @property
    def with_snapshots(self) -> list[Fate[Shown]]:
        """The disks that can be deleted only together with their snapshots."""
        return [fate for fate in self.fates if not fate.refusal and fate.snapshots]


def preview(cloud: Cloud, kind: Kind[Shown], ids: Sequence[str], *, cascade: bool = False) -> Preview[Shown]:
    """Read the records as they are now, and the resources that depend on them.

    With `cascade`, disks are to be deleted together with their snapshots.

    Raises:
        CloudError: a record could not be read. Dependent resources that can't be read raise nothing.
    """
    records_by_id, related = together(partial(kind.door.find_many, cloud, ids), partial(kind.related, cloud, ids))
    fates = tuple(_fate(record, related, ids) for record in _in_order(ids, records_by_id))
    short_ids = {**short_ids_of(related.made), **short_ids_of(fate.shown for fate in fates)}
    return Preview(fates, len(ids) - len(fates), related.complete, cascade, short_ids)


def _in_order(ids: Sequence[str], records_by_id: Mapping[str, Shown]) -> list[Shown]:
    """Return the records in the order in which they were selected; increments of backups before their base."""
    records = [records_by_id[record_id] for record_id in ids if record_id in records_by_id]
    return sorted(records, key=lambda record: -_data_time(record))


def _data_time(record: Record) -> float:
    return record.data_at.timestamp() if isinstance(record, Backup) and record.data_at else 0


def _fate(record: Shown, related: Related, selected_ids: Collection[str]) -> Fate[Shown]:
    snapshots = related.snapshots.get(record.id)
    if isinstance(record, Snapshot) and related.disk_ids is not None:
        record = replace(record, disk_is_elsewhere=record.disk_id not in related.disk_ids)
    if isinstance(record, Backup) and record.has_dependents and related.backups is not None:
        increments = increments_of(record, related.backups)
        going = [one for one in increments if one.id in selected_ids and one.status_code in DELETABLE_STATUSES]
        record = replace(record, has_dependents=not increments or len(going) < len(increments))
    return Fate(
        shown=record,
        refusal=record.refusal_to_delete or _refusal_of_snapshots(snapshots),
        snapshots=snapshots,
        made=tuple(disk for disk in related.made if disk.snapshot_id == record.id),
    )


def _refusal_of_snapshots(snapshots: Summary | None) -> _StrPromise | None:
    """Return why a disk can't be deleted together with its snapshots; trying could leave it half deleted."""
    if snapshots is None or not snapshots.undeletable:
        return None
    return _("Some of its snapshots can't be deleted now: check them first.")
