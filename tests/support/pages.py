"""What a person finds on a page: its words, its rows, its forms."""

import json
from collections.abc import Iterable
from typing import Any

from django.test import Client

from tests.support.fake_cloud import PASSWORD, PROJECT
from tests.support.html import Answered, Element, Page

__all__ = ["HERE", "Answered", "Page"]

HERE = f"/p/{PROJECT}"


def text_of(answer: Answered) -> str:
    """What was sent, markup and all: for files, and for what must not be in it in any form."""
    return answer.content.decode()


def words(answer: Answered | str) -> str:
    """What one reads, on one line."""
    return Page(answer).text


def is_whole(answer: Answered) -> bool:
    """Whether it is a whole page, not a part of one for htmx."""
    return Page(answer).has("main")


def rows(answer: Answered) -> list[Element]:
    """The rows of a table's body, also those that come alone."""
    return [row for row in Page(answer).find_all("row") if row["id"].startswith("row-")]


def rows_by_id(answer: Answered) -> dict[str, Element]:
    """The rows of a table's body, also those that come alone, by the id of what they show."""
    return {row["id"].removeprefix("row-"): row for row in rows(answer)}


def names(answer: Answered) -> list[str]:
    """The rows of a table, by their checkboxes."""
    boxes = Page(answer).find_all("checkbox")
    return [box.name.removeprefix("Select ") for box in boxes if box["name"] == "ids"]


def entries(answer: Answered) -> list[str]:
    """What the menus offer, greyed or not."""
    return [entry.name for entry in Page(answer).find_all("menuitem")]


def menu(answer: Answered) -> dict[str, str]:
    """What the only menu offers, in order, and why it is greyed; empty where it is not."""
    return menu_in(Page(answer))


def menu_in(part: Element) -> dict[str, str]:
    """What the only menu in a part of a page offers, in order, and why it is greyed; empty where it is not."""
    items = part.find_all("menuitem")
    return {entry.name: entry["title"] if entry["aria-disabled"] == "true" else "" for entry in items}


def link(answer: Answered, rel: str) -> str:
    """The link to the next or previous page."""
    found = [one for one in Page(answer).find_all("link") if one["rel"] == rel]
    assert found, f"no link {rel}"
    return found[0]["href"]


def alerts(answer: Answered) -> str:
    """What is said as an alert."""
    return " ".join(alert.text for alert in Page(answer).find_all("alert")).strip()


def field_errors(answer: Answered) -> dict[str, str]:
    """What is said to be wrong with each field."""
    errors = Page(answer).select(".field-error")
    return {error["id"].removeprefix("id_").removesuffix("_error"): error.text for error in errors}


def options(answer: Answered, name: str) -> list[str]:
    """What a select offers, in its words."""
    found = [field for field in Page(answer).select("select") if field["name"] == name]
    assert found, f"no select {name}"
    return [option.text for option in found[0].find_all("option")]


def command(answer: Answered) -> str:
    """The line that would do the same in a terminal."""
    found = Page(answer).select("code[tabindex]")
    assert found, "no command"
    return str(found[0].node.text_content())


def opens_dialog(answer: Answered | str, url: str) -> bool:
    """Whether a link opens the dialog at that address; as a page, with a key that the browser's Back finds again."""
    page = Page(answer)
    openers = [one for role in ("link", "button", "menuitem") for one in page.find_all(role) if one["hx-get"] == url]
    return any(one["hx-target"] == "#dialog" and one["href"].startswith(f"{url}?key=") for one in openers)


def sent_by(answer: Answered, **changes: str) -> dict[str, str]:
    """What the form of a dialog over the page would send, after some `changes` by hand."""
    sent = {field["name"]: field.value for field in _filled_in(Page(answer))}
    return {**sent, **changes}


def kept(answer: Answered, sent: Iterable[str]) -> dict[str, str]:
    """What the form that came back still holds in the fields of these names."""
    held = sent_by(answer)
    return {name: held[name] for name in sent if name in held}


def all_sent_by(answer: Answered) -> dict[str, list[str]]:
    """What the form of a dialog would send, every value of each name; empty where it has no form."""
    sent: dict[str, list[str]] = {}
    for dialog in Page(answer).find_all("dialog"):
        for field in _filled_in(dialog):
            sent.setdefault(field["name"], []).append(field.value)
    return sent


def _filled_in(part: Element) -> list[Element]:
    """The fields that a browser would send, but for the token, which the test client isn't asked for."""
    fields = part.select("input[name], select[name], textarea[name]")
    return [field for field in fields if _is_sent(field) and field["name"] != "csrfmiddlewaretoken"]


def _is_sent(field: Element) -> bool:
    unticked = field["type"] in {"checkbox", "radio"} and "checked" not in field
    return not unticked and "disabled" not in field


def sign_in_on(client: Client, answer: Answered) -> Answered:
    """What follows when one signs in on the page that asks for it, with all that this page carries along."""
    [carried] = set(Page(answer).hidden("carried"))
    sent = {"user_name": "ann", "password": PASSWORD, "domain": "Default", "carried": carried}
    return client.post("/sign-in/", sent, follow=True)


def triggers(element: Element) -> set[str]:
    """The events at which htmx asks for an element's address."""
    return {event.strip() for event in element["hx-trigger"].split(",")}


def loads(answer: Answered) -> list[str]:
    """The addresses that a page asks for as soon as it is there."""
    return [one["hx-get"] for one in Page(answer).select("[hx-get]") if "load" in triggers(one)]


def goes_on_by_itself(answer: Answered) -> bool:
    """Whether the form of a dialog is sent as soon as it is there, and once more after a sign-in."""
    return any(triggers(form) == {"load", "signed-in from:body"} for form in Page(answer).find_all("form"))


def fates(answer: Answered) -> list[str]:
    """What a dialog says will happen, thing by thing."""
    return [item.text for item in Page(answer).find("list", "What will happen").find_all("listitem")]


def failures(answer: Answered) -> dict[str, str]:
    """What an answer brings into the rows that failed, by the id of what they show."""
    brought = Page(answer).select(".failure[hx-swap-oob]")
    return {one["id"].removeprefix("failure-"): one.text for one in brought if one.text}


def facts(answer: Answered) -> dict[str, str]:
    """What the page of one thing tells of it, by the words in front."""
    page = Page(answer)
    told = zip(page.find_all("term"), page.find_all("definition"), strict=True)
    return {term.text: definition.text for term, definition in told}


def filters_unfolded(answer: Answered) -> bool:
    """Whether the filters of a list stand open."""
    [filters] = [group for group in Page(answer).find_all("group") if group.text.startswith("Filters")]
    return "open" in filters


def triggered(answer: Any, after: str = "") -> set[str]:
    """The events that an answer lets the page hear at once, or after "Settle"."""
    header = "HX-Trigger" + (f"-After-{after}" if after else "")
    return set(json.loads(answer.headers.get(header, "{}")))
