"""The command ``diskboard``: its commands, their help, and its messages for people who start it wrongly."""

import fcntl
import os
import socket
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from dashboard import __version__
from tests.support.devcloud import wait_until

START = "from dashboard.cli import main; main()"


def diskboard(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", START, *arguments],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(settings.BASE_DIR),
            "VAR_DIR": str(folder / "var"),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_lists_its_commands(tmp_path: Path) -> None:
    said = diskboard(tmp_path)
    assert said.returncode == 0
    commands = [line.split()[0] for line in said.stdout.splitlines() if line.startswith("  ")]
    assert commands == ["serve", "check", "migrate", "backup", "demo"]
    assert diskboard(tmp_path, "--help").stdout == said.stdout
    assert not (tmp_path / "var").exists()


def test_it_prints_its_version_with_wrong_settings_too(tmp_path: Path) -> None:
    assert diskboard(tmp_path, "--version", PORT="x").stdout == f"{__version__}\n"


def test_it_serves_no_unknown_cloud(tmp_path: Path) -> None:
    said = diskboard(tmp_path, "serve")
    assert said.returncode == os.EX_CONFIG
    assert "OS_AUTH_URL" in said.stderr
    assert "OS_CLOUD" in said.stderr
    assert "diskboard demo" in said.stderr


def test_it_names_the_packages_of_the_demo_if_they_are_missing(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(settings.BASE_DIR), "VAR_DIR": str(tmp_path)}
    without = f"import sys; sys.modules['cinder'] = None; sys.argv = ['diskboard', 'demo']; {START}"
    said = subprocess.run(
        [sys.executable, "-c", without], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert said.returncode == 1
    [line] = said.stderr.splitlines()
    assert 'pip install ".[demo]"' in line


def test_its_commands_have_help(tmp_path: Path) -> None:
    said = diskboard(tmp_path, "serve", "--help")
    assert said.stdout.startswith("usage: ")
    for option in ("--host", "--port", "--unix-socket", "--workers", "--threads", "--no-migrate"):
        assert option in said.stdout


def test_it_updates_the_database_and_checks_it(tmp_path: Path) -> None:
    cloud = {"OS_AUTH_URL": "http://127.0.0.1:9/v3"}
    before = diskboard(tmp_path, "check", "--database-only", **cloud)
    assert (before.returncode, before.stdout) == (1, "settings: ok\ndatabase: not migrated\n")
    assert "Not in order: database" in before.stderr
    assert diskboard(tmp_path, "migrate").stdout == "The database is up to date.\n"
    after = diskboard(tmp_path, "check", "--database-only", **cloud)
    assert (after.returncode, after.stdout) == (0, "settings: ok\ndatabase: ok\n")
    whole = diskboard(tmp_path, "check", **cloud)
    assert whole.returncode == 1
    assert "keystone: http://127.0.0.1:9/v3: Its address doesn't accept connections." in whole.stdout
    assert "keystone: no cloud is set" in diskboard(tmp_path, "check").stdout


def test_a_wrong_setting_is_one_line(tmp_path: Path) -> None:
    said = diskboard(tmp_path, "serve", OS_AUTH_URL="keystone.example.org")
    assert said.returncode == os.EX_CONFIG
    [line] = said.stderr.splitlines()
    assert line.startswith("Diskboard can't start: OS_AUTH_URL=keystone.example.org: expected")


def test_a_database_that_cannot_be_reached_is_one_line_without_its_password(tmp_path: Path) -> None:
    said = diskboard(tmp_path, "migrate", DATABASE_URL="postgresql://ann:hidden@127.0.0.1:9/d")
    assert said.returncode == 1
    [line] = said.stderr.splitlines()
    assert line.startswith("Diskboard can't use its database: connection failed")
    assert "hidden" not in line


def test_a_wrong_option_is_refused_before_anything_starts(tmp_path: Path) -> None:
    cloud = {"OS_AUTH_URL": "http://127.0.0.1:9/v3"}
    said = diskboard(tmp_path, "serve", "--workers", "0", **cloud)
    assert said.returncode == 2
    assert said.stderr.endswith("argument --workers: 0: expected a whole number from 1 on\n")
    with socket.create_server(("127.0.0.1", 0)) as used:
        said = diskboard(tmp_path, "serve", "--port", str(used.getsockname()[1]), **cloud)
    assert (said.returncode, said.stderr.count("\n")) == (1, 1)
    assert "Address already in use" in said.stderr
    path = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as used:
        used.bind(str(path))
        used.listen()
        said = diskboard(tmp_path, "serve", "--unix-socket", str(path), **cloud)
        assert path.is_socket()
    assert (said.returncode, said.stderr.count("\n")) == (1, 1)
    assert f"UNIX_SOCKET={path} is already in use" in said.stderr
    assert not (tmp_path / "var" / "diskboard.sqlite3").exists()


def test_it_ends_in_order_while_it_waits_for_another_node(tmp_path: Path) -> None:
    """The first process of a container ignores signals that it doesn't handle."""
    (tmp_path / "var").mkdir()
    environment = {"PYTHONPATH": str(settings.BASE_DIR), "VAR_DIR": "var", "OS_AUTH_URL": "http://127.0.0.1:9/v3"}
    with (tmp_path / "var" / "migrate.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        waiting = subprocess.Popen([sys.executable, "-c", START, "serve"], cwd=tmp_path, env=environment)
        try:
            opened = Path(f"/proc/{waiting.pid}/fd")
            wait_until(lambda: any(one.resolve().name == "migrate.lock" for one in opened.iterdir()), "it waits")
            waiting.terminate()
            assert waiting.wait(30) == 0
        finally:
            waiting.kill()


def test_asking_for_help_makes_no_files(tmp_path: Path) -> None:
    for command in ("serve", "check", "migrate", "backup"):
        said = diskboard(tmp_path, command, "--help")
        assert said.returncode == 0
        assert said.stdout.startswith("usage:")
    assert not (tmp_path / "var").exists()


def test_the_version_of_a_command_is_that_of_diskboard(tmp_path: Path) -> None:
    assert diskboard(tmp_path, "serve", "--version").stdout == f"{__version__}\n"


def test_check_says_why_database_and_redis_cannot_be_used(tmp_path: Path) -> None:
    wanted = {"DATABASE_URL": "postgresql://ann:hidden@127.0.0.1:9/d", "REDIS_URL": "redis://:hidden@127.0.0.1:9/0"}
    said = diskboard(tmp_path, "check", "--database-only", SECRET_KEY="k" * 50, **wanted)
    assert said.returncode == 1
    lines = said.stdout.splitlines()
    assert lines[1].startswith("database: unavailable: connection failed")
    assert lines[2].startswith("redis: ")
    assert "refused" in lines[2]
    assert "hidden" not in said.stdout + said.stderr
