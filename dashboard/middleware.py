"""Middleware: deadline, time zone, cache headers, the project of the signed-in user, and the cloud's errors."""

import zoneinfo
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from dashboard import error_pages
from dashboard.accounts.session import SignedIn
from dashboard.accounts.throttle import client_address
from dashboard.accounts.views import sign_in
from dashboard.cloud import deadline
from dashboard.cloud.errors import CloudError, SignInRequired
from dashboard.probes import PROBES
from dashboard.web.cookies import read_cookie

GetResponse = Callable[[HttpRequest], HttpResponse]
TIME_ZONE_COOKIE = "timezone"
# Ids of the elements that send requests without user activity: pollers and what they reload
# (templates/lists/_poller.html, disks/one.html, snapshots/one.html)
AUTOMATIC_TRIGGERS = frozenset({"poller", "one", "more", "instances"})


def request_deadline(get_response: GetResponse) -> GetResponse:
    """Give every request an ID, returned as X-Request-Id, and a deadline for its calls to the cloud.

    An ID of a trusted proxy is kept. The answer also says that it is Diskboard's own.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        given_id = request.headers.get("X-Request-Id", "") if settings.TRUSTED_PROXIES else ""
        with deadline.one_request(given_id) as current:
            # For dashboard/logs.py
            request.request_id = current.request_id  # type: ignore[attr-defined]  # set here
            if settings.ACCESS_LOG:
                # For gunicorn, whose own idea is the proxy's address, or nothing with a Unix socket
                request.META["diskboard.client"] = client_address(request)
            response = get_response(request)
        response["X-Request-Id"] = current.request_id
        # By this, static/js/page.js tells an answer of Diskboard from one of a proxy in front of it.
        response["X-Diskboard"] = "1"
        return response

    return middleware


def probes(get_response: GetResponse) -> GetResponse:
    """Answer the probes here, because they address Diskboard by IP: the rest would refuse their Host header."""

    def middleware(request: HttpRequest) -> HttpResponse:
        view = PROBES.get(request.path_info.rstrip("/"))
        return view(request) if view else get_response(request)

    return middleware


def time_zone(get_response: GetResponse) -> GetResponse:
    """Activate the time zone named by the browser's cookie, else TIME_ZONE."""

    def middleware(request: HttpRequest) -> HttpResponse:
        zone = _zone_named(unquote(read_cookie(request, TIME_ZONE_COOKIE))[:64])
        with timezone.override(zone) if zone else nullcontext():
            return get_response(request)

    return middleware


def _zone_named(name: str) -> zoneinfo.ZoneInfo | None:
    try:
        return zoneinfo.ZoneInfo(name)
    # TypeError: raised for a name that matches a Python file in the package tzdata
    except (TypeError, ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return None


def private_pages(get_response: GetResponse) -> GetResponse:
    """Forbid caching of every answer: all but static files may contain user data."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        add_never_cache_headers(response)
        return response

    return middleware


def _canonical(request: HttpRequest, view: Callable[..., HttpResponse], kwargs: dict[str, Any]) -> HttpResponse:
    """Redirect to the canonical URL, which names the region only if the catalog has several."""
    query = request.META.get("QUERY_STRING", "")
    return redirect(reverse(view, kwargs=kwargs) + (f"?{query}" if query else ""))


class FormSizeMiddleware:
    """Refuses a form that is larger than any of Diskboard's, before anything reads or stores it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the hook below does the work."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Answer 413 if the declared size exceeds the limit; a body without one is never read."""
        size = request.META.get("CONTENT_LENGTH") or "0"
        if not size.isdecimal() or int(size) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return None
        return error_pages.too_large(request)


class CloudMiddleware:
    """Sets `request.cloud` for every URL with a project, and converts CloudError to an answer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the hooks below do the work."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], _args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Resolve the URL's project slug for the signed-in user, and record user activity."""
        stale = error_pages.refuse_form_of_another_user(request) if view is not sign_in else None
        if stale or "project" not in kwargs:
            return stale
        slug = kwargs.pop("project")
        try:
            signed_in = SignedIn.of(request.session)
            if signed_in is None:
                raise SignInRequired
            cloud = signed_in.cloud(request.session, slug)
        except CloudError as error:
            return self.process_exception(request, error)
        request.cloud = cloud  # type: ignore[attr-defined]  # set here
        if request.headers.get("HX-Trigger") not in AUTOMATIC_TRIGGERS:
            signed_in.see(request.session)
        if cloud.slug != slug and request.method in {"GET", "HEAD"}:
            return _canonical(request, view, {**kwargs, "project": cloud.slug})
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a CloudError; leave errors in Diskboard itself to Django."""
        if not isinstance(error, CloudError):
            return None
        return error_pages.answer(request, error)
