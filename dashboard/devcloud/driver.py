"""A Cinder storage driver whose disks and snapshots are sparse files in one directory."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from cinder import interface
from cinder.volume import driver
from oslo_config import cfg

GIB = 1024**3
# What the backend claims to hold: a bigger disk finds no place, as on a real cloud
CAPACITY_GB = 50_000
COPY_CHUNK = 1024**2


def copy_sparse(source: Path, target: Path) -> None:
    """Copy a file; what is a hole in the source takes no room in the copy either."""
    cp = shutil.which("cp")
    if cp:
        command = [cp, "--sparse=always", "--reflink=auto", "--", str(source), str(target)]
        # Both paths are ours, made of Cinder's ids
        done = subprocess.run(command, check=False, capture_output=True)
        if done.returncode == 0:
            return
    _copy_without_zeros(source, target)


def _copy_without_zeros(source: Path, target: Path) -> None:
    with source.open("rb") as reading, target.open("wb") as writing:
        while chunk := reading.read(COPY_CHUNK):
            if any(chunk):
                writing.write(chunk)
            else:
                writing.seek(len(chunk), os.SEEK_CUR)
        writing.truncate(reading.tell())


@interface.volumedriver
class SparseFileDriver(driver.VolumeDriver):  # type: ignore[misc]  # Cinder has no types
    """Everything Cinder's members can ask of a disk, without a real storage system."""

    VERSION = "1.0"
    CI_WIKI_NAME = "none"

    @property
    def _directory(self) -> Path:
        return Path(cfg.CONF.state_path) / "disks"

    def _path(self, resource: Any) -> Path:
        """Find the file of a disk or of a snapshot: no two of them share an id."""
        return self._directory / str(resource.id)

    def check_for_setup_error(self) -> None:
        """Make sure that there is a place for the files."""
        self._directory.mkdir(parents=True, exist_ok=True)

    def local_path(self, volume: Any) -> str:
        """Where a disk's bytes are."""
        return str(self._path(volume))

    def create_volume(self, volume: Any) -> None:
        """Make an empty disk."""
        self._resize(volume, volume.size)

    def _resize(self, volume: Any, gigabytes: int) -> None:
        path = self._path(volume)
        path.touch()
        os.truncate(path, gigabytes * GIB)

    def delete_volume(self, volume: Any) -> None:
        """Remove a disk; one that never came to be is fine too."""
        self._path(volume).unlink(missing_ok=True)

    def extend_volume(self, volume: Any, new_size: int) -> None:
        """Grow a disk to so many GB."""
        self._resize(volume, new_size)

    def create_snapshot(self, snapshot: Any) -> None:
        """Keep a copy of the disk as it is now."""
        copy_sparse(self._path(snapshot.volume), self._path(snapshot))

    def delete_snapshot(self, snapshot: Any) -> None:
        """Remove a snapshot's copy."""
        self._path(snapshot).unlink(missing_ok=True)

    def create_volume_from_snapshot(self, volume: Any, snapshot: Any) -> None:
        """Make a disk with a snapshot's bytes, of the new disk's size."""
        copy_sparse(self._path(snapshot), self._path(volume))
        self._resize(volume, volume.size)

    def create_cloned_volume(self, volume: Any, src_vref: Any) -> None:
        """Make a disk with another one's bytes, of the new disk's size."""
        copy_sparse(self._path(src_vref), self._path(volume))
        self._resize(volume, volume.size)

    def revert_to_snapshot(self, _context: Any, volume: Any, snapshot: Any) -> None:
        """Give a disk back the bytes that its snapshot holds."""
        copy = self._path(volume).with_suffix(".reverting")
        copy_sparse(self._path(snapshot), copy)
        copy.replace(self._path(volume))
        self._resize(volume, volume.size)

    def snapshot_revert_use_temp_snapshot(self) -> bool:
        """No safety copy: a roll-back replaces the file at once or not at all."""
        return False

    def retype(self, _context: Any, _volume: Any, *_rest: Any) -> tuple[bool, None]:
        """Change the type in place: all types are the same files."""
        return True, None

    def secure_file_operations_enabled(self) -> bool:
        """Tell that no other user's rights are needed: the files belong to this process."""
        return True

    def initialize_connection(self, volume: Any, *_rest: Any, **_more: Any) -> dict[str, Any]:
        """How the backup service, in this same process, reaches a disk's bytes."""
        return {"driver_volume_type": "local", "data": {"device_path": self.local_path(volume)}}

    def initialize_connection_snapshot(self, snapshot: Any, *_rest: Any, **_more: Any) -> dict[str, Any]:
        """How the backup service reaches a snapshot's bytes."""
        return self.initialize_connection(snapshot)

    def terminate_connection(self, *_ignored: Any, **_more: Any) -> None:
        """Nothing was opened."""

    terminate_connection_snapshot = terminate_connection
    ensure_export = create_export = remove_export = terminate_connection
    create_export_snapshot = remove_export_snapshot = terminate_connection

    def _update_volume_stats(self) -> None:
        self._stats = {
            "volume_backend_name": self.configuration.volume_backend_name,
            "vendor_name": "Diskboard",
            "driver_version": self.VERSION,
            "storage_protocol": "local",
            "total_capacity_gb": CAPACITY_GB,
            "free_capacity_gb": CAPACITY_GB,
            "thin_provisioning_support": False,
            "thick_provisioning_support": True,
            "multiattach": True,
            "reserved_percentage": 0,
        }
