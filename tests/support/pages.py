"""What a person finds on a page: its words, its rows, its forms."""

from tests.support.fake_cloud import PROJECT
from tests.support.html import Answered, Element, Page

__all__ = ["HERE", "Answered", "Page"]

HERE = f"/p/{PROJECT}"


def text_of(answer: Answered) -> str:
    """What was sent, markup and all: for files, and for what must not be in it in any form."""
    return answer.content.decode()


def words(answer: Answered | str) -> str:
    """What one reads, on one line."""
    return Page(answer).text


def rows(answer: Answered) -> list[Element]:
    """The rows of a table's body, also those that come alone."""
    return [row for row in Page(answer).find_all("row") if row["id"].startswith("row-")]


def names(answer: Answered) -> list[str]:
    """The rows of a table, by their checkboxes."""
    boxes = Page(answer).find_all("checkbox")
    return [box.name.removeprefix("Select ") for box in boxes if box["name"] == "ids"]


def entries(answer: Answered) -> list[str]:
    """What the menus offer, greyed or not."""
    return [entry.name for entry in Page(answer).find_all("menuitem")]


def menu(answer: Answered) -> dict[str, str]:
    """What the only menu offers, in order, and why it is greyed; empty where it is not."""
    items = Page(answer).find_all("menuitem")
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
    fields = Page(answer).select("input[name], select[name], textarea[name]")
    unticked = [field for field in fields if field["type"] in {"checkbox", "radio"} and "checked" not in field]
    sent = {field["name"]: field.value for field in fields if field not in unticked and "disabled" not in field}
    # It is new every time, and the test client doesn't ask for it.
    sent.pop("csrfmiddlewaretoken", None)
    return {**sent, **changes}
