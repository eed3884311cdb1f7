"""The only client of Keystone: sign-in and sign-out, projects, and the scoped tokens used with Cinder.

Independent of HTTP requests to Diskboard. Functions return frozen values and raise CloudError.
"""

import logging
import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.conf import settings
from keystoneauth1 import access, exceptions, token_endpoint
from keystoneauth1.identity import v3
from keystoneauth1.session import Session

from dashboard.cloud import catalog, errors
from dashboard.cloud.catalog import Endpoint
from dashboard.cloud.projects import SHORT_ID, Project, slug_of
from dashboard.cloud.translation import parsing, reason_of_http, translated
from dashboard.cloud.transport import shared_session

logger = logging.getLogger(__name__)

# A project's ID, as Keystone generates it
PROJECT_ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Words with which a cloud refuses to sign in without a project
WANTS_PROJECT = re.compile(r"\b(?:un)?scoped?\b|\bproject\b", re.IGNORECASE)
# How a cloud hides the list of projects
HIDDEN = (exceptions.Unauthorized, exceptions.Forbidden, exceptions.NotFound, exceptions.MethodNotAllowed)
CLOCK = "%Y-%m-%d %H:%M:%S UTC"

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Login:
    """A signed-in user: the token, its expiry (ISO 8601, UTC), and the projects it can be scoped to.

    The token is unscoped unless a project was named at sign-in, which is then `named_project`.
    """

    user_id: str
    user_name: str
    domain_name: str
    expires_at: str
    projects: tuple[Project, ...]
    token: str = field(repr=False)
    named_project: str = ""


@dataclass(frozen=True, slots=True)
class ScopedToken:
    """A token for one project, with its roles and Cinder's endpoints, one per region."""

    project_id: str
    roles: tuple[str, ...]
    endpoints: tuple[Endpoint, ...]
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Cloud:
    """One project in one region, with the token of one user; set as `request.cloud` for every page of a project."""

    user_id: str
    user_name: str
    project: Project
    projects: tuple[Project, ...]
    regions: tuple[str, ...]
    endpoint: Endpoint
    roles: tuple[str, ...]
    token: str = field(repr=False)

    @property
    def slug(self) -> str:
        """The project's name in URLs, see `slug_of`."""
        return slug_of(self.project.id, self.endpoint.region, self.regions)

    @property
    def read_only(self) -> bool:
        """Whether all roles are listed in READ_ONLY_ROLES."""
        return bool(self.roles) and settings.READ_ONLY_ROLES.issuperset(self.roles)

    def session(self) -> Session:
        """Return a keystoneauth session with this token and endpoint; it never calls Keystone."""
        auth = token_endpoint.Token(self.endpoint.url, self.token)
        return _session(auth)


def _session(auth: Any = None) -> Session:
    return Session(auth=auth, session=shared_session(), redirect=False, verify=settings.OS_CACERT or True)


def auth_url() -> str:
    """Return the URL of Keystone's v3 API; OS_AUTH_URL may omit the version."""
    url = settings.OS_AUTH_URL.rstrip("/")
    return url if url.endswith("/v3") else f"{url}/v3"


def sign_in(user_name: str, password: str, domain_name: str) -> Login:
    """Sign a user in by password; return the unscoped token and the user's projects.

    Raises:
        WrongCredentials: Keystone answers 401 or 400.
        ProjectNeeded: Keystone issues no unscoped token, or doesn't list the projects.
        SecondFactorNeeded: the user's multi-factor rules require more than a password.
        ClocksDiffer: by Diskboard's clock the token has already expired.
        CloudError: any other failure.
    """
    auth = _by_password(user_name, password, domain_name, unscoped=True)
    try:
        granted = _granted(auth, errors.WrongCredentials)
    except (errors.WrongCredentials, errors.NotAllowed) as error:
        if WANTS_PROJECT.search(error.reason):
            raise errors.ProjectNeeded(error.reason, error.request_id) from error
        raise
    return _login(granted, _projects(granted))


