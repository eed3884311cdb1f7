"""A backup that is made while Diskboard writes can be restored, with the key; `diskboard backup` overwrites nothing."""

import json
import sqlite3
import stat
import subprocess
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.html import Page
from tests.support.processes import python

KEY = "a key that is as long as a key has to be"
BEGINNING = """
import json, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "dashboard.settings"
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.test import Client
import requests_mock
from tests.support.canned import SENT
from tests.support.fake_cloud import FakeCloud
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
settings.STATIC_ROOT.mkdir(exist_ok=True)
settings.ALLOWED_HOSTS = ["testserver"]
call_command("migrate", verbosity=0)
client = Client(raise_request_exception=False)
"""
# Signs in, and makes copies while a thread writes sessions; prints the session's cookie and the number of rows written.
BACK_UP = f"""{BEGINNING}
import threading
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
ended, written = threading.Event(), []
def write():
    while not ended.is_set():
        store = SessionStore()
        store.create()
        written.append(store.session_key)
    connection.close()
with requests_mock.Mocker(case_sensitive=True) as http:
    FakeCloud(http)
    assert client.post("/sign-in/", SENT).status_code == 302
writing = threading.Thread(target=write)
writing.start()
try:
    for number in range(5):
        begun = len(written)
        while len(written) < begun + 20 and writing.is_alive():
            pass
        call_command("backup", f"{{sys.argv[1]}}{{number}}", stdout=sys.stderr)
finally:
    ended.set()
    writing.join()
print(json.dumps([client.cookies[settings.SESSION_COOKIE_NAME].value, len(written)]))
"""
# Asks for the list of disks with the cookie of a session; prints the status, the path and the page where it ends.
LOOK = f"""{BEGINNING}
client.cookies[settings.SESSION_COOKIE_NAME] = sys.argv[1]
with requests_mock.Mocker(case_sensitive=True) as http:
    FakeCloud(http)
    answer = client.get("/", follow=True)
print(json.dumps([answer.status_code, answer.request["PATH_INFO"], answer.content.decode()]))
"""
CLOUD = {"OS_AUTH_URL": "http://keystone.test/v3"}


def run(code: str, *arguments: str, **environment: str) -> Any:
    done = python(code, *arguments, **CLOUD, **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def read(page: str) -> Page:
    return Page(SimpleNamespace(content=page.encode()))


def backup(folder: Path, path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    code = "import sys; from dashboard.cli import main; sys.argv[1:1] = ['backup']; main()"
    return python(code, str(path), VAR_DIR=str(folder), **environment)


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The last of some copies that were made during writes, and the cookie of a session in it."""
    folder = tmp_path_factory.mktemp("copied")
    cookie, written = run(BACK_UP, str(folder / "copy"), VAR_DIR=str(folder / "var"), SECRET_KEY=KEY)
    assert written >= 100
    return folder / "copy4", cookie


def restored(copy: Path, folder: Path) -> Path:
    var = folder / "restored"
    var.mkdir()
    (var / "diskboard.sqlite3").write_bytes(copy.read_bytes())
    return var


def test_a_copy_is_whole_and_private(copied: tuple[Path, str]) -> None:
    last, _cookie = copied
    copies = sorted(last.parent.glob("copy*"))
    # No files of SQLite's beside them
    assert [one.name for one in copies] == [f"copy{number}" for number in range(5)]
    rows = []
    for one in copies:
        assert stat.S_IMODE(one.stat().st_mode) == 0o600
        with closing(sqlite3.connect(one)) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            rows.append(database.execute("SELECT count(*) FROM django_session").fetchone()[0])
    assert rows == sorted(set(rows))
    assert KEY.encode() not in last.read_bytes()


def test_with_the_key_the_session_goes_on(copied: tuple[Path, str], tmp_path: Path) -> None:
    copy, cookie = copied
    var = restored(copy, tmp_path)
    (var / "secret_key").write_text(KEY)
    status, path, page = run(LOOK, cookie, VAR_DIR=str(var))
    assert (status, path.split("/")[1]) == (200, "p")
    assert read(page).has("heading", "Disks")


def test_with_another_key_users_sign_in_again(copied: tuple[Path, str], tmp_path: Path) -> None:
    copy, cookie = copied
    status, path, page = run(LOOK, cookie, VAR_DIR=str(restored(copy, tmp_path)))
    assert (status, path) == (200, "/sign-in/")
    assert read(page).has("textbox", "Password")


def test_it_overwrites_nothing(copied: tuple[Path, str]) -> None:
    copy, _cookie = copied
    before = copy.read_bytes()
    said = backup(copy.parent / "var", copy)
    assert (said.returncode, said.stderr.count("\n")) == (1, 1)
    assert f"{copy}: expected a new file in a directory that exists (File exists)" in said.stderr
    assert copy.read_bytes() == before


def test_it_creates_no_database(tmp_path: Path) -> None:
    said = backup(tmp_path / "var", tmp_path / "copy")
    assert said.returncode == 1
    assert "There is no database" in said.stderr
    assert not (tmp_path / "copy").exists()
    assert not (tmp_path / "var" / "diskboard.sqlite3").exists()


def test_it_leaves_no_broken_copy(tmp_path: Path) -> None:
    (tmp_path / "diskboard.sqlite3").write_text("no database at all" * 100)
    said = backup(tmp_path, tmp_path / "copy")
    assert (said.returncode, said.stderr.count("\n")) == (1, 1)
    assert "can't be copied: file is not a database" in said.stderr
    assert not (tmp_path / "copy").exists()


def test_it_leaves_postgresql_to_its_own_tool(tmp_path: Path) -> None:
    said = backup(tmp_path, tmp_path / "copy", DATABASE_URL="postgresql://a:secret@127.0.0.1:9/d")
    assert (said.returncode, said.stderr.count("\n")) == (1, 1)
    assert "pg_dump" in said.stderr
    assert "secret" not in said.stderr
