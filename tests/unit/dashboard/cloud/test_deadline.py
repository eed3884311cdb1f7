"""The time limits of each call, and of all calls of one request to Diskboard, with a small server that misbehaves."""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from pytest_django.fixtures import Settings

from dashboard.cloud import bulkhead, deadline, errors
from dashboard.cloud.keystone import Cloud
from dashboard.cloud.parallel import each, together
from dashboard.cloud.transport import shared_session
from tests.support.cloud_rows import an_id
from tests.support.devcloud import wait_until
from tests.support.misbehaving import A_DISK, Misbehaving, answer
from volumes.cinder import disks, snapshots


def trickling(text: str, every: float) -> Iterator[bytes]:
    """An answer that is sent byte by byte, with a pause of `every` seconds in between."""
    whole = answer(text)
    yield whole.removesuffix(text.encode())
    for letter in text:
        time.sleep(every)
        yield letter.encode()


def test_it_does_not_wait_for_an_answer_that_trickles(server: Misbehaving, there: Cloud, settings: Settings) -> None:
    settings.CLOUD_TOTAL_SECONDS = 0.3
    server.script = [trickling(json.dumps({"volume": {"name": "x" * 1000}}), 0.02) for _ in range(3)]
    begun = time.monotonic()
    with pytest.raises(errors.Unreachable, match="still incomplete"):
        disks.find(there, an_id(1))
    assert server.has_heard("GET")
    with pytest.raises(errors.OutcomeUnknown, match="still incomplete"):
        snapshots.create(there, an_id(1), "x", "")
    assert server.has_heard("GET", "POST")
    assert time.monotonic() - begun < 10


def test_it_reads_an_answer_that_only_comes_in_parts(server: Misbehaving, there: Cloud) -> None:
    text = json.dumps({"volume": {"id": an_id(1), "name": "found"}})
    server.script = [trickling(text, 0.001), A_DISK]
    assert disks.find(there, an_id(1)).name == "found"
    assert server.methods == ["GET"]


def test_it_gives_all_that_one_page_asks_one_time_to_end_by(
    server: Misbehaving, there: Cloud, settings: Settings
) -> None:
    settings.CLOUD_TOTAL_SECONDS, settings.CLOUD_READ_SECONDS = 0.5, 0.1
    server.script = [5.0]
    begun = time.monotonic()
    with deadline.one_request():
        for _ in range(5):
            with pytest.raises(errors.Unreachable):
                disks.find(there, an_id(1))
        with pytest.raises(errors.Unreachable, match="used up the") as caught:
            snapshots.create(there, an_id(1), "x", "")
    assert not isinstance(caught.value, errors.OutcomeUnknown)
    assert "POST" not in server.methods
    assert time.monotonic() - begun < 2


def test_it_gives_what_is_asked_at_the_same_time_the_same_end(
    server: Misbehaving, there: Cloud, settings: Settings
) -> None:
    settings.CLOUD_TOTAL_SECONDS = 0.05
    with deadline.one_request(), pytest.raises(errors.Unreachable):
        together(lambda: disks.find(there, an_id(1)), lambda: disks.find(there, an_id(2)))
    assert server.heard == []


def test_it_tells_cinder_the_id_of_our_request(server: Misbehaving, there: Cloud) -> None:
    with deadline.one_request() as ours:
        together(lambda: disks.find(there, an_id(1)), lambda: disks.find(there, an_id(2)))
    assert [headers["X-OpenStack-Request-ID"] for _method, _path, headers in server.heard] == [ours.request_id] * 2
    disks.find(there, an_id(1))
    assert "X-OpenStack-Request-ID" not in server.heard[-1][2]


def test_it_keeps_a_stalled_endpoint_from_taking_all_threads(
    server: Misbehaving, there: Cloud, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CLOUD_CALLS_AT_ONCE = 2
    bulkhead.forget()
    settings.CLOUD_READ_SECONDS = 5
    monkeypatch.setattr(bulkhead, "PATIENCE_SECONDS", 0.1)
    silent = threading.Event()
    server.script = [_until(silent), _until(silent)]
    with ThreadPoolExecutor() as pool:
        try:
            waiting = [pool.submit(snapshots.create, there, an_id(1), "x", "") for _ in range(2)]
            wait_until(lambda: len(server.heard) == 2, "both wait")
            begun = time.monotonic()
            with pytest.raises(errors.Unreachable, match="isn't answering") as caught:
                snapshots.create(there, an_id(1), "x", "")
            assert not isinstance(caught.value, errors.OutcomeUnknown)
            assert time.monotonic() - begun < 2
            with pytest.raises(errors.Unreachable, match="isn't answering"):
                disks.find(there, an_id(1))
            # Another service is not affected, even on the same host.
            server.script = [answer("{}")]
            assert shared_session().get(f"{server.url}/identity/").status_code == 200
        finally:
            silent.set()
        for one in waiting:
            with pytest.raises(errors.OutcomeUnknown):
                one.result()
    server.script = [A_DISK]
    assert disks.find(there, an_id(1)).name == "found"


def test_it_waits_for_a_place_while_the_endpoint_answers(server: Misbehaving, there: Cloud, settings: Settings) -> None:
    settings.CLOUD_CALLS_AT_ONCE = 1
    bulkhead.forget()
    server.script = [A_DISK]
    found = each(lambda _: disks.find(there, an_id(1)), range(12))
    assert [one.name for one in found] == ["found"] * 12


def _until(ended: threading.Event) -> Iterator[bytes]:
    ended.wait(10)
    yield from ()
