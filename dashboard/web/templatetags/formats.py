"""Template tags and filters for all templates."""

from functools import cache

from django import forms, template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template import Context
from django.template.defaulttags import CsrfTokenNode
from django.templatetags.static import static
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard.cloud.visible import visible
from dashboard.web.carried_form import PAGE_USER
from dashboard.web.dates import moment
from dashboard.web.static_files import SCRIPTS

register = template.Library()
register.filter(moment)


@register.simple_tag(takes_context=True)
def csrf_token(context: Context) -> SafeString:
    """Render Django's hidden field of this name, and one that names the user of the page.

    Every form that writes names its user; the middleware rejects it if another user sends it.
    """
    cloud = context.get("cloud")
    field = format_html('<input type="hidden" name="{}" value="{}">', PAGE_USER, cloud.user_id) if cloud else ""
    return format_html("{}{}", CsrfTokenNode().render(context), field)


@register.simple_tag
def own_scripts() -> list[str]:
    """Return the URLs of Diskboard's scripts: one for each, or for all of them if the storage has joined them."""
    return [static(name) for name in getattr(staticfiles_storage, "scripts", SCRIPTS)]


@register.simple_tag
def icon(name: str) -> SafeString:
    """Render an icon of static/icons.svg, hidden from screen readers as the text beside it has the same meaning."""
    return _icon(settings.STATIC_URL, name)


@cache
def _icon(_static_url: str, name: str) -> SafeString:
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', staticfiles_storage.url("icons.svg"), name
    )


@register.filter(name="visible")
def visible_text(text: str) -> str:
    """Show a text of the cloud with its invisible characters as codes."""
    return visible(text)


@register.filter
def number(value: int) -> str:
    """Format a number with the language's separators between groups of digits."""
    return number_format(value, use_l10n=True, force_grouping=True)


@register.filter
def gigabytes(size: int) -> str:
    """Format a size in GiB. Pages say GB, as Cinder's API does."""
    return _("%(size)s GB") % {"size": number(size)}


@register.simple_tag
def focus_first_empty(form: forms.Form) -> str:
    """Give the first required field that is shown empty the focus, as a password is after a failed sign-in."""
    for field in form.visible_fields():
        shown = getattr(field.field.widget, "render_value", True) and field.value()
        if field.field.required and not shown:
            field.field.widget.attrs["autofocus"] = True
            break
    return ""
