"""Addresses of a snapshot's actions that concern its disk too: the disk is a part of them, so both are read at once."""

from uuid import UUID

from volumes.cinder.values import Snapshot

# Stands for the disk where the cloud doesn't tell it: its page is "not found".
NO_DISK = str(UUID(int=0))


def with_disk(snapshot: Snapshot) -> dict[str, str]:
    """Return the ids of the snapshot and of its disk, as the address names them."""
    return {"snapshot_id": snapshot.id, "disk_id": snapshot.disk_id or NO_DISK}
