"""The one decision between a whole page and a part of it."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails


def wants_partial(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a part of a page: not a boosted link, and not a page rebuilt from history."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # set by HtmxMiddleware
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def leave_for(url: str) -> HttpResponse:
    """Let htmx leave a page whose subject is gone."""
    response = HttpResponse(status=204)
    response["HX-Redirect"] = url
    return response


def page_or_partial(
    request: HttpRequest, page: str, partial: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render the template `partial` for htmx, `page` for everybody else."""
    response = render(request, partial if wants_partial(request) else page, context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Boosted", "HX-History-Restore-Request"])
    return response
