"""The signed-in user, stored in the server-side session: an unscoped token and a scoped token per project used.

Sign-in ends when the cloud's token expires, SESSION_HOURS after signing in, or after SESSION_IDLE_MINUTES without
user activity.
"""

import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from dashboard.cloud import keystone
from dashboard.cloud.catalog import Endpoint
from dashboard.cloud.errors import NotFound
from dashboard.cloud.keystone import Cloud, Login, ScopedToken
from dashboard.cloud.projects import Project, region_in_slug

KEY = "signed_in"
# The token of a sign-in that has ended, to be revoked when somebody signs in again
LEFT_KEY = "left_token"
# For so long after signing in, a refused token shows a fault: signing in again would only lead back to it.
NEW_SECONDS = 120
SEEN_SECONDS = 60


def _has_expired(stored: dict[str, Any]) -> bool:
    now = time.time()
    if not {"signed_in_at", "seen_at"} <= stored.keys():
        # Written by an older version of Diskboard.
        return True
    return (
        datetime.fromisoformat(stored["login"]["expires_at"]) <= datetime.now(UTC)
        or now - stored["signed_in_at"] >= settings.SESSION_HOURS * 3600
        or now - stored["seen_at"] >= settings.SESSION_IDLE_MINUTES * 60
    )


def user_id_in(session: SessionBase) -> str | None:
    """Return the ID of the signed-in user; None if the session has none or the sign-in has expired."""
    stored: dict[str, Any] | None = session.get(KEY)
    return str(stored["login"]["user_id"]) if stored and not _has_expired(stored) else None


def token_in(session: SessionBase) -> str | None:
    """Return the user's token of the session's sign-in, or of the last one that it held; None if there was none."""
    stored: dict[str, Any] | None = session.get(KEY)
    token: str | None = stored["login"]["token"] if stored else session.get(LEFT_KEY)
    return token


@dataclass(slots=True)
class SignedIn:
    """A user's login and the scoped tokens of the projects used since. Times are Unix timestamps."""

    login: Login
    scoped: dict[str, ScopedToken] = field(default_factory=dict)
    signed_in_at: float = field(default_factory=time.time)
    seen_at: float = field(default_factory=time.time)

    @classmethod
    def of(cls, session: SessionBase) -> Self | None:
        """Return the signed-in user of `session`; None if it has none or the sign-in has expired."""
        stored: dict[str, Any] | None = session.get(KEY)
        if not stored or _has_expired(stored):
            return None
        login = stored["login"]
        projects = tuple(Project(**project) for project in login["projects"])
        scoped = {
            project_id: ScopedToken(
                project_id=token["project_id"],
                roles=tuple(token["roles"]),
                endpoints=tuple(Endpoint(**endpoint) for endpoint in token["endpoints"]),
                token=token["token"],
            )
            for project_id, token in stored["scoped"].items()
        }
        return cls(Login(**{**login, "projects": projects}), scoped, stored["signed_in_at"], stored["seen_at"])

    @staticmethod
    def forget(session: SessionBase) -> dict[str, str]:
        """Remove the sign-in from the session and return the user as initial values for the sign-in form."""
        token = token_in(session)
        stored = session.pop(KEY, None)
        if stored is None:
            return {}
        session[LEFT_KEY] = token
        login = stored["login"]
        values = {"user_name": "user_name", "domain": "domain_name", "project": "named_project"}
        return {field: login[name] for field, name in values.items() if login.get(name)}

    @property
    def is_new(self) -> bool:
        """Whether the user has signed in a moment ago."""
        return time.time() - self.signed_in_at < NEW_SECONDS

    def keep(self, session: SessionBase) -> None:
        """Write the sign-in into the session."""
        session[KEY] = {
            "login": asdict(self.login),
            "scoped": {project_id: asdict(token) for project_id, token in self.scoped.items()},
            "signed_in_at": self.signed_in_at,
            "seen_at": self.seen_at,
        }

    def see(self, session: SessionBase) -> None:
        """Record user activity. Writes at most once in SEEN_SECONDS, to spare the database."""
        now = time.time()
        if now - self.seen_at >= SEEN_SECONDS:
            self.seen_at = now
            self.keep(session)

    def cloud_near(self, session: SessionBase, slug: str) -> Cloud:
        """Like `cloud`, but fall back to the project's first region if the slug's region doesn't exist.

        Raises:
            NotFound: the user has no role in that project.
            CloudError: the request to Keystone failed.
        """
        try:
            return self.cloud(session, slug)
        except NotFound:
            return self.cloud(session, slug.partition("@")[0])

    def cloud(self, session: SessionBase, slug: str) -> Cloud:
        """Return the project for a URL slug: ``<project id>`` or ``<project id>@<region>``.

        The first use of a project requests its token from Keystone and writes it into the session.

        Raises:
            NotFound: the user has no role in that project, or it has no such region.
            CloudError: the request to Keystone failed.
        """
        project_id, _, region = slug.partition("@")
        project = next((project for project in self.login.projects if project.id == project_id), None)
        if project is None:
            raise NotFound
        if project_id not in self.scoped:
            self.scoped[project_id] = keystone.scope(self.login, project_id)
            self.keep(session)
        token = self.scoped[project_id]
        endpoint = next((one for one in token.endpoints if region in ("", region_in_slug(one.region))), None)
        if endpoint is None:
            raise NotFound
        return Cloud(
            user_id=self.login.user_id,
            user_name=self.login.user_name,
            project=project,
            projects=self.login.projects,
            regions=tuple(endpoint.region for endpoint in token.endpoints),
            endpoint=endpoint,
            roles=token.roles,
            token=token.token,
        )
