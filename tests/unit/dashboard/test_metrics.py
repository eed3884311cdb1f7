"""Requests are counted by route, method and status, and their time is split into own and cloud's."""

import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import resolve
from django.utils import timezone
from prometheus_client import REGISTRY
from pytest_django.fixtures import Settings

from dashboard.checked import Address
from dashboard.cloud import calls
from dashboard.metrics import Snapshot, count_requests, is_own_address


def value(name: str, **labels: str) -> float:
    """The current value of a metric; 0 if it doesn't exist yet."""
    return REGISTRY.get_sample_value(name, labels) or 0.0


def send(path: str, method: str = "GET", status: int = 200) -> None:
    """Send a request to a view that answers with this status after a call to the cloud."""

    def view(request: HttpRequest) -> HttpResponse:
        request.resolver_match = resolve(path) if path != "/unknown" else None
        with calls.one_call("http://cinder.example.org/v3") as call:
            time.sleep(0.01)
            call.answered(404)
        return HttpResponse(status=status)

    count_requests(view)(RequestFactory().generic(method, path))


@pytest.mark.parametrize(
    ("path", "route"),
    [("/sign-in/", "sign-in"), ("/p/a/disks/", "disks"), ("/p/b/disks/", "disks"), ("/unknown", "other")],
)
def test_a_request_counts_for_its_route_not_its_path(path: str, route: str) -> None:
    labels = {"route": route, "method": "GET", "status": "200"}
    before = value("diskboard_requests_total", **labels)
    send(path)
    assert value("diskboard_requests_total", **labels) == before + 1


def test_methods_that_strangers_make_up_share_one_label() -> None:
    labels = {"route": "sign-in", "method": "other", "status": "405"}
    before = value("diskboard_requests_total", **labels)
    for method in ("BREW", "PROPFIND"):
        send("/sign-in/", method, 405)
    assert value("diskboard_requests_total", **labels) == before + 2


def test_time_is_split_into_own_and_the_clouds() -> None:
    before = {name: value(f"diskboard_{name}_seconds_sum", route="home") for name in ("own", "cloud")}
    refused = value("diskboard_cloud_calls_total", service="cinder", outcome="refused")
    begun = time.monotonic()
    send("/")
    elapsed = time.monotonic() - begun
    spent = {name: value(f"diskboard_{name}_seconds_sum", route="home") - earlier for name, earlier in before.items()}
    assert spent["cloud"] >= 0.01
    assert sum(spent.values()) <= elapsed
    assert value("diskboard_cloud_calls_total", service="cinder", outcome="refused") == refused + 1


def test_only_a_refused_sign_in_counts_as_throttled() -> None:
    before = value("diskboard_throttled_sign_ins_total")
    send("/sign-in/", "POST", 422)
    send("/", "GET", 429)
    assert value("diskboard_throttled_sign_ins_total") == before
    send("/sign-in/", "POST", 429)
    assert value("diskboard_throttled_sign_ins_total") == before + 1


def test_only_the_port_of_the_metrics_is_their_address(settings: Settings) -> None:
    settings.METRICS_ADDRESS = Address("127.0.0.1", 9100)
    assert is_own_address(("127.0.0.1", 9100))
    assert is_own_address(("::1", 9100, 0, 0))
    assert not is_own_address(("127.0.0.1", 8000))
    # A Unix socket
    assert not is_own_address("/run/diskboard.sock")
    assert not is_own_address("")


@pytest.mark.usefixtures("db")
def test_sessions_are_counted_until_they_expire() -> None:
    now = timezone.now()
    for number, days in enumerate((-1, 1, 2)):
        Session.objects.create(session_key=str(number), session_data="", expire_date=now + timedelta(days=days))
    assert [(family.name, family.samples[0].value) for family in Snapshot().collect()][1:] == [
        ("diskboard_sessions", 2)
    ]


@pytest.mark.usefixtures("db")
def test_without_a_database_the_rest_is_there() -> None:
    def refuse(*_query: object) -> None:
        raise OperationalError("the server closed the connection")

    with connection.execute_wrapper(refuse):
        [version] = [family.name for family in Snapshot().collect()]
    assert version == "diskboard_info"
