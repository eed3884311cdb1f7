"""Deleting many disks, snapshots or backups: what will happen to each, and what did."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Generic

from django.utils.translation import gettext_lazy as _

from dashboard.cloud.errors import CloudError, NotFound, OutcomeUnknown, SignInRequired
from dashboard.cloud.parallel import each, together
from volumes.cinder import disks, snapshots
from volumes.cinder.listing import find_all
from volumes.outcome_check import look_into
from volumes.rows import DISKS, SNAPSHOTS, Kind, Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from django.utils.functional import _StrPromise

    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.snapshots import Summary
    from volumes.cinder.values import Disk


DELETING = "deleting"


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
    """What a deletion would do. `complete` tells whether all that belongs to it could be looked through."""

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


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Shown]):
    """What came of deleting one of them.

    `error` tells why it could not be deleted. Otherwise it is `gone`, or on its way as `shown`; None where the deletion
    was accepted, but the cloud didn't show it afterwards.
    """

    id: str
    error: CloudError | None = None
    gone: bool = False
    shown: Shown | None = None


def preview(cloud: Cloud, kind: Kind[Shown], ids: Sequence[str]) -> Preview[Shown]:
    """Look at these as they are now, and at what belongs to them.

    Raises:
        CloudError: one could not be looked at. What only belongs to them may stay unknown.
    """
    found, (made, of_disks, complete) = together(
        partial(find_all, cloud, kind.resource, ids, kind.door.find_or_none), _belonging(cloud, kind, ids)
    )
    there = [found[one] for one in ids if one in found]
    fates = (
        Fate(
            shown=one,
            refusal=one.refusal_to_delete or _held_by(of_disks.get(one.id)),
            snapshots=of_disks.get(one.id),
            made=tuple(disk for disk in made if disk.snapshot_id == one.id),
        )
        for one in there
    )
    return Preview(tuple(fates), gone=len(ids) - len(there), complete=complete)


def _held_by(snapshots: Summary | None) -> _StrPromise | None:
    """Tell why a disk can't go with its snapshots: tried, Cinder could leave it half deleted."""
    if snapshots is None or not snapshots.undeletable:
        return None
    return _("Some of its snapshots can't be deleted now: look at them first.")


def _belonging(
    cloud: Cloud, kind: Kind[Any], ids: Sequence[str]
) -> Callable[[], tuple[list[Disk], dict[str, Summary], bool]]:
    """Return how to read the disks made from snapshots, or the snapshots of disks: good to know, not needed."""

    def read() -> tuple[list[Disk], dict[str, Summary], bool]:
        try:
            if kind is SNAPSHOTS and ids:
                made, complete = disks.made_from(cloud, frozenset(ids))
                return made, {}, complete
            if kind is DISKS and ids:
                of_disks, complete = snapshots.of_each(cloud, ids)
                return [], of_disks, complete
        except SignInRequired:
            raise
        except CloudError:
            return [], {}, False
        return [], {}, True

    return read


def delete(
    cloud: Cloud, kind: Kind[Shown], ids: Sequence[str], with_snapshots: Collection[str] = ()
) -> list[Outcome[Shown]]:
    """Ask for the deletion of these and tell each one's outcome; disks among `with_snapshots` take those along.

    Raises:
        SignInRequired: the session ended; what was asked for before stays so, and asking again does no harm.
    """
    return each(partial(_delete, cloud, kind, with_snapshots), ids)


def _delete(cloud: Cloud, kind: Kind[Shown], with_snapshots: Collection[str], one: str) -> Outcome[Shown]:
    options = {"cascade": True} if one in with_snapshots else {}
    try:
        kind.door.delete(cloud, one, **options)
    except SignInRequired:
        raise
    except OutcomeUnknown as error:
        return _aftermath(cloud, kind, one, error)
    except CloudError as error:
        return Outcome(one, error=error)
    try:
        # What has failed already is told as what fails later: by the poll (volumes/views/live.py), with the reason.
        return Outcome(one, shown=replace(kind.door.find(cloud, one), status_code=DELETING))
    except NotFound:
        return Outcome(one, gone=True)
    except CloudError:
        return Outcome(one)


def _aftermath(cloud: Cloud, kind: Kind[Shown], one: str, error: OutcomeUnknown) -> Outcome[Shown]:
    """Look at what became of a deletion whose answer never came."""
    found: list[Shown] = []

    def look() -> str:
        found.append(kind.door.find(cloud, one))
        return str(_("So far it was not: %(status)s.") % {"status": found[0].status.label})

    try:
        look_into(error, look)
    except NotFound:
        return Outcome(one, gone=True)
    goes = found and found[0].status_code == DELETING
    return Outcome(one, shown=found[0]) if goes else Outcome(one, error=error)
