"""The image's health check asks Diskboard where it listens."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.conf import settings

SCRIPT = settings.BASE_DIR / "scripts" / "healthcheck.py"


class Healthy(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Stay quiet."""


class AtSocket(HTTPServer):
    address_family = socket.AF_UNIX

    def server_bind(self) -> None:
        self.socket.bind(self.server_address)

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        return self.socket.accept()[0], ("", 0)


@contextmanager
def serving(server: HTTPServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    with server:
        yield
        server.shutdown()
        thread.join()


def check(**environment: str) -> subprocess.CompletedProcess[str]:
    kept = {"PATH": os.environ["PATH"], "http_proxy": "http://127.0.0.1:9", **environment}
    return subprocess.run([sys.executable, SCRIPT], env=kept, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("host", ["", "0.0.0.0", "127.0.0.1"])
def test_it_asks_at_the_port(host: str) -> None:
    server = HTTPServer(("127.0.0.1", 0), Healthy)
    given = {"PORT": str(server.server_port), **({"HOST": host} if host else {})}
    with serving(server):
        assert check(**given).returncode == 0
    gone = check(**given)
    assert gone.returncode == 1
    [_line] = gone.stderr.splitlines()


def test_it_asks_at_the_unix_socket(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    with serving(AtSocket(str(path), Healthy)):  # type: ignore[arg-type]  # the address of another family
        assert check(UNIX_SOCKET=str(path), PORT="9").returncode == 0
    assert check(UNIX_SOCKET=str(path), PORT="9").returncode == 1


def test_another_answer_is_not_healthy() -> None:
    class Broken(Healthy):
        def do_GET(self) -> None:
            self.send_error(500)

    server = HTTPServer(("127.0.0.1", 0), Broken)
    with serving(server):
        assert check(PORT=str(server.server_port)).returncode == 1
