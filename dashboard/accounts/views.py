"""Sign in, by password or application credential, and sign out."""

import logging

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from dashboard.accounts import clean_up, throttle
from dashboard.accounts.forms import CredentialForm, SignInForm, SigningInForm, sign_in_forms
from dashboard.accounts.session import LEFT_KEY, SignedIn, token_in
from dashboard.cloud import audit, keystone
from dashboard.cloud.errors import CloudError, RateLimited, TooManyFailures
from dashboard.web import carried_form, events
from dashboard.web.cookies import read_cookie, set_cookie
from dashboard.web.partials import wants_partial
from dashboard.web.safe_urls import safe_url

logger = logging.getLogger(__name__)
USER_KEY = "user_id"
# The cookie that recognises the user who signed out, so that forms in other tabs go on when the same user signs in
LEFT_COOKIE = "left"


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign a user in and continue at the page or form that was interrupted."""
    if request.method != "POST":
        if SignedIn.of(request.session):
            return redirect(safe_url(request, request.GET.get("next", "")))
        return render(request, "sign_in.html", sign_in_forms(next=request.GET.get("next", "")))
    by_credential = "credential" in request.POST and "user_name" not in request.POST
    form = (CredentialForm if by_credential else SignInForm)(request.POST)
    if not form.is_valid():
        return _sign_in_again(request, form, 422)
    try:
        with throttle.attempt(request, form.who()):
            signed_in = form.sign_in()
    except CloudError as error:
        # Log neither the name nor Keystone's message, which repeats it: people type passwords into the name field.
        redacted = type(error)(request_id=error.request_id)
        if not isinstance(error, TooManyFailures) or throttle.is_news(request):
            audit.record("sign-in", error=redacted, address=throttle.client_address(request))
        form.refuse(error)
        response = _sign_in_again(request, form, error.status)
        if isinstance(error, RateLimited):
            response["Retry-After"] = str(error.retry_after)
        return response
    _record(request, "sign-in", signed_in)
    clean_up.delete_expired()
    return _signed_in(request, form, signed_in)


def _sign_in_again(request: HttpRequest, form: SigningInForm, status: int) -> HttpResponse:
    template = "sign_in_dialog.html" if wants_partial(request) else "sign_in.html"
    return render(request, template, sign_in_forms(form), status=status)


def _signed_in(request: HttpRequest, form: SigningInForm, signed_in: SignedIn) -> HttpResponse:
    user_id = signed_in.login.user_id
    old_token = token_in(request.session)
    _start_session(request, user_id)
    signed_in.keep(request.session)
    if old_token:
        _revoke(old_token)
    if wants_partial(request):
        # The page underneath may hold typed data: keep it only if the same user has signed in.
        if request.POST.get(carried_form.PAGE_USER) == user_id:
            return trigger_client_event(HttpResponse(status=204), events.SIGNED_IN)
        return HttpResponseClientRedirect(reverse("home"), status=204)
    carried = form.cleaned_data["carried"]
    form_url = carried_form.keep(request, carried, user_id) if carried else None
    return redirect(safe_url(request, form_url or form.cleaned_data["next"]))


def _start_session(request: HttpRequest, user_id: str) -> None:
    """Give the session a new key, and let nothing of another user pass into it.

    Open forms of the same user stay valid. Those of another one, whose page may still be open, lose their CSRF token.
    """
    user_before = request.session.get(USER_KEY)
    signed_out = read_cookie(request, LEFT_COOKIE)
    if user_before == user_id:
        request.session.cycle_key()
        request.session.pop(LEFT_KEY, None)
    else:
        request.session.flush()
        # If nothing of the session is left, the page underneath or the cookie of the sign-out still names its user.
        is_same = request.POST.get(carried_form.PAGE_USER) == user_id or constant_time_compare(
            signed_out, _mark(user_id)
        )
        if user_before or not is_same:
            rotate_token(request)
    request.session[USER_KEY] = user_id


def _revoke(token: str) -> None:
    try:
        keystone.revoke(token)
    except CloudError as error:
        logger.warning("A token was not revoked: %s", error.reason)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Revoke the tokens and delete the session; the session ends even if the cloud can't be reached."""
    signed_in, token = SignedIn.of(request.session), token_in(request.session)
    if token:
        _revoke(token)
    if signed_in:
        _record(request, "sign-out", signed_in)
    request.session.flush()
    response = redirect("sign-in")
    if signed_in:
        set_cookie(response, LEFT_COOKIE, _mark(signed_in.login.user_id), settings.SESSION_COOKIE_AGE)
    return response


def _mark(user_id: str) -> str:
    """Return a text by which the user who signed out is recognised, without naming the user."""
    return signing.Signer(salt="diskboard_left").signature(user_id)


def _record(request: HttpRequest, action: str, signed_in: SignedIn) -> None:
    login = signed_in.login
    address = throttle.client_address(request)
    audit.record(action, user_id=login.user_id, user_name=login.user_name, address=address)
