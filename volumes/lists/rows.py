"""Rows of the tables, as the templates draw them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from volumes.cinder.values import Disk, Record
from volumes.llnvme import is_ll_nvme

if TYPE_CHECKING:
    from volumes.cinder.snapshots import Summary
    from volumes.cinder.values import Message

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
    """What a row shows, and what else is known.

    That is Cinder's message about what went wrong, the disk that a snapshot or backup is of, and a disk's snapshots.
    """

    shown: Shown
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
