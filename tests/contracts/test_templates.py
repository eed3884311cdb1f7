"""Rules for the source of the templates: every text uses gettext, and nothing is inline or written by hand.

These rules read the source, because not every branch appears in an answer. The source is not HTML yet, so they use
regular expressions.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings

TEMPLATES = Path(settings.BASE_DIR) / "templates"
# Names that are the same in every language
UNTRANSLATED = {"Diskboard", "GB", "LL", "NVMe"}
COMMENT = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}", re.DOTALL)
TRANSLATED = re.compile(r"{% blocktranslate.*?{% endblocktranslate %}", re.DOTALL)
TAG_OF_DJANGO = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
NOT_READ = re.compile(r"<code>.*?</code>|<script.*?</script>|<!doctype[^>]*>", re.DOTALL)
READ_ATTRIBUTE = re.compile(r'\s(?:aria-label|title|placeholder|alt|data-text)="([^"]*)"')
TAG = re.compile(r"<[^>]*>")
WORD = re.compile(r"[A-Za-zА-Яа-я]{2,}")
INLINE = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+\s*=|hx-on|javascript:|[\"'\s]js:", re.IGNORECASE)
CODE_IN_TRIGGER = re.compile(r'hx-trigger="[^"]*\[')
UNESCAPED = re.compile(r"\|safe\b|autoescape off")
ADDRESS_BY_HAND = re.compile(r'(?:href|src|action|hx-get|hx-post)="/[^"]*')
WRITING_FORM = re.compile(r"<form[^>]*method=\"post\".*?</form>", re.DOTALL)


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def offenders(find: Callable[[str], Iterable[str]]) -> dict[str, list[str]]:
    """The matches of a rule in the templates without their comments, by the template's path."""
    paths = sorted(TEMPLATES.rglob("*.html"))
    assert len(paths) > 50
    found = {str(path.relative_to(TEMPLATES)): sorted(find(COMMENT.sub(" ", path.read_text()))) for path in paths}
    return {path: some for path, some in found.items() if some}


def untranslated(template: str) -> set[str]:
    """The words of a template that users read and that don't use gettext."""
    rest = NOT_READ.sub(" ", TAG_OF_DJANGO.sub(" ", TRANSLATED.sub(" ", COMMENT.sub(" ", template))))
    read = [*READ_ATTRIBUTE.findall(rest), TAG.sub(" ", rest)]
    return set(WORD.findall(" ".join(read))) - UNTRANSLATED


def test_every_text_is_translated() -> None:
    assert offenders(untranslated) == {}


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
        for path in TEMPLATES.rglob("*.html")
    }
    assert {path: numbers for path, numbers in sorted(long.items()) if numbers} == {}
