"""The action "Restore to a new disk" for a backup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_lazy

from volumes.cinder import disks
from volumes.disks.new import BACKUP, CreateDiskForm, NewDiskAction

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.values import Backup, Disk

TOO_OLD = gettext_lazy("This cloud is too old to create a disk from a backup.")


class Restore(NewDiskAction):
    """Create a disk with the data of a backup."""

    name = "restore-backup"
    path = "create-disk/"
    label = gettext_lazy("Restore to a new disk")
    icon = "hard-drive"

    @classmethod
    def is_offered(cls) -> bool:
        """Return whether the settings enable backups."""
        return settings.BACKUPS

    @classmethod
    def address_of(cls, backup: Backup) -> dict[str, str]:
        """Return the URL parameter with the backup's id."""
        return {"backup_id": backup.id}

    @classmethod
    def refusal_for(cls, _cloud: Cloud, backup: Backup) -> _StrPromise | None:
        """Return why the backup's status prevents restoring it now, or None."""
        return backup.refusal_to_restore

    def refusal_for_source(self, source: Any, original: Disk | None) -> object:
        """Return why it can't be restored now, or None; the cloud's version is checked too."""
        if source and not disks.can_restore(self.cloud):
            return TOO_OLD
        return super().refusal_for_source(source, original)

    def choose_sources(self, form: CreateDiskForm) -> None:
        """Fix the source to the one in the URL."""
        form.fix_source(BACKUP, self.kwargs["backup_id"])
