"""Creation of backups, of a disk or of a snapshot; the disk may be attached."""

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
from dashboard.web.form_renderer import CHECKBOX_GROUP
from dashboard.web.forms import WritingForm
from volumes import commands, outcome_check
from volumes.actions import Action
from volumes.cinder import backups, disks, quota
from volumes.forms import DescriptionField, NameField, typed
from volumes.names import proposed_name

if TYPE_CHECKING:
    from volumes.cinder.values import Backup, Disk, Snapshot


class BackupForm(WritingForm):
    """Name and description of a new backup, and whether it is incremental."""

    name = NameField(gettext_lazy("Backup name"))
    description = DescriptionField()
    incremental = forms.BooleanField(label=gettext_lazy("Incremental"), required=False, template_name=CHECKBOX_GROUP)

    def base_on(self, backup: Backup | None) -> None:
        """Offer an incremental backup where there is a `backup` to base it on, and say what it would hold."""
        field = self.fields["incremental"]
        field.disabled = backup is None and not self.is_bound
        if backup:
            hint = _("Keeps only what changed since %(name)s: quicker and smaller.")
            field.help_text = hint % {"name": backup.inline_title}
        elif not self.cloud_is_down:
            field.help_text = _("The first backup is always full.")

    def typed(self) -> dict[str, Any]:
        """Return the values typed so far, valid or not."""
        return {**typed(self, "name", "description"), "incremental": bool(self["incremental"].value())}


class CreateBackupAction(Action):
    """Create a backup; a subclass defines whether it is of a disk or of a snapshot."""

    label = gettext_lazy("Create backup")
    icon = "archive"
    audit_name = "backup.create"
    form_class = BackupForm
    template_name = "backups/actions/create.html"
    events: ClassVar[tuple[str, ...]] = (events.BACKUPS_CHANGED,)
    form: BackupForm

    @classmethod
    def is_offered(cls) -> bool:
        """Return whether the settings enable backups."""
        return settings.BACKUPS

    @property
    def disk_id(self) -> str:
        """The disk's id, from the URL."""
        return str(self.kwargs["disk_id"])

    @property
    def snapshot_id(self) -> str:
        """The snapshot's id; empty for a backup of the disk itself."""
        return ""

    def find_disk(self) -> Disk:
        """Read the disk.

        Raises:
            NotFound: the project has no such disk.
            CloudError: the cloud failed.
        """
        return disks.find(self.cloud, self.disk_id)

    def find_snapshot(self) -> Snapshot | None:
        """Read the snapshot; return None for a backup of the disk itself.

        Raises:
            CloudError: the cloud failed.
        """
        return None

    def refusal_of_service(self, disk: Disk, snapshot: Snapshot | None, *, service: bool | None) -> object:
        """Return why a backup can't be created now, or None; `service` says whether a service runs (None: unknown)."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Read the disk, its backups' names, the base of an increment, the quota, and whether a service runs."""
        disk, snapshot, taken_names, project_quota, service = together(
            self.needed(self.find_disk),
            self.needed(self.find_snapshot),
            self.optional(partial(backups.names_of, self.cloud, self.disk_id)),
            self.optional(partial(quota.of_project, self.cloud)),
            self.optional(partial(backups.service_works, self.cloud)),
        )
        before = snapshot.created_at if snapshot else None
        base = self.optional(partial(backups.base_of, self.cloud, self.disk_id, before))()
        disk = disk or disks.unknown(self.disk_id)
        name = proposed_name((snapshot or disk).plain_name, "backup", timezone.localdate(), taken_names or frozenset())
        self.form.propose(name=name)
        self.form.base_on(base)
        refusal = self.refusal_of_service(disk, snapshot, service=service)
        read = {"disk": disk, "snapshot": snapshot, "base": base, "quota": project_quota, "service": service}
        return super().get_context_data(refusal=refusal, **read, **kwargs)

    def act(self) -> str:
        """Request the backup."""
        sent = self.form.cleaned_data
        backup = backups.create(
            self.cloud,
            self.disk_id,
            self.snapshot_id,
            sent["name"],
            sent["description"],
            incremental=sent["incremental"],
            attached=not self.snapshot_id and disks.find(self.cloud, self.disk_id).is_attached,
        )
        message = _("Backup “%(name)s” is being created. The Backups page shows its progress.")
        return message % {"name": backup.inline_title}

    def find_outcome(self) -> str:
        """Return a sentence about the disk's newest backup with that name."""
        name = self.form.cleaned_data["name"]
        return outcome_check.describe_newest(self.cloud, backups.BACKUPS, name, volume_id=self.disk_id)

    def get_command(self) -> str:
        """Return the command for the values typed so far."""
        return commands.create_backup(self.disk_id, snapshot_id=self.snapshot_id, **self.form.typed())

    def get_success_url(self) -> str:
        """Return the URL of the list of backups, which shows the new one."""
        return self.reverse("backups")
