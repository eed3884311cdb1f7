"""The base class of the actions on one disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from dashboard.cloud.errors import TypeWithdrawn
from dashboard.cloud.optional import optional
from dashboard.web import events
from volumes.actions import Action
from volumes.cinder import disks

if TYPE_CHECKING:
    from dashboard.cloud.errors import CloudError
    from volumes.cinder.values import Disk


class DiskAction(Action):
    """An action on the disk whose id is in the URL."""

    events: ClassVar[tuple[str, ...]] = (events.DISKS_CHANGED,)

    @property
    def disk_id(self) -> str:
        """The disk's id, from the URL."""
        return str(self.kwargs["disk_id"])

    @property
    def unknown_disk(self) -> Disk:
        """A disk with nothing but its id, shown while the cloud fails."""
        return disks.unknown(self.disk_id)

    @classmethod
    def address_of(cls, disk: Disk) -> dict[str, str]:
        """Return the URL parameter with the disk's id."""
        return {"disk_id": disk.id}

    def find_disk(self) -> Disk:
        """Read the disk.

        Raises:
            NotFound: the project has no such disk.
            CloudError: the cloud failed.
        """
        return disks.find(self.cloud, self.disk_id)

    def explain(self, error: CloudError) -> CloudError:
        """Name the disk's type if the cloud says that it isn't available."""
        if isinstance(error, TypeWithdrawn):
            disk = optional(self.find_disk, self.unknown_disk)()
            return error.naming(self.form.cleaned_data.get("disk_type") or disk.type_name)
        return error

    def get_success_url(self) -> str:
        """Return the URL of the disk's own page."""
        return self.reverse("disk", disk_id=self.disk_id)
