"""Fixtures of all browser tests: a browser, and Diskboard as in production, with the run's real Keystone and Cinder."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from dashboard.devcloud.launcher import DevCloud
from tests.browser.serving import serving
from tests.browser.watch import Watch
from tests.support.chromium import WAIT_MS

HERE = Path(__file__).parent
DESKTOP = {"width": 1280, "height": 900}
USUAL: dict[str, Any] = {
    "locale": "en-US",
    "timezone_id": "Asia/Almaty",
    "viewport": DESKTOP,
    # Animations take processor time from the page that the test waits for.
    "reduced_motion": "reduce",
}
PATIENCE = {"CLOUD_READ_SECONDS": "20", "CLOUD_TOTAL_SECONDS": "60"}

NewContext = Callable[..., BrowserContext]

RINGS = ("unit", "contracts", "cloud", "nodes", "browser")
# The share of the first rings that has run when the cloud is up
CLOUD_IS_UP = 0.2
# The fixtures of the longest browser tests: those that look at many pages, then those that use the real cloud
LONGEST = ("visit", "devcloud")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort the tests by ring.

    Browser tests are last: Playwright leaves an event loop running, in which Django refuses to use a database. The
    longest browser tests come first, so that no worker has to wait for another at the end. Tests of the cloud mostly
    wait: they are spread over the tests of the first rings, which keep the processor busy, and begin when the cloud is
    up. Tests of several nodes use a browser too, and take long.
    """
    rings: dict[str, list[pytest.Item]] = {ring: [] for ring in RINGS}
    for item in items:
        rings[_ring(item)].append(item)
    busy, waiting = [*rings["unit"], *rings["contracts"]], rings["cloud"]
    places = {item: index / len(busy) for index, item in enumerate(busy)}
    places |= {item: CLOUD_IS_UP + (1 - CLOUD_IS_UP) * index / len(waiting) for index, item in enumerate(waiting)}
    items[:] = [*sorted(places, key=places.__getitem__), *rings["nodes"], *sorted(rings["browser"], key=_length)]


def _ring(item: pytest.Item) -> str:
    ring = item.path.relative_to(HERE.parent).parts[0]
    return ring if ring in RINGS else RINGS[0]


def _length(item: pytest.Item) -> int:
    fixtures = getattr(item, "fixturenames", ())
    return next((place for place, name in enumerate(LONGEST) if name in fixtures), len(LONGEST))


@pytest.fixture(scope="session")
def server_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of Diskboard's log."""
    return tmp_path_factory.mktemp("diskboard") / "server.log"


@pytest.fixture(scope="session")
def site(devcloud: DevCloud, server_log: Path) -> Iterator[str]:
    """The address of a running Diskboard, without a trailing slash."""
    with serving(server_log.parent, devcloud.auth_url, **PATIENCE) as server:
        yield server.url


@pytest.fixture
def watch(server_log: Path) -> Iterator[Watch]:
    """Record what goes wrong in any page of this test, and fail the test in the end unless it expects that."""
    already = server_log.stat().st_size if server_log.exists() else 0
    watch = Watch()
    yield watch
    if server_log.exists():
        watch.read_log(server_log.read_bytes()[already:].decode())
    assert not watch.troubles, "\n".join(watch.troubles)


@pytest.fixture
def new_context(browser: Browser, site: str, watch: Watch) -> Iterator[NewContext]:
    """Open another browser profile, whose pages are watched too."""
    with ExitStack() as stack:

        def open_context(**options: Any) -> BrowserContext:
            context = browser.new_context(**{**USUAL, "base_url": site, **options})
            stack.callback(context.close)
            context.set_default_timeout(WAIT_MS)
            watch.over(context)
            return context

        yield open_context


@pytest.fixture
def page(new_context: NewContext) -> Page:
    """A page in a new profile."""
    return new_context().new_page()
