"""Turns the signals that end a program into an orderly end."""

import signal
from types import FrameType
from typing import NoReturn

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SIGNALLED = 128


def end_on_signals() -> None:
    """From now on the first such signal raises SystemExit, and later ones don't disturb the clean-up."""
    for number in ENDING:
        signal.signal(number, _end)


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    for other in ENDING:
        signal.signal(other, signal.SIG_IGN)
    raise SystemExit(SIGNALLED + number)
