"""Template tags and filters for all templates."""

import json
from datetime import datetime
from functools import cache

from django import forms, template
from django.conf import settings
from django.template import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from lucide.templatetags.lucide import lucide

from dashboard.cloud.visible import visible
from dashboard.web.carried_form import PAGE_USER
from dashboard.web.dates import to_the_minute

register = template.Library()

ICONS = (
    "list",
    "camera",
    "trash-2",
    "archive",
    "expand",
    "replace",
    "power",
    "pencil",
    "history",
    "copy",
    "eraser",
    "list-filter",
    "triangle-alert",
    "search",
    "ellipsis",
    "plus",
    "hard-drive",
    "cloud",
    "cloud-off",
    "chevron-right",
    "chevrons-up-down",
    "chevron-up",
    "chevron-down",
)


@register.simple_tag(takes_context=True)
def csrf_token(context: Context) -> SafeString:
    """Render Django's hidden field of this name, and one that names the user of the page.

    Every form that writes names its user; the middleware rejects it if another user sends it.
    """
    cloud = context.get("cloud")
    field = format_html('<input type="hidden" name="{}" value="{}">', PAGE_USER, cloud.user_id) if cloud else ""
    return format_html("{}{}", CsrfTokenNode().render(context), field)


@register.simple_tag
@cache
def icon_sheet() -> SafeString:
    """Render every icon once, hidden; `icon` refers to them. The result is the same on every page."""
    icons = format_html_join("\n", "{}", ((lucide(name, id=f"icon-{name}"),) for name in ICONS))
    return format_html('<div class="icon-sheet" hidden>{}</div>', icons)


@register.simple_tag
@cache
def htmx_config() -> SafeString:
    """Render the configuration of htmx. The result is the same on every page."""
    config = json.dumps(settings.HTMX_CONFIG, separators=(",", ":"))
    return format_html('<meta name="htmx-config" content="{}">', config)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Render an icon of the sheet, hidden from screen readers as the text beside it has the same meaning."""
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><use href="#icon-{}"/></svg>', name)


@register.filter
def moment(when: datetime | None) -> str:
    """Format a time in the user's time zone; its tooltip adds the seconds and the zone."""
    if when is None:
        return "—"
    local = timezone.localtime(when)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        when.isoformat(),
        f"{local:%Y-%m-%d %H:%M:%S %Z}",
        to_the_minute(when),
    )


@register.filter(name="visible")
def visible_text(text: str) -> str:
    """Show a text of the cloud with its invisible characters as codes."""
    return visible(text)


@register.filter
def gigabytes(size: int) -> str:
    """Format a size in GiB. Pages say GB, as Cinder's API does."""
    return _("%(size)s GB") % {"size": size}


@register.simple_tag
def focus_first_empty(form: forms.Form) -> str:
    """Give the first required field that is shown empty the focus, as a password is after a failed sign-in."""
    for field in form.visible_fields():
        shown = getattr(field.field.widget, "render_value", True) and field.value()
        if field.field.required and not shown:
            field.field.widget.attrs["autofocus"] = True
            break
    return ""
