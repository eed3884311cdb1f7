"""New backups: of a disk, also of an attached one, or of a snapshot."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.cloud.parallel import together
from dashboard.web import events
from dashboard.web.forms import WritingForm
from volumes import commands, outcome_check
from volumes.actions import Action
from volumes.cinder import backups, disks, quota
from volumes.forms import DescriptionField, NameField, typed
from volumes.names import proposed_name

if TYPE_CHECKING:
    from volumes.cinder.values import Disk, Snapshot


class BackupForm(WritingForm):
    """Name and description of a new backup, and whether it holds only what changed since the last one."""

    name = NameField(gettext_lazy("Backup name"))
    description = DescriptionField()
    incremental = forms.BooleanField(label=gettext_lazy("Incremental"), required=False)

    def typed(self) -> dict[str, Any]:
        """Return what was typed so far, right or wrong."""
        return {**typed(self, "name", "description"), "incremental": bool(self["incremental"].value())}


class CreateBackupAction(Action):
    """Make a backup; a subclass says of what."""

    label = gettext_lazy("Create backup")
    icon = "archive"
    audit_name = "backup.create"
    form_class = BackupForm
    template_name = "backups/actions/create.html"
    events: ClassVar[tuple[str, ...]] = (events.BACKUPS_CHANGED,)
    form: BackupForm

    @classmethod
    def is_offered(cls) -> bool:
        """Return whether this Diskboard offers backups."""
        return settings.BACKUPS

    @property
    def disk_id(self) -> str:
        """The disk's id."""
        return str(self.kwargs["disk_id"])

    @property
    def snapshot_id(self) -> str:
        """The snapshot's id; empty where the backup is one of the disk itself."""
        return ""

    def find_snapshot(self) -> Snapshot | None:
        """Read the snapshot; None where the backup is one of the disk itself.

        Raises:
            CloudError: the cloud failed.
        """
        return None

    def refusal_of_service(self, disk: Disk, snapshot: Snapshot | None, *, service: bool | None) -> object:
        """Return why no backup can be made now; `service` tells whether a backup service runs, None where unknown."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Read the disk, the names of its backups, the one to build on, the quota, and whether a service runs."""
        disk, snapshot, taken, left, service = together(
            self.needed(partial(disks.find, self.cloud, self.disk_id)),
            self.needed(self.find_snapshot),
            self.optional(partial(backups.names_of, self.cloud, self.disk_id)),
            self.optional(partial(quota.of, self.cloud)),
            self.optional(partial(backups.service_works, self.cloud)),
        )
        before = snapshot.created_at if snapshot else None
        base = self.optional(partial(backups.base_of, self.cloud, self.disk_id, before))()
        disk = disk or disks.unknown(self.disk_id)
        name = proposed_name((snapshot or disk).title, "backup", timezone.localdate(), taken or frozenset())
        self.form.propose(name=name)
        self.form.fields["incremental"].disabled = base is None and not self.form.is_bound
        refusal = self.refusal_of_service(disk, snapshot, service=service)
        found = {"disk": disk, "snapshot": snapshot, "base": base, "quota": left, "service": service}
        return super().get_context_data(refusal=refusal, **found, **kwargs)

    def act(self) -> str:
        """Ask for the backup."""
        sent = self.form.cleaned_data
        made = backups.create(
            self.cloud,
            self.disk_id,
            self.snapshot_id,
            sent["name"],
            sent["description"],
            incremental=sent["incremental"],
            attached=not self.snapshot_id and disks.find(self.cloud, self.disk_id).is_attached,
        )
        return _("Backup “%(name)s” is being created. The Backups page shows how it goes.") % {"name": made.title}

    def find_outcome(self) -> str:
        """Say which is the disk's newest backup of that name."""
        name = self.form.cleaned_data["name"]
        return outcome_check.describe_newest(self.cloud, backups.BACKUPS, name, volume_id=self.disk_id)

    def get_command(self) -> str:
        """Return the command with what was typed so far."""
        return commands.create_backup(self.disk_id, snapshot_id=self.snapshot_id, **self.form.typed())

    def get_success_url(self) -> str:
        """Return the list of backups, which has the new one."""
        return self.reverse("backups")
