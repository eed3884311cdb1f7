"""Check pages with axe, and for content that is cut off or needs horizontal scrolling."""

from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pytest
from django.utils import translation
from playwright.sync_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.states.entering import settle
from tests.browser.watch import axe, axe_in_the_dark

WINDOWS: dict[str, dict[str, Any]] = {
    # The narrowest window that shows the navigation beside the page
    "wide": {"viewport": {"width": 1201, "height": 900}},
    # What a window of 1280 by 900 shows at 200% zoom
    "zoomed": {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2},
    "narrow": {"viewport": {"width": 320, "height": 640}},
}
LOCALES = {"en": "en-US", "ru": "ru-RU"}
# A phone, 200% zoom, and the narrowest window with all columns
SIZES = ((320, 640), (640, 450), (861, 900))
# Finds what needs horizontal scrolling, is cut off, or overlaps its neighbour.
TOO_WIDE = """
() => {
  const found = [];
  const tell = (what, pixels) => pixels > 0 && found.push(`${what}: ${pixels} pixels too wide`);
  tell("the page", document.documentElement.scrollWidth - innerWidth);
  const dialog = [...document.querySelectorAll("dialog[open]")].pop();
  if (dialog) {
    const box = dialog.getBoundingClientRect();
    tell("the dialog", Math.max(-box.left, box.right - innerWidth, dialog.scrollWidth - dialog.clientWidth));
  }
  const words = (one) => {
    const range = document.createRange();
    range.selectNodeContents(one);
    return range.getBoundingClientRect();
  };
  // A column's words may reach into an empty cell.
  const overlaps = (one) => {
    let next = one.nextElementSibling;
    while (next && !next.checkVisibility()) next = next.nextElementSibling;
    const end = next?.textContent.trim() ? words(next).left : (next ?? one).getBoundingClientRect().right;
    return words(one).right > end + 1;
  };
  for (const one of document.querySelectorAll("h1, h2, label, legend, th, .button, .badge, .tabs a, [role=menuitem]")) {
    const box = one.getBoundingClientRect();
    if (box.width <= 1 || one.closest(".visually-hidden") || !one.checkVisibility()) continue;
    const inline = getComputedStyle(one).display === "inline";
    const cut = one.matches("th") ? overlaps(one) : !inline && one.scrollWidth > one.clientWidth + 1;
    if (cut || box.right > innerWidth + 1 || box.left < -1) found.push(`cut off: ${one.textContent.trim()}`);
  }
  return found;
}
"""
# Opens a dialog's command, and returns whether its first field has the focus, or any part of a dialog without fields.
BEGINS = """
(dialog) => {
  const first = dialog.querySelector("input:not([type=hidden]), select, textarea");
  for (const details of dialog.querySelectorAll("details")) details.open = true;
  return first ? first === document.activeElement : dialog.contains(document.activeElement);
}
"""


