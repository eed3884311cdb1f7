"""Forms that survive a session's end: what was sent travels through the sign-in page and is there again afterwards.

Without JavaScript only: with it, sign-in opens over the page, and the form underneath stays as it is.
"""

import secrets
from typing import Any

from django.core import signing
from django.http import HttpRequest, QueryDict
from django.utils.http import urlencode

SALT = "diskboard.held"
SESSION_KEY = "held"
PARAMETER = "held"
# What is kept in a session at the most: a person has few forms half done.
MOST = 5


def pack(request: HttpRequest) -> str:
    """Return what was posted, and where, as signed text for a hidden field. The person's own words, no secrets."""
    sent = request.POST.copy()
    sent.pop("csrfmiddlewaretoken", None)
    return signing.dumps({"path": request.path, "data": sent.urlencode()}, salt=SALT, compress=True)


def keep(request: HttpRequest, packed: str) -> str | None:
    """Unpack into the new session and return the address of the form that goes on; None where it is not ours."""
    try:
        sent: dict[str, Any] = signing.loads(packed, salt=SALT, max_age=24 * 3600)
    except signing.BadSignature:
        return None
    key = secrets.token_urlsafe(8)
    others = list(request.session.get(SESSION_KEY, {}).items())[-(MOST - 1) :]
    request.session[SESSION_KEY] = dict([*others, (key, sent)])
    return f"{sent['path']}?{urlencode({PARAMETER: key})}"


def typed(request: HttpRequest) -> QueryDict | None:
    """Return what was typed into this form before the sign-in; None where nothing was."""
    kept = request.session.get(SESSION_KEY, {}).get(request.GET.get(PARAMETER, ""))
    if not kept or kept["path"] != request.path:
        return None
    return QueryDict(kept["data"])
