"""Each web server has a directory of its own for its metrics; those of killed ones go."""

import stat
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from dashboard.metrics_directory import make_directory

# Makes a directory, and has a child that inherits it
START = """
import os, sys, time
from pathlib import Path
from dashboard.metrics_directory import make_directory
print(make_directory(Path(sys.argv[1])), flush=True)
if os.fork() == 0:
    print(os.getpid(), flush=True)
time.sleep(60)
"""


def server(var: Path) -> tuple[subprocess.Popen[str], Path, int]:
    """A process with a directory, and its child."""
    command = [sys.executable, "-c", START, str(var)]
    started = subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True)
    assert started.stdout
    return started, Path(started.stdout.readline().strip()), int(started.stdout.readline())


def directories(var: Path) -> set[Path]:
    return set(var.glob("metrics-*"))


def test_only_the_directories_of_killed_servers_go(tmp_path: Path) -> None:
    one, first, child = server(tmp_path)
    other, second, other_child = server(tmp_path)
    with one, other:
        try:
            assert directories(tmp_path) == {first, second}
            assert stat.S_IMODE(first.stat().st_mode) == 0o700
            one.kill()
            one.wait()
            # Its worker may still write there.
            mine = make_directory(tmp_path)
            assert directories(tmp_path) == {first, second, mine}
            subprocess.run(["kill", "-9", str(child)], check=True)
            one.communicate()
            again = make_directory(tmp_path)
            assert directories(tmp_path) == {second, mine, again}
        finally:
            one.kill()
            other.kill()
            subprocess.run(["kill", "-9", str(child), str(other_child)], check=False, stderr=subprocess.DEVNULL)


def test_a_directory_without_its_mark_goes(tmp_path: Path) -> None:
    """A server may be killed before it makes the mark."""
    (tmp_path / "metrics-1").mkdir()
    (tmp_path / "metrics-1" / "counter_1.db").touch()
    made = make_directory(tmp_path)
    assert directories(tmp_path) == {made}
