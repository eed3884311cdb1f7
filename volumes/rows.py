"""Rows of the tables, as the templates draw them, and what there is to know of each kind of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from volumes import commands, menus
from volumes.cinder import backups, disks, messages, snapshots
from volumes.cinder.values import Disk, Record
from volumes.llnvme import is_ll_nvme

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType

    from django.utils.functional import _StrPromise

    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.listing import Resource
    from volumes.cinder.snapshots import Summary
    from volumes.cinder.values import Backup, Message, Snapshot
    from volumes.menus import Entry

Shown = TypeVar("Shown", bound=Record)

# A transition that lasts longer than this says for how long
LASTING = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SnapshotCount:
    """The snapshots that a disk is known to have; None where none was seen. `all_seen`: there are no others."""

    summary: Summary | None
    all_seen: bool


@dataclass(frozen=True, slots=True)
class Row(Generic[Shown]):
    """What a row shows, its menu, and what else is known.

    That is Cinder's message about what went wrong, the disk that a snapshot or backup is of, and a disk's snapshots.
    """

    shown: Shown
    menu: Sequence[Entry]
    message: Message | None = None
    disk: Disk | None = None
    counted: SnapshotCount | None = None

    @property
    def lasts_since(self) -> datetime | None:
        """When its transition began, where that is long ago."""
        since = self.shown.busy_since
        return since if since and datetime.now(UTC) - since > LASTING else None

    @property
    def busy(self) -> str:
        """What a page has seen of a row in transition: its status, and for how long, in words that change seldom."""
        if not self.shown.status.in_transition:
            return ""
        since = self.lasts_since
        if not since:
            return self.shown.status_code
        minutes = (datetime.now(UTC) - since) // LASTING
        return f"{self.shown.status_code}~{minutes if minutes < 60 else minutes // 60 * 60}"  # noqa: PLR2004  # an hour

    @property
    def is_ll_nvme(self) -> bool:
        """Whether the disk is of a type whose snapshots vanish when the instance migrates."""
        disk = self.shown if isinstance(self.shown, Disk) else self.disk
        return disk is not None and is_ll_nvme(disk.type_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[Shown]):
    """What the lists and the bulk deletion need to know of disks, snapshots or backups.

    `name` is the one in URLs; `door` the module of volumes/cinder, with `find`, `find_or_none` and `delete`;
    `message_type` the one that volumes/cinder/messages.py knows.
    """

    name: str
    door: ModuleType
    resource: Resource[Shown]
    message_type: str
    menu: Callable[[Cloud, Shown], Sequence[Entry]]
    changed_event: str
    delete_command: Callable[..., str]
    delete_title: _StrPromise
    being_deleted: _StrPromise
    not_deleted: _StrPromise
    no_way_back: _StrPromise

    def row(
        self,
        cloud: Cloud,
        shown: Shown,
        message: Message | None = None,
        disk: Disk | None = None,
        counted: SnapshotCount | None = None,
    ) -> Row[Shown]:
        """Return the row of one disk, snapshot or backup."""
        return Row(shown, self.menu(cloud, shown), message, disk, counted)


DISKS: Kind[Disk] = Kind(
    name="disks",
    door=disks,
    resource=disks.VOLUMES,
    message_type=messages.DISK,
    menu=menus.disk_menu,
    changed_event="disks-changed",
    delete_command=commands.delete_disks,
    delete_title=_("Delete disks"),
    being_deleted=ngettext_lazy("%(count)s disk is being deleted.", "%(count)s disks are being deleted.", "count"),
    not_deleted=ngettext_lazy(
        "%(count)s disk could not be deleted: its row says why.",
        "%(count)s disks could not be deleted: their rows say why.",
        "count",
    ),
    no_way_back=_("A deleted disk can't be brought back."),
)
SNAPSHOTS: Kind[Snapshot] = Kind(
    name="snapshots",
    door=snapshots,
    resource=snapshots.SNAPSHOTS,
    message_type=messages.SNAPSHOT,
    menu=menus.snapshot_menu,
    changed_event="snapshots-changed",
    delete_command=commands.delete_snapshots,
    delete_title=_("Delete snapshots"),
    being_deleted=ngettext_lazy(
        "%(count)s snapshot is being deleted.", "%(count)s snapshots are being deleted.", "count"
    ),
    not_deleted=ngettext_lazy(
        "%(count)s snapshot could not be deleted: its row says why.",
        "%(count)s snapshots could not be deleted: their rows say why.",
        "count",
    ),
    no_way_back=_("A deleted snapshot can't be brought back."),
)
BACKUPS: Kind[Backup] = Kind(
    name="backups",
    door=backups,
    resource=backups.BACKUPS,
    message_type=messages.BACKUP,
    menu=menus.backup_menu,
    changed_event="backups-changed",
    delete_command=commands.delete_backups,
    delete_title=_("Delete backups"),
    being_deleted=ngettext_lazy("%(count)s backup is being deleted.", "%(count)s backups are being deleted.", "count"),
    not_deleted=ngettext_lazy(
        "%(count)s backup could not be deleted: its row says why.",
        "%(count)s backups could not be deleted: their rows say why.",
        "count",
    ),
    no_way_back=_("A deleted backup can't be brought back."),
)
