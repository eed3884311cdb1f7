"""The templates in Jinja escape what they write, and miss nothing silently."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.utils.html import conditional_escape
from jinja2 import Environment, TemplateNotFound, UndefinedError

from dashboard.web.dates import moment
from dashboard.web.jinja import render_jinja, render_macro
from dashboard.web.templatetags.formats import icon
from tests.support.html import Page

WHEN = datetime(2026, 3, 1, 10, 0, 7, tzinfo=UTC)
HARMFUL = '<b title="x">&\''


@pytest.fixture
def jinja() -> Environment:
    """The environment of the templates in Jinja."""
    engine = engines["jinja2"]
    assert isinstance(engine, Jinja2)
    return engine.env


class Texts:
    """What the macro for a message of Cinder's needs of a list's texts."""

    request_id = "Request <id>:"


class Message:
    """A message of Cinder's."""

    text = HARMFUL
    request_id = '"><i>'


def test_it_escapes_values(jinja: Environment) -> None:
    written = jinja.from_string('<p title="{{ value }}">{{ value }}</p>').render(value=HARMFUL)
    [paragraph] = Page(written).find_all("paragraph")
    assert (paragraph["title"], paragraph.text) == (HARMFUL, HARMFUL)


def test_it_escapes_what_a_macro_gets() -> None:
    written = render_macro("lists/parts.jinja", "message", Texts, Message)
    assert conditional_escape(written) == written
    page = Page(written)
    assert page.text == f"{HARMFUL} Request <id>: {Message.request_id}"
    assert page.select("b, i") == []


def test_a_rendered_template_is_not_escaped_again() -> None:
    nothing: dict[str, Any] = dict.fromkeys(("disks", "messages", "counted", "instances"), ())
    written = render_jinja("lists/details.jinja", **nothing, texts=None, total=None)
    assert conditional_escape(written) == written
    assert Page(written).by_id("details")


def test_it_keeps_the_markup_of_icons_and_times(jinja: Environment) -> None:
    """Django marks them as safe, and they are written as by a template of Django's."""
    written = jinja.from_string('{{ icon("plus") }}{{ when }}').render(when=moment(WHEN))
    assert written == f"{icon('plus')}{moment(WHEN)}"


@pytest.mark.parametrize("source", ["{{ missing }}", "{{ value.missing }}", "{% if missing %}x{% endif %}"])
def test_it_fails_for_what_is_missing(jinja: Environment, source: str) -> None:
    """A misspelt variable would otherwise be an empty cell."""
    with pytest.raises(UndefinedError):
        jinja.from_string(source).render(value=object())


def test_it_reads_diskboards_templates_only(jinja: Environment) -> None:
    assert jinja.get_template("lists/rows.jinja").filename == str(settings.BASE_DIR / "templates/lists/rows.jinja")
    with pytest.raises(TemplateNotFound):
        jinja.get_template("admin/base.html")


def test_it_offers_no_translations(jinja: Environment) -> None:
    """`makemessages` would not find their texts."""
    assert "_" not in jinja.globals
    assert jinja.extensions == {}
