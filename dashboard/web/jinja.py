"""The templates in Jinja, which write the rows of the tables (docs/decisions/0016-rows-in-jinja.md)."""

from typing import Any

from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.utils.safestring import SafeString, mark_safe
from jinja2 import Environment, StrictUndefined, Template

from dashboard.web.templatetags import formats


def environment(**options: Any) -> Environment:
    """Return the environment; these templates contain no words, so it needs no translations."""
    # Django's backend sets autoescape.
    jinja = Environment(**{**options, "undefined": StrictUndefined}, trim_blocks=True, lstrip_blocks=True)  # noqa: S701
    jinja.globals["icon"] = formats.icon
    return jinja


def render_jinja(name: str, **context: Any) -> SafeString:
    """Render a template in Jinja, for a template tag."""
    return mark_safe(_template(name).render(context))  # noqa: S308  # Jinja escapes


def render_macro(name: str, macro: str, *arguments: object) -> SafeString:
    """Render one macro of a template in Jinja."""
    written: str = getattr(_template(name).module, macro)(*arguments)
    return mark_safe(written)  # noqa: S308  # Jinja escapes


def _template(name: str) -> Template:
    engine = engines["jinja2"]
    assert isinstance(engine, Jinja2)  # noqa: S101  # for mypy
    return engine.env.get_template(name)
