"""The context menus of disks, snapshots and backups.

A page holds the menu of its rows once, with placeholders for their ids, and what differs in some rows: reasons why an
entry is disabled, and labels. static/js/menus.js makes the menu of a row when it opens. Without JavaScript the row's
button leads to the page of its actions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import blake2s
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.views.decorators.http import require_safe

from volumes.actions import menu
from volumes.backups.actions import ACTIONS as BACKUP_ACTIONS
from volumes.cinder.values import Backup, Disk, Snapshot
from volumes.disks.actions import ACTIONS as DISK_ACTIONS
from volumes.lists.row_texts import ANY_DISK_ID, ANY_ID
from volumes.snapshots.actions import ACTIONS as SNAPSHOT_ACTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse

    from dashboard.cloud.keystone import Cloud
    from dashboard.web.requests import CloudRequest
    from volumes.actions import Action, MenuEntry, PageLink
    from volumes.cinder.values import Record
    from volumes.kinds import Kind

KEY_BYTES = 4


def _items(record: Record) -> tuple[type[Action] | PageLink, ...]:
    if isinstance(record, Disk):
        return DISK_ACTIONS
    return SNAPSHOT_ACTIONS if isinstance(record, Snapshot) else BACKUP_ACTIONS


def _offered(record: Record) -> list[type[Action] | PageLink]:
    return [item for item in _items(record) if item.is_offered()]


def menu_of(cloud: Cloud, record: Record) -> list[MenuEntry]:
    """Return the entries of the menu that matches the record's class."""
    return menu(_items(record), cloud, record)


@dataclass(frozen=True, slots=True)
class Change:
    """How an entry of some rows' menus differs: its position, and the other label or the reason why it is disabled."""

    position: int
    label: str = ""
    refusal: str = ""


class Menus:
    """The menu of the rows of a list, and its changes in some of them by key; `key_of` adds those of each row."""

    def __init__(self, cloud: Cloud) -> None:
        """Begin without rows."""
        self.cloud = cloud
        self.entries: list[MenuEntry] = []
        self.changes: dict[str, list[Change]] = {}
        self._keys: dict[tuple[object, ...], str] = {}

    def key_of(self, record: Record) -> str:
        """Return a short text that is the same for records whose menus differ by their ids only.

        It is empty if nothing is changed.
        """
        known = self._keys.get(record.judged_by)
        if known is not None:
            return known
        if not self.entries:
            self.entries = [item.usual_entry(self.cloud, _any(record)) for item in _offered(record)]
        changes = list(self._changes_for(record))
        text = "|".join(f"{change.position}:{change.label}:{change.refusal}" for change in changes)
        key = blake2s(text.encode(), digest_size=KEY_BYTES).hexdigest() if changes else ""
        self._keys[record.judged_by] = key
        if changes:
            self.changes[key] = changes
        return key

    def _changes_for(self, record: Record) -> Iterator[Change]:
        for position, item in enumerate(_offered(record)):
            label, refusal = item.state_of(self.cloud, record)
            if label or refusal:
                yield Change(position, label, refusal)


def _any(record: Record) -> Record:
    """Return the record with placeholders instead of ids."""
    if isinstance(record, Snapshot | Backup):
        return replace(record, id=ANY_ID, disk_id=ANY_DISK_ID)
    return replace(record, id=ANY_ID)


@require_safe
def actions_page(request: CloudRequest, kind: Kind[Any], **ids: str) -> HttpResponse:
    """Show what can be done with a record, for browsers without JavaScript: one request."""
    (record_id,) = ids.values()
    record = kind.door.find(request.cloud, record_id)
    return render(request, "lists/actions.html", {"kind": kind, "row": kind.row(record), "record": record})
