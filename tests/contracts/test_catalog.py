"""The Russian catalog is complete, and the compiled file matches the source."""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
import pytest

ROOT = Path(__file__).parents[2]
WRITTEN = ROOT / "locale/ru/LC_MESSAGES/django.po"
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]")
FUNCTIONS = {
    "_": 1, "gettext": 1, "gettext_lazy": 1, "ngettext": 2, "ngettext_lazy": 2, "pgettext": 2, "pgettext_lazy": 2,
}  # fmt: skip
TRANSLATE = re.compile(r"""{%\s*translate\s+("(?P<double>[^"]*)"|'(?P<single>[^']*)')""")
BLOCK = re.compile(
    r"{%\s*blocktranslate(?P<given>[^%]*)%}(?P<one>.*?)({%\s*plural\s*%}(?P<many>.*?))?{%\s*endblocktranslate\s*%}",
    re.DOTALL,
)
VARIABLE = re.compile(r"{{\s*(\w+)\s*}}")


@pytest.fixture(scope="module")
def catalog() -> polib.POFile:
    return polib.pofile(str(WRITTEN))


def trimmed(text: str) -> str:
    """The msgid of a blocktranslate: its lines joined to one, its variables as placeholders."""
    lines = (line.strip() for line in text.strip().splitlines())
    return VARIABLE.sub(r"%(\1)s", " ".join(line for line in lines if line).replace("%", "%%"))


def in_templates() -> Iterator[str]:
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        for found in TRANSLATE.finditer(text):
            yield (found["double"] or found["single"]).replace("%", "%%")
        for found in BLOCK.finditer(text):
            assert "trimmed" in found["given"], path
            yield from (trimmed(part) for part in (found["one"], found["many"]) if part)


def in_code() -> Iterator[str]:
    for folder in ("dashboard", "volumes"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
                    texts = node.args[: FUNCTIONS[node.func.id]]
                    found = [one.value for one in texts if isinstance(one, ast.Constant)]
                    yield from map(str, found[1:] if node.func.id.startswith("p") else found)


def test_it_has_exactly_the_texts_that_are_asked_for(catalog: polib.POFile) -> None:
    """If a text in the catalog is unused, it may have been reworded in the code, where it is now untranslated."""
    known = {text.replace("%%", "%") for entry in catalog for text in (entry.msgid, entry.msgid_plural) if text}
    wanted = {text.replace("%%", "%") for text in (*in_templates(), *in_code())}
    assert len(wanted) > 200
    assert sorted(wanted - known) == []
    assert sorted(known - wanted) == []


def test_it_has_every_text_in_russian(catalog: polib.POFile) -> None:
    assert [entry.msgid for entry in catalog if not entry.translated() or entry.fuzzy] == []


def test_it_has_no_text_that_is_gone(catalog: polib.POFile) -> None:
    assert [entry.msgid for entry in catalog.obsolete_entries()] == []


def test_it_keeps_every_placeholder(catalog: polib.POFile) -> None:
    changed = [
        (entry.msgid, text)
        for entry in catalog
        for text in entry.msgstr_plural.values() or [entry.msgstr]
        if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    ]
    assert changed == []


def test_it_knows_the_three_forms_of_a_number(catalog: polib.POFile) -> None:
    assert [entry.msgid for entry in catalog if len(entry.msgstr_plural) not in {0, 3}] == []


def test_what_is_compiled_is_what_is_written(catalog: polib.POFile) -> None:
    """Then users need no program to compile it."""
    with WRITTEN.with_suffix(".mo").open("rb") as compiled:
        said = gettext.GNUTranslations(compiled)._catalog  # type: ignore[attr-defined]
    written: dict[Any, Any] = {}
    for entry in catalog:
        key = f"{entry.msgctxt}\4{entry.msgid}" if entry.msgctxt else entry.msgid
        written[key] = entry.msgstr
        for form, text in entry.msgstr_plural.items():
            written[key, form] = text
    assert {key: said.get(key, "") for key in written} == written
