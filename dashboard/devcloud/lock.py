"""Keeps two clouds from sharing a directory."""

import fcntl
import os
import time
from pathlib import Path

# Servers whose parent was killed end within moments.
WAIT_SECONDS = 5
POLL_SECONDS = 0.1


class DirectoryInUse(Exception):
    """Another process runs a cloud in this directory."""


class DirectoryLock:
    """A lock that ends with the last process that holds its descriptor, however that process ends."""

    def __init__(self, directory: Path) -> None:
        """Only remember the place."""
        self._path = directory / "lock"
        self._descriptor: int | None = None

    @property
    def descriptor(self) -> int:
        """What a child inherits to hold the lock too; only while it is taken."""
        if self._descriptor is None:
            raise ValueError("The lock is not taken")
        return self._descriptor

    def take(self) -> None:
        """Take the lock; raises DirectoryInUse when somebody else keeps it."""
        self.release()
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + WAIT_SECONDS
        while not self._is_ours():
            if time.monotonic() > deadline:
                self.release()
                raise DirectoryInUse(f"Another process runs a cloud in {self._path.parent}; end that one first.")
            time.sleep(POLL_SECONDS)

    def release(self) -> None:
        """Give up our share of the lock, if any."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _is_ours(self) -> bool:
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
