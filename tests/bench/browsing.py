"""What a browser shows: the bytes and requests of a first visit, and how soon a context menu is open."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.bench.figures import Figure
from tests.bench.lab import Lab, Site
from tests.bench.pairs import Spread
from tests.support.chromium import ARGUMENTS, chromium

KIB = 1024
MOST_KIB = 60
MOST_REQUESTS = 8
# People take a shorter wait for none.
MOST_WAIT_MS = 100
# From the click until the browser has drawn the next frame
OPEN = """
button => new Promise(done => {
  const begun = performance.now();
  button.click();
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
})
"""


def figures(lab: Lab) -> Iterator[Figure]:
    """Visit the Disks page of each site."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for site in lab.sites:
            yield from _first_visit(lab, site, browser)
            yield from _menus(lab, site, browser)
        browser.close()


@contextmanager
def _page(lab: Lab, site: Site, browser: Browser, url: str) -> Iterator[Page]:
    """An empty page of a browser with nothing in its cache, which is signed in."""
    session = site.browser(lab.many).session if url == site.server.url else site.browser_behind(lab.many).session
    cookies: list[Any] = [{"name": one.name, "value": one.value or "", "url": url} for one in session.cookies]
    with browser.new_context(base_url=url, locale="en-US") as context:
        context.add_cookies(cookies)
        yield context.new_page()


def _first_visit(lab: Lab, site: Site, browser: Browser) -> Iterator[Figure]:
    kinds: Counter[str] = Counter()
    sizes: list[float] = []
    with _page(lab, site, browser, site.server.url) as page:
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        network.on("Network.responseReceived", lambda event: kinds.update([event["type"].lower()]))
        network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        page.goto(f"{lab.many.here}disks/")
        page.wait_for_load_state("networkidle")
    is_own = site is lab.own
    besides = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    yield Figure(
        f"{site.label}first visit of Disks", Spread.of([sum(sizes) / KIB]), "KiB", MOST_KIB if is_own else None
    )
    yield Figure(
        f"{site.label}requests of a first visit",
        Spread.of([len(sizes)]),
        "",
        MOST_REQUESTS if is_own else None,
        besides,
    )


def _menus(lab: Lab, site: Site, browser: Browser) -> Iterator[Figure]:
    """Open the menus of different rows."""
    asked, waits = 0, []
    with _page(lab, site, browser, site.behind.url) as page:
        # Rows in transition are polled: these requests would be counted with those of the menus.
        page.goto(f"{lab.many.here}disks/?per_page=100&status=available")
        page.wait_for_load_state("networkidle")
        buttons = page.get_by_role("button", name=re.compile("^Actions for "))
        for number in range(min(lab.pairs, buttons.count())):
            before = len(lab.upstream.cinder.seen)
            waits.append(buttons.nth(number).evaluate(OPEN))
            expect(page.get_by_role("menu")).to_be_visible()
            asked += len(lab.upstream.cinder.seen) - before
            page.keyboard.press("Escape")
            expect(page.get_by_role("menu")).to_be_hidden()
    is_own = site is lab.own
    yield Figure(
        f"{site.label}opening a context menu: requests to the cloud", Spread.of([asked]), "", 0 if is_own else None
    )
    yield Figure(
        f"{site.label}opening a context menu, of 100 rows", Spread.of(waits), "ms", MOST_WAIT_MS if is_own else None
    )
