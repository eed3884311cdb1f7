"""The connection itself, against a small server that misbehaves."""

import contextlib
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_django.fixtures import Settings

from dashboard import errors, gate, keystone, scope
from dashboard.keystone import Cloud, Login, Project
from dashboard.transport import shared_session
from tests.devcloud_fixtures import wait_until
from tests.unit.conftest import a_cloud
from tests.unit.fakes import PROJECT, UNSCOPED, USER, an_id, snapshot
from volumes.cinder import disks, listing, snapshots
from volumes.cinder.listing import Query
from volumes.parallel import each, together

READ_SECONDS = 0.3


class Misbehaving(ThreadingHTTPServer):
    """Answers by a script: each request takes the next line of it, the last line stays.

    A line is the bytes to answer with, or seconds to be silent for, or the parts of an answer that comes slowly. Then
    the connection is closed.
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
        """Stay quiet: broken connections are what this is for."""

    @property
    def methods(self) -> list[str]:
        return [method for method, _path, _headers in self.heard]


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
    settings.CLOUD_READ_SECONDS = READ_SECONDS
    settings.CLOUD_CONNECT_SECONDS = 0.3
    with Misbehaving() as made:
        settings.OS_AUTH_URL = f"{made.url}/v3"
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture
def here(server: Misbehaving) -> Cloud:
    """A cloud whose version is known already, so that the next request is the one that counts."""
    made = a_cloud(f"{server.url}/v3/{PROJECT}")
    versions = '{"versions": [{"id": "v3.0", "version": "3.71", "min_version": "3.0"}]}'
    server.script = [answer(versions), A_DISK]
    disks.find(made, an_id(1))
    server.heard.clear()
    return made


@pytest.mark.parametrize("fault", [CUT, READ_SECONDS * 3], ids=["cut", "silence"])
def test_it_asks_once_more_what_changes_nothing(server: Misbehaving, here: Cloud, fault: bytes | float) -> None:
    server.script = [fault, A_DISK]
    assert disks.find(here, an_id(1)).name == "found"
    assert server.methods == ["GET", "GET"]


@pytest.mark.parametrize("fault", [CUT, READ_SECONDS * 3], ids=["cut", "silence"])
def test_it_gives_up_after_the_second_try(server: Misbehaving, here: Cloud, fault: bytes | float) -> None:
    server.script = [fault]
    begun = time.monotonic()
    with pytest.raises(errors.Unreachable) as caught:
        disks.find(here, an_id(1))
    assert not isinstance(caught.value, errors.OutcomeUnknown)
    assert server.methods == ["GET", "GET"]
    assert time.monotonic() - begun < READ_SECONDS * 5


def test_it_takes_a_part_of_an_answer_for_none(server: Misbehaving, here: Cloud) -> None:
    server.script = [CUT_SHORT]
    with pytest.raises(errors.Unreachable):
        disks.find(here, an_id(1))


@pytest.mark.parametrize("status", ["500 Oh", "502 Oh", "503 Oh", "429 Slowly"])
def test_it_does_not_repeat_what_was_answered(server: Misbehaving, here: Cloud, status: str) -> None:
    server.script = [answer("", status, "Retry-After: 1")]
    with pytest.raises(errors.CloudError):
        disks.find(here, an_id(1))
    assert server.methods == ["GET"]


def trickling(text: str, every: float) -> Iterator[bytes]:
    """An answer of which a byte comes every so many seconds."""
    whole = answer(text)
    yield whole.removesuffix(text.encode())
    for letter in text:
        time.sleep(every)
        yield letter.encode()


def test_it_does_not_wait_for_an_answer_that_trickles(server: Misbehaving, here: Cloud, settings: Settings) -> None:
    settings.CLOUD_TOTAL_SECONDS = 0.8
    server.script = [trickling(json.dumps({"volume": {"name": "x" * 1000}}), READ_SECONDS / 5) for _ in range(3)]
    begun = time.monotonic()
    with pytest.raises(errors.Unreachable, match="still coming"):
        disks.find(here, an_id(1))
    assert server.methods == ["GET", "GET"]
    with pytest.raises(errors.OutcomeUnknown, match="still coming"):
        snapshots.create(here, an_id(1), "x", "")
    assert server.methods == ["GET", "GET", "POST"]
    assert time.monotonic() - begun < 4


def test_it_reads_an_answer_that_only_comes_in_parts(server: Misbehaving, here: Cloud) -> None:
    text = json.dumps({"volume": {"id": an_id(1), "name": "found"}})
    server.script = [trickling(text, 0.001), A_DISK]
    assert disks.find(here, an_id(1)).name == "found"
    assert server.methods == ["GET"]


def test_all_that_one_page_asks_has_one_time_to_end_by(server: Misbehaving, here: Cloud, settings: Settings) -> None:
    settings.CLOUD_TOTAL_SECONDS = 1
    server.script = [READ_SECONDS * 3]
    begun = time.monotonic()
    with scope.one_request():
        for _ in range(2):
            with pytest.raises(errors.Unreachable):
                disks.find(here, an_id(1))
        heard = len(server.heard)
        with pytest.raises(errors.Unreachable, match="was used up before") as caught:
            snapshots.create(here, an_id(1), "x", "")
    assert not isinstance(caught.value, errors.OutcomeUnknown)
    assert len(server.heard) == heard
    assert time.monotonic() - begun < 2


def test_what_is_asked_at_the_same_time_has_the_same_end(server: Misbehaving, here: Cloud, settings: Settings) -> None:
    settings.CLOUD_TOTAL_SECONDS = 0.05
    with scope.one_request(), pytest.raises(errors.Unreachable):
        together(lambda: disks.find(here, an_id(1)), lambda: disks.find(here, an_id(2)))
    assert server.heard == []


def test_it_tells_cinder_the_id_of_our_request(server: Misbehaving, here: Cloud) -> None:
    with scope.one_request() as ours:
        together(lambda: disks.find(here, an_id(1)), lambda: disks.find(here, an_id(2)))
    assert [headers["X-OpenStack-Request-ID"] for _method, _path, headers in server.heard] == [ours.request_id] * 2
    disks.find(here, an_id(1))
    assert "X-OpenStack-Request-ID" not in server.heard[-1][2]


def test_a_stalled_endpoint_takes_only_so_many_threads(
    server: Misbehaving, here: Cloud, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CLOUD_CALLS_AT_ONCE = 2
    gate.forget()
    settings.CLOUD_READ_SECONDS = 5
    monkeypatch.setattr(gate, "PATIENCE_SECONDS", 0.2)
    silent = threading.Event()
    server.script = [_until(silent), _until(silent)]
    with ThreadPoolExecutor() as pool:
        try:
            waiting = [pool.submit(snapshots.create, here, an_id(1), "x", "") for _ in range(2)]
            wait_until(lambda: len(server.heard) == 2, "both wait")
            begun = time.monotonic()
            with pytest.raises(errors.Unreachable, match="answers nobody") as caught:
                snapshots.create(here, an_id(1), "x", "")
            assert not isinstance(caught.value, errors.OutcomeUnknown)
            assert time.monotonic() - begun < 2
            with pytest.raises(errors.Unreachable, match="answers nobody"):
                disks.find(here, an_id(1))
            # Another service, even at the same host, is another matter.
            server.script = [answer("{}")]
            assert shared_session().get(f"{server.url}/identity/").status_code == 200
        finally:
            silent.set()
        for one in waiting:
            with pytest.raises(errors.OutcomeUnknown):
                one.result()
    server.script = [A_DISK]
    assert disks.find(here, an_id(1)).name == "found"


def test_it_waits_for_a_place_while_the_endpoint_answers(server: Misbehaving, here: Cloud, settings: Settings) -> None:
    settings.CLOUD_CALLS_AT_ONCE = 1
    gate.forget()
    server.script = [A_DISK]
    found = each(lambda _: disks.find(here, an_id(1)), range(12))
    assert [one.name for one in found] == ["found"] * 12


def _until(ended: threading.Event) -> Iterator[bytes]:
    ended.wait(10)
    yield from ()


@pytest.mark.parametrize("fault", [CUT, CUT_SHORT, READ_SECONDS * 3], ids=["cut", "cut short", "silence"])
def test_it_never_writes_twice(server: Misbehaving, here: Cloud, fault: bytes | float) -> None:
    server.script = [fault]
    with pytest.raises(errors.OutcomeUnknown):
        snapshots.create(here, an_id(1), "x", "")
    assert server.methods == ["POST"]
    server.heard.clear()
    with pytest.raises(errors.OutcomeUnknown):
        snapshots.delete(here, an_id(1001))
    assert server.methods == ["DELETE"]


def test_it_knows_a_write_that_never_left(server: Misbehaving, here: Cloud) -> None:
    server.script = [answer('{"volume": {}}', "200 OK", "Connection: close")]
    disks.find(here, an_id(1))
    server.shutdown()
    server.server_close()
    for change in (
        lambda: snapshots.create(here, an_id(1), "x", ""),
        lambda: snapshots.delete(here, an_id(1001)),
    ):
        with pytest.raises(errors.Unreachable) as caught:
            change()
        assert not isinstance(caught.value, errors.OutcomeUnknown)


def test_it_does_not_wait_for_a_connection_for_ever(settings: Settings) -> None:
    """A listener that accepts nothing more: the handshake gets no answer."""
    settings.CLOUD_CONNECT_SECONDS = 0.2
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, _filled(listener):
        begun = time.monotonic()
        with pytest.raises(requests.ConnectionError):
            shared_session().get(f"http://127.0.0.1:{listener.getsockname()[1]}/")
        assert time.monotonic() - begun < 2


def test_it_bounds_each_wait_for_bytes(server: Misbehaving) -> None:
    server.script = [READ_SECONDS * 20]
    begun = time.monotonic()
    with pytest.raises(requests.RequestException):
        shared_session().post(server.url)
    assert time.monotonic() - begun < READ_SECONDS * 4
    assert server.methods == ["POST"]


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporarily", "308 Moved"])
def test_it_follows_no_redirect(server: Misbehaving, here: Cloud, status: str) -> None:
    with Misbehaving() as other:
        threading.Thread(target=other.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        server.script = [answer("", status, f"Location: {other.url}/v3/x")]
        with pytest.raises(errors.CloudError):
            disks.find(here, an_id(1))
        with pytest.raises(errors.CloudError):
            disks.page(here, Query())
        with pytest.raises(errors.CloudError):
            snapshots.create(here, an_id(1), "x", "")
        with pytest.raises(errors.CloudError):
            keystone.sign_in("ann", "secret", "Default")
        other.shutdown()
        assert other.heard == []


def test_it_takes_a_redirected_deletion_for_a_failure(server: Misbehaving, here: Cloud) -> None:
    server.script = [answer("", "302 Found", f"Location: {server.url}/elsewhere")]
    with pytest.raises(errors.CloudError):
        snapshots.delete(here, an_id(1001))


def test_it_takes_a_redirect_of_keystone_for_a_failure(server: Misbehaving) -> None:
    server.script = [answer("", "302 Found", f"Location: {server.url}/elsewhere")]
    with pytest.raises(errors.CloudError):
        keystone.check()


def test_it_uses_no_proxy_of_the_environment(server: Misbehaving, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{_closed_port()}")
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("NO_PROXY", "")
    assert shared_session().get(server.url).status_code == 200


def test_it_keeps_no_cookies(server: Misbehaving) -> None:
    """One connection pool serves everybody: a cookie of one person's would go out with another's request."""
    server.script = [answer("{}", "200 OK", "Set-Cookie: session=ann; Path=/")]
    shared_session().get(server.url)
    shared_session().get(server.url)
    assert "Cookie" not in server.heard[1][2]


def test_it_keeps_connections_alive(server: Misbehaving, here: Cloud) -> None:
    before = server.connections
    for _ in range(5):
        disks.find(here, an_id(1))
    assert server.connections == before


def test_it_sends_each_its_own_token(server: Misbehaving, here: Cloud) -> None:
    disks.find(here, an_id(1))
    disks.find(a_cloud(here.endpoint.url, token="another-token"), an_id(1))
    tokens = [headers["X-Auth-Token"] for _method, _path, headers in server.heard]
    assert tokens == ["scoped-token", "another-token"]


def test_it_survives_a_cloud_that_closes_idle_connections(server: Misbehaving, here: Cloud) -> None:
    server.script = [answer(json.dumps({"snapshot": snapshot()}), "202 Accepted", "Connection: close")]
    assert snapshots.create(here, an_id(1), "x", "").id == an_id(1001)
    assert snapshots.create(here, an_id(1), "x", "").id == an_id(1001)
    assert server.methods == ["POST", "POST"]


def test_it_asks_for_many_at_once(server: Misbehaving, here: Cloud) -> None:
    server.script = [answer(json.dumps({"snapshot": snapshot()}))]
    ids = [an_id(number) for number in range(1001, 1021)]
    assert listing.find_all(here, snapshots.SNAPSHOTS, ids, snapshots.find_or_none)
    assert sorted(path.rsplit("/", 1)[1] for _method, path, _headers in server.heard) == sorted(ids)


def test_it_revokes_only_once(server: Misbehaving) -> None:
    server.script = [CUT]
    with pytest.raises(errors.OutcomeUnknown):
        keystone.revoke(UNSCOPED)
    assert server.methods == ["DELETE"]


def test_it_never_signs_in_twice(server: Misbehaving) -> None:
    """A wrong password that is sent twice locks an account sooner."""
    server.script = [CUT]
    with pytest.raises(errors.Unreachable):
        keystone.sign_in("ann", "secret", "Default")
    login = Login(USER, "ann", "Default", "2099-01-01T00:00:00+00:00", (Project(PROJECT, "one"),), UNSCOPED)
    with pytest.raises(errors.Unreachable):
        keystone.scope(login, PROJECT)
    assert server.methods == ["POST", "POST"]


def _closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def _filled(listener: socket.socket) -> Iterator[None]:
    """Fill the listener's queue, so that the next connection waits."""
    with contextlib.ExitStack() as stack:
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield


