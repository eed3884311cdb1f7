"""Signing in and out, the way to one's project, health, and the small things of the frame."""

import logging
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from dashboard import held, keystone, preferences
from dashboard.errors import CloudError, SignInRequired
from dashboard.forms import SignInForm, describe
from dashboard.http import wants_partial
from dashboard.keystone import Login
from dashboard.signed_in import SignedIn

logger = logging.getLogger(__name__)
USER_KEY = "user_id"


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign a person in, and go on where they were."""
    if request.method != "POST":
        if SignedIn.of(request.session):
            return redirect(_safe(request, request.GET.get("next", "")))
        return render(request, "sign_in.html", {"form": SignInForm(initial={"next": request.GET.get("next", "")})})
    form = SignInForm(request.POST)
    if form.is_valid():
        try:
            login = keystone.sign_in(
                form.cleaned_data["user_name"], form.cleaned_data["password"], form.cleaned_data["domain"]
            )
        except CloudError as error:
            form.add_error(None, describe(error))
            return _sign_in_again(request, form, error.status)
        return _signed_in(request, form, login)
    return _sign_in_again(request, form, 422)


def _sign_in_again(request: HttpRequest, form: SignInForm, status: int) -> HttpResponse:
    template = "sign_in_dialog.html" if wants_partial(request) else "sign_in.html"
    return render(request, template, {"form": form}, status=status)


def _signed_in(request: HttpRequest, form: SignInForm, login: Login) -> HttpResponse:
    if request.session.get(USER_KEY) == login.user_id:
        request.session.cycle_key()
    else:
        request.session.flush()
    request.session[USER_KEY] = login.user_id
    SignedIn(login).keep(request.session)
    if wants_partial(request):
        # The page underneath, with what was typed, goes on only for the person whose it is.
        if request.POST.get("page_user") == login.user_id:
            return HttpResponse(status=204, headers={"HX-Trigger": "signed-in"})
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("home")})
    onward = held.keep(request, form.cleaned_data["carried"]) if form.cleaned_data["carried"] else None
    return redirect(_safe(request, onward or form.cleaned_data["next"]))


def _safe(request: HttpRequest, url: str) -> str:
    """Return `url` where it is a page of ours, else the first page: nobody is sent elsewhere."""
    ours = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    # All else that is relative could be a view's name to redirect(), and is wrong from here to a browser.
    return url if ours and url.startswith("/") else reverse("home")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Revoke the tokens and forget the session. It ends here even where the cloud can't be told."""
    signed_in = SignedIn.of(request.session)
    if signed_in:
        try:
            keystone.revoke(signed_in.login.token)
        except CloudError as error:
            logger.warning("A token was not revoked at sign-out: %s", error.reason)
    request.session.flush()
    return redirect("sign-in")


@require_GET
def home(request: HttpRequest, rest: str = "disks/") -> HttpResponse:
    """Go to the last used project's page of this address."""
    signed_in = SignedIn.of(request.session)
    if signed_in is None:
        raise SignInRequired
    project_id = preferences.last_project(signed_in.login)
    if project_id is None:
        return render(request, "no_project.html", {"user_name": signed_in.login.user_name}, status=403)
    slug = signed_in.cloud(request.session, project_id).slug
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
    cloud = signed_in.cloud(request.session, request.POST.get("project", ""))
    preferences.remember_project(signed_in.login, cloud.project.id)
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
