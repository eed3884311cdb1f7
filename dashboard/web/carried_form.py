"""Carry a submitted form through the sign-in page when the session has expired, so that no input is lost.

Only needed without JavaScript: with it, sign-in opens in a dialog and the form underneath stays as it is.
"""

import secrets
from typing import Any

from django.core import signing
from django.http import HttpRequest, QueryDict
from django.utils.http import urlencode

SALT = "diskboard.carried"
SESSION_KEY = "carried"
PARAMETER = "carried"
# The field in which every form names the user of its page
PAGE_USER = "page_user"
# Bounds the size of a session; a user seldom has more forms unfinished.
MAX_FORMS = 5


def pack(request: HttpRequest) -> str:
    """Return the posted data, its path and its user as signed text for a hidden field.

    It isn't encrypted: no secrets.
    """
    posted = request.POST.copy()
    posted.pop("csrfmiddlewaretoken", None)
    user_id = request.POST.get(PAGE_USER, "")
    posted.pop(PAGE_USER, None)
    form = {"path": request.path, "data": posted.urlencode(), "user": user_id}
    return signing.dumps(form, salt=SALT, compress=True)


def keep(request: HttpRequest, packed: str, user_id: str) -> str | None:
    """Store `packed` in the new session and return the URL of its form.

    None if the signature is invalid or too old, or if it is the form of another user than `user_id`.
    """
    try:
        form: dict[str, Any] = signing.loads(packed, salt=SALT, max_age=24 * 3600)
    except signing.BadSignature:
        return None
    if form.get("user") != user_id:
        return None
    key = secrets.token_urlsafe(8)
    others = list(request.session.get(SESSION_KEY, {}).items())[-(MAX_FORMS - 1) :]
    request.session[SESSION_KEY] = dict([*others, (key, form)])
    return f"{form['path']}?{urlencode({PARAMETER: key})}"


def typed(request: HttpRequest) -> QueryDict | None:
    """Return the data that was submitted to this form before sign-in; None if none was."""
    form = request.session.get(SESSION_KEY, {}).get(request.GET.get(PARAMETER, ""))
    if not form or form["path"] != request.path:
        return None
    return QueryDict(form["data"])
