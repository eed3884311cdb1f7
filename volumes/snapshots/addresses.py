"""URLs of the snapshot actions that concern the disk too. They contain both ids, so both can be read in parallel."""

from uuid import UUID

from volumes.cinder.values import Snapshot

# Replaces the disk's id if Cinder's answer has none; the action then responds with 404.
NO_DISK = str(UUID(int=0))


def with_disk(snapshot: Snapshot) -> dict[str, str]:
    """Return the URL parameters with the ids of the snapshot and its disk."""
    return {"snapshot_id": snapshot.id, "disk_id": snapshot.disk_id or NO_DISK}
