"""One-use keys: a form that is submitted twice makes its change once."""

import hashlib
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import HttpRequest

from dashboard.cloud.errors import CloudError, OutcomeUnknown
from dashboard.web.models import Submission


def act_once(request: HttpRequest, key: str, act: Callable[[], str]) -> str | None:
    """Call `act` and return its outcome; if the key was used before, return the outcome of that first call instead.

    None means that the first call is still running or was interrupted, so its outcome isn't known.
    A key becomes free again if the cloud refused the change, but not if the change may have been made.

    Raises:
        CloudError: raised by `act`.
    """
    user_id: str = request.cloud.user_id  # type: ignore[attr-defined]  # set by CloudMiddleware
    full_key = hashlib.sha256(f"{user_id}:{key}".encode()).hexdigest()
    try:
        with transaction.atomic():
            submission = Submission.objects.create(key=full_key, user_id=user_id)
    except IntegrityError:
        first = Submission.objects.filter(key=full_key).first()
        return first.outcome if first else None
    try:
        submission.outcome = act()
    except OutcomeUnknown:
        raise
    except CloudError:
        submission.delete()
        raise
    submission.save(update_fields=["outcome"])
    return str(submission.outcome)
