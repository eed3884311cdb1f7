"""Light or dark: as the system wishes, or as the person says. A cookie keeps it, for it belongs to the browser."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from dashboard.web.safe_urls import page_of_ours

COOKIE = "theme"
COOKIE_SECONDS = 365 * 24 * 3600
# What it is called in the cookie and on the page; the empty one leaves it to the system.
THEMES = (("", _("System theme")), ("light", _("Light")), ("dark", _("Dark")))
NAMED = frozenset(value for value, _name in THEMES if value)


def theme_of(request: HttpRequest) -> str:
    """Return ``light``, ``dark``, or nothing where the system decides."""
    chosen = request.COOKIES.get(COOKIE, "")
    return chosen if chosen in NAMED else ""


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme that was chosen, and go back to where it was."""
    response = redirect(page_of_ours(request, request.POST.get("next", "")))
    chosen = request.POST.get("theme", "")
    if chosen in NAMED:
        response.set_cookie(
            COOKIE,
            chosen,
            max_age=COOKIE_SECONDS,
            path=settings.SESSION_COOKIE_PATH,
            secure=settings.HTTPS,
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie(COOKIE, path=settings.SESSION_COOKIE_PATH, samesite="Lax")
    return response
