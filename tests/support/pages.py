"""What a person finds on a page: its words, its rows, its forms."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Protocol

from tests.unit.fakes import PROJECT

HERE = f"/p/{PROJECT}"


class Answered(Protocol):
    """What a view has answered."""

    @property
    def content(self) -> bytes: ...


def text_of(answer: Answered) -> str:
    return answer.content.decode()


def words(answer: Answered | str) -> str:
    """What one reads, on one line."""
    text = answer if isinstance(answer, str) else text_of(answer)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())


def names(answer: Answered) -> list[str]:
    """The rows of a table, by their checkboxes."""
    found = re.findall(r'<input type="checkbox" name="ids".*?aria-label="Select ([^"]*)"', text_of(answer), re.DOTALL)
    return [unescape(one) for one in found]


def entries(answer: Answered) -> list[str]:
    """What the menus offer, greyed or not."""
    return [words(one) for one in re.findall(r'role="menuitem".*?>(.*?)</(?:a|span)>', text_of(answer), re.DOTALL)]


def menu(answer: Answered) -> dict[str, str]:
    """What the only menu offers, in order, and why it is greyed; empty where it is not."""
    found = re.findall(r'<(a|span) role="menuitem"([^>]*)>(.*?)</\1>', text_of(answer), re.DOTALL)
    reasons = {words(label): re.search(r'aria-disabled="true".*title="([^"]*)"', given) for _tag, given, label in found}
    return {label: unescape(reason[1]) if reason else "" for label, reason in reasons.items()}


def link(answer: Answered, rel: str) -> str:
    """The link to the next or previous page."""
    found = re.search(rf'rel="{rel}" href="([^"]+)"', text_of(answer))
    assert found, f"no link {rel}"
    return unescape(found[1])


def alerts(answer: Answered) -> str:
    """What is said as an alert."""
    return words(" ".join(re.findall(r'role="alert">(.*?)</(?:p|div)>', text_of(answer), re.DOTALL)))


def field_errors(answer: Answered) -> dict[str, str]:
    """What is said to be wrong with each field."""
    found = re.findall(r'class="field-error" id="id_(\w+)_error">(.*?)</div>', text_of(answer), re.DOTALL)
    return {name: words(told) for name, told in found}


def options(answer: Answered, name: str) -> list[str]:
    """What a select offers, in its words."""
    found = re.search(rf'<select[^>]* name="{name}".*?</select>', text_of(answer), re.DOTALL)
    assert found, f"no select {name}"
    return [words(one) for one in re.findall(r"<option.*?>(.*?)</option>", found[0], re.DOTALL)]


def command(answer: Answered) -> str:
    """The line that would do the same in a terminal."""
    found = re.search(r"<code tabindex.*?>(.*?)</code>", text_of(answer), re.DOTALL)
    assert found, "no command"
    return unescape(found[1])


def opens_dialog(text: str, url: str) -> bool:
    """Whether a link opens the dialog at that address; as a page, with a key that the browser's Back finds again."""
    there = re.escape(url)
    return bool(re.search(rf'href="{there}\?key=[0-9a-f]{{32}}" hx-get="{there}" hx-target="#dialog"', text))


def sent_by(answer: Answered, **changes: str) -> dict[str, str]:
    """What the form of a dialog over the page would send, after some `changes` by hand."""
    reader = _Form()
    reader.feed(text_of(answer))
    # It is new every time, and the test client doesn't ask for it.
    reader.sent.pop("csrfmiddlewaretoken", None)
    return {**reader.sent, **changes}


class _Form(HTMLParser):
    """Reads the fields of a form that can be changed, as a browser does."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = "" if "disabled" in given else given.get("name", "")
        if tag == "option" and self._select:
            if "selected" in given or self._select not in self.sent:
                self.sent[self._select] = given.get("value", "")
        elif tag == "textarea":
            self._area = name
            self.sent |= {name: ""} if name else {}
        elif tag == "select":
            self._select = name
        elif tag == "input" and name and (given.get("type") != "checkbox" or "checked" in given):
            self.sent[name] = given.get("value", "on" if given.get("type") == "checkbox" else "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            # A browser leaves out the line break behind the tag.
            self.sent[self._area] += data.removeprefix("\n")
