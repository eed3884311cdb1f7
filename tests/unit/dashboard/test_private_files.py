"""The files in VAR_DIR belong to their owner alone."""

import stat
from pathlib import Path

from tests.support.processes import python

START = """
import os, django
os.umask(0o022)
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from dashboard.cloud import audit
audit.record("sign-in")
from django.db import connection
connection.cursor()
from django.conf import settings
print(*sorted(f"{path.name} {path.stat().st_mode & 0o777:o}" for path in settings.VAR_DIR.iterdir()), sep=chr(10))
"""
PRIVATE = 0o700
OF_THE_DATABASE = {"diskboard.sqlite3", "diskboard.sqlite3-wal", "diskboard.sqlite3-shm"}


def started(var: Path) -> dict[str, str]:
    """The modes of the files while Diskboard runs."""
    told = python(
        START,
        VAR_DIR=str(var),
        AUDIT_LOG=str(var / "audit.log"),
        DJANGO_SETTINGS_MODULE="dashboard.settings",
        OS_AUTH_URL="http://keystone.test/v3",
    )
    assert told.returncode == 0, told.stderr
    return dict(line.split(" ") for line in told.stdout.splitlines())


def test_new_files_are_private(tmp_path: Path) -> None:
    var = tmp_path / "var"
    modes = started(var)
    assert {"diskboard.sqlite3", "diskboard.sqlite3-wal", "diskboard.sqlite3-shm", "secret_key", "audit.log"} <= set(
        modes
    )
    assert set(modes.values()) == {"600"}
    assert stat.S_IMODE(var.stat().st_mode) == PRIVATE


def test_files_that_were_open_to_everyone_are_closed(tmp_path: Path) -> None:
    """0.1 left them so."""
    started(tmp_path)
    tmp_path.chmod(0o755)
    for path in tmp_path.iterdir():
        path.chmod(0o644)
    (tmp_path / "diskboard.sqlite3-wal").touch(mode=0o644)
    assert set(started(tmp_path).values()) == {"600"}
    assert stat.S_IMODE(tmp_path.stat().st_mode) == PRIVATE


def test_a_link_leads_to_nothing_that_is_changed(tmp_path: Path) -> None:
    elsewhere, var = tmp_path / "elsewhere", tmp_path / "var"
    elsewhere.touch(mode=0o644)
    elsewhere.chmod(0o644)
    var.mkdir()
    (var / "link").symlink_to(elsewhere)
    started(var)
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o644
