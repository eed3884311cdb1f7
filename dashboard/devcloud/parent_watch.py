"""Runs a Python module that ends when its parent does: ``python -m dashboard.devcloud.leash MODULE ARGS``.

The parent keeps the writing end of our standard input open and never writes: end of file means that
the parent is gone, however it died. Linux tells us sooner, with a signal.
"""

import ctypes
import os
import runpy
import signal
import sys
import threading

PR_SET_PDEATHSIG = 1


def _ask_for_signal() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _watch_parent() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    """Run the module named on the command line as the main one, tied to the parent's life."""
    _ask_for_signal()
    threading.Thread(target=_watch_parent, daemon=True, name="leash").start()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
