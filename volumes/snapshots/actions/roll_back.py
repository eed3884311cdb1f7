"""The action "Roll back disk": restore the data that the disk had when the snapshot was made."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.cloud.errors import NotPossible
from dashboard.cloud.parallel import together
from dashboard.web import events
from dashboard.web.forms import WritingForm
from volumes import commands
from volumes.cinder import disks, snapshots
from volumes.cinder.rollback import rollback_refusal
from volumes.outcome_check import disk_now
from volumes.snapshots.actions.base import SnapshotAction
from volumes.snapshots.addresses import with_disk

if TYPE_CHECKING:
    from collections.abc import Callable

    from volumes.cinder.values import Snapshot


class RollBack(SnapshotAction):
    """Roll a disk back to its newest snapshot."""

    name = "roll-back"
    path = "roll-back/"
    label = gettext_lazy("Roll back disk")
    icon = "history"
    audit_name = "disk.roll-back"
    form_class = WritingForm
    template_name = "snapshots/actions/roll_back.html"
    events: ClassVar[tuple[str, ...]] = (events.SNAPSHOTS_CHANGED, events.DISKS_CHANGED)

    @classmethod
    def address_of(cls, snapshot: Snapshot) -> dict[str, str]:
        """Return the URL parameters with the ids of the snapshot and its disk."""
        return with_disk(snapshot)

    @property
    def disk_id(self) -> str:
        """The id of the snapshot's disk, from the URL."""
        return str(self.kwargs["disk_id"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Read everything that rollback_refusal checks."""
        snapshot, disk, newest, possible = together(*(self.needed(read) for read in self._reads()))
        known = snapshot and disk and possible is not None
        refusal = rollback_refusal(snapshot, disk, newest, possible=possible) if known else None
        disk = disk or disks.unknown(self.disk_id)
        return super().get_context_data(snapshot=snapshot, disk=disk, refusal=refusal, **kwargs)

    def act(self) -> str:
        """Roll back the disk.

        Cinder checks some conditions only after it has changed the disk's status (see rollback_refusal), so they are
        checked again immediately before.

        Raises:
            NotPossible: a condition is no longer met.
            CloudError: the cloud refused or failed.
        """
        snapshot, disk, newest, possible = together(*self._reads())
        refusal = rollback_refusal(snapshot, disk, newest, possible=possible)
        if refusal:
            raise NotPossible(str(refusal))
        disks.roll_back(self.cloud, self.disk_id, self.snapshot_id)
        return _("Disk “%(name)s” is being rolled back.") % {"name": disk.inline_title}

    def find_outcome(self) -> str:
        """Return a sentence with the disk's present status, size and type."""
        return disk_now(self.cloud, self.disk_id)

    def get_command(self) -> str:
        """Return the command that does the same."""
        return commands.roll_back(self.snapshot_id)

    def get_success_url(self) -> str:
        """Return the URL of the disk's snapshot list."""
        return self.reverse("disk-snapshots", disk_id=self.disk_id)

    def _reads(self) -> tuple[Callable[[], Any], ...]:
        return (
            self.find_snapshot,
            partial(disks.find_or_missing, self.cloud, self.disk_id),
            partial(snapshots.newest_of, self.cloud, self.disk_id),
            partial(disks.can_roll_back, self.cloud),
        )
