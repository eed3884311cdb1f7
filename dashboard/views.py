"""Home page, project switcher and toasts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.accounts import preferences
from dashboard.accounts.session import SignedIn
from dashboard.cloud.errors import SignInRequired


@require_safe
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


@require_safe
def toasts(request: HttpRequest) -> HttpResponse:
    """Return the pending messages for the page's status region."""
    return render(request, "toasts.html", {"fresh": messages.get_messages(request)})
