"""A small server that misbehaves, and a cloud behind it whose version is known already."""

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from dashboard.cloud.keystone import Cloud
from tests.support.canned import a_cloud
from tests.support.cloud_rows import an_id
from tests.support.devcloud import wait_until
from tests.support.fake_cloud import PROJECT
from volumes.cinder import disks

# The timeout for a server that answers: a slow machine answers in that time too.
PATIENCE_SECONDS = 10


class Misbehaving(ThreadingHTTPServer):
    """Answers by a script: each request takes the next line of it, and the last line is repeated.

    A line is the bytes of an answer, or seconds of silence, or the parts of an answer that is sent slowly. Then the
    connection is closed.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script: list[bytes | float | Iterator[bytes]] = [answer("{}")]
        self.heard: list[tuple[str, str, dict[str, str]]] = []
        self.connections = 0
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections += 1
        super().process_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay quiet: broken connections are the purpose of this server."""

    @property
    def methods(self) -> list[str]:
        return [method for method, _path, _headers in self.heard]

    def has_heard(self, *methods: str) -> bool:
        """Whether it got exactly these requests. A client that gives up soon may be faster than the server."""
        wait_until(lambda: len(self.heard) >= len(methods), f"it hears {methods}")
        return self.methods == list(methods)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Misbehaving

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.heard.append((self.command, self.path, dict(self.headers)))
        script = self.server.script
        line = script.pop(0) if len(script) > 1 else script[0]
        if isinstance(line, bytes):
            self.wfile.write(line)
            self.close_connection = b"Connection: close" in line or not line
        elif isinstance(line, Iterator):
            with contextlib.suppress(OSError):
                for part in line:
                    self.wfile.write(part)
            self.close_connection = True
        else:
            time.sleep(line)
            self.close_connection = True

    do_GET = do_POST = do_DELETE = _answer  # noqa: N815  # the standard library's names

    def log_message(self, *_args: object) -> None:
        """Stay quiet."""


def answer(text: str, status: str = "200 OK", *headers: str, length: int | None = None) -> bytes:
    body = text.encode()
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers]
    if not any(one.startswith("Content-Type") for one in headers):
        lines.append("Content-Type: application/json")
    return "\r\n".join([*lines, "", ""]).encode() + body


CUT = b""
CUT_SHORT = answer('{"volume": {"id"', "200 OK", "Connection: close", length=500)
A_DISK = answer(json.dumps({"volume": {"id": an_id(1), "name": "found"}}))


@pytest.fixture
def server(settings: Settings) -> Iterator[Misbehaving]:
    settings.CLOUD_READ_SECONDS = settings.CLOUD_CONNECT_SECONDS = PATIENCE_SECONDS
    with Misbehaving() as made:
        settings.OS_AUTH_URL = f"{made.url}/v3"
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture
def there(server: Misbehaving) -> Cloud:
    """A cloud whose version is known already, so that the next request is the one under test."""
    made = a_cloud(f"{server.url}/v3/{PROJECT}")
    versions = '{"versions": [{"id": "v3.0", "version": "3.71", "min_version": "3.0"}]}'
    server.script = [answer(versions), A_DISK]
    disks.find(made, an_id(1))
    server.heard.clear()
    return made
