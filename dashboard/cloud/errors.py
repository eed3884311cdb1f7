"""Everything that can go wrong between Diskboard and the cloud.

CloudError                 base: a message for the user, the cloud's own reason, and its request ID
├── SignInRequired         the token is missing, expired or revoked (401)
│   ├── WrongCredentials   wrong user name, password or domain, or wrong application credential
│   │   └── ProjectNeeded  the cloud signs in to a project only, or doesn't list the user's projects
│   └── SecondFactorNeeded the user's multi-factor rules require more than a password
├── TokenRefused           a token that was issued a moment ago is refused
├── ClocksDiffer           a new token has already expired by Diskboard's clock
├── NotAllowed             the cloud's policy forbids it (403)
│   └── ProjectRefused     the user's token is valid, but not for this project
├── NotFound               the resource doesn't exist, or not in this project (404)
├── Refused                the cloud rejects these values, or this state (400, 406)
│   ├── LacksSomething     a change needs something that the cloud doesn't find (404 to a change)
│   └── Conflict           another operation on the resource is in progress (409)
│       ├── ChangedMeanwhile another user has changed the resource since the form was opened
│       └── NotPossible    Diskboard knows in advance that the cloud would refuse it, or that it would do harm
├── OverQuota              the project's quota is exceeded (413)
├── RateLimited            too many requests (429), with `retry_after` in seconds
│   └── TooManyFailures    too many failed sign-ins; raised by Diskboard's throttle
├── NoService              the catalog lists no block storage, or not in this region
│   └── TooOld             the catalog lists only versions of block storage before 3
├── Unreachable            no connection, or no answer in time: nothing was done
│   └── OutcomeUnknown     a change was sent, but no answer shows whether it was made
└── Broken                 the cloud has an internal error (5xx), or its answer can't be parsed
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class CloudError(Exception):
    """Base of every failure of a request to the cloud.

    Attributes:
        message: what happened, for the user; translated.
        reason: the cloud's own error message, not translated; may be empty.
        request_id: the cloud's ID of the request (``req-…``), to find it in the operator's logs; may be empty.
        status: the HTTP status of Diskboard's own answer.
    """

    message: _StrPromise | str = _("The cloud couldn't do this.")
    status = 502

    def __init__(self, reason: str = "", request_id: str = "") -> None:
        """Set the cloud's `reason` and `request_id`; both may be empty."""
        super().__init__(reason or str(type(self).__name__))
        self.reason = reason
        self.request_id = request_id


class SignInRequired(CloudError):
    """The token is missing, expired or revoked."""

    message = _("Your session has ended. Sign in again.")
    status = 401


class WrongCredentials(SignInRequired):
    """Keystone rejects the user name, password or domain; it doesn't say which."""

    message = _("The user name, password or domain is wrong.")


class WrongApplicationCredential(WrongCredentials):
    """Keystone rejects the application credential: ID or secret is wrong, or it has expired."""

    message = _("The application credential's ID or its secret is wrong, or it has expired.")


class WrongCredentialsOrProject(WrongCredentials):
    """Keystone rejects the user name, password, domain or the project named at sign-in; it doesn't say which."""

    message = _("The user name, password, domain or project is wrong.")


class ProjectNeeded(WrongCredentials):
    """Keystone issues no token without a project, or doesn't list the projects; `reason` is its own."""

    message = _("The cloud doesn't list your projects. Name the project under “More”.")


class SecondFactorNeeded(SignInRequired):
    """Keystone requires a second factor besides the password."""

    message = _("This account requires a second factor, which Diskboard doesn't support yet.")


class TokenRefused(CloudError):
    """The block storage refuses a token that Keystone issued a moment ago, so signing in again wouldn't help."""

    message = _("You are signed in, but the block storage refuses the token.")


class TokenRefusedByKeystone(TokenRefused):
    """Keystone refuses a token that it issued a moment ago."""

    message = _("You are signed in, but the cloud's identity service refuses its own token.")


