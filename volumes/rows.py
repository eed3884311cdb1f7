"""Rows of the tables, as the templates draw them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from volumes import menus
from volumes.cinder.values import Disk, Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dashboard.keystone import Cloud
    from volumes.menus import Entry

Shown = TypeVar("Shown", Disk, Snapshot)


@dataclass(frozen=True, slots=True)
class Row(Generic[Shown]):
    """What a row shows, and its menu."""

    shown: Shown
    menu: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Kind(Generic[Shown]):
    """How rows of a kind are made: the template of one, its menu, and the event after which the table is read anew."""

    template: str
    menu: Callable[[Cloud, Shown], Sequence[Entry]]
    changed_event: str

    def row(self, cloud: Cloud, shown: Shown) -> Row[Shown]:
        """Return the row of one disk or snapshot."""
        return Row(shown, self.menu(cloud, shown))


DISKS = Kind("disks/_row.html", menus.disk_menu, "disks-changed")
SNAPSHOTS = Kind("snapshots/_row.html", menus.snapshot_menu, "snapshots-changed")
