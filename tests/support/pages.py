"""What a user finds on a page: its words, its rows, its forms."""

import json
from collections.abc import Iterable
from typing import Any

from django.test import Client

from tests.support.fake_cloud import PASSWORD, PROJECT
from tests.support.html import Answered, Element, Page

__all__ = ["HERE", "Answered", "Page"]

HERE = f"/p/{PROJECT}"


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


def entries(answer: Answered) -> list[str]:
    """The entries of the menus, greyed or not."""
    return [entry.name for entry in Page(answer).find_all("menuitem")]


def menu(answer: Answered) -> dict[str, str]:
    """The entries of the only menu, in order, with the reason for each greyed one; empty for the others."""
    return menu_in(Page(answer))


def menu_in(part: Element) -> dict[str, str]:
    """The entries of the only menu in a part of a page, in order, with the reason for each greyed one."""
    items = part.find_all("menuitem")
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


def opens_dialog(answer: Answered | str, url: str) -> bool:
    """Whether a link opens the dialog at that address; as a page, with a key that the browser's Back button keeps."""
    page = Page(answer)
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


def failures(answer: Answered) -> dict[str, str]:
    """The messages that an answer puts into the rows that failed, by the id of the resource."""
    brought = Page(answer).select(".failure[hx-swap-oob]")
    return {one["id"].removeprefix("failure-"): one.text for one in brought if one.text}


def facts(answer: Answered) -> dict[str, str]:
    """The facts on the page of one resource, by their terms."""
    page = Page(answer)
    told = zip(page.find_all("term"), page.find_all("definition"), strict=True)
    return {term.text: definition.text for term, definition in told}


def filters_unfolded(answer: Answered) -> bool:
    """Whether the filters of a list are open."""
    [filters] = [group for group in Page(answer).find_all("group") if group.text.startswith("Filters")]
    return "open" in filters


def leads_to(answer: Any) -> str:
    """The URL of the page that replaces the present one in the browser, by an event; empty if it stays."""
    events = json.loads(answer.headers.get("HX-Trigger", "{}"))
    return str(events["left"]["url"]) if "left" in events else ""


def triggered(answer: Any, after: str = "") -> set[str]:
    """The events that an answer triggers on the page, at once or after "Settle"."""
    header = "HX-Trigger" + (f"-After-{after}" if after else "")
    return set(json.loads(answer.headers.get(header, "{}")))
