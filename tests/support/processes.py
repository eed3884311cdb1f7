"""Run Django in a separate process: it reads its settings once, so the tests' own process can't change them."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings


def python(code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script in the project's folder, with only this environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=settings.BASE_DIR,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def all_below(pid: int) -> set[int]:
    """All descendants of a process."""
    children = {int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}
    return children | {further for child in children for further in all_below(child)}


def alive(pids: set[int]) -> set[int]:
    return {pid for pid in pids if Path(f"/proc/{pid}").exists() and "Z" not in _state(pid)}


def _state(pid: int) -> str:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    return "Z"
