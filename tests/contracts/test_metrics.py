"""The metrics are on an address of their own, and add up over all workers, also after a reload."""

import re
import signal
from collections.abc import Iterator

import pytest

from dashboard import __version__
from tests.support.devcloud import wait_until
from tests.support.served import START_SECONDS, Served

SIGN_IN_PAGES = re.compile(r'^diskboard_requests_total{method="GET",route="sign-in",status="200"} (\S+)$', re.MULTILINE)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    directory = tmp_path_factory.mktemp("metrics")
    temporary = directory / "temporary"
    temporary.mkdir()
    made = Served(directory, TMPDIR=str(temporary))
    try:
        wait_until(made.is_up, "it answers", START_SECONDS)
        # The file system of a container may be read-only but for VAR_DIR.
        assert list(temporary.iterdir()) == []
        yield made
    finally:
        made.stop()
    # The directory of the counts is gone.
    assert list(made.var.glob("metrics-*")) == []


def counted(running: Served) -> float:
    """The sign-in pages that were counted."""
    found = SIGN_IN_PAGES.search(running.metrics())
    return float(found[1]) if found else 0.0


def test_the_counts_of_all_workers_add_up_also_after_a_reload(running: Served) -> None:
    before = counted(running)
    for _time in range(12):
        assert running.get(running.port, "/sign-in/").ok
    assert counted(running) == before + 12
    earlier = running.workers()
    running.process.send_signal(signal.SIGHUP)
    wait_until(lambda: running.has_new_workers(earlier), "both workers are new")
    assert running.get(running.port, "/sign-in/").ok
    assert counted(running) == before + 13


def test_they_tell_the_version_the_sessions_and_the_calls(running: Served) -> None:
    told = running.metrics()
    assert f'diskboard_info{{version="{__version__}"}} 1.0' in told
    assert "diskboard_sessions 0.0" in told
    # Alerts on an increase need the zero before it.
    assert 'diskboard_cloud_calls_total{outcome="unanswered",service="cinder"} 0.0' in told
    running.get(running.port, "/readyz")
    assert 'diskboard_cloud_calls_total{outcome="unanswered",service="keystone"} 1.0' in running.metrics()


def test_the_metrics_are_not_among_the_pages(running: Served) -> None:
    """Clients choose the Host header, so it must not lead to the metrics."""
    for host in ("127.0.0.1", f"127.0.0.1:{running.metrics_port}"):
        answer = running.get(running.port, "/metrics", Host=host)
        assert answer.status_code == 404
        assert "diskboard_requests" not in answer.text


def test_the_pages_are_not_beside_the_metrics(running: Served) -> None:
    for path in ("/", "/sign-in/", "/healthz", "/static/icon.svg"):
        answer = running.get(running.metrics_port, path, Host=f"127.0.0.1:{running.port}")
        assert (answer.status_code, answer.text) == (404, "The metrics are at /metrics.\n"), path
