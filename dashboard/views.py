"""Home page, project switcher, toasts and health checks."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from dashboard.accounts import preferences
from dashboard.accounts.session import SignedIn
from dashboard.cloud import keystone
from dashboard.cloud.errors import CloudError, SignInRequired


@require_GET
def home(request: HttpRequest, rest: str = "disks/") -> HttpResponse:
    """Redirect to the page `rest` of the last used project."""
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
    """Remember the project chosen in the header and redirect to its disks.

    Sign-in continues here with GET if the session had expired; that redirects to the last used project.
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
    """Return the pending messages for the page's status region."""
    return render(request, "toasts.html", {"fresh": messages.get_messages(request)})


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process is up (liveness probe)."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 if Keystone answers, else 503 (readiness probe)."""
    try:
        keystone.check()
    except CloudError as error:
        return HttpResponse(f"{error.message}\n", content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")
