"""Who is signed in, kept in the server-side session: the unscoped token and one scoped token for each project used.

It ends with the cloud's token, SESSION_HOURS after signing in, or SESSION_IDLE_MINUTES after somebody did something.
"""

import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from dashboard.cloud import keystone
from dashboard.cloud.errors import NotFound
from dashboard.cloud.keystone import Cloud, Endpoint, Login, Project, ScopedToken

KEY = "signed_in"
SEEN_SECONDS = 60


def _is_over(kept: dict[str, Any]) -> bool:
    now = time.time()
    if not {"signed_in_at", "seen_at"} <= kept.keys():
        # An older Diskboard has written it.
        return True
    return (
        datetime.fromisoformat(kept["login"]["expires_at"]) <= datetime.now(UTC)
        or now - kept["signed_in_at"] >= settings.SESSION_HOURS * 3600
        or now - kept["seen_at"] >= settings.SESSION_IDLE_MINUTES * 60
    )


@dataclass(slots=True)
class SignedIn:
    """A person's login, and the tokens of the projects used since."""

    login: Login
    scoped: dict[str, ScopedToken] = field(default_factory=dict)
    signed_in_at: float = field(default_factory=time.time)
    seen_at: float = field(default_factory=time.time)

    @classmethod
    def of(cls, session: SessionBase) -> Self | None:
        """Return who is signed in; None where nobody is, or not any more."""
        kept: dict[str, Any] | None = session.get(KEY)
        if not kept or _is_over(kept):
            return None
        login = kept["login"]
        projects = tuple(Project(**project) for project in login["projects"])
        scoped = {
            project_id: ScopedToken(
                project_id=token["project_id"],
                roles=tuple(token["roles"]),
                endpoints=tuple(Endpoint(**endpoint) for endpoint in token["endpoints"]),
                token=token["token"],
            )
            for project_id, token in kept["scoped"].items()
        }
        return cls(Login(**{**login, "projects": projects}), scoped, kept["signed_in_at"], kept["seen_at"])

    @staticmethod
    def forget(session: SessionBase) -> dict[str, str]:
        """Take it out of the session; return who it was, in the words of the sign-in form."""
        kept = session.pop(KEY, None)
        login = kept["login"] if kept else {}
        return {"user_name": login.get("user_name", ""), "domain": login.get("domain_name", "")} if login else {}

    def keep(self, session: SessionBase) -> None:
        """Write it into the session."""
        session[KEY] = {
            "login": asdict(self.login),
            "scoped": {project_id: asdict(token) for project_id, token in self.scoped.items()},
            "signed_in_at": self.signed_in_at,
            "seen_at": self.seen_at,
        }

    def see(self, session: SessionBase) -> None:
        """Note that the person is there; written at most once a minute."""
        now = time.time()
        if now - self.seen_at >= SEEN_SECONDS:
            self.seen_at = now
            self.keep(session)

    def cloud_near(self, session: SessionBase, slug: str) -> Cloud:
        """Return the project that an address names, in its first region where it has not, or no longer, that one.

        Raises:
            NotFound: the person has no role in that project.
            CloudError: Keystone was asked and failed.
        """
        try:
            return self.cloud(session, slug)
        except NotFound:
            return self.cloud(session, slug.partition("@")[0])

    def cloud(self, session: SessionBase, slug: str) -> Cloud:
        """Return the project that a URL names as ``<project id>`` or ``<project id>@<region>``.

        The first use of a project asks Keystone for its token and writes the session; later ones do neither.

        Raises:
            NotFound: the person has no role in that project, or it has no such region.
            CloudError: Keystone was asked and failed.
        """
        project_id, _, region = slug.partition("@")
        project = next((one for one in self.login.projects if one.id == project_id), None)
        if project is None:
            raise NotFound
        if project_id not in self.scoped:
            self.scoped[project_id] = keystone.scope(self.login, project_id)
            self.keep(session)
        token = self.scoped[project_id]
        endpoint = next((one for one in token.endpoints if not region or one.region == region), None)
        if endpoint is None:
            raise NotFound
        return Cloud(
            user_id=self.login.user_id,
            user_name=self.login.user_name,
            project=project,
            projects=self.login.projects,
            regions=tuple(one.region for one in token.endpoints),
            endpoint=endpoint,
            roles=token.roles,
            token=token.token,
        )
