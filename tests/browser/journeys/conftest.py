"""Fixtures of the journeys: a user's way through Diskboard, with a real Keystone and a real Cinder behind it."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.conftest import NewContext

# Pages poll for changed rows after a second or more. ``tests/browser/states`` tests the intervals with a clock that it
# controls; the journeys shorten them to save time.
HURRY = """
const wait = window.setTimeout;
const TOAST = 10000;
const soon = (delay) => (delay >= 1000 && delay !== TOAST ? delay / 5 : delay);
window.setTimeout = (then, delay, ...rest) => wait(then, soon(delay), ...rest);
"""


@pytest.fixture
def new_context(new_context: NewContext) -> NewContext:
    """Open another browser profile, whose pages poll for changes five times as often."""

    def open_context(**options: Any) -> BrowserContext:
        context = new_context(**options)
        context.add_init_script(HURRY)
        return context

    return open_context
