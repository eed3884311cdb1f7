"""After `manage.py migrate`, the data in the `var/` of an older version is still there."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
DATABASE = ROOT / "tests" / "support" / "diskboard-0.1.sql"
SECRET_KEY = "the key that 0.1 has made"
READ = """
import json
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
call_command("migrate", verbosity=0)
from dashboard.accounts import preferences
from dashboard.accounts.models import SignInAttempt
from dashboard.cloud.keystone import Login
from dashboard.cloud.projects import Project
from dashboard.web.models import Submission
from django.contrib.sessions.models import Session
ann = Login("a" * 32, "ann", "Default", "", (Project("1" * 32, "one"), Project("2" * 32, "two")), "")
print(json.dumps({
    "last project": preferences.last_project(ann),
    "attempts": list(SignInAttempt.objects.values_list("counted_under", flat=True)),
    "submissions": list(Submission.objects.values_list("key", "outcome")),
    "secret key": settings.SECRET_KEY,
    "sessions": Session.objects.count(),
}))
"""


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """The folder as version 0.1 leaves it."""
    with sqlite3.connect(tmp_path / "diskboard.sqlite3") as database:
        database.executescript(DATABASE.read_text())
    database.close()
    (tmp_path / "secret_key").write_text(SECRET_KEY)
    return tmp_path


def started(var: Path) -> dict[str, Any]:
    """The data that Diskboard finds in its folder after the migrations."""
    wanted = {
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "dashboard.settings",
        "OS_AUTH_URL": "http://keystone.test/v3",
        "SECRET_KEY": "",
        "VAR_DIR": str(var),
    }
    told = subprocess.run(
        [sys.executable, "-c", READ], check=True, capture_output=True, cwd=ROOT, env={**os.environ, **wanted}
    )
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def test_a_folder_of_0_1_keeps_what_it_holds(var: Path) -> None:
    found = started(var)
    assert found == {
        "last project": f"{'2' * 32}@RegionTwo",
        "attempts": ["0" * 64],
        "submissions": [["1" * 64, "Snapshot “x” is being created."]],
        "secret key": SECRET_KEY,
        # Their keys stand in the table as they are.
        "sessions": 0,
    }
    assert started(var) == found


def test_no_table_of_the_old_names_is_left(var: Path) -> None:
    started(var)
    with sqlite3.connect(var / "diskboard.sqlite3") as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    database.close()
    assert {"accounts_preference", "accounts_signinattempt", "web_submission"} <= tables
    assert not {name for name in tables if name.startswith("dashboard_")}


def test_the_tables_can_be_changed_back_for_0_1(var: Path) -> None:
    """As docs/upgrade-and-rollback.md says; then the way forward is open again."""
    found = started(var)
    command = [sys.executable, "manage.py", "migrate", "dashboard", "0003_cache_table"]
    environment = {**os.environ, "DATABASE_URL": "", "OS_AUTH_URL": "", "SECRET_KEY": "", "VAR_DIR": str(var)}
    assert "migrate dashboard 0003_cache_table" in (ROOT / "docs" / "upgrade-and-rollback.md").read_text()
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=environment)
    with sqlite3.connect(var / "diskboard.sqlite3") as database:
        assert database.execute("SELECT last_project FROM dashboard_preference").fetchall()
        assert database.execute('SELECT "of", at FROM dashboard_signinattempt').fetchall()
        assert database.execute("SELECT * FROM dashboard_submission").fetchall()
    database.close()
    assert started(var) == found
