"""Answers to errors: a page, a toast, or sign-in that keeps the user's input."""

import logging
import sys
from typing import Any
from urllib.parse import urlencode

from django.db.utils import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import push_url, reswap, retarget

from dashboard.accounts.forms import sign_in_forms
from dashboard.accounts.session import SignedIn
from dashboard.cloud import projects
from dashboard.cloud.errors import (
    CloudError,
    NotAllowed,
    NotFound,
    RateLimited,
    SignInRequired,
    TokenRefused,
    TokenRefusedByKeystone,
)
from dashboard.web import carried_form
from dashboard.web.partials import look_again, page_or_partial, wants_dialog, wants_partial

logger = logging.getLogger(__name__)


def answer(request: HttpRequest, error: CloudError) -> HttpResponse:
    """Return the HTTP answer to `error`: a page, a toast for htmx, or a request to sign in."""
    signed_in = SignedIn.of(request.session)
    if isinstance(error, SignInRequired):
        if signed_in is None or not signed_in.is_new:
            return _sign_in_first(request, error)
        # Signing in again would lead back here.
        refused = TokenRefused if hasattr(request, "cloud") else TokenRefusedByKeystone
        error = refused(error.reason, error.request_id)
    if error.status >= 500:  # noqa: PLR2004  # HTTP: server errors
        logger.warning("%s: %s (%s)", type(error).__name__, error.reason, error.request_id or "no request id")
    context = {"error": error, "retry_url": _retry_url(request, error), **_ways_on(request, signed_in)}
    response = page_or_partial(request, "cloud_error.html", "cloud_error_toast.html", context, error.status)
    if wants_partial(request):
        reswap(response, "none")
        _keep_url(response)
        if isinstance(error, NotFound) and wants_dialog(request):
            look_again(response)
    if isinstance(error, RateLimited):
        response["Retry-After"] = str(error.retry_after)
    return response


def _ways_on(request: HttpRequest, signed_in: SignedIn | None) -> dict[str, Any]:
    """Return the context of `_ways_on.html` for a page without a project, whose header has no switcher."""
    if signed_in is None or hasattr(request, "cloud"):
        return {}
    labels = projects.labels(signed_in.login.projects).items()
    links = [(reverse("disks", kwargs={"project": project_id}), label) for project_id, label in labels]
    others = [(url, label) for url, label in links if not request.path.startswith(url.removesuffix("/disks/"))]
    return {"user_name": signed_in.login.user_name, "project_links": others}


def _retry_url(request: HttpRequest, error: CloudError) -> str:
    """Return the URL for "Try again"; empty for a write, and for errors that a retry can't change."""
    may_pass = request.method == "GET" and not isinstance(error, NotFound | NotAllowed)
    return request.get_full_path() if may_pass else ""


def _keep_url(response: HttpResponse) -> None:
    """Make htmx leave the browser's URL unchanged, as the page still shows what it showed before."""
    push_url(response, False)


def _sign_in_first(request: HttpRequest, error: CloudError) -> HttpResponse:
    """Ask the user to sign in: in a dialog for htmx, else on a page that carries the submitted form.

    The session forgets the token, which may be revoked before it expires: with one, sign-in would redirect back here.
    """
    user = SignedIn.forget(request.session)
    if wants_partial(request):
        context = {**sign_in_forms(**user), "message": error.message}
        response = render(request, "sign_in_dialog.html", context, status=401)
        retarget(response, "#sign-in")
        reswap(response, "innerHTML")
        _keep_url(response)
        return response
    if request.method != "POST":
        return redirect(f"{reverse('sign-in')}?{urlencode({'next': request.get_full_path()})}")
    forms = sign_in_forms(**user, carried=carried_form.pack(request), next=request.get_full_path())
    return render(request, "sign_in.html", {**forms, "message": error.message}, status=401)


def refuse_form_of_another_user(request: HttpRequest) -> HttpResponse | None:
    """Answer a form of a page that another user opened in this browser, before the present one signed in; else None."""
    page_user = request.POST.get(carried_form.PAGE_USER) if request.method == "POST" else None
    signed_in = SignedIn.of(request.session) if page_user else None
    if signed_in is None or signed_in.login.user_id == page_user:
        return None
    text = _("The page was opened by another user. Now %(user)s is signed in. Nothing was changed.")
    context = {"title": _("Someone else is signed in now"), "text": text % {"user": signed_in.login.user_name}}
    return _message(request, context, 409)


def _message(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    """Return a page with only a message; for htmx a toast, as the page underneath may hold input."""
    response = page_or_partial(request, "message_page.html", "message_toast.html", context, status)
    if wants_partial(request):
        reswap(response, "none")
        _keep_url(response)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without a valid CSRF token: another user's, another site's, or sent after cookies were cleared."""
    logger.info("CSRF: %s", reason)
    another_users = refuse_form_of_another_user(request)
    if another_users:
        return another_users
    context: dict[str, Any] = {
        "title": _("This form couldn't be verified"),
        "text": _("It came from another site, or your browser's cookies have been cleared since. Open it again."),
    }
    return _message(request, context, 403)


def too_large(request: HttpRequest) -> HttpResponse:
    """Answer 413 to a form that is larger than any of Diskboard's."""
    context = {"title": _("This form is too large"), "text": _("Enter less, or select fewer, and send it again.")}
    return render(request, "message_page.html", context, status=413)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # Django's own
    """Answer 404 for a URL that matches no page."""
    context = {"title": _("Page not found"), "text": _("The address may be incomplete.")}
    return render(request, "message_page.html", context, status=404)


def fault(request: HttpRequest) -> HttpResponse:
    """Answer 500 for an error in Diskboard itself, without details: those are in its log. Django calls this."""
    error = sys.exception()
    if isinstance(error, OperationalError | InterfaceError):
        return _without_database(request, error)
    context = {"title": _("Something went wrong in Diskboard"), "text": _("The error has been logged. Try again.")}
    return render(request, "message_page.html", context, status=500)


def _without_database(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer 503 while the database can't be reached. Nothing here may need the session, which is in the database."""
    logger.error("The database is unavailable: %s", " ".join(str(error).split()))
    # They are in a cookie, for the user in the session.
    vars(request).pop("_messages", None)
    # Without a project, the request failed before it sent anything to the cloud.
    is_unknown = request.method == "POST" and hasattr(request, "cloud")
    text = (
        _("The change may have been made: check before you try again.")
        if is_unknown
        else _("Nothing was changed. Try again in a moment.")
    )
    response = _message(request, {"title": _("Diskboard's database does not answer"), "text": text}, 503)
    if is_unknown and wants_partial(request):
        look_again(response)
    return response
