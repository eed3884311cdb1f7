"""The rows of the tables, as the templates show them."""

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

# The duration of a transition is shown once it exceeds this.
SHOW_DURATION_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SnapshotCount:
    """A summary of the snapshots found of a disk, None if none was found. `all_seen` means that it has no others."""

    summary: Summary | None
    all_seen: bool


@dataclass(frozen=True, slots=True)
class Row(Generic[Shown]):
    """A table row: the record it shows, and related data that was read separately.

    `message` is Cinder's message about a failure, `disk` the disk of a snapshot or backup, and `counted` the count of
    a disk's snapshots. Each may be None.
    """

    shown: Shown
    message: Message | None = None
    disk: Disk | None = None
    counted: SnapshotCount | None = None

    @property
    def lasts_since(self) -> datetime | None:
        """When the transition began, if its duration is to be shown; else None."""
        since = self.shown.busy_since
        return since if since and datetime.now(UTC) - since > SHOW_DURATION_AFTER else None

    @property
    def busy(self) -> str:
        """The state of a row in transition, for comparison when polling; empty if it is in none.

        It is the status, with the duration in minutes once that is shown. From an hour on, only full hours count, so
        that the row is rarely replaced.
        """
        if not self.shown.status.in_transition:
            return ""
        since = self.lasts_since
        if not since:
            return self.shown.status_code
        minutes = (datetime.now(UTC) - since) // timedelta(minutes=1)
        return f"{self.shown.status_code}~{minutes if minutes < 60 else minutes // 60 * 60}"  # noqa: PLR2004  # an hour

    @property
    def is_ll_nvme(self) -> bool:
        """Whether the disk's snapshots are lost when its instance migrates (see volumes/llnvme.py)."""
        disk = self.shown if isinstance(self.shown, Disk) else self.disk
        return disk is not None and is_ll_nvme(disk.type_name)
