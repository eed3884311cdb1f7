"""Open pages in the tests of this folder."""

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.support.fake_cloud import PASSWORD, PROJECT

HOME = f"/p/{PROJECT}"
# htmx marks elements with pending requests; an answer may contain an element that sends a request in the next frame.
SETTLE = """
async () => {
  const busy = () => document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling");
  do await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  while (busy());
}
"""


def enter(page: Page, path: str = "/disks/") -> None:
    """Sign in to the canned cloud in its present state, and open a page of its project."""
    steps.let_in(page, "ann", PASSWORD)
    go(page, path)


def go(page: Page, path: str) -> None:
    """Open a page of the project, and wait for everything that it loads afterwards."""
    page.goto(f"{HOME}{path}")
    expect(page.locator("h1")).to_be_visible()
    settle(page)


def settle(page: Page) -> None:
    """Wait until the page has no pending requests."""
    page.evaluate(SETTLE)
