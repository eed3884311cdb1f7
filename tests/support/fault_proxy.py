"""A proxy between Diskboard and the embedded cloud, which misbehaves when a test asks for it.

`FaultProxy` listens on a port for Keystone, on one for Cinder, and on one of a host that must never get a request. It
forwards requests, and rewrites Keystone's catalog so that Cinder's address is the proxy's. A test defines what goes
wrong, for which requests and how often::

    proxy.cinder.fail(Fault.STALL, method="POST", path=r"/snapshots$", times=1)
    proxy.cinder.fail(refusal(409, "It is busy."), path=r"/volumes/detail$")
    proxy.cinder.fail(lambda body: {**body, "volumes": None}, path=r"/volumes/detail$")

and checks afterwards what was `seen`. Leaving its context releases stalled connections and ends all of its threads.
"""

from __future__ import annotations

import contextlib
import enum
import http.client
import json
import re
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import ThreadingMixIn
from typing import Any, Self
from urllib.parse import urlsplit

LOOPBACK = "127.0.0.1"
UPSTREAM_SECONDS = 60
TRICKLE_SECONDS = 0.1
REQUEST_ID = "req-f0f0f0f0-1111-4222-8333-444444444444"
# Headers that apply only to one connection, and those that the proxy sets itself
HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"})
NO_BODY = frozenset({204, 304})


class Fault(enum.Enum):
    """How a connection fails. The faults named AFTER, and CUT, let the cloud carry out the request."""

    REFUSE = "nobody listens at the port, and what was connected is cut"
    STALL = "not a byte comes back, and the cloud never hears of it"
    STALL_AFTER = "the cloud has done it, and not a byte comes back"
    RESET = "the connection is reset, and the cloud never hears of it"
    RESET_AFTER = "the cloud has done it, and the connection is reset"
    CUT = "the answer ends in the middle"
    TRICKLE = "an answer comes byte by byte and never ends, and the cloud never hears of it"
    TRICKLE_HEAD = "as TRICKLE, but already before the body"
    TRICKLE_AFTER = "the cloud has done it, and the answer comes byte by byte and never ends"


FORWARDED = frozenset({Fault.STALL_AFTER, Fault.RESET_AFTER, Fault.CUT, Fault.TRICKLE_AFTER})


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


# A test's change to the JSON of an answer
Rewrite = Callable[[Any], Any]


def refusal(status: int, words: str = "The hamster is tired.", **headers: str) -> Answer:
    """A refusal in Cinder's format; `headers` are named as in Python: ``Retry_After="7"``."""
    body = json.dumps({"fault": {"code": status, "message": words}}).encode()
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, body, {"Content-Type": "application/json", "x-openstack-request-id": REQUEST_ID, **given})


def html(status: int = 200) -> Answer:
    """The page of another proxy that intercepts requests."""
    return Answer(status, b"<html><h1>Please log in to the network</h1></html>", {"Content-Type": "text/html"})


def cut_json(status: int = 200) -> Answer:
    """An answer with a complete body by its length, but with incomplete JSON."""
    return Answer(status, b'{"volumes": [{"id": "0', {"Content-Type": "application/json"})


def redirect(url: str, status: int = 302) -> Answer:
    """A redirect to another address."""
    return Answer(status, b"", {"Location": url})


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that came in. `path` includes its query; `forwarded` is whether it reached the cloud."""

    method: str
    path: str
    headers: dict[str, str]
    forwarded: bool


@dataclass(slots=True)
class _Rule:
    what: Fault | Answer | Rewrite
    method: str
    path: re.Pattern[str]
    times: int | None

    def takes(self, method: str, path: str) -> bool:
        fits = self.method in ("", method) and self.path.search(urlsplit(path).path) is not None
        return fits and self.times != 0


class Side:
    """One of the proxy's ports. `upstream` is the host and port behind it; without it, the side answers 200 itself."""

    def __init__(self, upstream: str = "", rewrite: Callable[[bytes], bytes] = bytes) -> None:
        self.upstream = upstream
        self.rewrite = rewrite
        self.seen: list[Seen] = []
        self.released = threading.Event()
        self._rules: list[_Rule] = []
        self._lock = threading.Lock()
        # Bound as long as the proxy exists, so that no other process gets the port while the proxy refuses connections.
        self._holder = socket.socket()
        self._holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._holder.bind((LOOPBACK, 0))
        self.port = int(self._holder.getsockname()[1])
        self.url = f"http://{LOOPBACK}:{self.port}"
        self._listen()

    def fail(
        self, what: Fault | Answer | Rewrite, *, method: str = "", path: str = "", times: int | None = None
    ) -> None:
        """Make requests with this `method` and `path` fail, this number of times or always; REFUSE affects all."""
        if what is Fault.REFUSE:
            self._server.stop()
        else:
            with self._lock:
                self._rules.append(_Rule(what, method, re.compile(path), times))

    def mend(self) -> None:
        """Stop all failures; stalled connections are cut."""
        with self._lock:
            self._rules.clear()
        released, self.released = self.released, threading.Event()
        released.set()
        if self._server.stopped:
            self._listen()

    def forget(self) -> None:
        """Count requests from now on."""
        self.seen = []

    def asked(self, method: str = "", path: str = "") -> list[Seen]:
        """The requests with this `method` and `path` that came in."""
        wanted = re.compile(path)
        return [one for one in self.seen if method in ("", one.method) and wanted.search(urlsplit(one.path).path)]

    def close(self) -> None:
        """Release stalled connections, and end every thread."""
        self._server.stop()
        self._holder.close()

    def rule_for(self, method: str, path: str) -> Fault | Answer | Rewrite | None:
        """The rule for this request; the rule that was set first wins."""
        with self._lock:
            rule = next((one for one in self._rules if one.takes(method, path)), None)
            if rule is None:
                return None
            if rule.times is not None:
                rule.times -= 1
            return rule.what

    def _listen(self) -> None:
        self._server = _Server(self)


