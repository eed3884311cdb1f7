"""The directory in which the workers of one web server keep their counts for /metrics, see dashboard/metrics.py."""

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

PREFIX = "metrics-"
# The web server holds a lock on this file of its directory as long as one of its processes runs.
IN_USE = "in-use"
# Held by a server that makes its directory, or removes those of others
TURN = "metrics.lock"


def make_directory(var: Path) -> Path:
    """Make a directory in `var` for this process and its children, and remove those whose processes were killed.

    Process IDs would not show which these are: containers that share `var` all have a process 1.

    Raises:
        OSError: this process can't write there.
    """
    with (var / TURN).open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        for other in var.glob(f"{PREFIX}*/"):
            if not _is_in_use(other):
                shutil.rmtree(other, ignore_errors=True)
        made = Path(tempfile.mkdtemp(prefix=PREFIX, dir=var))
        # It stays open until the last process ends that inherits it.
        held = os.open(made / IN_USE, os.O_WRONLY | os.O_CREAT, 0o600)
        fcntl.flock(held, fcntl.LOCK_EX)
    return made


def _is_in_use(directory: Path) -> bool:
    # Its server may remove it meanwhile.
    with suppress(FileNotFoundError), (directory / IN_USE).open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
