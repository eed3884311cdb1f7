"""A lock that prevents two clouds from using the same directory."""

import fcntl
import os
import time
from pathlib import Path

# Time for the servers of a killed parent to end
WAIT_SECONDS = 5
POLL_SECONDS = 0.1


class DirectoryInUse(Exception):
    """Another process runs a cloud in this directory."""


class DirectoryLock:
    """A file lock, held until every process that has its descriptor has closed it or ended, in whatever way."""

    def __init__(self, directory: Path) -> None:
        """Set the path; ``take`` acquires the lock."""
        self._path = directory / "lock"
        self._descriptor: int | None = None

    @property
    def descriptor(self) -> int:
        """The descriptor for a child to inherit, so that it holds the lock too. Valid only while the lock is held."""
        if self._descriptor is None:
            raise ValueError("The lock is not taken")
        return self._descriptor

    def take(self) -> None:
        """Acquire the lock; wait up to WAIT_SECONDS.

        Raises:
            DirectoryInUse: another process holds the lock.
        """
        self.release()
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + WAIT_SECONDS
        while not self._acquire():
            if time.monotonic() > deadline:
                self.release()
                raise DirectoryInUse(f"Another process runs a cloud in {self._path.parent}; end that one first.")
            time.sleep(POLL_SECONDS)

    def release(self) -> None:
        """Close this process's descriptor, if it is open."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _acquire(self) -> bool:
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
