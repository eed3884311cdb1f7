"""Read an answer as a user or a screen reader does: by role, accessible name and label.

Roles and names follow the W3C's "HTML Accessibility API Mappings" and "Accessible Name and Description Computation", as
far as Diskboard's pages need them. The tests in ``tests/browser`` cover the rest with a browser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from lxml import html

if TYPE_CHECKING:
    from lxml.html import HtmlElement

ROLES = {
    "article": "article",
    "button": "button",
    "code": "code",
    "dd": "definition",
    "details": "group",
    "dialog": "dialog",
    "dt": "term",
    "form": "form",
    "h1": "heading",
    "h2": "heading",
    "h3": "heading",
    "header": "banner",
    "img": "img",
    "li": "listitem",
    "main": "main",
    "meter": "meter",
    "nav": "navigation",
    "ol": "list",
    "option": "option",
    "output": "status",
    "p": "paragraph",
    "progress": "progressbar",
    "search": "search",
    "select": "combobox",
    "table": "table",
    "td": "cell",
    "textarea": "textbox",
    "th": "columnheader",
    "time": "time",
    "tr": "row",
    "ul": "list",
}
INPUT_ROLES = {
    "button": "button",
    "checkbox": "checkbox",
    "hidden": "",
    "number": "spinbutton",
    "radio": "radio",
    "search": "searchbox",
    "submit": "button",
}
LABELLED = {"input", "meter", "output", "progress", "select", "textarea"}
WITHOUT_WORDS = {"script", "style"}
# Punctuation that follows a word without a space
CLOSING = (",", ".", ";", ":", "!", "?", ")", "”")


class Answered(Protocol):
    """The answer of a view."""

    @property
    def content(self) -> bytes: ...


class Element:
    """An element of a page; ``element["href"]`` is an attribute, or empty if the element doesn't have it."""

    def __init__(self, node: HtmlElement) -> None:
        self.node = node

    def __repr__(self) -> str:
        return html.tostring(self.node, encoding="unicode", with_tail=False)[:300]

    def __getitem__(self, attribute: str) -> str:
        return str(self.node.get(attribute, ""))

    def __contains__(self, attribute: str) -> bool:
        return attribute in self.node.attrib

    @property
    def tag(self) -> str:
        return str(self.node.tag)

    @property
    def role(self) -> str:
        if self["role"]:
            return self["role"]
        if self.tag == "a":
            return "link" if "href" in self else ""
        if self.tag == "input":
            return INPUT_ROLES.get(self["type"] or "text", "textbox")
        return ROLES.get(self.tag, "")

    @property
    def text(self) -> str:
        """Its words, on one line."""
        return joined(self._texts(hidden=True))

    @property
    def name(self) -> str:
        """Its accessible name."""
        if self["aria-labelledby"]:
            return self._texts_of(self["aria-labelledby"])
        if self["aria-label"]:
            return self["aria-label"]
        if self.tag in LABELLED and self.labels:
            return " ".join(self.labels)
        if self.tag == "table":
            return " ".join(caption.text for caption in self.select("caption"))
        return joined(self._texts(hidden=False)) or self["alt"] or self["title"] or self["placeholder"]

    @property
    def description(self) -> str:
        """Its accessible description."""
        return self._texts_of(self["aria-describedby"]) if "aria-describedby" in self else self["title"]

    @property
    def labels(self) -> list[str]:
        """The texts of its labels."""
        around = [Element(node) for node in self.node.iterancestors("label")]
        for_it = [label for label in Element(self._root).select("label") if self["id"] and label["for"] == self["id"]]
        return [label.text for label in [*for_it, *around]]

    @property
    def value(self) -> str:
        """The value of a field, as a browser would send it."""
        if self.tag == "textarea":
            # A browser removes a line break directly after the tag.
            return (self.node.text or "").removeprefix("\n")
        if self.tag == "select":
            options = self.select("option")
            chosen = [option for option in options if "selected" in option] or options[:1]
            return chosen[0].value if chosen else ""
        if self.tag == "option":
            return str(self.node.get("value", self.text))
        return self["value"] or ("on" if self["type"] == "checkbox" else "")

    @property
    def markup(self) -> str:
        """The markup in it."""
        children = (html.tostring(node, encoding="unicode") for node in self.node)
        return "".join([self.node.text or "", *children])

    def select(self, selector: str) -> list[Element]:
        """The elements in it that match a CSS selector."""
        return [Element(node) for node in self.node.cssselect(selector)]

    def find_all(self, role: str, name: str | None = None) -> list[Element]:
        """All elements in it with that role, and with exactly that accessible name."""
        found = [element for element in self._all() if element.role == role]
        return found if name is None else [element for element in found if element.name == name]

    def find(self, role: str, name: str | None = None) -> Element:
        """The only element in it with that role and name."""
        found = self.find_all(role, name)
        assert len(found) == 1, (
            f"{len(found)} of role {role} named {name!r}; all are {[element.name for element in self.find_all(role)]}"
        )
        return found[0]

    def has(self, role: str, name: str | None = None) -> bool:
        """Whether it contains an element with that role and name."""
        return bool(self.find_all(role, name))

    def field(self, label: str) -> Element:
        """The only field with exactly that label."""
        fields = [element for element in self._all() if element.tag in LABELLED]
        found = [element for element in fields if element.name == label]
        assert len(found) == 1, f"{len(found)} fields labelled {label!r}; all are {[field.name for field in fields]}"
        return found[0]

    def hidden(self, name: str) -> list[str]:
        """The values of the hidden fields with that name."""
        fields = self.select("input[type=hidden]")
        return [field["value"] for field in fields if field["name"] == name]

    def by_id(self, element_id: str) -> Element | None:
        """The element with that id."""
        found = [Element(node) for node in self.node.iter() if node.get("id") == element_id]
        assert len(found) <= 1, f"{len(found)} elements have the id {element_id}"
        return found[0] if found else None

    def _all(self) -> list[Element]:
        return [Element(node) for node in self.node.iterdescendants() if isinstance(node.tag, str)]

    def _texts(self, *, hidden: bool) -> list[str]:
        """The texts in it, in order; on request, including those that assistive technology ignores."""
        texts = [self.node.text or ""]
        for child in self.node:
            inner = Element(child)
            read = isinstance(child.tag, str) and child.tag not in WITHOUT_WORDS
            if read and (hidden or inner["aria-hidden"] != "true"):
                texts += inner._texts(hidden=hidden)
            texts.append(child.tail or "")
        return texts

    def _texts_of(self, ids: str) -> str:
        """The words of the elements with these ids, separated by spaces."""
        found = [Element(self._root).by_id(element_id) for element_id in ids.split()]
        return " ".join(element.text for element in found if element)

    @property
    def _root(self) -> HtmlElement:
        return self.node.getroottree().getroot()


class Page(Element):
    """A whole page, or a fragment of one for htmx."""

    def __init__(self, answer: Answered | str) -> None:
        text = answer if isinstance(answer, str) else answer.content.decode()
        super().__init__(html.document_fromstring(text if text.strip() else "<html></html>"))


def joined(texts: list[str]) -> str:
    """The texts of elements on one line, separated by spaces, except before closing punctuation."""
    return one_line("".join(text if text.startswith(CLOSING) else f" {text}" for text in texts))


def one_line(text: str) -> str:
    """The same words, separated by single spaces."""
    return " ".join(text.split())
