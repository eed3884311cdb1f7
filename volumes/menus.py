"""The context menus: one table decides what is in them, and why an entry is greyed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from volumes.cinder import disks

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.values import Backup, Disk, Snapshot

# What stands in an address where the cloud doesn't tell the disk: its page is "not found"
NO_DISK = str(UUID(int=0))
READ_ONLY = _("Your role in this project may only read.")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry: its label, icon and address; what choosing it does; why it is greyed (None: it is not).

    It opens a dialog, acts at once, or goes to a page where it does neither.
    """

    label: _StrPromise
    icon: str
    url: str
    opens_dialog: bool = True
    acts: bool = False
    refusal: _StrPromise | None = None


def disk_menu(cloud: Cloud, disk: Disk) -> list[Entry]:
    """Return the entries of a disk's menu, in their order."""

    def to(view: str) -> str:
        return reverse(view, kwargs={"project": cloud.slug, "disk_id": disk.id})

    bootable = _("Make not bootable") if disk.bootable else _("Make bootable")
    entries = [
        _writing(cloud, _("Delete disk"), "trash-2", to("delete-disk"), disk.refusal_to_delete),
        _writing(cloud, _("Resize disk"), "expand", to("resize-disk"), refusal_to_resize(cloud, disk)),
        _writing(cloud, _("Change disk type"), "replace", to("change-disk-type"), disk.refusal_to_change_type),
        _writing(cloud, _("Rename disk"), "pencil", to("rename-disk"), disk.refusal_to_edit),
        replace(
            _writing(cloud, bootable, "power", to("set-bootable"), disk.refusal_to_edit), opens_dialog=False, acts=True
        ),
        Entry(_("Snapshot list"), "list", to("disk-snapshots"), opens_dialog=False),
        _writing(cloud, _("Clone disk"), "copy", to("clone-disk"), disk.refusal_to_clone),
        _writing(cloud, _("Create snapshot"), "camera", to("create-snapshot"), disk.refusal_to_snapshot),
    ]
    if settings.BACKUPS:
        entries.append(_writing(cloud, _("Create backup"), "archive", to("back-up-disk"), disk.refusal_to_back_up))
    return entries


def refusal_to_resize(cloud: Cloud, disk: Disk) -> _StrPromise | None:
    """Tell why the disk can't grow now; only one that is attached depends on the cloud's version."""
    return disk.refusal_to_resize(attached_possible=not disk.is_attached or disks.can_resize_attached(cloud))


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
