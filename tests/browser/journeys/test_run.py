"""``make run``: what it starts, how it ends, and that killing it loses no data."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import NewContext
from tests.browser.serving import DEFAULTS, ROOT
from tests.browser.watch import Watch
from tests.support.devcloud import wait_until
from tests.support.processes import alive, all_below

START_SECONDS = 120.0


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextlib.contextmanager
def running(directory: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run it and wait until it prints its address."""
    log = directory / "run.log"
    wanted = {**DEFAULTS, "HOST": "127.0.0.1", "PORT": str(port), "VAR_DIR": str(directory), "OS_AUTH_URL": ""}
    with log.open("wb") as output:
        run = subprocess.Popen(
            [sys.executable, "manage.py", "run"],
            cwd=ROOT,
            env={**os.environ, **wanted},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until(lambda: _is_there(run, log), "Diskboard says where it is", START_SECONDS)
        yield run
    finally:
        run.terminate()
        run.wait()


def _is_there(run: subprocess.Popen[bytes], log: Path) -> bool:
    assert run.poll() is None, log.read_text()
    return "Diskboard is at http://127.0.0.1:" in log.read_text()


def sign_in(page: Page, port: int) -> None:
    page.goto(f"http://127.0.0.1:{port}/")
    steps.fill_in_sign_in(page, "demo", "demo")
    expect(steps.heading(page, "Disks")).to_be_visible()


@pytest.mark.full
def test_it_goes_on_after_a_hard_end(new_context: NewContext, tmp_path: Path, port: int, watch: Watch) -> None:
    # A cloud that has just started may take too long to answer.
    watch.expect(503)
    watch.expect_cuts()
    page = new_context().new_page()
    with running(tmp_path, port) as run:
        sign_in(page, port)
        dialog = steps.open_dialog(page, "scratch", "Create snapshot")
        steps.field(dialog, "Snapshot name").fill("before the crash")
        steps.press(dialog, "Create snapshot")
        steps.told(page, "before the crash")
        expect(steps.row(page, "scratch")).to_contain_text("1 snapshot, newest")
        begun = all_below(run.pid)
        assert len(begun) >= 4
        os.kill(run.pid, signal.SIGKILL)
        wait_until(lambda: not alive(begun), "nothing of it is left")
    with running(tmp_path, port) as run:
        # The user is still signed in: the session is in the database, and Keystone knows its token.
        page.reload()
        expect(steps.row(page, "scratch")).to_contain_text("1 snapshot, newest")
        steps.choose(page, "scratch", "Snapshot list")
        expect(steps.row(page, "before the crash")).to_be_visible()
        begun = all_below(run.pid)
        run.terminate()
        assert run.wait(30) == 128 + signal.SIGTERM
        assert not alive(begun)
