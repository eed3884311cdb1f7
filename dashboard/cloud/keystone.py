"""The only client of Keystone: sign-in and sign-out, projects, and the scoped tokens used with Cinder.

Independent of HTTP requests to Diskboard. Functions return frozen values and raise CloudError.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import requests
from django.conf import settings
from keystoneauth1 import access, exceptions, token_endpoint
from keystoneauth1.identity import v3
from keystoneauth1.session import Session

from dashboard.cloud import errors
from dashboard.cloud.transport import reason_of, shared_session, was_never_sent

# Service types of Cinder's API v3 in catalogs, preferred one first (OpenStack service types authority)
BLOCK_STORAGE_TYPES = ("block-storage", "volumev3", "volume")

# Ignore a Retry-After with more digits, as no user waits that long.
MAX_RETRY_DIGITS = 4

Value = TypeVar("Value")

ERROR_OF_STATUS: dict[int, type[errors.CloudError]] = {
    400: errors.Refused,
    401: errors.SignInRequired,
    403: errors.NotAllowed,
    404: errors.NotFound,
    406: errors.Refused,
    409: errors.Conflict,
    413: errors.OverQuota,
    429: errors.RateLimited,
}


@dataclass(frozen=True, slots=True)
class Project:
    """A Keystone project in which the user has a role."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Login:
    """A signed-in user: the unscoped token, its expiry (ISO 8601, UTC), and the projects it can be scoped to."""

    user_id: str
    user_name: str
    domain_name: str
    expires_at: str
    projects: tuple[Project, ...]
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The URLs of Cinder and Nova in one region; `compute_url` is empty if the region has no Nova."""

    region: str
    url: str
    compute_url: str = ""


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


def slug_of(project_id: str, region: str, regions: tuple[str, ...]) -> str:
    """Return ``<project id>``, or ``<project id>@<region>`` if the catalog has several regions."""
    return f"{project_id}@{region}" if len(regions) > 1 else project_id


def _session(auth: Any = None) -> Session:
    return Session(auth=auth, session=shared_session(), redirect=False, verify=settings.OS_CACERT or True)


def auth_url() -> str:
    """Return the URL of Keystone's v3 API; OS_AUTH_URL may omit the version."""
    url = settings.OS_AUTH_URL.rstrip("/")
    return url if url.endswith("/v3") else f"{url}/v3"


@contextmanager
def translated(*, write: bool = False) -> Iterator[None]:
    """Convert keystoneauth's exceptions to CloudError. A `write` interrupted after it was sent is OutcomeUnknown."""
    try:
        yield
    except exceptions.MissingAuthMethods as error:
        raise errors.SecondFactorNeeded from error
    except exceptions.ConnectionError as error:
        unknown = write and not was_never_sent(error)
        raise (errors.OutcomeUnknown if unknown else errors.Unreachable)(reason_of(error)) from error
    except exceptions.HttpError as error:
        request_id = str(error.request_id or "")
        if error.http_status == requests.codes.not_found and not _is_keystones(error):
            raise errors.Broken(_reason(error), request_id) from error
        headers = error.response.headers if error.response is not None else {}
        raise refusal(error.http_status, _reason(error), request_id, headers) from error
    except exceptions.EndpointNotFound as error:
        raise errors.NoService(str(error)) from error
    except (exceptions.ClientException, requests.RequestException) as error:
        raise errors.Broken(str(error)) from error


@contextmanager
def parsing() -> Iterator[None]:
    """Convert errors in parsing an answer to Broken, for answers that don't match the API reference.

    Wrap only the parsing: an error in Diskboard's own code must not be reported as the cloud's.
    """
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise errors.Broken(str(error)) from error


def refusal(status: int, reason: str, request_id: str, headers: Mapping[str, str]) -> errors.CloudError:
    """Return the CloudError for an HTTP error status of the cloud."""
    if status == requests.codes.too_many_requests:
        seconds = headers.get("Retry-After", "")
        is_sane = seconds.isdecimal() and len(seconds) <= MAX_RETRY_DIGITS
        return errors.RateLimited(reason, request_id, int(seconds) if is_sane else 1)
    return ERROR_OF_STATUS.get(status, errors.Broken)(reason, request_id)


def _is_keystones(error: exceptions.HttpError) -> bool:
    """Return whether an error has the format of Keystone, ``{"error": {…}}``; a gateway's 404 proves nothing."""
    try:
        body = error.response.json() if error.response is not None else None
    except ValueError:
        return False
    return isinstance(body, dict) and isinstance(body.get("error"), dict)


def _reason(error: exceptions.HttpError) -> str:
    """Return the cloud's message without the status and request ID that keystoneauth appends."""
    text = str(error.message or "").removesuffix(f" (Request-ID: {error.request_id})")
    return text.removesuffix(f" (HTTP {error.http_status})")


