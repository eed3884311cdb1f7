"""The calls of a request are counted by service and outcome, and the time in which it waited for them."""

import threading
import time

import pytest
from pytest_django.fixtures import Settings

from dashboard.cloud import calls, keystone, parallel
from dashboard.cloud.errors import CloudError
from dashboard.cloud.keystone import Cloud
from tests.support.cloud_rows import an_id
from tests.support.misbehaving import A_DISK, CUT, Misbehaving, answer
from volumes.cinder import disks


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        (A_DISK, "ok"),
        (answer('{"itemNotFound": {}}', "404 Not Found"), "refused"),
        (answer("{}", "500 Internal Server Error"), "failed"),
        (CUT, "unanswered"),
    ],
)
def test_it_counts_how_a_call_ended(
    server: Misbehaving, there: Cloud, settings: Settings, line: bytes, outcome: str
) -> None:
    settings.OS_AUTH_URL = "http://keystone.example.org:5000/v3"
    server.script = [line]
    with calls.counted() as made:
        try:
            disks.find(there, an_id(1))
        except CloudError:
            assert outcome != "ok"
    # A second try of a broken read is part of the same call.
    assert made.outcomes == {("cinder", outcome): 1}
    assert made.seconds > 0


def test_a_call_to_keystone_is_counted_as_such(server: Misbehaving) -> None:
    server.script = [answer("{}")]
    with calls.counted() as made:
        keystone.check()
    assert made.outcomes == {("keystone", "ok"): 1}


@pytest.mark.parametrize(
    ("auth_url", "url", "service"),
    [
        ("http://cloud/identity/v3", "http://cloud/identity/v3/auth/tokens", "keystone"),
        ("http://cloud/identity/v3", "http://cloud/identity", "keystone"),
        ("http://cloud/identity/v3", "http://cloud/volume/v3/abc/volumes", "cinder"),
        ("http://cloud", "http://cloud/v3/auth/tokens", "keystone"),
        ("http://cloud", "http://cloud/volume/v3/abc/volumes", "cinder"),
        ("http://cloud:5000/v3/", "http://cloud:8776/v3/abc/volumes", "cinder"),
    ],
)
def test_services_may_share_a_host(settings: Settings, auth_url: str, url: str, service: str) -> None:
    settings.OS_AUTH_URL = auth_url
    with calls.counted() as made, calls.one_call(url) as call:
        call.answered(204)
    assert made.outcomes == {(service, "ok"): 1}


def test_the_time_of_concurrent_calls_counts_once() -> None:
    met = threading.Barrier(4)

    def wait(_number: int) -> None:
        with calls.one_call("http://cloud:8776/v3"):
            # All four are under way at once.
            met.wait()
            time.sleep(0.05)

    begun = time.monotonic()
    with calls.counted() as made:
        parallel.each(wait, range(4))
        elapsed = time.monotonic() - begun
        time.sleep(0.05)
    assert 0 < made.seconds <= elapsed
    assert made.outcomes == {("cinder", "unanswered"): 4}


def test_calls_outside_of_a_request_are_not_counted() -> None:
    with calls.counted() as made:
        pass
    with calls.one_call("http://cloud:8776/v3") as call:
        call.answered(200)
    assert made.outcomes == {}
