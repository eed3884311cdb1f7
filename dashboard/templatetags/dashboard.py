"""Tags and filters that every template may use."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard.dates import to_the_minute

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon of the sheet in base.html; it says nothing that the text beside it doesn't."""
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><use href="#icon-{}"/></svg>', name)


@register.filter
def moment(when: datetime | None) -> str:
    """Show a time in the person's zone; hovering shows it to the second, with the zone."""
    if when is None:
        return "—"
    local = timezone.localtime(when)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        when.isoformat(),
        f"{local:%Y-%m-%d %H:%M:%S %Z}",
        to_the_minute(when),
    )


@register.filter
def gigabytes(size: int) -> str:
    """Show a size given in GiB; Cinder's and the original's GB are GiB."""
    return _("%(size)s GB") % {"size": size}