@pytest.fixture
def tls_server(tmp_path: Path, settings: Settings) -> Iterator[Misbehaving]:
    """The same with TLS; its certificate is in OS_CACERT."""
    settings.CLOUD_READ_SECONDS = 2
    certificate = tmp_path / "certificate.pem"
    certificate.write_bytes(_self_signed())
    settings.OS_CACERT = str(certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Misbehaving() as made:
        made.socket = context.wrap_socket(made.socket, server_side=True)
        made.url = made.url.replace("http:", "https:")
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def _known(server: Misbehaving) -> Cloud:
    made = a_cloud(f"{server.url}/v3/{PROJECT}")
    versions = '{"versions": [{"id": "v3.0", "version": "3.71", "min_version": "3.0"}]}'
    server.script = [answer(versions), answer('{"volume": {}}', "200 OK", "Connection: close")]
    disks.find(made, an_id(1))
    server.heard.clear()
    return made


def test_it_does_not_know_what_became_of_a_write_whose_tls_ended(tls_server: Misbehaving) -> None:
    """A load balancer that drops the connection ends TLS without a word: that is an SSL error, but after sending."""
    here = _known(tls_server)
    tls_server.script = [CUT]
    with pytest.raises(errors.OutcomeUnknown):
        snapshots.create(here, an_id(1), "x", "")
    assert tls_server.methods == ["POST"]


def test_it_sends_nothing_to_a_stranger(tls_server: Misbehaving, settings: Settings) -> None:
    here = _known(tls_server)
    settings.OS_CACERT = ""
    shared_session.cache_clear()
    with pytest.raises(errors.Unreachable) as caught:
        snapshots.create(here, an_id(1), "x", "")
    assert not isinstance(caught.value, errors.OutcomeUnknown)
    assert tls_server.heard == []


def _self_signed() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, plain) + made.public_bytes(serialization.Encoding.PEM)
