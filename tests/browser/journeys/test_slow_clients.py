"""Clients that send the head of a request slowly, or never complete it, don't stop Diskboard."""

import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
import requests

from dashboard.gunicorn_worker import HEAD_SECONDS
from dashboard.places import CONFIGURATION
from tests.browser.serving import DEFAULTS, ROOT
from tests.support.devcloud import wait_until

THREADS = 2
HALF = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "


@pytest.mark.full
def test_slow_heads_are_cut(tmp_path: Path) -> None:
    with ExitStack() as stack:
        held = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        address = held.getsockname()[:2]
        options = [f"--config={CONFIGURATION}", f"--bind=fd://{held.fileno()}", "--workers=1", f"--threads={THREADS}"]
        server = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "gunicorn", "dashboard.wsgi", *options],
            cwd=ROOT,
            env={**DEFAULTS, "VAR_DIR": str(tmp_path), "OS_AUTH_URL": "http://127.0.0.1:9/v3"},
            pass_fds=[held.fileno()],
        )
        stack.callback(server.wait)
        stack.callback(server.terminate)
        wait_until(lambda: answers(address), "it answers", 60)
        slow = [stack.enter_context(socket.create_connection(address)) for _ in range(THREADS + 1)]
        for one in slow:
            one.sendall(HALF)
        begun = time.monotonic()

        def answers_again() -> bool:
            # A socket's own time-out would begin again with each byte.
            for one in slow:
                with suppress(OSError):
                    one.sendall(b"x")
            return answers(address)

        wait_until(answers_again, "it answers again", 2 * HEAD_SECONDS + 5)
        assert time.monotonic() - begun > HEAD_SECONDS / 2, "The slow clients occupied every thread"


def answers(address: tuple[str, int]) -> bool:
    with requests.Session() as session:
        session.trust_env = False
        try:
            return session.get(f"http://{address[0]}:{address[1]}/healthz", timeout=0.5).ok
        except requests.RequestException:
            return False
