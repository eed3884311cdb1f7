"""Run a Python module that ends with its parent: ``python -m dashboard.devcloud.parent_watch MODULE ARGS``.

The parent keeps the write end of this process's standard input open and never writes. End of file means that the
parent has died, in whatever way. On Linux a signal arrives even sooner.
"""

import ctypes
import os
import runpy
import signal
import sys
import threading

PR_SET_PDEATHSIG = 1


def _request_death_signal() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _watch_parent() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    """Run the module named on the command line as ``__main__``; SIGTERM follows when the parent dies."""
    _request_death_signal()
    threading.Thread(target=_watch_parent, daemon=True, name="parent-watch").start()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
