"""Nodes that start at once update the database one after the other."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings

CODE = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "dashboard.settings"
import django
django.setup()
from dashboard.migration import migrate
migrate()
"""


def test_starting_at_once_is_safe(tmp_path: Path) -> None:
    environment = {"VAR_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"}
    nodes = [
        subprocess.Popen([sys.executable, "-c", CODE], cwd=settings.BASE_DIR, env=environment, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    assert [(node.communicate()[1], node.returncode) for node in nodes] == [(b"", 0)] * 3
    assert (tmp_path / "diskboard.sqlite3").stat().st_size > 0


def test_without_a_database_the_start_says_so_on_one_line(tmp_path: Path) -> None:
    wanted = {"DATABASE_URL": "postgresql://a:secret@127.0.0.1:1/b", "SECRET_KEY": "k" * 50}
    command = [sys.executable, "manage.py", "migrate_safely"]
    environment = {"VAR_DIR": str(tmp_path), "PATH": "/usr/bin:/bin", **wanted}
    ended = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, check=False, text=True)
    assert ended.returncode == 1
    [line] = ended.stderr.splitlines()
    assert line.startswith("Diskboard can't use its database: connection failed")
    assert "secret" not in line
