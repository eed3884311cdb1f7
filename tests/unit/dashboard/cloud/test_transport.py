"""The connection itself, with a small server that misbehaves."""

import contextlib
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from pytest_django.fixtures import Settings

from dashboard.cloud import errors, keystone
from dashboard.cloud.keystone import Cloud, Login
from dashboard.cloud.projects import Project
from dashboard.cloud.transport import shared_session
from tests.support.canned import a_cloud
from tests.support.certificates import write_certificate
from tests.support.cloud_rows import USER, an_id, snapshot
from tests.support.fake_cloud import PROJECT, UNSCOPED
from tests.support.misbehaving import A_DISK, CUT, CUT_SHORT, Misbehaving, answer
from volumes.cinder import disks, listing, snapshots
from volumes.cinder.listing import Query

ONE_DISK = f'{{"volume": {{"id": "{an_id(1)}"}}}}'
# Longer than any timeout of these tests
SILENCE = 5.0


@pytest.fixture
def impatient(server: Misbehaving, settings: Settings) -> Misbehaving:
    """The server with a short timeout, for tests in which it stays silent: these needn't allow for slow machines."""
    settings.CLOUD_READ_SECONDS = 0.1
    return server


def test_it_asks_once_more_after_a_broken_connection(server: Misbehaving, there: Cloud) -> None:
    server.script = [CUT, A_DISK]
    assert disks.find(there, an_id(1)).name == "found"
    assert server.methods == ["GET", "GET"]


def test_it_gives_up_after_the_second_try(there: Cloud, impatient: Misbehaving) -> None:
    impatient.script = [CUT]
    with pytest.raises(errors.Unreachable) as caught:
        disks.find(there, an_id(1))
    assert not isinstance(caught.value, errors.OutcomeUnknown)
    assert impatient.has_heard("GET", "GET")


def test_it_waits_once_for_a_slow_answer(there: Cloud, impatient: Misbehaving) -> None:
    """A second request would take as long again, and add to the load of a slow cloud."""
    impatient.script = [SILENCE, A_DISK]
    with pytest.raises(errors.Unreachable):
        disks.find(there, an_id(1))
    assert impatient.has_heard("GET")


def test_an_answer_may_take_nearly_all_the_time_of_the_page(
    server: Misbehaving, there: Cloud, settings: Settings
) -> None:
    settings.CLOUD_TOTAL_SECONDS, settings.CLOUD_READ_SECONDS = 3, 2.5

    def late() -> Iterator[bytes]:
        time.sleep(1.8)
        yield A_DISK

    server.script = [late(), CUT]
    assert disks.find(there, an_id(1)).name == "found"
    assert server.methods == ["GET"]


def test_it_takes_a_part_of_an_answer_for_none(server: Misbehaving, there: Cloud) -> None:
    server.script = [CUT_SHORT]
    with pytest.raises(errors.Unreachable):
        disks.find(there, an_id(1))


@pytest.mark.parametrize("status", ["500 Oh", "502 Oh", "503 Oh", "429 Slowly"])
def test_it_does_not_repeat_what_was_answered(server: Misbehaving, there: Cloud, status: str) -> None:
    server.script = [answer("", status, "Retry-After: 1")]
    with pytest.raises(errors.CloudError):
        disks.find(there, an_id(1))
    assert server.methods == ["GET"]


@pytest.mark.parametrize("fault", [CUT, CUT_SHORT, SILENCE], ids=["cut", "cut short", "silence"])
def test_it_never_writes_twice(there: Cloud, impatient: Misbehaving, fault: bytes | float) -> None:
    impatient.script = [fault]
    with pytest.raises(errors.OutcomeUnknown):
        snapshots.create(there, an_id(1), "x", "")
    assert impatient.has_heard("POST")
    with pytest.raises(errors.OutcomeUnknown):
        snapshots.delete(there, an_id(1001))
    assert impatient.has_heard("POST", "DELETE")


def test_it_knows_a_write_that_never_left(server: Misbehaving, there: Cloud) -> None:
    server.script = [answer(ONE_DISK, "200 OK", "Connection: close")]
    disks.find(there, an_id(1))
    server.shutdown()
    server.server_close()
    for change in (
        lambda: snapshots.create(there, an_id(1), "x", ""),
        lambda: snapshots.delete(there, an_id(1001)),
    ):
        with pytest.raises(errors.Unreachable) as caught:
            change()
        assert not isinstance(caught.value, errors.OutcomeUnknown)


