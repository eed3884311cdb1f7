"""Fixtures of every test with a canned cloud: `FakeCloud` answers for Keystone and Cinder, without a network."""

import logging
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests_mock
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from dashboard.accounts.session import KEY, NEW_SECONDS
from dashboard.accounts.session_store import SessionStore
from dashboard.cloud import bulkhead
from dashboard.cloud.catalog import Endpoint
from dashboard.cloud.keystone import Cloud
from dashboard.cloud.projects import Project
from dashboard.cloud.transport import shared_session
from tests.support.cloud_rows import USER
from tests.support.fake_cloud import KEYSTONE, PASSWORD, PROJECT, FakeCloud

HTMX = {"HX-Request": "true"}

SignIn = Callable[[], Client]


class Clock:
    """The monotonic clock, which a test can advance."""

    def __init__(self) -> None:
        self._read = time.monotonic
        self._advanced = 0.0

    def advance(self, seconds: float) -> None:
        self._advanced += seconds

    def now(self) -> float:
        return self._read() + self._advanced


# The fields of the sign-in page
SENT = {"user_name": "ann", "password": PASSWORD, "domain": "Default"}

# The state that signing in has left, by the state of the cloud
SIGNED_IN: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {}


@pytest.fixture
def fresh_start(settings: Settings) -> Iterator[None]:
    settings.OS_AUTH_URL = KEYSTONE
    settings.OS_REGION_NAME = ""
    settings.LANGUAGE_CODE = "en"
    settings.TIME_ZONE = "UTC"
    # Without these, a test would need collectstatic, and WhiteNoise would warn that its folder is missing.
    settings.STATIC_ROOT = settings.BASE_DIR / "static"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    cache.clear()
    shared_session.cache_clear()
    bulkhead.forget()
    yield
    shared_session().close()
    shared_session.cache_clear()


@pytest.fixture
def cloud() -> Iterator[FakeCloud]:
    with requests_mock.Mocker(case_sensitive=True) as http:
        yield FakeCloud(http)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", clock.now)
    return clock


@pytest.fixture
def here(cloud: FakeCloud) -> Cloud:
    """The signed-in cloud of a request, for the code behind the views."""
    return a_cloud(cloud.at(""))


def a_cloud(endpoint: str, **changes: Any) -> Cloud:
    project = Project(PROJECT, "Project one")
    given: dict[str, Any] = {
        "user_id": USER,
        "user_name": "ann",
        "project": project,
        "projects": (project,),
        "regions": ("RegionOne",),
        "endpoint": Endpoint("RegionOne", endpoint),
        "roles": ("member", "reader"),
        "token": "scoped-token",
        **changes,
    }
    return Cloud(**given)


@pytest.fixture
def audited() -> Iterator[list[str]]:
    """The lines of the audit log, which does not propagate to other logs."""
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    log, handler = logging.getLogger("dashboard.cloud.audit"), Kept()
    log.addHandler(handler)
    yield lines
    log.removeHandler(handler)


@pytest.fixture
def sign_in(cloud: FakeCloud, db: None) -> SignIn:  # noqa: ARG001  # sessions are stored in the database
    """Signs in on the sign-in page, with the present state of `cloud`. What only a first page needs is cached then."""

    def go() -> Client:
        client = Client()
        answer = client.post("/sign-in/", SENT)
        assert answer.status_code == 302, answer.content
        home = client.get("/").get("Location", "/")
        client.get(f"{home}changes/")
        for kind in ("disks", "snapshots", "backups"):
            client.get(home.replace("disks", kind), {"q": "nothing"}, headers=HTMX)
        cloud.forget()
        return client

    return go


@pytest.fixture
def enter(cloud: FakeCloud, sign_in: SignIn) -> SignIn:
    """Returns a client that signed in to the present state of `cloud` a few minutes ago.

    Signing in takes longer than most tests, so its session and cache are reused for an equal cloud.
    """

    def go() -> Client:
        kept_in: Any = cache
        catalog = cloud.regions, cloud.service_type, cloud.servers is None
        looks = repr([cloud.projects, cloud.roles, catalog, cloud.microversion, cloud.filters])
        if looks not in SIGNED_IN:
            client = sign_in()
            assert KEY in client.session
            pass_time(client, since_sign_in=NEW_SECONDS)
            SIGNED_IN[looks] = dict(client.session), dict(kept_in._cache), dict(kept_in._expire_info)
            return client
        in_session, in_cache, expiries = SIGNED_IN[looks]
        session = SessionStore()
        session.update(in_session)
        session[KEY] = {**in_session[KEY], "signed_in_at": time.time() - NEW_SECONDS, "seen_at": time.time()}
        session.create()
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
        kept_in._cache.update(in_cache)
        kept_in._expire_info.update(expiries)
        return client

    return go


@pytest.fixture
def signed_in(enter: SignIn) -> Client:
    """A client that is signed in to one project as a member."""
    return enter()


@pytest.fixture
def reader(cloud: FakeCloud, enter: SignIn) -> Client:
    """A client with a read-only role in the project."""
    cloud.roles = ["reader"]
    return enter()


def pass_time(client: Client, *, since_sign_in: float = 0, since_seen: float = 0) -> None:
    """Make the session older by this number of seconds."""
    session = client.session
    kept = session[KEY]
    session[KEY] = {
        **kept,
        "signed_in_at": kept["signed_in_at"] - since_sign_in,
        "seen_at": kept["seen_at"] - since_seen,
    }
    session.save()