class _Server(ThreadingMixIn, HTTPServer):
    """Serves one side until it is stopped; then no connection and no thread is left."""

    daemon_threads = False
    request_queue_size = 64

    def __init__(self, side: Side) -> None:
        self.side = side
        self.stopped = False
        self._open: set[socket.socket] = set()
        super().__init__((LOOPBACK, side.port), _Handler)
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def stop(self) -> None:
        if self.stopped:
            return
        self.stopped = True
        self.side.released.set()
        self.shutdown()
        self._thread.join()
        self.socket.close()
        for one in list(self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Only close the socket: a shutdown would send a FIN before a reset."""
        self._open.discard(request)
        self.close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay quiet: broken connections are the purpose of this server."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def _handle(self) -> None:
        side = self.server.side
        released = side.released
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        what = side.rule_for(self.command, self.path)
        reaches = what in FORWARDED if isinstance(what, Fault) else not isinstance(what, Answer)
        forwarded = reaches and bool(side.upstream)
        # Recorded before it is forwarded: a test that waits for its outcome finds it here.
        side.seen.append(Seen(self.command, self.path, dict(self.headers), forwarded))
        answer = self._forward(sent) if forwarded else Answer(200, b"{}", {"Content-Type": "application/json"})
        if isinstance(what, Answer):
            answer = what
        elif what is not None and not isinstance(what, Fault):
            answer = Answer(answer.status, json.dumps(what(json.loads(answer.body))).encode(), answer.headers)
        if isinstance(what, Fault):
            self.close_connection = True
            with contextlib.suppress(OSError):
                self._misbehave(what, answer, released)
        else:
            self.wfile.write(self._raw(answer))

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = _handle  # noqa: N815  # the standard library's names

    def _forward(self, sent: bytes) -> Answer:
        """Ask the real server; it gets the proxy's own host name, so that links in its answers lead back here."""
        side = self.server.side
        upstream = http.client.HTTPConnection(side.upstream, timeout=UPSTREAM_SECONDS)
        kept = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        with contextlib.closing(upstream):
            upstream.request(self.command, self.path, sent or None, kept)
            got = upstream.getresponse()
            headers = {name: value for name, value in got.getheaders() if name.lower() not in HOP_BY_HOP}
            return Answer(got.status, side.rewrite(got.read()), headers)

    def _raw(self, answer: Answer, length: int | None = None) -> bytes:
        """The bytes of an answer; its Content-Length may differ from its real length."""
        told = {**answer.headers, "Content-Length": str(len(answer.body) if length is None else length)}
        if answer.status in NO_BODY:
            del told["Content-Length"]
        lines = [f"HTTP/1.1 {answer.status} {http.client.responses.get(answer.status, '')}"]
        lines += [f"{name}: {value}" for name, value in told.items()]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + answer.body

    def _misbehave(self, what: Fault, answer: Answer, released: threading.Event) -> None:
        if what in (Fault.STALL, Fault.STALL_AFTER):
            released.wait()
        elif what in (Fault.RESET, Fault.RESET_AFTER):
            # Then closing sends RST instead of FIN.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif what is Fault.CUT:
            # Without a body, it is cut before the status: a complete status line would be a valid answer.
            cut = self._raw(answer)[: -len(answer.body) // 2] if answer.body else b"HTTP/1.1"
            self.wfile.write(cut)
        else:
            head = self._raw(Answer(200, b"{", {"Content-Type": "application/json"}), 10**6)
            self.wfile.write(head.removesuffix(b"\r\n\r\n{") if what is Fault.TRICKLE_HEAD else head)
            while not released.wait(TRICKLE_SECONDS):
                self.wfile.write(b" ")

    def log_message(self, *_args: object) -> None:
        """Stay quiet."""


class FaultProxy:
    """Keystone and Cinder as a test wants them to be, and `elsewhere`, which must never get a request."""

    def __init__(self, auth_url: str, cinder_url: str) -> None:
        keystone, cinder = urlsplit(auth_url).netloc, urlsplit(cinder_url).netloc
        self.elsewhere = Side()
        self.cinder = Side(cinder)
        ours = urlsplit(self.cinder.url).netloc
        self.keystone = Side(keystone, lambda body: body.replace(cinder.encode(), ours.encode()))
        self.auth_url = f"{self.keystone.url}/v3"

    @property
    def sides(self) -> tuple[Side, Side, Side]:
        return self.keystone, self.cinder, self.elsewhere

    def mend(self) -> None:
        """Stop all failures, and count requests from now on."""
        for side in self.sides:
            side.mend()
            side.forget()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_reason: object) -> None:
        for side in self.sides:
            side.close()