def sign_in_to(user_name: str, password: str, domain_name: str, project: str) -> tuple[Login, ScopedToken]:
    """Sign a user in by password to a project, named by its ID, or by its name in the user's domain.

    If Keystone doesn't list the user's projects, this one is the only one.

    Raises:
        WrongCredentialsOrProject: Keystone answers 401, 400 or 404.
        NoService: the catalog lists no block storage for the project.
        CloudError: any other failure, as of `sign_in`.
    """
    by_name = {"project_name": project, "project_domain_name": domain_name}
    scope = {"project_id": project} if PROJECT_ID.fullmatch(project) else by_name
    granted = _granted(
        _by_password(user_name, password, domain_name, **scope), errors.WrongCredentialsOrProject, errors.NotFound
    )
    own = _project_of(granted)
    try:
        projects = _projects(granted)
    except errors.CloudError:
        projects = ()
    if own.id not in [one.id for one in projects]:
        projects = (own, *projects)
    return _login(granted, projects, project), _scoped(granted, own.id)


def _by_password(user_name: str, password: str, domain_name: str, **scope: Any) -> v3.Password:
    user: dict[str, Any] = {"username": user_name, "password": password, "user_domain_name": domain_name}
    return v3.Password(auth_url(), **user, **scope, reauthenticate=False)


def sign_in_by_credential(credential_id: str, secret: str) -> tuple[Login, ScopedToken]:
    """Sign in by application credential, which is valid for one project and has roles of its own.

    Raises:
        WrongApplicationCredential: Keystone rejects the credential.
        NoService: the catalog lists no block storage for the project.
        CloudError: any other failure, as of `sign_in`.
    """
    auth = v3.ApplicationCredential(
        auth_url(),
        application_credential_id=credential_id,
        application_credential_secret=secret,
        reauthenticate=False,
    )
    # Keystone answers 404 to an unknown credential ID.
    granted = _granted(auth, errors.WrongApplicationCredential, errors.NotFound)
    project = _project_of(granted)
    return _login(granted, (project,)), _scoped(granted, project.id)


def _project_of(granted: access.AccessInfo) -> Project:
    with parsing():
        project_id, name = _required(granted.project_id), _required(granted.project_name)
    domain_name = ""
    with suppress(KeyError, TypeError):
        domain_name = granted.project_domain_name or ""
    return Project(project_id, name, domain_name)


def _granted(auth: Any, wrong: type[errors.WrongCredentials], *more: type[errors.CloudError]) -> access.AccessInfo:
    """Request a token; raise `wrong` if Keystone refuses the credentials, or if it answers with one of `more`."""
    refused: tuple[type[errors.CloudError], ...] = (errors.SignInRequired, errors.Refused, *more)
    # Their messages mention a project, of which there is none here. A 404 means that the URL isn't Keystone's.
    unexpected = (errors.NotFound, errors.OverQuota)
    try:
        return _access(auth)
    except errors.SecondFactorNeeded:
        raise
    except refused as error:
        # Keystone answers 400 to a name that is empty or too long: such a user doesn't exist.
        raise wrong(error.reason, error.request_id) from error
    except unexpected as error:
        raise errors.Broken(error.reason, error.request_id) from error


def _access(auth: Any) -> access.AccessInfo:
    with translated(), parsing():
        granted: access.AccessInfo = auth.get_access(_session())
    return granted


def _login(granted: access.AccessInfo, projects: tuple[Project, ...], named_project: str = "") -> Login:
    with parsing():
        user_id, user_name = _required(granted.user_id), _required(granted.username)
        domain_name = _required(granted.user_domain_name)
        expires_at, token = _required(granted.expires), _required(granted.auth_token)
    now = datetime.now(UTC)
    if expires_at <= now:
        with parsing():
            issued_at = granted.issued
        raise errors.ClocksDiffer(*(f"{moment:{CLOCK}}" for moment in (issued_at, expires_at, now)))
    return Login(
        user_id=user_id,
        user_name=user_name,
        domain_name=domain_name,
        expires_at=expires_at.isoformat(),
        projects=projects,
        token=token,
        named_project=named_project,
    )


def _required(value: Value | None) -> Value:
    if value is None:
        raise ValueError("Keystone's answer lacks a part of the token")
    return value