class ClocksDiffer(CloudError):
    """By Diskboard's clock a new token has already expired, so that no session could begin."""

    message: _StrPromise | str = _(
        "The clocks differ: the cloud issued a token at %(issued)s that is valid until %(expires)s, but Diskboard's "
        "clock shows %(now)s. One of them is wrong."
    )

    def __init__(self, issued: str = "", expires: str = "", now: str = "", request_id: str = "") -> None:
        """Set the times, as text with their time zone, that the message contains."""
        super().__init__(request_id=request_id)
        self.message = str(type(self).message % {"issued": issued, "expires": expires, "now": now})


class NotAllowed(CloudError):
    """The cloud's policy forbids this to the user's roles."""

    message = _("You don't have permission to do this in this project.")
    status = 403


class ProjectRefused(NotAllowed):
    """Keystone issues no token for this project, though the user's own token is valid."""

    message = _("The cloud gives you no access to this project.")


class NotFound(CloudError):
    """The resource doesn't exist, or belongs to another project."""

    message = _("This no longer exists or isn't in this project.")
    status = 404


class Refused(CloudError):
    """The cloud rejects the values, or the resource is in the wrong state."""

    message = _("The cloud refused this.")
    status = 400


class LacksSomething(Refused):
    """The cloud answers 404 to a change; `reason` says what it doesn't find.

    It doesn't mean that the changed resource is gone: a snapshot of another project's disk can't be deleted because the
    cloud doesn't find its disk.
    """

    message = _("The cloud refused this because it doesn't find something that this needs.")
    status = 404


class Conflict(Refused):
    """Another operation on the resource is in progress."""

    message = _("This isn't possible at the moment: another operation is in progress.")
    status = 409


class ChangedMeanwhile(Conflict):
    """The resource has changed since the form was opened; saving would overwrite that change."""

    message = _("Someone else has changed this in the meantime. Save again to overwrite the current values:")


class NotPossible(Conflict):
    """Diskboard knows in advance that the cloud would refuse this, or that it would do harm; `reason` says why."""

    message = _("This isn't possible:")


class OverQuota(CloudError):
    """The project's quota is exceeded. Cinder answers 413; Diskboard passes it on as 409."""

    message = _("The project's quota doesn't allow this.")
    status = 409


class RateLimited(CloudError):
    """The cloud limits the rate of requests. `retry_after` is in seconds and part of the message."""

    message: _StrPromise | str = ngettext_lazy(
        "Too many requests to the cloud. Try again in %(wait)s second.",
        "Too many requests to the cloud. Try again in %(wait)s seconds.",
        "wait",
    )
    status = 429

    def __init__(self, reason: str = "", request_id: str = "", retry_after: int = 1) -> None:
        """Set `retry_after`, in seconds, and the message that contains it."""
        super().__init__(reason, request_id)
        self.retry_after = retry_after
        self.message = str(type(self).message % {"wait": retry_after})


class TooManyFailures(RateLimited):
    """Diskboard's own throttle refuses to sign in after too many failures."""

    message = ngettext_lazy(
        "Too many failed sign-ins. Try again in %(wait)s second.",
        "Too many failed sign-ins. Try again in %(wait)s seconds.",
        "wait",
    )


class NoService(CloudError):
    """The catalog lists no block storage for this project."""

    message = _("This cloud doesn't offer disks to this project.")
    status = 502


class TooOld(NoService):
    """The catalog lists only versions of block storage before 3."""

    message = _("This cloud's block storage is too old: Diskboard needs version 3.")


class Unreachable(CloudError):
    """No connection, or no answer in time: nothing was changed."""

    message = _("The cloud can't be reached at the moment. Nothing was changed.")
    status = 503


class OutcomeUnknown(Unreachable):
    """A change was sent, but no answer shows whether it was made: none came, or one that isn't the cloud's own refusal.

    `found` describes the resource as it was read afterwards; may be empty.
    """

    message = _("The cloud gave no clear answer. The change may have been made: check before you try again.")
    status = 504
    found = ""


class Broken(CloudError):
    """The cloud has an internal error, or its answer can't be parsed."""

    message = _("The cloud has an internal problem at the moment.")
    status = 502
