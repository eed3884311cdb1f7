"""The three kinds of records (disks, snapshots, backups) with what lists and bulk deletion need of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Generic

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from dashboard.cloud.optional import optional
from dashboard.web import events
from volumes import commands
from volumes.cinder import backups, disks, messages, snapshots
from volumes.lists.rows import Row, Shown, SnapshotCount

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from django.utils.functional import _StrPromise

    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.door import Door
    from volumes.cinder.listing import Resource
    from volumes.cinder.snapshots import Summary
    from volumes.cinder.values import Backup, Disk, Message, Snapshot


@dataclass(frozen=True, slots=True)
class Related:
    """Resources that depend on the selected records.

    For snapshots, `made` holds the disks created from them, and `disk_ids` the ids of all disks of the project, or None
    if not all could be read. For disks, `snapshots` holds a summary of their snapshots by disk id. For backups,
    `backups` holds all backups of the project, or None if not all could be read. `complete` is false if not all
    candidates could be read.
    """

    made: Sequence[Disk] = ()
    disk_ids: frozenset[str] | None = None
    backups: Sequence[Backup] | None = None
    snapshots: Mapping[str, Summary] = field(default_factory=dict)
    complete: bool = True


def _nothing_related(_cloud: Cloud, _ids: Sequence[str]) -> Related:
    return Related()


def _made_from_snapshots(cloud: Cloud, ids: Sequence[str]) -> Related:
    all_disks, complete = disks.everything(cloud)
    made = [disk for disk in all_disks if disk.snapshot_id in frozenset(ids)]
    return Related(
        made=made, disk_ids=frozenset(disk.id for disk in all_disks) if complete else None, complete=complete
    )


def _all_backups(cloud: Cloud, _ids: Sequence[str]) -> Related:
    rows, complete = backups.everything(cloud)
    return Related(backups=rows if complete else None)


def _never(_cloud: Cloud, _record_id: str, _selected_ids: Collection[str], _reason: str) -> bool:
    return False


def _snapshots_of_disks(cloud: Cloud, ids: Sequence[str]) -> Related:
    summaries, complete = snapshots.of_each(cloud, ids)
    return Related(snapshots=summaries, complete=complete)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[Shown]):
    """The properties of disks, snapshots or backups that the lists and the bulk deletion use.

    `name` is used in URLs; `message_type` is a constant of volumes/cinder/messages.py. `read_related` reads the
    resources that depend on some records. `cascade` deletes a disk together with its snapshots, and `cascade_command`
    returns the command for that; both are None for snapshots and backups. `is_waiting` returns whether a record only
    can't be deleted because others that depend on it are deleted first; it gets the ids that are still to be deleted.
    `chunk` is the largest number of records that one request of a bulk deletion handles.
    """

    name: str
    door: Door[Shown]
    resource: Resource[Shown]
    message_type: str
    changed_event: str
    counts_snapshots: bool = False
    read_related: Callable[[Cloud, Sequence[str]], Related] = _nothing_related
    cascade: Callable[[Cloud, str], None] | None = None
    is_waiting: Callable[[Cloud, str, Collection[str], str], bool] = _never
    chunk: int = 50
    delete_command: Callable[[Iterable[str]], str]
    cascade_command: Callable[[Iterable[str]], str] | None = None
    counted: _StrPromise
    found: _StrPromise
    delete_title: _StrPromise
    will_be_deleted: _StrPromise
    is_deleted: _StrPromise
    being_deleted: _StrPromise
    not_deleted: _StrPromise
    maybe_deleted: _StrPromise
    no_way_back: _StrPromise
    incomplete: _StrPromise | str = ""

    def row(
        self,
        shown: Shown,
        message: Message | None = None,
        disk: Disk | None = None,
        counted: SnapshotCount | None = None,
    ) -> Row[Shown]:
        """Return the table row of one record."""
        return Row(shown, message, disk, counted)

    def total_words(self, total: int, *, narrowed: bool) -> str:
        """Return the number of rows in words; `narrowed` means that they are the result of a search or filter."""
        return str((self.found if narrowed else self.counted) % {"count": total})

    def related(self, cloud: Cloud, ids: Sequence[str]) -> Related:
        """Return the resources that depend on these records.

        The result only informs the user, so a failure of the cloud gives an empty, incomplete one.

        Raises:
            SignInRequired: the session has ended.
        """
        if not ids:
            return Related()
        return optional(partial(self.read_related, cloud, ids), Related(complete=False))()


DISKS: Kind[Disk] = Kind(
    name="disks",
    door=disks,
    resource=disks.VOLUMES,
    message_type=messages.DISK,
    changed_event=events.DISKS_CHANGED,
    counts_snapshots=True,
    read_related=_snapshots_of_disks,
    cascade=partial(disks.delete, cascade=True),
    delete_command=commands.delete_disks,
    cascade_command=partial(commands.delete_disks, cascade=True),
    counted=ngettext_lazy("%(count)s disk", "%(count)s disks", "count"),
    found=ngettext_lazy("%(count)s disk found", "%(count)s disks found", "count"),
    delete_title=_("Delete disks"),
    will_be_deleted=_("will be deleted"),
    is_deleted=_("is deleted"),
    being_deleted=ngettext_lazy("%(count)s disk is being deleted.", "%(count)s disks are being deleted.", "count"),
    not_deleted=ngettext_lazy(
        "%(count)s disk could not be deleted: its row says why.",
        "%(count)s disks could not be deleted: their rows say why.",
        "count",
    ),
    maybe_deleted=ngettext_lazy(
        "%(count)s disk may or may not have been deleted: its row shows what is known.",
        "%(count)s disks may or may not have been deleted: their rows show what is known.",
        "count",
    ),
    no_way_back=_("A deleted disk can't be brought back."),
    incomplete=_(
        "Not all snapshots of these disks could be checked: the cloud refuses to delete a disk with snapshots."
    ),
)
SNAPSHOTS: Kind[Snapshot] = Kind(
    name="snapshots",
    door=snapshots,
    resource=snapshots.SNAPSHOTS,
    message_type=messages.SNAPSHOT,
    changed_event=events.SNAPSHOTS_CHANGED,
    read_related=_made_from_snapshots,
    delete_command=commands.delete_snapshots,
    counted=ngettext_lazy("%(count)s snapshot", "%(count)s snapshots", "count"),
    found=ngettext_lazy("%(count)s snapshot found", "%(count)s snapshots found", "count"),
    delete_title=_("Delete snapshots"),
    will_be_deleted=_("will be deleted"),
    is_deleted=_("is deleted"),
    being_deleted=ngettext_lazy(
        "%(count)s snapshot is being deleted.", "%(count)s snapshots are being deleted.", "count"
    ),
    not_deleted=ngettext_lazy(
        "%(count)s snapshot could not be deleted: its row says why.",
        "%(count)s snapshots could not be deleted: their rows say why.",
        "count",
    ),
    maybe_deleted=ngettext_lazy(
        "%(count)s snapshot may or may not have been deleted: its row shows what is known.",
        "%(count)s snapshots may or may not have been deleted: their rows show what is known.",
        "count",
    ),
    no_way_back=_("A deleted snapshot can't be brought back."),
    incomplete=_("Not all disks could be checked: others may have been created from these snapshots."),
)
BACKUPS: Kind[Backup] = Kind(
    name="backups",
    door=backups,
    resource=backups.BACKUPS,
    message_type=messages.BACKUP,
    changed_event=events.BACKUPS_CHANGED,
    read_related=_all_backups,
    is_waiting=backups.waits_for_increments,
    # Each increment of a chain waits for the one before, at several requests per attempt.
    chunk=20,
    delete_command=commands.delete_backups,
    counted=ngettext_lazy("%(count)s backup", "%(count)s backups", "count"),
    found=ngettext_lazy("%(count)s backup found", "%(count)s backups found", "count"),
    delete_title=_("Delete backups"),
    will_be_deleted=pgettext_lazy("backup", "will be deleted"),
    is_deleted=pgettext_lazy("backup", "is deleted"),
    being_deleted=ngettext_lazy("%(count)s backup is being deleted.", "%(count)s backups are being deleted.", "count"),
    not_deleted=ngettext_lazy(
        "%(count)s backup could not be deleted: its row says why.",
        "%(count)s backups could not be deleted: their rows say why.",
        "count",
    ),
    maybe_deleted=ngettext_lazy(
        "%(count)s backup may or may not have been deleted: its row shows what is known.",
        "%(count)s backups may or may not have been deleted: their rows show what is known.",
        "count",
    ),
    no_way_back=_("A deleted backup can't be brought back."),
)
