"""The base class of the actions on one snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from dashboard.web import events
from volumes.actions import Action
from volumes.cinder import snapshots

if TYPE_CHECKING:
    from volumes.cinder.values import Snapshot


class SnapshotAction(Action):
    """An action on the snapshot whose id is in the URL."""

    events: ClassVar[tuple[str, ...]] = (events.SNAPSHOTS_CHANGED,)

    @property
    def snapshot_id(self) -> str:
        """The snapshot's id, from the URL."""
        return str(self.kwargs["snapshot_id"])

    @classmethod
    def address_of(cls, snapshot: Snapshot) -> dict[str, str]:
        """Return the URL parameter with the snapshot's id."""
        return {"snapshot_id": snapshot.id}

    def find_snapshot(self) -> Snapshot:
        """Read the snapshot.

        Raises:
            NotFound: the project has no such snapshot.
            CloudError: the cloud failed.
        """
        return snapshots.find(self.cloud, self.snapshot_id)

    def get_success_url(self) -> str:
        """Return the URL of the snapshot's own page."""
        return self.reverse("snapshot", snapshot_id=self.snapshot_id)
