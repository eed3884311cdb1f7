"""Convert termination signals to SystemExit, so that ``finally`` blocks run."""

import signal
from types import FrameType
from typing import NoReturn

TERMINATION_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SIGNAL_EXIT_BASE = 128


def end_on_signals() -> None:
    """Make the first signal raise SystemExit; later ones are ignored, so they can't interrupt the clean-up."""
    for number in TERMINATION_SIGNALS:
        signal.signal(number, _end)


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    for other in TERMINATION_SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    raise SystemExit(SIGNAL_EXIT_BASE + number)
