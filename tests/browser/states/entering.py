"""How the tests of this folder open a page."""

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.support.fake_cloud import PASSWORD, PROJECT

HOME = f"/p/{PROJECT}"
# htmx marks what it asks for; an answer may bring something that asks again in the next frame.
SETTLE = """
async () => {
  const busy = () => document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling");
  do await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  while (busy());
}
"""


def enter(page: Page, path: str = "/disks/") -> None:
    """Sign in to the canned cloud as it is by now, and open a page of its project."""
    steps.let_in(page, "ann", PASSWORD)
    go(page, path)


def go(page: Page, path: str) -> None:
    """Open a page of the project, and wait for all that it loads after itself."""
    page.goto(f"{HOME}{path}")
    expect(page.locator("h1")).to_be_visible()
    settle(page)


def settle(page: Page) -> None:
    """Wait until the page asks for nothing more."""
    page.evaluate(SETTLE)
