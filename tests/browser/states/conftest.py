"""Pages whose cloud answers are canned: Diskboard runs in a thread of the test's own process, in front of `FakeCloud`.

A test says what the cloud has, opens a page, and looks. What a real Keystone and Cinder make of it is for
``tests/browser/journeys``.
"""

import logging
import threading
from collections.abc import Iterator
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from dashboard.settings import BASE_DIR, STORAGES
from tests.browser.watch import Watch

STATIC_FILES = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Say nothing of requests: failures come by the log."""


@pytest.fixture(scope="session")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:  # noqa: ARG001
    """The address of a Diskboard in this process, without a slash at its end.

    It answers one request after the other: a test's database in memory takes no more.
    """
    with override_settings(STATIC_ROOT=BASE_DIR / "static", STORAGES={**STORAGES, "staticfiles": STATIC_FILES}):
        server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    with server, django_db_blocker.unblock():
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class _Failures(logging.Handler):
    """Keeps what is logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def watch(fresh_start: None) -> Iterator[Watch]:  # noqa: ARG001
    """What went wrong in any page of this test or on the server; fails it in the end."""
    watch, failures = Watch(), _Failures()
    logging.getLogger().addHandler(failures)
    yield watch
    logging.getLogger().removeHandler(failures)
    assert not watch.troubles + failures.lines, "\n".join(watch.troubles + failures.lines)
