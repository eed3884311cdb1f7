"""The browser of the tests: the system's Chromium, or else Playwright's own."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
# The same engine without browser windows: it uses a quarter less processor time.
SHELL = "chromium-headless-shell"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Pages share one process, and none is started in advance: starting one takes longer than most pages do.
    "--renderer-process-limit=1",
    "--in-process-gpu",
    "--disable-features=IsolateOrigins,site-per-process,SpareRendererForSitePerProcess",
)
# The tests don't check timing, so a busy machine must not make them fail.
WAIT_MS = 30_000


def chromium() -> str | None:
    """The path of the system's Chromium; if it is empty, Playwright uses its own."""
    return next(filter(None, map(shutil.which, (SHELL, *NAMES))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, or else Playwright's own; the tests fail if neither is installed."""
    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        browser.close()