def _projects(granted: access.AccessInfo) -> tuple[Project, ...]:
    """Return the user's enabled projects, by name.

    Raises:
        ProjectNeeded: Keystone, or a gateway in front of it, hides the list.
    """
    with parsing():
        token, domains = _required(granted.auth_token), {granted.user_domain_id: granted.user_domain_name}
    session = _session(token_endpoint.Token(auth_url(), token))
    with translated():
        try:
            answer = session.get("/auth/projects", endpoint_override=auth_url(), headers={"Accept": "application/json"})
        except HIDDEN as error:
            raise errors.ProjectNeeded(reason_of_http(error), str(error.request_id or "")) from error
    with parsing():
        rows = [row for row in answer.json()["projects"] if row.get("enabled", True)]
        listed = [(str(row["id"]), str(row["name"]), str(row.get("domain_id") or "")) for row in rows]
    projects = [Project(key, name, domains.get(domain) or domain[:SHORT_ID]) for key, name, domain in listed]
    return tuple(sorted(projects, key=lambda project: project.name.casefold()))


def scope(login: Login, project_id: str) -> ScopedToken:
    """Exchange the user's token for one that is scoped to the project.

    Raises:
        NoService: the catalog lists no block storage for the project.
        SignInRequired: the user's token is no longer valid.
        ProjectRefused: it is, but the user has no role in the project any more.
        CloudError: any other failure.
    """
    auth = v3.Token(auth_url(), token=login.token, project_id=project_id, reauthenticate=False)
    try:
        granted = _access(auth)
    except errors.NotFound as error:
        # Keystone answers 404 if the token was revoked.
        raise errors.SignInRequired(error.reason, error.request_id) from error
    except errors.SignInRequired as error:
        # Keystone answers 401 both to a token that has expired and to a user without a role.
        if _is_valid(login.token):
            raise errors.ProjectRefused(error.reason, error.request_id) from error
        raise
    return _scoped(granted, project_id)


def _is_valid(token: str) -> bool:
    """Return whether Keystone still knows the token. If it can't be asked, the token counts as valid."""
    session = _session(token_endpoint.Token(auth_url(), token))
    try:
        with translated():
            session.head("/auth/tokens", endpoint_override=auth_url(), headers={"X-Subject-Token": token})
    except errors.CloudError as error:
        refused = isinstance(error.__cause__, exceptions.Unauthorized | exceptions.NotFound)
        return not refused
    return True


def _scoped(granted: access.AccessInfo, project_id: str) -> ScopedToken:
    with parsing():
        roles, token = tuple(granted.role_names or ()), _required(granted.auth_token)
    endpoints = catalog.block_storage(lambda service_type: _entries(granted, service_type), project_id)
    return ScopedToken(project_id=project_id, roles=roles, endpoints=endpoints, token=token)


def _entries(granted: access.AccessInfo, service_type: str) -> list[catalog.Entry]:
    """Return the catalog's entries of a service type; keystoneauth also finds its other names."""
    with parsing():
        found = granted.service_catalog.get_endpoints(service_type=service_type, interface=settings.OS_INTERFACE)
        return [
            catalog.Entry(name, endpoint.get("region_id") or "", str(endpoint["url"]))
            for name, endpoints in found.items()
            for endpoint in endpoints
            if endpoint
        ]


def revoke(token: str) -> None:
    """Revoke a token; with an unscoped token Keystone also revokes the tokens scoped from it.

    An invalid token is not an error.

    Raises:
        CloudError: the request to Keystone failed.
    """
    session = _session(token_endpoint.Token(auth_url(), token))
    try:
        with translated(write=True):
            session.delete("/auth/tokens", endpoint_override=auth_url(), headers={"X-Subject-Token": token})
    except (errors.SignInRequired, errors.NotFound):
        return


def check() -> None:
    """Check that Keystone answers, for the readiness probe.

    Raises:
        CloudError: it doesn't.
    """
    with translated():
        answer = _session().get(auth_url(), authenticated=False)
    if answer.is_redirect:
        raise errors.Broken(f"HTTP {answer.status_code}")
