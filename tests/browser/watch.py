"""Report every error of a page that a test doesn't expect."""

import re
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, WebError

# The messages of Chromium and htmx about the same answer.
FAILED_REQUEST = re.compile(r"the server responded with a status of (\d{3})|Response Status Error Code (\d{3})")
# The messages of htmx about a request that was aborted: by leaving the page, which may still be loading content for its
# rows, or by the page itself.
ABORTED_REQUEST = re.compile(r"^htmx:(sendAbort|afterRequest)\b")
# The message of htmx about an answer for a row that was removed meanwhile.
TOO_LATE = re.compile(r"^htmx:oobErrorNoTarget, ([#.]|\[data-disk=)(row-|instance-|details$|select-matching$|')")
# The messages of the browser and htmx about a connection that was cut.
CUT = re.compile(r"net::ERR_|htmx:sendError")
TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP: ${event.violatedDirective} forbids ${event.blockedURI} ${event.sample}`);
});
"""

# A document keeps axe once it is loaded: the script is long, and sending it takes longer than running it.
RUN_AXE = "options => window.axe ? axe.run(document, options).then(({ violations }) => violations) : null"


# The class has no slots, because Playwright stores what it knows about a listener on the object itself.
@dataclass
class Watch:
    """The errors of a test's pages and of its server."""

    troubles: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)
    cuts_expected: bool = False

    def expect(self, *statuses: int) -> None:
        """Accept this status in answers to requests of this test."""
        self.expected.update(statuses)

    def expect_cuts(self) -> None:
        """Accept connections of this test that are cut, as they are where the server is killed."""
        self.cuts_expected = True

    def over(self, context: BrowserContext) -> None:
        """Listen to every page of a profile, also to those it opens later."""
        context.add_init_script(TELL_VIOLATIONS)
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)

    def read_log(self, text: str) -> None:
        """Add the server's tracebacks to the errors."""
        if "Traceback" in text or " ERROR " in text:
            self.troubles.append(f"The server's log:\n{text}")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        failed = FAILED_REQUEST.search(message.text)
        if failed and int(failed[1] or failed[2]) in self.expected:
            return
        if ABORTED_REQUEST.search(message.text) or TOO_LATE.search(message.text):
            return
        if self.cuts_expected and CUT.search(message.text):
            return
        self.troubles.append(f"{message.type} in the console of {message.location['url']}: {message.text}")

    def _on_error(self, error: WebError) -> None:
        self.troubles.append(f"an error on {error.page and error.page.url}: {error.error}")


def bring_axe(context: BrowserContext) -> None:
    """Load axe into every document of a profile whose pages are checked many times."""
    context.add_init_script(AXE_SCRIPT)


def axe(page: Page, seen: str = "") -> None:
    """Fail on any accessibility problem that axe finds."""
    _axe(page, {"rules": {"target-size": {"enabled": True}}}, f"{seen} in the light")


def axe_in_the_dark(page: Page, seen: str = "") -> None:
    """Fail on insufficient contrast when the system asks for a dark page."""
    page.emulate_media(color_scheme="dark")
    _axe(page, {"runOnly": ["color-contrast", "link-in-text-block"]}, f"{seen} in the dark")
    page.emulate_media(color_scheme="light")


def _axe(page: Page, options: dict[str, Any], seen: str) -> None:
    options = {"resultTypes": ["violations"], **options}
    found = page.evaluate(RUN_AXE, options)
    if found is None:
        page.evaluate(AXE_SCRIPT)
        found = page.evaluate(RUN_AXE, options)
    assert not found, f"{seen} {page.url}\n{AxeResults({'violations': found}).generate_report()}"
