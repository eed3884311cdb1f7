"""The context menus: one table decides what is in them, and why an entry is greyed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from dashboard.keystone import Cloud
    from volumes.cinder.values import Disk, Snapshot

READ_ONLY = _("Your role in this project may only read.")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry: its label, icon and address; whether that opens a dialog; why it is greyed (None: it is not)."""

    label: _StrPromise
    icon: str
    url: str
    opens_dialog: bool
    refusal: _StrPromise | None = None


def disk_menu(cloud: Cloud, disk: Disk) -> list[Entry]:
    """Return the entries of a disk's menu, in their order."""
    at = {"project": cloud.slug, "disk_id": disk.id}
    forbidden = READ_ONLY if cloud.read_only else None
    return [
        Entry(_("Snapshot list"), "list", reverse("disk-snapshots", kwargs=at), opens_dialog=False),
        Entry(
            _("Create snapshot"),
            "camera",
            reverse("create-snapshot", kwargs=at),
            opens_dialog=True,
            refusal=forbidden or disk.refusal_to_snapshot,
        ),
    ]


def snapshot_menu(cloud: Cloud, snapshot: Snapshot) -> list[Entry]:
    """Return the entries of a snapshot's menu, in their order."""
    forbidden = READ_ONLY if cloud.read_only else None
    at = {"project": cloud.slug, "snapshot_id": snapshot.id}
    return [
        Entry(
            _("Delete snapshot"),
            "trash-2",
            reverse("delete-snapshot", kwargs=at),
            opens_dialog=True,
            refusal=forbidden or snapshot.refusal_to_delete,
        ),
    ]
