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
