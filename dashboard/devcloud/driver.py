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
# The reported capacity: a bigger disk finds no host, as in a real cloud.
CAPACITY_GB = 50_000
COPY_CHUNK = 1024**2


def copy_sparse(source: Path, target: Path) -> None:
    """Copy a file and keep its holes sparse."""
    cp = shutil.which("cp")
    if cp:
        command = [cp, "--sparse=always", "--reflink=auto", "--", str(source), str(target)]
        # Both paths are made here from Cinder's IDs.
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
    """Implements all disk and snapshot operations that project members may request, on local files."""

    VERSION = "1.0"
    CI_WIKI_NAME = "none"

    @property
    def _directory(self) -> Path:
        return Path(cfg.CONF.state_path) / "disks"

    def _path(self, resource: Any) -> Path:
        """Return the file of a disk or snapshot; their IDs are unique across both."""
        return self._directory / str(resource.id)

    def check_for_setup_error(self) -> None:
        """Create the directory for the files."""
        self._directory.mkdir(parents=True, exist_ok=True)

    def local_path(self, volume: Any) -> str:
        """Return the path of a disk's file."""
        return str(self._path(volume))

    def create_volume(self, volume: Any) -> None:
        """Create an empty disk."""
        self._resize(volume, volume.size)

    def _resize(self, volume: Any, gigabytes: int) -> None:
        path = self._path(volume)
        path.touch()
        os.truncate(path, gigabytes * GIB)

    def delete_volume(self, volume: Any) -> None:
        """Delete a disk's file, which doesn't exist if creation failed."""
        self._path(volume).unlink(missing_ok=True)

    def extend_volume(self, volume: Any, new_size: int) -> None:
        """Grow a disk to `new_size` GiB."""
        self._resize(volume, new_size)

    def create_snapshot(self, snapshot: Any) -> None:
        """Copy the disk's current content."""
        copy_sparse(self._path(snapshot.volume), self._path(snapshot))

    def delete_snapshot(self, snapshot: Any) -> None:
        """Delete a snapshot's file, which doesn't exist if creation failed."""
        self._path(snapshot).unlink(missing_ok=True)

    def create_volume_from_snapshot(self, volume: Any, snapshot: Any) -> None:
        """Create a disk with a snapshot's content; it may be bigger."""
        copy_sparse(self._path(snapshot), self._path(volume))
        self._resize(volume, volume.size)

    def create_cloned_volume(self, volume: Any, src_vref: Any) -> None:
        """Create a disk with another disk's content; it may be bigger."""
        copy_sparse(self._path(src_vref), self._path(volume))
        self._resize(volume, volume.size)

    def revert_to_snapshot(self, _context: Any, volume: Any, snapshot: Any) -> None:
        """Replace a disk's content with its snapshot's."""
        copy = self._path(volume).with_suffix(".reverting")
        copy_sparse(self._path(snapshot), copy)
        copy.replace(self._path(volume))
        self._resize(volume, volume.size)

    def snapshot_revert_use_temp_snapshot(self) -> bool:
        """Return that no safety copy is needed: a roll-back replaces the file atomically."""
        return False

    def retype(self, _context: Any, _volume: Any, *_rest: Any) -> tuple[bool, None]:
        """Change the type in place, as all types use the same files."""
        return True, None

    def secure_file_operations_enabled(self) -> bool:
        """Return that no root rights are needed, as the files belong to this process's user."""
        return True

    def initialize_connection(self, volume: Any, *_rest: Any, **_more: Any) -> dict[str, Any]:
        """Return how the backup service, which runs in the same process, accesses a disk."""
        return {"driver_volume_type": "local", "data": {"device_path": self.local_path(volume)}}

    def initialize_connection_snapshot(self, snapshot: Any, *_rest: Any, **_more: Any) -> dict[str, Any]:
        """Return how the backup service accesses a snapshot."""
        return self.initialize_connection(snapshot)

    def terminate_connection(self, *_ignored: Any, **_more: Any) -> None:
        """Do nothing, as nothing was opened."""

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
