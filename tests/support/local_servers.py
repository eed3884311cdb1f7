"""Servers that a test starts beside Diskboard: in a temporary directory, with few rights, and gone with the test."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

STOP_SECONDS = 10.0


def free_port() -> int:
    """Return a port of the loopback interface that nothing uses at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def ordinary_user() -> str | None:
    """Return the user for servers that refuse to run as root, or None if this process isn't root's."""
    if os.geteuid() != 0:
        return None
    known = {one.pw_name for one in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)


@contextmanager
def private_directory() -> Iterator[Path]:
    """Yield a directory for the ordinary user alone; unlike pytest's own, it isn't below one that only root enters."""
    directory = Path(tempfile.mkdtemp(prefix="diskboard-test-"))
    try:
        user = ordinary_user()
        if user:
            shutil.chown(directory, user)
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@dataclass
class LocalServer:
    """A server process that a test may stop, freeze and start again."""

    command: Sequence[str | Path]
    log: Path
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    environment: dict[str, str] | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start the process, in a group of its own."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*map(str, self.command)],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                user=self.user,
                env=self.environment,
                cwd=self.log.parent,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The main process."""
        assert self.process, "It wasn't started"
        return self.process.pid

    def check(self) -> None:
        """Fail with the log if the process has ended."""
        assert self.process, "It wasn't started"
        assert self.process.poll() is None, self.log.read_text()

    def stop(self) -> None:
        """End the process and what it has started."""
        if not self.process:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
