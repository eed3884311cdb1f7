"""What the canned project contains for tests that look at its pages: one of each thing that looks different."""

from tests.support.cloud_rows import Answer, ago, an_id, backup, disk_type, message, snapshot, volume
from tests.support.fake_cloud import FakeCloud

DATABASE, ATTACHED, BROKEN, UNNAMED, CLONE = range(1, 6)
LASTING = 6
OLD, NEW, FAILED, LOST = range(1001, 1005)
NIGHTLY, INCREMENT = 2001, 2002
LONG = "x" * 120
BEFORE_UPDATE = "перед обновлением"
PROPERTIES = {"env": "x" * 200, "team": "команда"}
SERVER = an_id(5001)


def disks() -> list[Answer]:
    """One with a long name and all features, one that allows no action, and others in between."""
    attachment = {
        "id": an_id(DATABASE),
        "attachment_id": an_id(5002),
        "server_id": SERVER,
        "device": "/dev/vdb",
        "host_name": None,
        "volume_id": an_id(ATTACHED),
        "attached_at": "2026-03-01T11:00:00.000000",
    }
    return [
        volume(DATABASE, name=LONG, description="y" * 200, volume_type="ef-nvme", metadata=PROPERTIES),
        volume(ATTACHED, name="attached", status="in-use", bootable="true", attachments=[attachment]),
        volume(BROKEN, name="broken", status="error", volume_type="ceph-hdd"),
        volume(UNNAMED, name=""),
        volume(CLONE, name="made from it", snapshot_id=an_id(OLD)),
        volume(LASTING, name="база данных", status="deleting", updated_at=ago(hours=3)),
    ]


def snapshots() -> list[Answer]:
    """Two of the same disk, one that failed, and one whose disk is unknown."""
    return [
        snapshot(NEW, DATABASE, name=BEFORE_UPDATE, metadata=PROPERTIES, description="до"),
        snapshot(OLD, DATABASE, name="old"),
        snapshot(FAILED, ATTACHED, name="failed", status="error"),
        snapshot(LOST, ATTACHED, name=LONG, volume_id=None),
    ]


def backups() -> list[Answer]:
    """One that failed, and one that other backups depend on."""
    return [
        backup(INCREMENT, DATABASE, name="incremental", is_incremental=True, snapshot_id=an_id(NEW)),
        backup(NIGHTLY, DATABASE, name="nightly", status="error", fail_reason="Backup driver reported an error: " * 3),
    ]


def fill(cloud: FakeCloud) -> None:
    """Add all of this to the project."""
    cloud.types = [*cloud.types, disk_type(4003, "ef-nvme")]
    cloud.volumes, cloud.snapshots, cloud.backups = disks(), snapshots(), backups()
    cloud.servers = [{"id": SERVER, "name": "web-1 " + "w" * 100}]
    cloud.messages = [message(3001, an_id(BROKEN)), message(3002, an_id(FAILED), "VOLUME_SNAPSHOT")]
    cloud.messages += [message(3003, an_id(DATABASE)), message(3004, an_id(NEW), "VOLUME_SNAPSHOT")]
