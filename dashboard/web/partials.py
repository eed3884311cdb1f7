"""Decide between a whole page and a part of it, and tell htmx where to go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from dashboard.web import events

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django_htmx.middleware import HtmxDetails


def wants_partial(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a part of a page: not a boosted link, and not a page rebuilt from history."""
    htmx = _htmx(request)
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def wants_dialog(request: HttpRequest) -> bool:
    """Tell whether htmx asks for what goes into the page's place for dialogs."""
    return _htmx(request).target == "dialog"


def _htmx(request: HttpRequest) -> HtmxDetails:
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # set by HtmxMiddleware
    return htmx


def leave_for(url: str) -> HttpResponse:
    """Let htmx leave a page whose subject is gone."""
    return HttpResponseClientRedirect(url, status=204)


def look_again(response: HttpResponse) -> None:
    """Let the page's list read itself anew: something in it no longer exists, as others delete too."""
    trigger_client_event(response, events.NOT_FOUND)


def page_or_partial(
    request: HttpRequest, page: str, partial: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render the template `partial` for htmx, `page` for everybody else."""
    response = render(request, partial if wants_partial(request) else page, context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Boosted", "HX-History-Restore-Request"])
    return response
