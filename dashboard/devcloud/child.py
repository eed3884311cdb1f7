"""Child processes that end with their parent, and whose log explains why they ended."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

STOP_SECONDS = 6
LOG_TAIL_LINES = 25


class ChildDied(Exception):
    """A required process ended by itself; the message contains the last lines of its log."""


class Child:
    """A Python module that runs as a process in its own process group.

    Create it in a thread that lives as long as the child should: Linux treats the end of the creating thread as the
    death of the parent.
    """

    def __init__(
        self,
        name: str,
        arguments: Sequence[str],
        *,
        log: Path | None = None,
        environment: Mapping[str, str] | None = None,
        descriptors: Sequence[int] = (),
    ) -> None:
        """Start ``python -m`` with the arguments. Output goes to `log`, else to this process's output."""
        self.name = name
        self.log = log
        output = log.open("ab") if log else None
        try:
            # No shell, and all arguments are generated here.
            self.process = subprocess.Popen(
                [sys.executable, "-m", "dashboard.devcloud.parent_watch", *arguments],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                env={**os.environ, **(environment or {})},
                cwd=Path(__file__).resolve().parents[2],
                pass_fds=descriptors,
                # Ctrl-C must reach this process only, which then stops its children in order.
                process_group=0,
            )
        finally:
            if output:
                output.close()

    @property
    def pid(self) -> int:
        """The ID of the process and of its process group."""
        return self.process.pid

    def check(self) -> None:
        """Raise ChildDied if the process has ended."""
        code = self.process.poll()
        if code is not None:
            raise ChildDied(f"{self.name} ended with code {code}.{self._log_tail()}")

    def ask_to_stop(self) -> None:
        """Send SIGTERM without waiting for the process to end."""
        if self.process.poll() is None:
            self.process.terminate()

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """End the process and all its descendants; kill them if they still run after `seconds`."""
        self.ask_to_stop()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._kill_group()
        self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()

    def _kill_group(self) -> None:
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            # The group has ended already.
            return

    def _log_tail(self) -> str:
        if not self.log or not self.log.exists():
            return ""
        lines = self.log.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:]
        return "\n".join([f" The end of {self.log}:", *lines])
