"""The context menus: one table decides what is in them, and why an entry is greyed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from dashboard.keystone import Cloud
    from volumes.cinder.values import Backup, Disk, Snapshot

# What stands in an address where the cloud doesn't tell the disk: its page is "not found"
NO_DISK = str(UUID(int=0))
READ_ONLY = _("Your role in this project may only read.")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry: its label, icon and address; whether that opens a dialog; why it is greyed (None: it is not)."""

    label: _StrPromise
    icon: str
    url: str
    opens_dialog: bool = True
    refusal: _StrPromise | None = None


def disk_menu(cloud: Cloud, disk: Disk) -> list[Entry]:
    """Return the entries of a disk's menu, in their order."""
    at = {"project": cloud.slug, "disk_id": disk.id}
    entries = [
        Entry(_("Snapshot list"), "list", reverse("disk-snapshots", kwargs=at), opens_dialog=False),
        _writing(
            cloud, _("Create snapshot"), "camera", reverse("create-snapshot", kwargs=at), disk.refusal_to_snapshot
        ),
    ]
    if settings.BACKUPS:
        url = reverse("back-up-disk", kwargs=at)
        entries.append(_writing(cloud, _("Create backup"), "archive", url, disk.refusal_to_back_up))
    return entries


def snapshot_menu(cloud: Cloud, snapshot: Snapshot) -> list[Entry]:
    """Return the entries of a snapshot's menu, in their order."""
    at = {"project": cloud.slug, "snapshot_id": snapshot.id}
    with_disk = {**at, "disk_id": snapshot.disk_id or NO_DISK}
    clone, delete = reverse("clone-snapshot", kwargs=at), reverse("delete-snapshot", kwargs=at)
    entries = [_writing(cloud, _("Create disk"), "hard-drive", clone, snapshot.refusal_to_clone)]
    if settings.BACKUPS:
        url = reverse("back-up-snapshot", kwargs=with_disk)
        entries.append(_writing(cloud, _("Create backup"), "archive", url, snapshot.refusal_to_back_up))
    return [
        *entries,
        _writing(cloud, _("Edit snapshot"), "pencil", reverse("edit-snapshot", kwargs=at), snapshot.refusal_to_edit),
        _writing(cloud, _("Roll back disk"), "history", reverse("roll-back", kwargs=with_disk)),
        _writing(cloud, _("Delete snapshot"), "trash-2", delete, snapshot.refusal_to_delete),
    ]


def backup_menu(cloud: Cloud, backup: Backup) -> list[Entry]:
    """Return the entries of a backup's menu, in their order."""
    at = {"project": cloud.slug, "backup_id": backup.id}
    restore, delete = reverse("restore-backup", kwargs=at), reverse("delete-backup", kwargs=at)
    return [
        _writing(cloud, _("Restore to a new disk"), "hard-drive", restore, backup.refusal_to_restore),
        _writing(cloud, _("Delete backup"), "trash-2", delete, backup.refusal_to_delete),
    ]


def _writing(cloud: Cloud, label: _StrPromise, icon: str, url: str, refusal: _StrPromise | None = None) -> Entry:
    """Return an entry that changes something, greyed for readers."""
    return Entry(label, icon, url, refusal=READ_ONLY if cloud.read_only else refusal)
