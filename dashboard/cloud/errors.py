"""Everything that can go wrong between Diskboard and the cloud.

CloudError                 base: what a person is told, the cloud's own reason, its request id
├── SignInRequired         no token, an expired or a revoked one (401)
│   ├── WrongCredentials   the name, the password or the domain is wrong; or an application credential
│   └── SecondFactorNeeded the user's rules demand more than a password
├── NotAllowed             the cloud's policy refuses (403)
├── NotFound               there is no such thing, or not in this project (404)
├── Refused                the cloud won't do this with these values, or in this state (400, 406)
│   └── Conflict           something else is going on with it (409)
│       ├── ChangedMeanwhile somebody else has changed what the form is about
│       └── NotPossible    Diskboard itself knows that the cloud would refuse, or do harm
├── OverQuota              the project's quota is used up (413)
├── RateLimited            too many requests (429), with `retry_after` in seconds
│   └── TooManyFailures    Diskboard lets nobody try to sign in for a while
├── NoService              the catalog has no block storage, or not in this region
├── Unreachable            no connection, or no answer in time: nothing was done
│   └── OutcomeUnknown     a change was sent and the answer didn't come: it may have been made
└── Broken                 the cloud answered with a fault of its own, or with nonsense (5xx, HTML)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class CloudError(Exception):
    """A failure of the cloud.

    Attributes:
        message: what a person is told, translated.
        reason: the cloud's own words, in its language; may be empty.
        request_id: the cloud's id of the request (``req-…``), for its operators' logs; may be empty.
        status: the HTTP status with which Diskboard passes the failure on.
    """

    message: _StrPromise | str = _("The cloud could not do this.")
    status = 502

    def __init__(self, reason: str = "", request_id: str = "") -> None:
        """Keep the cloud's `reason` and `request_id`, both possibly empty."""
        super().__init__(reason or str(type(self).__name__))
        self.reason = reason
        self.request_id = request_id


class SignInRequired(CloudError):
    """There is no valid token."""

    message = _("Your session has ended. Sign in again.")
    status = 401


class WrongCredentials(SignInRequired):
    """Keystone knows no such user with such a password in such a domain."""

    message = _("The user name, the password or the domain is wrong.")


class WrongApplicationCredential(WrongCredentials):
    """Keystone knows no such application credential, or it has expired."""

    message = _("The application credential's ID or its secret is wrong, or it has expired.")


class SecondFactorNeeded(SignInRequired):
    """Keystone asks for more than a password."""

    message = _("This account needs a second factor, which Diskboard can't ask for yet.")


class NotAllowed(CloudError):
    """The cloud's policy refuses."""

    message = _("You have no right to do this in this project.")
    status = 403


class NotFound(CloudError):
    """There is no such thing in this project."""

    message = _("This doesn't exist in this project, or not any more.")
    status = 404


class Refused(CloudError):
    """The cloud won't do it with these values or in this state."""

    message = _("The cloud refused this.")
    status = 400


class Conflict(Refused):
    """Something else is going on with it."""

    message = _("This is not possible at the moment: something else is going on with it.")
    status = 409


class ChangedMeanwhile(Conflict):
    """What a form is about is no longer as it was when the form was opened."""

    message = _("Somebody else has changed this meanwhile. Save again to replace what is there now:")


class NotPossible(Conflict):
    """Diskboard knows beforehand that the cloud would refuse this, or do harm; `reason` says why."""

    message = _("This is not possible:")


class OverQuota(CloudError):
    """The project's quota is used up. Cinder says so with 413."""

    message = _("The project's quota doesn't allow this.")
    status = 409


class RateLimited(CloudError):
    """The cloud wants fewer requests. `retry_after` is in seconds, and told."""

    message: _StrPromise | str = ngettext_lazy(
        "The cloud asks to slow down. Try again in %(wait)s second.",
        "The cloud asks to slow down. Try again in %(wait)s seconds.",
        "wait",
    )
    status = 429

    def __init__(self, reason: str = "", request_id: str = "", retry_after: int = 1) -> None:
        """Keep how long to wait, in seconds."""
        super().__init__(reason, request_id)
        self.retry_after = retry_after
        self.message = str(type(self).message % {"wait": retry_after})


class TooManyFailures(RateLimited):
    """Diskboard itself lets nobody try to sign in for a while, after too many failures."""

    message = ngettext_lazy(
        "Signing in has failed too often. Try again in %(wait)s second.",
        "Signing in has failed too often. Try again in %(wait)s seconds.",
        "wait",
    )


class NoService(CloudError):
    """The catalog lists no block storage for this project."""

    message = _("This cloud offers no disks to this project.")
    status = 502


class Unreachable(CloudError):
    """No connection, or no answer in time."""

    message = _("The cloud can't be reached at the moment. Nothing was changed.")
    status = 503


class OutcomeUnknown(Unreachable):
    """A change was sent and its answer never came. `found` is what the cloud showed of it when it was looked at."""

    message = _("The cloud didn't answer in time. The change may have been made: look before you try again.")
    status = 504
    found = ""


class Broken(CloudError):
    """The cloud answered with a fault of its own, or with what can't be understood."""

    message = _("The cloud has a fault of its own at the moment.")
    status = 502
