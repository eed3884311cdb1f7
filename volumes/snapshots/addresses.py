"""URLs of the snapshot actions that concern the disk too. They contain both ids, so both can be read in parallel."""

from dashboard.cloud.ids import NO_DISK
from volumes.cinder.values import Snapshot


def with_disk(snapshot: Snapshot) -> dict[str, str]:
    """Return the URL parameters with the ids of the snapshot and its disk; without a disk the action is 404."""
    return {"snapshot_id": snapshot.id, "disk_id": snapshot.disk_id or NO_DISK}
