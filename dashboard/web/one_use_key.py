"""Twice is once: a form that is sent again doesn't act again."""

import hashlib
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import HttpRequest

from dashboard.cloud.errors import CloudError, OutcomeUnknown
from dashboard.web.models import Submission


def act_once(request: HttpRequest, key: str, act: Callable[[], str]) -> str | None:
    """Do `act` and return its outcome, unless a form with this key has done so: then return that outcome.

    None means that the first sending is still under way, or was cut off: its outcome isn't known.
    What the cloud refused may be sent again; of a change that may have been made, the key stays used.

    Raises:
        CloudError: the act's own.
    """
    whose: str = request.cloud.user_id  # type: ignore[attr-defined]  # set by CloudMiddleware
    full_key = hashlib.sha256(f"{whose}:{key}".encode()).hexdigest()
    try:
        with transaction.atomic():
            sent = Submission.objects.create(key=full_key, user_id=whose)
    except IntegrityError:
        first = Submission.objects.filter(key=full_key).first()
        return first.outcome if first else None
    try:
        sent.outcome = act()
    except OutcomeUnknown:
        raise
    except CloudError:
        sent.delete()
        raise
    sent.save(update_fields=["outcome"])
    return str(sent.outcome)
