"""Rules for the tests: a test's path shows its subject, and no test parses markup with regular expressions."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "tests" / "unit"
# These files read text that is not an answer, or show what the rule would find.
MAY_READ_MARKUP = {
    "contracts/test_templates.py": "Templates are no HTML before they are rendered.",
    "contracts/test_tests.py": "It shows that it would notice one.",
    "load.py": "A parser would take more of the machine than what it measures.",
}
# A hostile name, which must arrive as text
HARMFUL = "<script>alert("
TAGS = (
    "a|article|body|button|code|dd|details|dialog|div|dl|dt|form|h[1-6]|head|header|html|img|input|label|li|link|main"
    "|meta|meter|nav|ol|option|output|p|progress|script|search|select|span|strong|style|summary|svg|table|tbody|td"
    "|template|textarea|th|thead|time|title|tr|ul|use"
)
ATTRIBUTES = (
    r"action|alt|aria-\w+|autofocus|checked|class|colspan|content|data-[\w-]+|datetime|disabled|for|href|hx-[\w-]+|id"
    "|lang|max|maxlength|method|min|name|placeholder|rel|role|selected|src|style|tabindex|title|type|value"
)
# CSS selectors don't match: there a bracket precedes the attribute.
MARKUP = re.compile(rf"""</?(?:{TAGS})(?:[\s>/\\(\[]|$)|(?:^|[\s"'>])(?:{ATTRIBUTES})=["']""")
# Methods that search a text, or split it
LOOKING = {
    "compile", "count", "endswith", "find", "findall", "finditer", "fullmatch", "index", "match", "partition",
    "removeprefix", "removesuffix", "rfind", "rpartition", "rsplit", "search", "split", "startswith", "sub",
}  # fmt: skip


def texts_in(node: ast.AST) -> Iterator[ast.Constant]:
    """The strings in a part of a module."""
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str | bytes):
            yield one


def looked_for(module: ast.AST) -> Iterator[ast.Constant]:
    """The strings that a module looks for. A test may check that a string is missing anywhere in an answer's markup."""
    for node in ast.walk(module):
        if isinstance(node, ast.Compare):
            operands = [node.left, *node.comparators]
            for operator, left, right in zip(node.ops, operands, operands[1:], strict=False):
                if isinstance(operator, ast.In | ast.Eq):
                    yield from texts_in(left)
                if isinstance(operator, ast.Eq):
                    yield from texts_in(right)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LOOKING:
            for argument in node.args:
                yield from texts_in(argument)


def read_as_markup(source: str) -> list[str]:
    """The places where a module looks for markup: line numbers and strings."""
    found = []
    for one in looked_for(ast.parse(source)):
        text = one.value.decode("latin-1") if isinstance(one.value, bytes) else str(one.value)
        if MARKUP.search(text) and HARMFUL not in text:
            found.append(f"{one.lineno}: {text[:80]}")
    return sorted(set(found))


def test_every_unit_test_is_about_a_module_that_exists() -> None:
    paths = [path.relative_to(UNIT) for path in UNIT.rglob("test_*.py")]
    assert len(paths) > 30
    homeless = []
    for path in paths:
        words = path.stem.removeprefix("test_").split("_")
        modules = ["_".join(words[:number]) for number in range(1, len(words) + 1)]
        if not any((ROOT / path.parent / f"{module}.py").is_file() for module in modules):
            homeless.append(str(path))
    assert sorted(homeless) == []


def test_no_test_reads_markup_by_patterns() -> None:
    """Tests read it with ``tests/support/html.py``, so that harmless changes of a template break no test."""
    tests = ROOT / "tests"
    found = {str(path.relative_to(tests)): read_as_markup(path.read_text()) for path in tests.rglob("*.py")}
    assert len(found) > 100
    assert {path: lines for path, lines in sorted(found.items()) if lines and path not in MAY_READ_MARKUP} == {}


def test_it_would_notice_a_pattern_for_markup() -> None:
    noticed = (
        """assert '<h1>Disks</h1>' in text""",
        """assert b"<h1>Disks</h1>" in answer.content""",
        """assert f'value="{typed}"' in text""",
        """assert text.count('aria-disabled="true"') == 2""",
        """rows = re.findall(r'<tr id="row-([^"]+)"', text)""",
        """NAME = re.compile('name="key" value="([^"]+)"')""",
        """part = text.partition("<tbody")[2]""",
    )
    assert [source for source in noticed if not read_as_markup(source)] == []
    harmless = (
        """assert "<script>" not in text""",
        """assert row.name == "<script>alert(1)</script>" """,
        """page.locator('[name="ids"]')""",
        """cloud.http.get(url, text="<html>")""",
        """assert "Disks" in words""",
    )
    assert [source for source in harmless if read_as_markup(source)] == []
