"""How a failure of the cloud is answered: a page, a toast, or the way through sign-in that loses nothing."""

import logging
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import push_url, reswap, retarget

from dashboard.accounts.forms import sign_in_forms
from dashboard.accounts.session import SignedIn
from dashboard.cloud.errors import CloudError, NotAllowed, NotFound, RateLimited, SignInRequired
from dashboard.web import carried_form
from dashboard.web.partials import look_again, page_or_partial, wants_dialog, wants_partial

logger = logging.getLogger(__name__)


def answer(request: HttpRequest, error: CloudError) -> HttpResponse:
    """Return what a person gets to see of `error`."""
    if isinstance(error, SignInRequired):
        return _sign_in_first(request, error)
    context = {"error": error, "retry_url": _retry_url(request, error)}
    response = page_or_partial(request, "cloud_error.html", "cloud_error_toast.html", context, error.status)
    if wants_partial(request):
        reswap(response, "none")
        _keep_address(response)
        if isinstance(error, NotFound) and wants_dialog(request):
            look_again(response)
    if isinstance(error, RateLimited):
        response["Retry-After"] = str(error.retry_after)
    return response


def _retry_url(request: HttpRequest, error: CloudError) -> str:
    """Return where trying again may help: not where the answer would be the same."""
    passing = request.method == "GET" and not isinstance(error, NotFound | NotAllowed)
    return request.get_full_path() if passing else ""


def _keep_address(response: HttpResponse) -> None:
    """Leave the page's address as it is: it shows what it showed before."""
    push_url(response, False)


def _sign_in_first(request: HttpRequest, error: CloudError) -> HttpResponse:
    """Ask to sign in: over the page for htmx, else on a page that carries on what was sent.

    A token can be revoked long before it expires, so it is forgotten: sign-in would send back whoever still has one.
    """
    who = SignedIn.forget(request.session)
    if wants_partial(request):
        context = {**sign_in_forms(**who), "message": error.message}
        response = render(request, "sign_in_dialog.html", context, status=401)
        retarget(response, "#sign-in")
        reswap(response, "innerHTML")
        _keep_address(response)
        return response
    if request.method != "POST":
        return redirect(f"{reverse('sign-in')}?{urlencode({'next': request.get_full_path()})}")
    forms = sign_in_forms(**who, carried=carried_form.pack(request), next=request.get_full_path())
    return render(request, "sign_in.html", {**forms, "message": error.message}, status=401)


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
