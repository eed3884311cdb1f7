"""A person's browser and Diskboard as it runs in production, in front of the run's real Keystone and Cinder."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from dashboard.devcloud.child import Child
from dashboard.devcloud.launcher import DevCloud
from tests.browser.watch import Watch
from tests.devcloud_fixtures import wait_until

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = {"width": 1280, "height": 900}
WAIT_MS = 10_000
START_SECONDS = 60.0
# What stands in the environment of whoever runs the tests must not decide what they see.
DEFAULTS = {
    "ALLOWED_HOSTS": "127.0.0.1",
    "CSRF_TRUSTED_ORIGINS": "",
    "DEBUG": "0",
    "HTTPS": "0",
    "LANGUAGE_CODE": "en",
    "OS_CACERT": "",
    "OS_INTERFACE": "public",
    "OS_REGION_NAME": "",
    "OS_USER_DOMAIN_NAME": "Default",
    "READ_ONLY_ROLES": "reader",
    "TIME_ZONE": "UTC",
    "URL_PREFIX": "",
}

NewContext = Callable[..., BrowserContext]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put these tests last: Playwright leaves an event loop running, in which Django refuses to use a database."""
    items.sort(key=lambda item: HERE in item.path.parents)


@pytest.fixture(scope="session")
def server_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What Diskboard has to say for itself."""
    return tmp_path_factory.mktemp("diskboard") / "server.log"


@pytest.fixture(scope="session")
def site(cloud: DevCloud, server_log: Path) -> Iterator[str]:
    """The address of a running Diskboard, without a slash at its end."""
    environment = {
        **DEFAULTS,
        "VAR_DIR": str(server_log.parent),
        "SECRET_KEY": secrets.token_urlsafe(50),
        "OS_AUTH_URL": cloud.auth_url,
    }
    for command in ("migrate", "collectstatic"):
        subprocess.run(
            [sys.executable, "manage.py", command, "--no-input", "--verbosity", "0"],
            check=True,
            cwd=ROOT,
            env={**os.environ, **environment},
        )
    # The server inherits a socket that listens already, so that nobody else can answer in its place.
    with socket.create_server(("127.0.0.1", 0)) as held:
        url = f"http://127.0.0.1:{held.getsockname()[1]}"
        server = _serve(held, environment, server_log)
    try:
        wait_until(lambda: _is_up(server, url), f"Diskboard answers at {url}", START_SECONDS)
        yield url
    finally:
        server.stop()


def _serve(held: socket.socket, environment: dict[str, str], log: Path) -> Child:
    options = ["--bind", f"fd://{held.fileno()}", "--workers", "1", "--threads", "8", "--graceful-timeout", "1"]
    return Child(
        "Diskboard",
        ["gunicorn", "dashboard.wsgi:application", "--no-control-socket", *options],
        environment=environment,
        descriptors=[held.fileno()],
        log=log,
    )


def _is_up(server: Child, url: str) -> bool:
    server.check()
    with requests.Session() as session:
        session.trust_env = False
        try:
            return session.get(f"{url}/healthz", timeout=2).status_code == HTTPStatus.OK
        except requests.RequestException:
            return False


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, else Playwright's own; without either the tests fail."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def watch(server_log: Path) -> Iterator[Watch]:
    """What went wrong in any page of this test; fails it in the end, but for what the test expects."""
    already = server_log.stat().st_size if server_log.exists() else 0
    watch = Watch()
    yield watch
    if server_log.exists():
        watch.read_log(server_log.read_bytes()[already:].decode())
    assert not watch.troubles, "\n".join(watch.troubles)


@pytest.fixture
def new_context(browser: Browser, site: str, watch: Watch) -> Iterator[NewContext]:
    """Open another profile of the browser, watched too."""
    with ExitStack() as stack:

        def open_context(**options: Any) -> BrowserContext:
            context = browser.new_context(
                base_url=site, locale="en-US", timezone_id="Asia/Almaty", **{"viewport": DESKTOP, **options}
            )
            stack.callback(context.close)
            context.set_default_timeout(WAIT_MS)
            watch.over(context)
            return context

        yield open_context


@pytest.fixture
def page(new_context: NewContext) -> Page:
    """A page of a new profile."""
    return new_context().new_page()
