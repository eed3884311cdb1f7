"""The metrics are on an address of their own, and add up over all workers, also after a reload."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from django.conf import settings

from dashboard import __version__
from tests.support.devcloud import wait_until

START_SECONDS = 60.0
SIGN_IN_PAGES = re.compile(r'^diskboard_requests_total{method="GET",route="sign-in",status="200"} (\S+)$', re.MULTILINE)


class Running:
    """A Diskboard with two workers, in front of a cloud that is down."""

    def __init__(self, directory: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
            self.port, self.metrics_port = one.getsockname()[1], other.getsockname()[1]
        self.temporary = directory / "tmp"
        self.temporary.mkdir()
        environment = {
            "PATH": os.environ["PATH"],
            "VAR_DIR": str(directory / "var"),
            "TMPDIR": str(self.temporary),
            "PORT": str(self.port),
            "METRICS_ADDRESS": f"127.0.0.1:{self.metrics_port}",
            "OS_AUTH_URL": "http://127.0.0.1:9/v3",
        }
        command = [sys.executable, "manage.py", "serve"]
        self.process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment)

    def get(self, port: int, path: str, **headers: str) -> requests.Response:
        with requests.Session() as session:
            session.trust_env = False
            return session.get(f"http://127.0.0.1:{port}{path}", headers=headers, timeout=10)

    def metrics(self) -> str:
        return self.get(self.metrics_port, "/metrics").text

    def is_up(self) -> bool:
        assert self.process.poll() is None, "it has ended"
        try:
            return self.get(self.port, "/healthz").ok
        except requests.RequestException:
            return False

    def workers(self) -> set[str]:
        return set(Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split())


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    made = Running(tmp_path_factory.mktemp("metrics"))
    try:
        wait_until(made.is_up, "it answers", START_SECONDS)
        yield made
    finally:
        made.process.terminate()
        assert made.process.wait(60) == 0
    # The directory of the counts is gone.
    assert list(made.temporary.iterdir()) == []


def counted(running: Running) -> float:
    """The sign-in pages that were counted."""
    found = SIGN_IN_PAGES.search(running.metrics())
    return float(found[1]) if found else 0.0


def test_the_counts_of_all_workers_add_up_also_after_a_reload(running: Running) -> None:
    before = counted(running)
    for _time in range(12):
        assert running.get(running.port, "/sign-in/").ok
    assert counted(running) == before + 12
    earlier = running.workers()
    running.process.send_signal(signal.SIGHUP)
    wait_until(lambda: len(running.workers()) == 2 and not running.workers() & earlier, "both workers are new")
    assert running.get(running.port, "/sign-in/").ok
    assert counted(running) == before + 13


def test_they_tell_the_version_the_sessions_and_the_calls(running: Running) -> None:
    told = running.metrics()
    assert f'diskboard_info{{version="{__version__}"}} 1.0' in told
    assert "diskboard_sessions 0.0" in told
    # Alerts on an increase need the zero before it.
    assert 'diskboard_cloud_calls_total{outcome="unanswered",service="cinder"} 0.0' in told
    running.get(running.port, "/readyz")
    assert 'diskboard_cloud_calls_total{outcome="unanswered",service="keystone"} 1.0' in running.metrics()


def test_the_metrics_are_not_among_the_pages(running: Running) -> None:
    """Clients choose the Host header, so it must not lead to the metrics."""
    for host in ("127.0.0.1", f"127.0.0.1:{running.metrics_port}"):
        answer = running.get(running.port, "/metrics", Host=host)
        assert answer.status_code == 404
        assert "diskboard_requests" not in answer.text


def test_the_pages_are_not_beside_the_metrics(running: Running) -> None:
    for path in ("/", "/sign-in/", "/healthz", "/static/icon.svg"):
        answer = running.get(running.metrics_port, path, Host=f"127.0.0.1:{running.port}")
        assert (answer.status_code, answer.text) == (404, "The metrics are at /metrics.\n"), path
