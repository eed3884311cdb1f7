"""Sees to it that no page complains unnoticed."""

import re
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, WebError

# Chromium's words and htmx's for the same answer.
FAILED_REQUEST = re.compile(r"the server responded with a status of (\d{3})|Response Status Error Code (\d{3})")
# What htmx says of a request that ends before its answer has come: by leaving the page, which may still be loading what
# belongs into its rows, or by the page itself.
ABORTED_REQUEST = re.compile(r"^htmx:(sendAbort|afterRequest)\b")
# What htmx says when something comes for a row that has gone meanwhile.
TOO_LATE = re.compile(r"^htmx:oobErrorNoTarget, [#.](disk-|failure-|count-|details$)")
# What the browser and htmx say of a connection that was cut.
CUT = re.compile(r"net::ERR_|htmx:sendError")
TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP: ${event.violatedDirective} forbids ${event.blockedURI} ${event.sample}`);
});
"""

# A document keeps axe once it has it: its script is long, and takes longer to send than to run.
RUN_AXE = "options => window.axe ? axe.run(document, options).then(({ violations }) => violations) : null"


# Without slots: Playwright keeps what it knows of a listener on the object itself.
@dataclass
class Watch:
    """The complaints of a test's pages and of its server."""

    troubles: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)
    cuts_expected: bool = False

    def expect(self, *statuses: int) -> None:
        """Let requests of this test be answered so."""
        self.expected.update(statuses)

    def expect_cuts(self) -> None:
        """Let connections of this test be cut, as they are where the server is killed."""
        self.cuts_expected = True

    def over(self, context: BrowserContext) -> None:
        """Listen to every page of a profile, also to those it opens later."""
        context.add_init_script(TELL_VIOLATIONS)
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)

    def read_log(self, text: str) -> None:
        """Take over the server's tracebacks."""
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
    """Give axe to every document of a profile that is looked at again and again."""
    context.add_init_script(AXE_SCRIPT)


def axe(page: Page, seen: str = "") -> None:
    """Fail on anything that hinders people who use the page in another way than by eye and mouse."""
    _axe(page, {"rules": {"target-size": {"enabled": True}}}, f"{seen} in the light")


def axe_in_the_dark(page: Page, seen: str = "") -> None:
    """Fail where something can't be told from what is around it, when the system asks for a dark page."""
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
