"""What crosses the door to Cinder: frozen values, read from answers that may lack anything but an id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.utils.translation import gettext_lazy as _

from volumes.statuses import Status, status

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Row = TypeVar("Row")

# Cinder takes snapshots of disks in these statuses only (cinder/volume/api.py, _create_snapshot_in_db; with "force"
# below microversion 3.66, without from then on).
SNAPSHOT_STATUSES = frozenset({"available", "in-use"})
# A snapshot can be deleted from these only (cinder/volume/api.py, delete_snapshot).
DELETABLE_SNAPSHOT_STATUSES = frozenset({"available", "error"})


@dataclass(frozen=True, slots=True)
class Attachment:
    """An instance that a disk is connected to, by id, and as which device (may be empty)."""

    server_id: str
    device: str


@dataclass(frozen=True, slots=True)
class Disk:
    """A Cinder volume. `size` is in GiB."""

    id: str
    name: str
    description: str
    status_code: str
    size: int
    type_name: str
    zone: str
    bootable: bool
    attachments: tuple[Attachment, ...]
    created_at: datetime | None

    @property
    def title(self) -> str:
        """What it is called: its name, or its id where it has none."""
        return self.name or self.id

    @property
    def status(self) -> Status:
        """Its status with words and colour."""
        return status(self.status_code)

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


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A Cinder snapshot. `size` is that of its disk in GiB."""

    id: str
    name: str
    description: str
    status_code: str
    size: int
    disk_id: str
    group_snapshot_id: str
    created_at: datetime | None

    @property
    def title(self) -> str:
        """What it is called: its name, or its id where it has none."""
        return self.name or self.id

    @property
    def status(self) -> Status:
        """Its status with words and colour."""
        return status(self.status_code)

    @property
    def refusal_to_delete(self) -> _StrPromise | None:
        """Why it can't be deleted now; None where it can, or is being deleted already."""
        if self.group_snapshot_id:
            return _("It belongs to a group snapshot and goes only with that.")
        if self.status_code in DELETABLE_SNAPSHOT_STATUSES or self.status_code == "deleting":
            return None
        if self.status_code == "error_deleting":
            return _("Deleting it has failed before; only the cloud's operator can reset it.")
        return _("Something is going on with it; it can be deleted when it is available.")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """A page of a list.

    `total` counts all that match, None where the cloud doesn't say. `next_marker` and `previous_marker` name the row
    after which, and before which, the neighbouring page begins; None where there is none. `marker_gone` tells that the
    asked position no longer exists, so that this is page one. `stopped_after` is the number of rows after which a
    search stopped reading, None where it read them all.
    """

    rows: tuple[Row, ...]
    total: int | None = None
    next_marker: str | None = None
    previous_marker: str | None = None
    marker_gone: bool = False
    stopped_after: int | None = None


def disk(row: dict[str, Any]) -> Disk:
    """Read a volume of Cinder's API."""
    return Disk(
        id=_text(row, "id"),
        name=_text(row, "name"),
        description=_text(row, "description"),
        status_code=_text(row, "status"),
        size=_number(row, "size"),
        type_name=_text(row, "volume_type"),
        zone=_text(row, "availability_zone"),
        bootable=_text(row, "bootable").lower() == "true",
        attachments=tuple(
            Attachment(_text(one, "server_id"), _text(one, "device"))
            for one in _items(row, "attachments")
            if isinstance(one, dict)
        ),
        created_at=_time(row, "created_at"),
    )


def snapshot(row: dict[str, Any]) -> Snapshot:
    """Read a snapshot of Cinder's API."""
    return Snapshot(
        id=_text(row, "id"),
        name=_text(row, "name"),
        description=_text(row, "description"),
        status_code=_text(row, "status"),
        size=_number(row, "size"),
        disk_id=_text(row, "volume_id"),
        group_snapshot_id=_text(row, "group_snapshot_id"),
        created_at=_time(row, "created_at"),
    )


def _text(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    return "" if value is None else str(value)


def _items(row: dict[str, Any], key: str) -> list[Any]:
    value = row.get(key)
    return value if isinstance(value, list) else []


def _number(row: dict[str, Any], key: str) -> int:
    value = row.get(key)
    return value if isinstance(value, int) else 0


def _time(row: dict[str, Any], key: str) -> datetime | None:
    """Cinder's times are UTC without saying so."""
    try:
        found = datetime.fromisoformat(_text(row, key))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
