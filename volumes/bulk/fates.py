"""What a deletion will do to each of the selected disks, snapshots or backups."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Generic

from django.utils.translation import gettext_lazy as _

from dashboard.cloud.parallel import together
from volumes.lists.rows import Shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.functional import _StrPromise

    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.snapshots import Summary
    from volumes.cinder.values import Disk
    from volumes.kinds import Kind, Related


@dataclass(frozen=True, slots=True)
class Fate(Generic[Shown]):
    """What will happen to one of them.

    It can't go because of `refusal`; or not without its `snapshots`, as a disk; or it goes, and then `made` are the
    disks made from it, as a snapshot.
    """

    shown: Shown
    refusal: _StrPromise | None = None
    snapshots: Summary | None = None
    made: tuple[Disk, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview(Generic[Shown]):
    """What a deletion would do. `gone` counts those that don't exist any more.

    `complete` says whether all that belongs to them could be looked through.
    """

    fates: tuple[Fate[Shown], ...]
    gone: int
    complete: bool

    @property
    def staying(self) -> list[Fate[Shown]]:
        """Those that can't be deleted."""
        return [fate for fate in self.fates if fate.refusal]

    @property
    def going(self) -> list[Fate[Shown]]:
        """Those that will be deleted."""
        return [fate for fate in self.fates if not fate.refusal and not fate.snapshots]

    @property
    def with_snapshots(self) -> list[Fate[Shown]]:
        """Disks that can be deleted only together with their snapshots."""
        return [fate for fate in self.fates if not fate.refusal and fate.snapshots]


def preview(cloud: Cloud, kind: Kind[Shown], ids: Sequence[str]) -> Preview[Shown]:
    """Look at these as they are now, and at what belongs to them.

    Raises:
        CloudError: one could not be looked at. What only belongs to them may stay unknown.
    """
    found, related = together(partial(kind.door.find_many, cloud, ids), partial(kind.related, cloud, ids))
    fates = tuple(_fate(found[record_id], related) for record_id in ids if record_id in found)
    return Preview(fates, gone=len(ids) - len(fates), complete=related.complete)


def _fate(record: Shown, related: Related) -> Fate[Shown]:
    snapshots = related.snapshots.get(record.id)
    return Fate(
        shown=record,
        refusal=record.refusal_to_delete or _held_by(snapshots),
        snapshots=snapshots,
        made=tuple(disk for disk in related.made if disk.snapshot_id == record.id),
    )


def _held_by(snapshots: Summary | None) -> _StrPromise | None:
    """Return why a disk can't go with its snapshots: if it were tried, Cinder could leave it half deleted."""
    if snapshots is None or not snapshots.undeletable:
        return None
    return _("Some of its snapshots can't be deleted now: check them first.")
