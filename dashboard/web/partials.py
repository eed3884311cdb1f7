"""Choose between a whole page and a partial, and set htmx's response headers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.http import trigger_client_event

from dashboard.web import events

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django_htmx.middleware import HtmxDetails


def wants_partial(request: HttpRequest) -> bool:
    """Return whether htmx requests a partial. Boosted links and pages restored from history need the whole page."""
    htmx = _htmx(request)
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def wants_dialog(request: HttpRequest) -> bool:
    """Return whether htmx will put the answer into the page's dialog element."""
    return _htmx(request).target == "dialog"


def _htmx(request: HttpRequest) -> HtmxDetails:
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # set by HtmxMiddleware
    return htmx


def leave_for(url: str) -> HttpResponse:
    """Return an answer that makes htmx load the page `url`, for a page whose resource no longer exists."""
    response = HttpResponse(status=204)
    trigger_client_event(response, events.LEFT, {"url": url})
    return response


def look_again(response: HttpResponse) -> None:
    """Make the page's list reload, as one of its rows no longer exists: another user may have deleted it."""
    trigger_client_event(response, events.NOT_FOUND)


def page_or_partial(
    request: HttpRequest, page: str, partial: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render the template `partial` if htmx requests one, else `page`."""
    response = render(request, partial if wants_partial(request) else page, context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Boosted", "HX-History-Restore-Request"])
    return response
