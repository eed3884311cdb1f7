"""The way to one's project, health, and the small things of the frame."""

import logging
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from dashboard import keystone, preferences
from dashboard.errors import CloudError, SignInRequired
from dashboard.signed_in import SignedIn

logger = logging.getLogger(__name__)


@require_GET
def home(request: HttpRequest, rest: str = "disks/") -> HttpResponse:
    """Go to the last used project's page of this address."""
    signed_in = SignedIn.of(request.session)
    if signed_in is None:
        raise SignInRequired
    last = preferences.last_project(signed_in.login)
    if last is None:
        return render(request, "no_project.html", {"user_name": signed_in.login.user_name}, status=403)
    slug = signed_in.cloud_near(request.session, last).slug
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    return redirect(f"{reverse('disks', kwargs={'project': slug}).removesuffix('disks/')}{rest}{query}")


@require_http_methods(["GET", "HEAD", "POST"])
def switch_project(request: HttpRequest) -> HttpResponse:
    """Go to the disks of the project that the header's switcher names, and remember it.

    A GET comes after a sign-in in between; it goes to the last used project.
    """
    if request.method != "POST":
        return redirect("home")
    signed_in = SignedIn.of(request.session)
    if signed_in is None:
        raise SignInRequired
    cloud = signed_in.cloud_near(request.session, request.POST.get("project", ""))
    preferences.remember_project(signed_in.login, cloud.slug)
    return redirect("disks", project=cloud.slug)


@require_GET
def toasts(request: HttpRequest) -> HttpResponse:
    """Give what happened since, for the page's status region."""
    return render(request, "toasts.html", {"fresh": messages.get_messages(request)})


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """Say that the process is up."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """Say whether Keystone answers."""
    try:
        keystone.check()
    except CloudError as error:
        return HttpResponse(f"{error.message}\n", content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain a form without a valid token: another site's, or a page from before the cookies were cleared."""
    logger.info("CSRF: %s", reason)
    context: dict[str, Any] = {
        "title": _("This form could not be checked"),
        "text": _("It came from another site, or your browser's cookies were cleared meanwhile. Open it again."),
    }
    return HttpResponseForbidden(render(request, "message_page.html", context).content)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # Django's own
    """Say that there is no such page."""
    context = {"title": _("There is no such page"), "text": _("Perhaps the address is cut short.")}
    return render(request, "message_page.html", context, status=404)


def fault(request: HttpRequest) -> HttpResponse:
    """Admit a fault of Diskboard's own, without details: those are in its log."""
    context = {"title": _("Diskboard has a fault"), "text": _("It was written down in the log. Try again.")}
    return render(request, "message_page.html", context, status=500)