@dataclass
class Visit:
    """Looks at page after page in one language and window.

    A `brief` visit checks a dialog only once, even if several pages open it, and dark colours only once. It skips axe
    where only the words differ from what axe has checked.
    """

    page: Page
    language: str
    window: str = "wide"
    brief: bool = True
    opened: set[str] = field(default_factory=set)

    def words(self, text: str, /, **values: object) -> str:
        """Translate words of the page into the visit's language."""
        with translation.override(self.language):
            translated = translation.gettext(text)
        assert (translated == text) == (self.language == "en"), text
        return translated % values if values else translated

    def look(self, at: str, *, again: bool = False) -> None:
        """Check what is open with axe in this window, light and dark, and for overflow in windows of every size.

        A brief visit skips the dark theme where all colours are checked `again` later.
        """
        self.look_by_axe(at, again=again)
        self.look_for_overflow(at)

    def look_at_more(self, at: str) -> None:
        """Check what differs only in its words from what axe has checked: a brief visit checks for overflow only."""
        if not self.brief:
            self.look_by_axe(at)
        self.look_for_overflow(at)

    def look_by_axe(self, at: str, *, again: bool = False) -> None:
        """Check what is open with axe only."""
        axe(self.page, self._seen(at))
        if not (again and self.brief):
            axe_in_the_dark(self.page, self._seen(at))

    def look_for_overflow(self, at: str) -> None:
        """Check what is open for overflow only."""
        # A dialog looks the same in wider windows.
        most = 2 if self.page.locator("dialog[open]").count() else len(SIZES)
        for width, height in self._sizes(most):
            self.page.set_viewport_size({"width": width, "height": height})
            found = self.page.evaluate(TOO_WIDE)
            assert not found, f"{self._seen(at)} {self.page.url} in a window of {width} pixels\n{found}"

    def button(self, name: str, /, **values: object) -> Locator:
        """Find a button."""
        return self.page.get_by_role("button", name=self.words(name, **values), exact=True)

    def more(self, title: str) -> Locator:
        """Find the button that opens the menu of a row."""
        return self.button("Actions for %(title)s", title=title)

    def press(self, name: str, /, **values: object) -> None:
        """Press a button."""
        self.button(name, **values).click()

    def link(self, name: str, /, **values: object) -> Locator:
        """Find a link."""
        return self.page.get_by_role("link", name=self.words(name, **values), exact=True)

    def heading(self, name: str, /, **values: object) -> Locator:
        """Find the page's heading."""
        return steps.heading(self.page, self.words(name, **values))

    def tick(self, title: str) -> None:
        """Select a row."""
        self.page.get_by_role("checkbox", name=self.words("Select %(name)s", name=title), exact=True).check()

    def unfold(self) -> None:
        """Open the filters, and everything else beside them that can be opened."""
        for details in self.page.locator("main > details:not([open]), main > div > details:not([open])").all():
            details.locator("summary").click()
        settle(self.page)

    def menu(self, title: str) -> Locator:
        """Open the menu of a row."""
        self.more(title).click()
        menu = self.page.get_by_role("menu")
        expect(menu.get_by_role("menuitem").first).to_be_focused()
        return menu

    def look_at_menu(self, title: str, *, again: bool = False) -> None:
        """Check the menu of a row. All of it is visible, in small windows too."""
        for width, height in self._sizes(2):
            self.page.keyboard.press("Escape")
            self.page.set_viewport_size({"width": width, "height": height})
            box = self.menu(title).bounding_box()
            assert box
            right, bottom = box["x"] + box["width"], box["y"] + box["height"]
            seen = f"{self._seen(f'the menu of {title}')} {box} in a window of {width} by {height} pixels"
            assert min(box["x"], box["y"], width - right, height - bottom) >= 0, seen
        self.look_by_axe(f"the menu of {title}", again=again)
        self.page.keyboard.press("Escape")

    def choose(self, title: str, entry: str) -> None:
        """Choose an entry of a row's menu."""
        self.menu(title).get_by_role("menuitem", name=self.words(entry), exact=True).click()

    def dialog(self, name: str, /, **values: object) -> Locator:
        """Find the open dialog with that name."""
        return steps.dialog(self.page, self.words(name, **values))

    def leave(self, opener: Locator) -> None:
        """Close the dialog; the focus returns to the control that opened it."""
        self.page.keyboard.press("Escape")
        # It asks if something was typed.
        if self.page.get_by_text(self.words("Press Esc again to discard what you typed.")).count():
            self.page.keyboard.press("Escape")
        expect(self.page.get_by_role("dialog")).to_have_count(0)
        expect(opener).to_be_focused()

    def look_at_dialogs(self, *titles: str, named: tuple[str, ...]) -> None:
        """Check every dialog that this page opens by its buttons and by the menus of these rows.

        The names of these dialogs include all of `named`.
        """
        found = set()
        buttons = self.page.locator("main [role=button][hx-get]")
        for number in range(buttons.count()):
            opener = buttons.nth(number)
            if self._is_new(opener):
                opener.click()
                found.add(self.look_at_dialog(opener))
        for title in titles:
            more = self.more(title)
            self.menu(title)
            self.page.keyboard.press("Escape")
            # A closed menu keeps its entries until another one opens.
            entries = self.page.locator("#menu [hx-get]")
            for number in range(entries.count()):
                if self._is_new(entries.nth(number)):
                    if self.brief:
                        entries.nth(number).dispatch_event("click")
                    else:
                        self.menu(title)
                        entries.nth(number).click()
                    found.add(self.look_at_dialog(more))
        assert found >= {self.words(name) for name in named}

    def _is_new(self, opener: Locator) -> bool:
        address = str(opener.get_attribute("hx-get")).partition("?")[0]
        is_new = not self.brief or address not in self.opened
        self.opened.add(address)
        return is_new

    def look_at_dialog(self, opener: Locator) -> str:
        """Check an open dialog with its command, close it, and return its name."""
        dialog = self.page.locator("dialog:modal")
        expect(dialog).to_be_visible()
        name = dialog.get_by_role("heading", level=2).inner_text()
        expect(dialog).to_have_accessible_name(name)
        assert dialog.evaluate(BEGINS), f"the dialog {name} does not begin at its first field"
        settle(self.page)
        for command in dialog.locator("details code").all():
            expect(command).to_be_visible()
        self.look(f"the dialog {name}", again=True)
        self.leave(opener)
        return name

    def _seen(self, at: str) -> str:
        return f"{at}, {self.language}, {self.window}:"

    def _sizes(self, most: int) -> list[tuple[int, int]]:
        """Return the sizes to check; the last is the window's own, and the only one unless the window is wide."""
        viewport = WINDOWS[self.window]["viewport"]
        own = (viewport["width"], viewport["height"])
        return [*SIZES[:most], own] if self.window == "wide" else [own]


def visits() -> list[Any]:
    """Return language, window and brevity of every visit. The quick profile makes only the brief visit.

    The brief visit uses the language with the longer words.
    """
    return [pytest.param(("ru", "wide", True), id="brief"), *whole_visits()]


def whole_visits() -> list[Any]:
    """Return language, window and brevity of the visits that are in the full profile only."""
    return [pytest.param((*one, False), id="-".join(one), marks=pytest.mark.full) for one in product(LOCALES, WINDOWS)]
