"""Metrics for Prometheus, on an address of their own (METRICS_ADDRESS).

Gunicorn listens there too. Each worker keeps its counts in a file of the directory PROMETHEUS_MULTIPROC_DIR, which
dashboard/gunicorn_config.py creates; the worker that answers adds up the files of all. Without METRICS_ADDRESS nothing
imports this module.
"""

from __future__ import annotations

import time
from itertools import product
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Histogram, make_wsgi_app, multiprocess
from prometheus_client.core import GaugeMetricFamily

from dashboard import __version__
from dashboard.cloud import calls

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from django.http import HttpRequest, HttpResponse

    from dashboard.middleware import GetResponse

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
TOO_MANY_REQUESTS = 429
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15)
REQUESTS = Counter("diskboard_requests", "Requests by route, method and status", ["route", "method", "status"])
OWN_SECONDS = Histogram(
    "diskboard_own_seconds", "Time of a request in which no call to the cloud was under way", ["route"], buckets=BUCKETS
)
CLOUD_SECONDS = Histogram(
    "diskboard_cloud_seconds", "Time of a request in which it waited for the cloud", ["route"], buckets=BUCKETS
)
CALLS = Counter("diskboard_cloud_calls", "Calls to the cloud by service and outcome", ["service", "outcome"])
THROTTLED = Counter("diskboard_throttled_sign_ins", "Sign-ins refused, by Diskboard or Keystone, as too many")


def count_requests(get_response: GetResponse) -> GetResponse:
    """Count each request and its time. A middleware."""

    def middleware(request: HttpRequest) -> HttpResponse:
        begun = time.monotonic()
        with calls.counted() as made:
            response = get_response(request)
        seconds = time.monotonic() - begun
        route = _route(request)
        # Strangers can send any method, and each new label would take memory.
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(route, method, response.status_code).inc()
        CLOUD_SECONDS.labels(route).observe(made.seconds)
        OWN_SECONDS.labels(route).observe(max(0.0, seconds - made.seconds))
        for (service, outcome), number in made.outcomes.items():
            CALLS.labels(service, outcome).inc(number)
        if route == "sign-in" and response.status_code == TOO_MANY_REQUESTS:
            THROTTLED.inc()
        return response

    return middleware


def _route(request: HttpRequest) -> str:
    """Return the name of the URL's pattern: paths contain IDs. Static files, probes and unknown paths are "other"."""
    match = request.resolver_match
    return (match.view_name or match.route) if match else "other"


class Snapshot:
    """What is looked up when Prometheus asks."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the version, and the number of sessions unless the database is unavailable."""
        info = GaugeMetricFamily("diskboard_info", "The version of Diskboard", labels=["version"])
        info.add_metric([__version__], 1)
        yield info
        close_old_connections()
        try:
            number = Session.objects.filter(expire_date__gt=timezone.now()).count()
        except DatabaseError:
            return
        finally:
            close_old_connections()
        yield GaugeMetricFamily("diskboard_sessions", "Sessions that have not expired, of all nodes", value=number)


def on_own_address(pages: WSGIApplication) -> WSGIApplication:
    """Answer requests to METRICS_ADDRESS with the metrics, and leave all others to `pages`."""
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the package types it in part
    registry.register(Snapshot())
    metrics = make_wsgi_app(registry)
    for service, outcome in product(calls.SERVICES, calls.OUTCOMES):
        # Prometheus sees the first failure as an increase only if it has seen the zero.
        CALLS.labels(service, outcome)

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not is_own_address(environ["gunicorn.socket"].getsockname()):
            return pages(environ, start_response)
        if environ["PATH_INFO"] != "/metrics":
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"The metrics are at /metrics.\n"]
        found: Iterable[bytes] = metrics(environ, start_response)
        return found

    return serve


def is_own_address(address: Any) -> bool:
    """Return whether a socket's own address, which isn't a tuple for a Unix socket, has the port of METRICS_ADDRESS.

    The Host header says nothing about it: clients choose that.
    """
    own = settings.METRICS_ADDRESS
    return own is not None and isinstance(address, tuple) and address[1] == own.port
