"""The colour theme: light, dark, or the system's. Stored in a cookie, as it belongs to the browser, not the user."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from dashboard.web.cookies import delete_cookie, read_cookie, set_cookie
from dashboard.web.safe_urls import safe_url

COOKIE = "theme"
COOKIE_SECONDS = 365 * 24 * 3600
# Value in the cookie, and label; the empty value follows the system.
THEMES = (("", _("System theme")), ("light", _("Light")), ("dark", _("Dark")))
NAMED = frozenset(value for value, _name in THEMES if value)


def theme_of(request: HttpRequest) -> str:
    """Return ``light`` or ``dark``, or an empty string to follow the system."""
    chosen = read_cookie(request, COOKIE)
    return chosen if chosen in NAMED else ""


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Store the chosen theme in the cookie and redirect back to the page."""
    response = redirect(safe_url(request, request.POST.get("next", "")))
    chosen = request.POST.get("theme", "")
    if chosen in NAMED:
        set_cookie(response, COOKIE, chosen, COOKIE_SECONDS)
    else:
        delete_cookie(response, COOKIE)
    return response
