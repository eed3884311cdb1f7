"""A change whose answer never came: look at what the cloud shows of it."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from dashboard.cloud.errors import CloudError, NotFound, OutcomeUnknown, SignInRequired


def look_into(error: OutcomeUnknown, look: Callable[[], str]) -> bool:
    """Add to `error` what `look` finds; return whether the cloud answered.

    Raises:
        SignInRequired: the session has ended.
        NotFound: what was changed no longer exists.
    """
    try:
        error.found = look()
    except (SignInRequired, NotFound):
        raise
    except CloudError:
        error.found = _("The cloud can't say what became of it either.")
        return False
    return True