def test_it_does_not_wait_for_a_connection_for_ever(settings: Settings) -> None:
    """A listener that accepts no further connection: the handshake gets no answer."""
    settings.CLOUD_CONNECT_SECONDS = 0.1
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, _filled(listener):
        begun = time.monotonic()
        with pytest.raises(requests.ConnectionError):
            shared_session().get(f"http://127.0.0.1:{listener.getsockname()[1]}/")
        assert time.monotonic() - begun < 2


def test_it_bounds_each_wait_for_bytes(impatient: Misbehaving) -> None:
    impatient.script = [SILENCE]
    begun = time.monotonic()
    with pytest.raises(requests.RequestException):
        shared_session().post(impatient.url)
    assert time.monotonic() - begun < SILENCE
    assert impatient.has_heard("POST")


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporarily", "308 Moved"])
def test_it_follows_no_redirect(server: Misbehaving, there: Cloud, status: str) -> None:
    with Misbehaving() as other:
        threading.Thread(target=other.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        server.script = [answer("", status, f"Location: {other.url}/v3/x")]
        with pytest.raises(errors.CloudError):
            disks.find(there, an_id(1))
        with pytest.raises(errors.CloudError):
            disks.page(there, Query())
        with pytest.raises(errors.CloudError):
            snapshots.create(there, an_id(1), "x", "")
        with pytest.raises(errors.CloudError):
            keystone.sign_in("ann", "secret", "Default")
        other.shutdown()
        assert other.heard == []


def test_it_takes_a_redirected_deletion_for_a_failure(server: Misbehaving, there: Cloud) -> None:
    server.script = [answer("", "302 Found", f"Location: {server.url}/elsewhere")]
    with pytest.raises(errors.CloudError):
        snapshots.delete(there, an_id(1001))


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
    """All users share one connection pool: a user's cookie would be sent with another user's request."""
    server.script = [answer("{}", "200 OK", "Set-Cookie: session=ann; Path=/")]
    shared_session().get(server.url)
    shared_session().get(server.url)
    assert "Cookie" not in server.heard[1][2]


def test_it_keeps_connections_alive(server: Misbehaving, there: Cloud) -> None:
    before = server.connections
    for _ in range(5):
        disks.find(there, an_id(1))
    assert server.connections == before


def test_it_sends_each_its_own_token(server: Misbehaving, there: Cloud) -> None:
    disks.find(there, an_id(1))
    disks.find(a_cloud(there.endpoint.url, token="another-token"), an_id(1))
    tokens = [headers["X-Auth-Token"] for _method, _path, headers in server.heard]
    assert tokens == ["scoped-token", "another-token"]


def test_it_survives_a_cloud_that_closes_idle_connections(server: Misbehaving, there: Cloud) -> None:
    server.script = [answer(json.dumps({"snapshot": snapshot()}), "202 Accepted", "Connection: close")]
    assert snapshots.create(there, an_id(1), "x", "").id == an_id(1001)
    assert snapshots.create(there, an_id(1), "x", "").id == an_id(1001)
    assert server.methods == ["POST", "POST"]


def test_it_asks_for_many_at_once(server: Misbehaving, there: Cloud) -> None:
    server.script = [answer(json.dumps({"snapshot": snapshot()}))]
    ids = [an_id(number) for number in range(1001, 1021)]
    assert listing.find_many(there, snapshots.SNAPSHOTS, ids, snapshots.find_or_none)
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
    """The same with TLS; OS_CACERT has its certificate."""
    settings.CLOUD_READ_SECONDS = 2
    certificate = write_certificate(tmp_path)
    settings.OS_CACERT = str(certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, tmp_path / "site.key")
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
    server.script = [answer(versions), answer(ONE_DISK, "200 OK", "Connection: close")]
    disks.find(made, an_id(1))
    server.heard.clear()
    return made


def test_it_does_not_know_what_became_of_a_write_whose_tls_ended(tls_server: Misbehaving) -> None:
    """A load balancer that drops the connection ends TLS abruptly: an SSL error, but after the request was sent."""
    there = _known(tls_server)
    tls_server.script = [CUT]
    with pytest.raises(errors.OutcomeUnknown):
        snapshots.create(there, an_id(1), "x", "")
    assert tls_server.methods == ["POST"]


def test_it_sends_nothing_to_a_stranger(tls_server: Misbehaving, settings: Settings) -> None:
    there = _known(tls_server)
    settings.OS_CACERT = ""
    shared_session.cache_clear()
    with pytest.raises(errors.Unreachable) as caught:
        snapshots.create(there, an_id(1), "x", "")
    assert not isinstance(caught.value, errors.OutcomeUnknown)
    assert tls_server.heard == []