def sign_in(user_name: str, password: str, domain_name: str) -> Login:
    """Sign a user in by password; return the unscoped token and the user's projects.

    Raises:
        WrongCredentials: Keystone answers 401 or 400.
        SecondFactorNeeded: the user's multi-factor rules require more than a password.
        CloudError: any other failure.
    """
    auth = v3.Password(
        auth_url(),
        username=user_name,
        password=password,
        user_domain_name=domain_name,
        unscoped=True,
        reauthenticate=False,
    )
    granted = _granted(auth, errors.WrongCredentials)
    with parsing():
        token = _required(granted.auth_token)
    return _login(granted, _projects(token))


def sign_in_by_credential(credential_id: str, secret: str) -> tuple[Login, ScopedToken]:
    """Sign in by application credential, which is valid for one project and has roles of its own.

    Raises:
        WrongApplicationCredential: Keystone rejects the credential.
        NoService: the catalog lists no block storage for the project.
        CloudError: any other failure.
    """
    auth = v3.ApplicationCredential(
        auth_url(),
        application_credential_id=credential_id,
        application_credential_secret=secret,
        reauthenticate=False,
    )
    # Keystone answers 404 to an unknown credential ID.
    granted = _granted(auth, errors.WrongApplicationCredential, errors.NotFound)
    with parsing():
        project_id, name = _required(granted.project_id), _required(granted.project_name)
    return _login(granted, (Project(project_id, name),)), _scoped(granted, project_id)


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


def _login(granted: access.AccessInfo, projects: tuple[Project, ...]) -> Login:
    with parsing():
        user_id, user_name = _required(granted.user_id), _required(granted.username)
        domain_name = _required(granted.user_domain_name)
        expires_at, token = _required(granted.expires), _required(granted.auth_token)
    return Login(
        user_id=user_id,
        user_name=user_name,
        domain_name=domain_name,
        expires_at=expires_at.isoformat(),
        projects=projects,
        token=token,
    )


def _required(value: Value | None) -> Value:
    if value is None:
        raise ValueError("Keystone's answer lacks a part of the token")
    return value


def _projects(token: str) -> tuple[Project, ...]:
    session = _session(token_endpoint.Token(auth_url(), token))
    with translated():
        answer = session.get("/auth/projects", endpoint_override=auth_url(), headers={"Accept": "application/json"})
    with parsing():
        enabled = [(row["id"], row["name"]) for row in answer.json()["projects"] if row.get("enabled", True)]
    projects = [Project(str(project_id), str(name)) for project_id, name in enabled]
    return tuple(sorted(projects, key=lambda project: project.name.casefold()))


def scope(login: Login, project_id: str) -> ScopedToken:
    """Exchange the unscoped token for one that is scoped to the project.

    Raises:
        NoService: the catalog lists no block storage for the project.
        SignInRequired: the unscoped token is no longer valid, or the user has lost the role in the project.
        CloudError: any other failure.
    """
    auth = v3.Token(auth_url(), token=login.token, project_id=project_id, reauthenticate=False)
    try:
        granted = _access(auth)
    except errors.NotFound as error:
        # Keystone answers 404 if the token was revoked.
        raise errors.SignInRequired(error.reason, error.request_id) from error
    return _scoped(granted, project_id)


def _scoped(granted: access.AccessInfo, project_id: str) -> ScopedToken:
    with parsing():
        roles, token = tuple(granted.role_names or ()), _required(granted.auth_token)
    return ScopedToken(project_id=project_id, roles=roles, endpoints=_block_storage(granted), token=token)


def _block_storage(granted: access.AccessInfo) -> tuple[Endpoint, ...]:
    """Return Cinder's endpoint in each region, under the preferred service type that the catalog lists."""
    compute = _urls(granted, "compute")
    for service_type in BLOCK_STORAGE_TYPES:
        urls = _urls(granted, service_type)
        if settings.OS_REGION_NAME:
            urls = {region: url for region, url in urls.items() if region == settings.OS_REGION_NAME}
        if urls:
            return tuple(Endpoint(region, urls[region], compute.get(region, "")) for region in sorted(urls))
    raise errors.NoService("no block storage in the service catalog")


def _urls(granted: access.AccessInfo, service_type: str) -> dict[str, str]:
    """Return a service's URLs by region."""
    with parsing():
        catalog = granted.service_catalog.get_endpoints(service_type=service_type, interface=settings.OS_INTERFACE)
        endpoints = [endpoint for entries in catalog.values() for endpoint in entries if endpoint]
        return {endpoint.get("region_id") or "": endpoint["url"] for endpoint in endpoints}


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
