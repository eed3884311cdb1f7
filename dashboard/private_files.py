"""Keep Diskboard's files from the machine's other users."""

import os
from contextlib import suppress
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

# Only the owner may read and write what this process creates, SQLite's -wal and -shm files included.
PRIVATE_UMASK = 0o077
PRIVATE_DIRECTORY = 0o700
PRIVATE_FILE = 0o600


def keep_private(directory: Path) -> None:
    """Create `directory`, and give it and its files to their owner alone; from now on new files of this process too.

    What belongs to another user stays as it is: `is_private` shows the result.

    Raises:
        ImproperlyConfigured: the directory can't be created.
    """
    os.umask(PRIVATE_UMASK)
    try:
        directory.mkdir(mode=PRIVATE_DIRECTORY, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"VAR_DIR={directory}: expected a directory that Diskboard can create ({error.strerror})"
        ) from error
    with suppress(PermissionError):
        directory.chmod(PRIVATE_DIRECTORY)
    for path in directory.iterdir():
        if path.is_file() and not path.is_symlink():
            # SQLite deletes its -wal file when the last process ends.
            with suppress(PermissionError, FileNotFoundError):
                path.chmod(PRIVATE_FILE)


def is_private(directory: Path) -> bool:
    """Return whether only the owner may enter `directory`."""
    return not directory.stat().st_mode & PRIVATE_UMASK
