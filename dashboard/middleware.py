"""What happens around every request: the person's time zone, no caching, the signed-in cloud, and its errors."""

import logging
import zoneinfo
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from dashboard import error_pages
from dashboard.accounts.session import SignedIn
from dashboard.cloud import deadline
from dashboard.cloud.errors import CloudError, SignInRequired

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]
TIME_ZONE_COOKIE = "timezone"
# What asks for changes by itself, and what that loads anew (templates/lists/_poller.html, disks/one.html,
# snapshots/one.html)
ASKING_BY_THEMSELVES = frozenset({"poller", "one", "more", "instances"})


def request_deadline(get_response: GetResponse) -> GetResponse:
    """Give every request an id, which its answer tells, and a time by which the cloud must have answered it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with deadline.one_request() as here:
            response = get_response(request)
        response["X-Request-Id"] = here.request_id
        return response

    return middleware


def time_zone(get_response: GetResponse) -> GetResponse:
    """Show times in the browser's zone, which a cookie tells; without one, in TIME_ZONE."""

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            zone = zoneinfo.ZoneInfo(unquote(request.COOKIES[TIME_ZONE_COOKIE])[:64])
        # TypeError: a name that leads zoneinfo to a file of Python's in the package tzdata
        except (KeyError, TypeError, ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
            return get_response(request)
        with timezone.override(zone):
            return get_response(request)

    return middleware


def private_pages(get_response: GetResponse) -> GetResponse:
    """Forbid every cache to keep a page: all but the static files show somebody's data."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        add_never_cache_headers(response)
        return response

    return middleware


def _canonical(request: HttpRequest, view: Callable[..., HttpResponse], kwargs: dict[str, Any]) -> HttpResponse:
    """Redirect to the address that names the region where there are several, and none where there is one."""
    query = request.META.get("QUERY_STRING", "")
    return redirect(reverse(view, kwargs=kwargs) + (f"?{query}" if query else ""))


class CloudMiddleware:
    """Sets `request.cloud` for every URL with a project, and answers for the cloud's errors."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on: the work is done in the hooks below."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], _args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Find out which project of which cloud the URL means, for the person of the session."""
        if "project" not in kwargs:
            return None
        slug = kwargs.pop("project")
        try:
            signed_in = SignedIn.of(request.session)
            if signed_in is None:
                raise SignInRequired
            cloud = signed_in.cloud(request.session, slug)
        except CloudError as error:
            return self.process_exception(request, error)
        request.cloud = cloud  # type: ignore[attr-defined]  # what this middleware is for
        if request.headers.get("HX-Trigger") not in ASKING_BY_THEMSELVES:
            signed_in.see(request.session)
        if cloud.slug != slug and request.method == "GET":
            return _canonical(request, view, {**kwargs, "project": cloud.slug})
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer with what went wrong; faults of Diskboard itself go on to Django."""
        if not isinstance(error, CloudError):
            return None
        if error.status >= 500:  # noqa: PLR2004  # HTTP's own border of server faults
            logger.warning("%s: %s (%s)", type(error).__name__, error.reason, error.request_id or "no request id")
        return error_pages.answer(request, error)
