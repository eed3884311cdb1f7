"""Decide between a whole page and a part of it, and tell htmx where to go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

if TYPE_CHECKING:
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
    response = HttpResponse(status=204)
    response["HX-Redirect"] = url
    return response


def look_again(response: HttpResponse) -> None:
    """Let the page's list look again, as something in it isn't there any more: others delete too."""
    response["HX-Trigger"] = "not-found"


def page_or_partial(
    request: HttpRequest, page: str, partial: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render the template `partial` for htmx, `page` for everybody else."""
    response = render(request, partial if wants_partial(request) else page, context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Boosted", "HX-History-Restore-Request"])
    return response
