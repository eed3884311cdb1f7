"""What the commands that start a web server say before it."""

import socket
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from dashboard.starting import check_unix_socket, open_socket
from tests.support.processes import python

# Runs a command with one more system check, which finds this
FINDING = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "dashboard.settings"
from django.core import checks
checks.register(lambda **_: [checks.{level}("Half a moon.", hint="Wait\\nfor it.", id="test.X001")])
from dashboard import cli
sys.argv = ["diskboard", "{command}"]
cli.main()
"""


@pytest.mark.parametrize("command", ["run", "serve", "migrate"])
def test_an_error_stops_the_start_with_a_line(tmp_path: Path, command: str) -> None:
    given = {"VAR_DIR": str(tmp_path), "OS_AUTH_URL": "http://127.0.0.1:9/v3"}
    started = python(FINDING.format(level="Error", command=command), **given)
    assert (started.returncode, started.stderr) == (1, "CommandError: Half a moon. Wait for it. (test.X001)\n")


def test_a_warning_is_a_line_and_stops_nothing(tmp_path: Path) -> None:
    started = python(FINDING.format(level="Warning", command="migrate"), VAR_DIR=str(tmp_path))
    assert (started.returncode, started.stderr) == (0, "Half a moon. Wait for it. (test.X001)\n")
    assert started.stdout == "The database is up to date.\n"


def test_it_names_the_setting_of_an_address_that_it_cannot_use() -> None:
    with open_socket("127.0.0.1", 0, "PORT") as used:
        port = used.getsockname()[1]
        with pytest.raises(CommandError, match=f"Can't listen on 127.0.0.1 port {port}: .*with PORT=…"):
            open_socket("127.0.0.1", port, "PORT")
    for host in ("nowhere.invalid", "192.0.2.1"):
        with pytest.raises(CommandError, match=f"Can't listen on {host}"):
            open_socket(host, port, "HOST")
    with pytest.raises(CommandError, match="0-65535"):
        open_socket("127.0.0.1", 70000, "PORT")


def test_it_looks_where_a_unix_socket_would_be(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    check_unix_socket(str(path))
    assert not path.exists()
    (tmp_path / "file").touch()
    for wrong in (tmp_path / "file", tmp_path / "nowhere" / "socket", tmp_path):
        with pytest.raises(CommandError, match=f"UNIX_SOCKET={wrong}: expected a path for a socket"):
            check_unix_socket(str(wrong))
    assert (tmp_path / "file").exists()


def test_it_takes_over_a_unix_socket_that_nobody_listens_on(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as old:
        old.bind(str(path))
        old.listen()
    check_unix_socket(str(path))
    assert not path.exists()


@pytest.mark.parametrize("busy", [False, True])
def test_it_leaves_a_unix_socket_to_the_program_that_listens_there(tmp_path: Path, busy: bool) -> None:
    path = tmp_path / "socket"
    with ExitStack() as stack:
        listening = stack.enter_context(socket.socket(socket.AF_UNIX))
        listening.bind(str(path))
        listening.listen(0)
        if busy:
            waiting = stack.enter_context(socket.socket(socket.AF_UNIX))
            waiting.connect(str(path))
        with pytest.raises(CommandError, match=f"^UNIX_SOCKET={path} is already in use"):
            check_unix_socket(str(path))
        assert path.is_socket()


def test_the_path_of_a_unix_socket_fits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    # A letter of two bytes, so that characters and bytes differ
    check_unix_socket("я" * 53 + "s")
    with pytest.raises(CommandError, match=r"expected a path of at most 107 bytes, Linux's limit; it has 108$"):
        check_unix_socket("я" * 54)


def test_a_directory_that_the_system_protects_is_one_line() -> None:
    with pytest.raises(CommandError, match=r"^Can't listen on UNIX_SOCKET=/proc/socket: [^\n]+\.$"):
        check_unix_socket("/proc/socket")
