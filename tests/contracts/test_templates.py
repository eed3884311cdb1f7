"""Rules for the source of the templates: every text uses gettext, and nothing is inline or written by hand.

These rules read the source, because not every branch appears in an answer. The source is not HTML yet, so they use
regular expressions. The templates of Django's engine are ``*.html``, those of Jinja ``*.jinja``.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from django.conf import settings
from jinja2 import Environment, nodes

TEMPLATES = Path(settings.BASE_DIR) / "templates"
# Names that are the same in every language
UNTRANSLATED = {"Diskboard", "GB", "LL", "NVMe"}
# The templates of Jinja contain no other words: makemessages doesn't read them.
WORDS_IN_JINJA = {"LL", "NVMe"}
# What these templates write inside of expressions
WRITTEN_IN_JINJA = {"?", "&", " "}
FEWEST = {"html": 50, "jinja": 4}
COMMENT = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}", re.DOTALL)
TRANSLATED = re.compile(r"{% blocktranslate.*?{% endblocktranslate %}", re.DOTALL)
TAG_OF_DJANGO = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
TAG_OF_JINJA = re.compile(r"{%-?.*?-?%}|{{-?.*?-?}}", re.DOTALL)
NOT_READ = re.compile(r"<code>.*?</code>|<script.*?</script>|<!doctype[^>]*>", re.DOTALL)
READ_ATTRIBUTE = re.compile(r'\s(?:aria-label|title|placeholder|alt|data-text)="([^"]*)"')
TAG = re.compile(r"<[^>]*>")
WORD = re.compile(r"[A-Za-zА-Яа-я]{2,}")
INLINE = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+\s*=|hx-on|javascript:|[\"'\s]js:", re.IGNORECASE)
CODE_IN_TRIGGER = re.compile(r'hx-trigger="[^"]*\[')
UNESCAPED = re.compile(r"\|\s*safe\b|autoescape|\bMarkup\b")
ADDRESS_BY_HAND = re.compile(r'(?:href|src|action|hx-get|hx-post)="/[^"]*')
WRITING_FORM = re.compile(r"<form[^>]*method=\"post\".*?</form>", re.DOTALL)


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def templates(*suffixes: str) -> list[Path]:
    """The templates of one engine or of both."""
    found = {suffix: sorted(TEMPLATES.rglob(f"*.{suffix}")) for suffix in suffixes or ("html", "jinja")}
    assert all(len(paths) >= FEWEST[suffix] for suffix, paths in found.items())
    return [path for paths in found.values() for path in paths]


def offenders(find: Callable[[str], Iterable[str]], *suffixes: str) -> dict[str, list[str]]:
    """The matches of a rule in the templates without their comments, by the template's path."""
    found = {
        str(path.relative_to(TEMPLATES)): sorted(find(COMMENT.sub(" ", path.read_text())))
        for path in templates(*suffixes)
    }
    return {path: some for path, some in found.items() if some}


def untranslated(template: str) -> set[str]:
    """The words of a template that users read and that don't use gettext."""
    rest = NOT_READ.sub(" ", TAG_OF_DJANGO.sub(" ", TRANSLATED.sub(" ", COMMENT.sub(" ", template))))
    read = [*READ_ATTRIBUTE.findall(rest), TAG.sub(" ", rest)]
    return set(WORD.findall(" ".join(read))) - UNTRANSLATED


def words_in_jinja(template: str) -> set[str]:
    """The words of a template of Jinja: in its text, its attributes that users read, and what its expressions write."""
    rest = TAG_OF_JINJA.sub(" ", COMMENT.sub(" ", template))
    read = [*READ_ATTRIBUTE.findall(rest), TAG.sub(" ", rest), *written_by_expressions(template)]
    return set(WORD.findall(" ".join(read))) - WORDS_IN_JINJA


def written_by_expressions(template: str) -> set[str]:
    """The texts in the expressions that a template of Jinja writes, except those that are no words."""
    tree = Environment(autoescape=True).parse(template)
    written = [
        constant.value
        for output in tree.find_all(nodes.Output)
        for expression in output.nodes
        for constant in (expression, *expression.find_all(nodes.Const))
        if isinstance(constant, nodes.Const)
    ]
    return {text for text in written if isinstance(text, str)} - WRITTEN_IN_JINJA


def test_every_text_is_translated() -> None:
    assert offenders(untranslated, "html") == {}


def test_templates_of_jinja_have_no_words() -> None:
    assert offenders(words_in_jinja, "jinja") == {}


@pytest.mark.parametrize(
    "template",
    [
        "<p>Hello</p>",
        '<p title="Hello">{{ x }}</p>',
        '<p title="{{ x }} Hello"></p>',
        '{{ x or "Hello" }}',
        '{{ "Hello" }}',
        '{{ cells.link("Hello", url) }}',
        "{%- if x -%}Hello{%- endif -%}",
        "{{- x -}} Hello",
    ],
)
def test_it_would_notice_a_word_in_jinja(template: str) -> None:
    assert words_in_jinja(template) == {"Hello"}


def test_templates_of_jinja_are_for_rows_only() -> None:
    """djade checks the style of Django's templates, and makemessages finds their words."""
    assert {path.parent.name for path in templates("jinja")} == {"lists"}


def test_it_would_notice_a_text_that_is_not() -> None:
    assert untranslated('<p class="x">Hello</p>') == {"Hello"}
    assert untranslated('<p aria-label="Hello">{% translate "x" %}</p>') == {"Hello"}


def test_no_script_or_style_stands_inline() -> None:
    assert offenders(INLINE.findall) == {}


def test_no_trigger_of_htmx_holds_code() -> None:
    assert offenders(CODE_IN_TRIGGER.findall) == {}


def test_nothing_goes_unescaped() -> None:
    assert offenders(UNESCAPED.findall) == {}


def test_no_address_is_written_by_hand() -> None:
    assert offenders(ADDRESS_BY_HAND.findall) == {}


def test_every_writing_form_is_protected() -> None:
    def unprotected(template: str) -> list[str]:
        return [form[:100] for form in WRITING_FORM.findall(template) if "{% csrf_token %}" not in form]

    assert offenders(unprotected) == {}


def test_no_line_is_longer_than_an_editor_is_wide() -> None:
    long = {
        str(path.relative_to(TEMPLATES)): [number for number, line in enumerate(lines_of(path), 1) if len(line) > 120]
        for path in templates()
    }
    assert {path: numbers for path, numbers in sorted(long.items()) if numbers} == {}
