"""What a user finds on a page: its words, its rows, its forms."""

import json
import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.test import Client
from lxml import html

from tests.support.fake_cloud import PASSWORD, PROJECT
from tests.support.html import Answered, Element, Page

__all__ = ["HERE", "Answered", "Element", "Page"]

HERE = f"/p/{PROJECT}"
SCRIPT_OF_MENUS = settings.BASE_DIR / "static" / "js" / "menus.js"
# What the browser replaces in the template of a menu, by the name of the constant
PLACEHOLDERS = dict(re.findall(r"^const (ANY\w*_ID) = .([0-9a-f-]{36}).;$", SCRIPT_OF_MENUS.read_text(), re.MULTILINE))


def text_of(answer: Answered) -> str:
    """The whole content with its markup: for files, and for texts that must not be in it in any form."""
    return answer.content.decode()


def words(answer: Answered | str) -> str:
    """The words that a user reads, on one line."""
    return Page(answer).text


def is_whole(answer: Answered) -> bool:
    """Whether it is a whole page, not a fragment of one for htmx."""
    return Page(answer).has("main")


def rows(answer: Answered) -> list[Element]:
    """The rows of a table's body, also those that are sent without the table."""
    return [row for row in Page(answer).find_all("row") if row["id"].startswith("row-")]


def rows_by_id(answer: Answered) -> dict[str, Element]:
    """The rows of a table's body, also those that are sent without the table, by the id of the resource."""
    return {row["id"].removeprefix("row-"): row for row in rows(answer)}


def names(answer: Answered) -> list[str]:
    """The names in the rows of a table, from their checkboxes."""
    boxes = Page(answer).find_all("checkbox")
    return [box.name.removeprefix("Select ") for box in boxes if box["name"] == "ids"]


def menu_of(answer: Answered | Element, row_id: str = "", *, page: Answered | Element | None = None) -> Page:
    """The open menu of a row, or of the only row, made by the rules of menus.js.

    The answer to a poll brings only what differs in the menus of its rows; `page` is then the page that polled.
    """
    part = _parsed(answer)
    found = [row for row in _rows_of(part) if row["id"] == f"row-{row_id}" or not row_id]
    assert len(found) == 1, f"{len(found)} rows {row_id}"
    [row] = found
    entries = (_parsed(page) if page else part).by_id("menu-entries")
    assert entries, "no menu"
    # This is what JavaScript makes of an attribute that the row doesn't have.
    disk_id = row["data-disk"] or "undefined"
    filled = entries.markup.replace(PLACEHOLDERS["ANY_ID"], row["id"].removeprefix("row-"))
    opened = Page(filled.replace(PLACEHOLDERS["ANY_DISK_ID"], disk_id))
    for change in _changes_of(part, row):
        _change(opened, change)
    return opened


def _changes_of(part: Element, row: Element) -> list[Element]:
    """What differs in the menu of a row; a row whose menu is as usual names no template."""
    if "data-menu" not in row:
        return []
    assert row["data-menu"], "an empty key"
    [template] = [one for one in part.select("template") if one["id"] == f"menu-{row['data-menu']}"]
    return [Element(node) for node in template.node]


def _change(opened: Element, change: Element) -> None:
    """Give an entry of a menu its other label, and disable it if there is a reason."""
    entry = opened.find_all("menuitem")[int(change["data-entry"])]
    if change.text:
        # The label is the last child: it follows the icon.
        assert entry.node[-1].tail, "no label after the icon"
        entry.node[-1].tail = change.node.text_content()
    if change["title"]:
        for name in ("href", "hx-get", "hx-post"):
            entry.node.attrib.pop(name, None)
        why = f"why-{change['data-entry']}"
        entry.node.attrib.update({"title": change["title"], "aria-disabled": "true", "aria-describedby": why})
        words_of_it = html.Element("span", {"id": why, "hidden": ""})
        words_of_it.text, words_of_it.tail = change["title"], entry.node.tail
        entry.node.tail = None
        entry.node.addnext(words_of_it)


def _parsed(answer: Answered | Element) -> Element:
    return answer if isinstance(answer, Element) else Page(answer)


def _rows_of(part: Element) -> list[Element]:
    return [row for row in part.find_all("row") if row["id"].startswith("row-") and row["hx-swap-oob"] != "delete"]


def menus(answer: Answered, *, page: Answered | Element | None = None) -> dict[str, dict[str, str]]:
    """The entries of each row's menu, as in `menu`, by the id of the resource; `page` as in `menu_of`."""
    part = Page(answer)
    ids = [row["id"].removeprefix("row-") for row in _rows_of(part)]
    return {row_id: _entries(menu_of(part, row_id, page=page)) for row_id in ids}


def menu(answer: Answered) -> dict[str, str]:
    """The entries of the only row's menu, in order, with the reason for each greyed one; empty for the others."""
    return _entries(menu_of(answer))


def _entries(opened: Element) -> dict[str, str]:
    items = opened.find_all("menuitem")
    return {entry.name: entry["title"] if entry["aria-disabled"] == "true" else "" for entry in items}


def link(answer: Answered, rel: str) -> str:
    """The link to the next or previous page."""
    found = [one for one in Page(answer).find_all("link") if one["rel"] == rel]
    assert found, f"no link {rel}"
    return found[0]["href"]


def alerts(answer: Answered) -> str:
    """The texts of the alerts."""
    return " ".join(alert.text for alert in Page(answer).find_all("alert")).strip()


