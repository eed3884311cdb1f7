"""Fixtures for pages with canned cloud answers: Diskboard runs in a thread of the test process, behind it `FakeCloud`.

A test defines what the cloud has, opens a page, and looks at it. ``tests/browser/journeys`` tests the same pages with
a real Keystone and Cinder.
"""

import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.request import ProxyHandler, build_opener
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from dashboard.settings import BASE_DIR, STORAGES
from tests.browser.conftest import NewContext
from tests.browser.states.looks import LOCALES, WINDOWS, Visit, visits
from tests.browser.watch import Watch, bring_axe
from tests.support.fake_cloud import FakeCloud

STATIC_FILES = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Log no requests: failures are in Diskboard's log."""


@pytest.fixture(scope="session")
def site(django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Diskboard in this process, without a trailing slash; it answers one request at a time."""
    database = tmp_path_factory.mktemp("states") / "diskboard.sqlite3"
    with override_settings(
        STATIC_ROOT=BASE_DIR / "static",
        STORAGES={**STORAGES, "staticfiles": STATIC_FILES},
        WHITENOISE_USE_FINDERS=True,
        WHITENOISE_MAX_AGE=3600,
    ):
        server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=_Quiet)
    thread = threading.Thread(target=_serve, args=[server, database], daemon=True)
    with server, django_db_blocker.unblock():
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def _serve(server: WSGIServer, database: Path) -> None:
    # Playwright's event loop prevents the tests' thread from using Django's own test database.
    options = {**connections.databases[DEFAULT_DB_ALIAS], "NAME": str(database)}
    connections[DEFAULT_DB_ALIAS] = DatabaseWrapper(options, DEFAULT_DB_ALIAS)
    call_command("migrate", verbosity=0)
    server.serve_forever(poll_interval=0.01)


class _Failures(logging.Handler):
    """Keeps the errors that are logged, except for answers that the test expects."""

    def __init__(self, watch: Watch) -> None:
        super().__init__(logging.ERROR)
        self.watch = watch
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if getattr(record, "status_code", 0) not in self.watch.expected:
            self.lines.append(self.format(record))


@pytest.fixture
def watch(fresh_start: None, cloud: FakeCloud, site: str) -> Iterator[Watch]:  # noqa: ARG001  # needed first
    """Record what goes wrong in any page of this test or on the server, and fail the test unless it expects that."""
    watch = Watch()
    failures = _Failures(watch)
    logging.getLogger().addHandler(failures)
    yield watch
    # Requests that a page sent before it was closed still need the canned cloud, and are answered first.
    build_opener(ProxyHandler({})).open(f"{site}/healthz").close()
    logging.getLogger().removeHandler(failures)
    assert not watch.troubles + failures.lines, "\n".join(watch.troubles + failures.lines)


@pytest.fixture(params=visits())
def visit(request: pytest.FixtureRequest, new_context: NewContext) -> Visit:
    """A visit to pages; the full profile adds visits in other languages and windows."""
    language, window, brief = request.param
    context = new_context(locale=LOCALES[language], reduced_motion="reduce", **WINDOWS[window])
    bring_axe(context)
    return Visit(context.new_page(), language, window, brief)
