"""A child process on a leash: it never outlives us, and its last words can be read."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

STOP_SECONDS = 6
LOG_TAIL_LINES = 25


class ChildDied(Exception):
    """A process that has to run ended by itself; the message holds the end of its log."""


class Child:
    """One Python module as a process in a group of its own.

    Start it in a thread that lives as long as the child should: Linux counts the end of the starting
    thread as the death of the parent.
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
        """Start ``python -m`` with the arguments; output goes to the log, or to where ours goes."""
        self.name = name
        self.log = log
        output = log.open("ab") if log else None
        try:
            # Shell-free and with arguments of our own making only
            self.process = subprocess.Popen(
                [sys.executable, "-m", "dashboard.devcloud.leash", *arguments],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                env={**os.environ, **(environment or {})},
                cwd=Path(__file__).resolve().parents[2],
                pass_fds=descriptors,
                # A Ctrl-C in the terminal is for us; we end the children in order.
                process_group=0,
            )
        finally:
            if output:
                output.close()

    @property
    def pid(self) -> int:
        """The process's id, which is its group's too."""
        return self.process.pid

    def check(self) -> None:
        """Raise ChildDied if the process has ended."""
        code = self.process.poll()
        if code is not None:
            raise ChildDied(f"{self.name} ended with code {code}.{self._last_words()}")

    def ask_to_stop(self) -> None:
        """Ask for the end without waiting for it."""
        if self.process.poll() is None:
            self.process.terminate()

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """End the process and whatever it started, after so many seconds by force."""
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
            # Nothing is left of the group: what we want
            return

    def _last_words(self) -> str:
        if not self.log or not self.log.exists():
            return ""
        lines = self.log.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:]
        return "\n".join([f" The end of {self.log}:", *lines])
