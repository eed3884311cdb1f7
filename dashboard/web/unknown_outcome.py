"""After a change whose answer never came: read the present state."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from dashboard.cloud.errors import CloudError, NotFound, OutcomeUnknown, SignInRequired


def look_into(error: OutcomeUnknown, look: Callable[[], str]) -> bool:
    """Set `error.found` to the sentence that `look` returns; return whether the cloud answered.

    Raises:
        SignInRequired: the session has ended.
        NotFound: the changed resource no longer exists.
    """
    try:
        error.found = look()
    except (SignInRequired, NotFound):
        raise
    except CloudError:
        error.found = _("The cloud can't be asked about it at the moment.")
        return False
    return True