def field_errors(answer: Answered) -> dict[str, str]:
    """The error message of each field."""
    errors = Page(answer).select(".field-error")
    return {error["id"].removeprefix("id_").removesuffix("_error"): error.text for error in errors}


def options(answer: Answered, name: str) -> list[str]:
    """The texts of a select's options."""
    found = [field for field in Page(answer).select("select") if field["name"] == name]
    assert found, f"no select {name}"
    return [option.text for option in found[0].find_all("option")]


def command(answer: Answered) -> str:
    """The equivalent command line."""
    found = Page(answer).select("code[tabindex]")
    assert found, "no command"
    return str(found[0].node.text_content())


def opens_dialog(answer: Answered | Element, url: str) -> bool:
    """Whether a link opens the dialog at that address; as a page, with a key that the browser's Back button keeps."""
    page = answer if isinstance(answer, Element) else Page(answer)
    openers = [one for role in ("link", "button", "menuitem") for one in page.find_all(role) if one["hx-get"] == url]
    return any(one["hx-target"] == "#dialog" and one["href"].startswith(f"{url}?key=") for one in openers)


def sent_by(answer: Answered, **changes: str) -> dict[str, str]:
    """The fields that the form of a dialog over the page would send, with some `changes` by hand."""
    sent = {field["name"]: field.value for field in _filled_in(Page(answer))}
    return {**sent, **changes}


def kept(answer: Answered, sent: Iterable[str]) -> dict[str, str]:
    """The values that the form that came back still has in these fields."""
    held = sent_by(answer)
    return {name: held[name] for name in sent if name in held}


def all_sent_by(answer: Answered) -> dict[str, list[str]]:
    """The fields that the form of a dialog would send, with every value of each name; empty if it has no form."""
    sent: dict[str, list[str]] = {}
    for dialog in Page(answer).find_all("dialog"):
        for field in _filled_in(dialog):
            sent.setdefault(field["name"], []).append(field.value)
    return sent


def _filled_in(part: Element) -> list[Element]:
    """The fields that a browser would send, except the CSRF token, which the test client doesn't need."""
    fields = part.select("input[name], select[name], textarea[name]")
    return [field for field in fields if _is_sent(field) and field["name"] != "csrfmiddlewaretoken"]


def _is_sent(field: Element) -> bool:
    unticked = field["type"] in {"checkbox", "radio"} and "checked" not in field
    return not unticked and "disabled" not in field


def sign_in_on(client: Client, answer: Answered) -> Answered:
    """The answer to a sign-in on the page that asks for it, with everything that this page carries along."""
    [carried] = set(Page(answer).hidden("carried"))
    sent = {"user_name": "ann", "password": PASSWORD, "domain": "Default", "carried": carried}
    return client.post("/sign-in/", sent, follow=True)


def triggers(element: Element) -> set[str]:
    """The events that make htmx request an element's address."""
    return {event.strip() for event in element["hx-trigger"].split(",")}


def loads(answer: Answered) -> list[str]:
    """The addresses that a page requests as soon as it is loaded."""
    return [one["hx-get"] for one in Page(answer).select("[hx-get]") if "load" in triggers(one)]


def goes_on_by_itself(answer: Answered) -> bool:
    """Whether the form of a dialog is sent as soon as it is loaded, and once more after a sign-in."""
    return any(triggers(form) == {"load", "signed-in from:body"} for form in Page(answer).find_all("form"))


def fates(answer: Answered) -> list[str]:
    """What a dialog says will happen, resource by resource."""
    return [item.text for item in Page(answer).find("list", "What will happen").find_all("listitem")]


def brought_into(answer: Answered | Element, place: str) -> dict[str, Element]:
    """What an answer puts into the elements of that class in rows, by the id of the resource."""
    pattern = re.compile(rf"innerHTML:#row-([0-9a-f-]{{36}}) \.{place}")
    parts = _parsed(answer).select("[hx-swap-oob]")
    found = [(pattern.fullmatch(one["hx-swap-oob"]), one) for one in parts]
    brought = [(match[1], one) for match, one in found if match]
    assert len(dict(brought)) == len(brought), f"two parts for one .{place}"
    return dict(brought)


def failures(answer: Answered) -> dict[str, str]:
    """The messages that an answer puts into the rows that failed, by the id of the resource."""
    return {row_id: one.text for row_id, one in brought_into(answer, "failure").items() if one.text}


def facts(answer: Answered) -> dict[str, str]:
    """The facts on the page of one resource, by their terms."""
    page = Page(answer)
    told = zip(page.find_all("term"), page.find_all("definition"), strict=True)
    return {term.text: definition.text for term, definition in told}


def active_chips(answer: Answered) -> list[str]:
    """The words of the filters that are active, on their chips."""
    return [one.text for one in Page(answer).select(".chip[aria-current]")]


def leads_to(answer: Any) -> str:
    """The URL of the page that replaces the present one in the browser, by an event; empty if it stays."""
    events = json.loads(answer.headers.get("HX-Trigger", "{}"))
    return str(events["left"]["url"]) if "left" in events else ""


def triggered(answer: Any, after: str = "") -> set[str]:
    """The events that an answer triggers on the page, at once or after "Settle"."""
    header = "HX-Trigger" + (f"-After-{after}" if after else "")
    return set(json.loads(answer.headers.get(header, "{}")))
