"""The only door to Keystone: signing in and out, projects, and the token with which Cinder is asked.

Knows nothing of HTTP requests to Diskboard. What it gives out are frozen values; what it raises is a CloudError.
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

# The names under which catalogs list Cinder's API v3, the best first (OpenStack service types authority)
BLOCK_STORAGE_TYPES = ("block-storage", "volumev3", "volume")

# Ignore a Retry-After of more digits: nobody waits that many seconds.
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
    """A Keystone project in which the person has a role."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Login:
    """A signed-in person: the unscoped token, when it expires (ISO 8601, UTC), and the projects it can be scoped to."""

    user_id: str
    user_name: str
    domain_name: str
    expires_at: str
    projects: tuple[Project, ...]
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a region's Cinder answers, and its Nova; the latter is empty where there is none."""

    region: str
    url: str
    compute_url: str = ""


@dataclass(frozen=True, slots=True)
class ScopedToken:
    """A token for one project, with the roles it carries and Cinder's endpoints, one a region."""

    project_id: str
    roles: tuple[str, ...]
    endpoints: tuple[Endpoint, ...]
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Cloud:
    """One project of the cloud as one person may use it: what a request of a signed-in person works with."""

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
        """What names it in a URL: the project's id, with the region where the catalog has several."""
        return slug_of(self.project.id, self.endpoint.region, self.regions)

    @property
    def read_only(self) -> bool:
        """Whether every role is one that may only read, by READ_ONLY_ROLES."""
        return bool(self.roles) and settings.READ_ONLY_ROLES.issuperset(self.roles)

    def session(self) -> Session:
        """Return a keystoneauth session that carries this token to this endpoint and never asks Keystone."""
        auth = token_endpoint.Token(self.endpoint.url, self.token)
        return _session(auth)


def slug_of(project_id: str, region: str, regions: tuple[str, ...]) -> str:
    """Return ``<project id>``, or ``<project id>@<region>`` where there are several regions."""
    return f"{project_id}@{region}" if len(regions) > 1 else project_id


def _session(auth: Any = None) -> Session:
    return Session(auth=auth, session=shared_session(), redirect=False, verify=settings.OS_CACERT or True)


def auth_url() -> str:
    """Return the address of Keystone's v3 API, also where OS_AUTH_URL leaves the version out."""
    url = settings.OS_AUTH_URL.rstrip("/")
    return url if url.endswith("/v3") else f"{url}/v3"


@contextmanager
def translated(*, write: bool = False) -> Iterator[None]:
    """Turn what keystoneauth raises into a CloudError. A `write` that was cut off is an OutcomeUnknown."""
    try:
        yield
    except exceptions.MissingAuthMethods as error:
        raise errors.SecondFactorNeeded from error
    except exceptions.ConnectionError as error:
        unknown = write and not was_never_sent(error)
        raise (errors.OutcomeUnknown if unknown else errors.Unreachable)(reason_of(error)) from error
    except exceptions.HttpError as error:
        headers = error.response.headers if error.response is not None else {}
        raise refusal(error.http_status, _reason(error), str(error.request_id or ""), headers) from error
    except exceptions.EndpointNotFound as error:
        raise errors.NoService(str(error)) from error
    except (exceptions.ClientException, requests.RequestException) as error:
        raise errors.Broken(str(error)) from error


@contextmanager
def parsing() -> Iterator[None]:
    """Turn what reading an answer raises into Broken, where the answer lacks what the API reference promises.

    Wrap nothing but the reading: an error in Diskboard's own code is no fault of the cloud.
    """
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise errors.Broken(str(error)) from error


def refusal(status: int, reason: str, request_id: str, headers: Mapping[str, str]) -> errors.CloudError:
    """Return the error that an HTTP status of the cloud means."""
    if status == requests.codes.too_many_requests:
        seconds = headers.get("Retry-After", "")
        is_sane = seconds.isdecimal() and len(seconds) <= MAX_RETRY_DIGITS
        return errors.RateLimited(reason, request_id, int(seconds) if is_sane else 1)
    return ERROR_OF_STATUS.get(status, errors.Broken)(reason, request_id)


def _reason(error: exceptions.HttpError) -> str:
    """Return the cloud's words without the status and request id that keystoneauth adds to them."""
    text = str(error.message or "").removesuffix(f" (Request-ID: {error.request_id})")
    return text.removesuffix(f" (HTTP {error.http_status})")


def sign_in(user_name: str, password: str, domain_name: str) -> Login:
    """Sign a person in by password.

    Raises:
        WrongCredentials: Keystone answers 401.
        SecondFactorNeeded: the user's rules demand more than a password.
        CloudError: whatever else goes wrong.
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
    """Sign in by an application credential: for its project only, with the roles it carries.

    Raises:
        WrongApplicationCredential: Keystone knows no such one.
        NoService: the catalog lists no block storage for its project.
        CloudError: whatever else goes wrong.
    """
    auth = v3.ApplicationCredential(
        auth_url(),
        application_credential_id=credential_id,
        application_credential_secret=secret,
        reauthenticate=False,
    )
    # Keystone answers 404 to an id that it doesn't know.
    granted = _granted(auth, errors.WrongApplicationCredential, errors.NotFound)
    with parsing():
        project_id, name = _required(granted.project_id), _required(granted.project_name)
    return _login(granted, (Project(project_id, name),)), _scoped(granted, project_id)


def _granted(auth: Any, wrong: type[errors.WrongCredentials], *more: type[errors.CloudError]) -> access.AccessInfo:
    """Ask Keystone for a token; raises `wrong` where Keystone refuses the credentials, or raises one of `more`."""
    refused: tuple[type[errors.CloudError], ...] = (errors.SignInRequired, errors.Refused, *more)
    # These would speak of a project; 404 is what an address says that isn't Keystone's.
    strange = (errors.NotFound, errors.OverQuota)
    try:
        return _access(auth)
    except errors.SecondFactorNeeded:
        raise
    except refused as error:
        # Keystone answers 400 to an empty name or one over its limits: no such user either.
        raise wrong(error.reason, error.request_id) from error
    except strange as error:
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
    """Exchange the unscoped token for one of the project.

    Raises:
        NoService: the catalog lists no block storage for it.
        SignInRequired: the unscoped token is no longer valid, or the person has no role there any more.
        CloudError: whatever else goes wrong.
    """
    auth = v3.Token(auth_url(), token=login.token, project_id=project_id, reauthenticate=False)
    try:
        granted = _access(auth)
    except errors.NotFound as error:
        # Keystone answers 404 where the token was revoked.
        raise errors.SignInRequired(error.reason, error.request_id) from error
    return _scoped(granted, project_id)


def _scoped(granted: access.AccessInfo, project_id: str) -> ScopedToken:
    with parsing():
        roles, token = tuple(granted.role_names or ()), _required(granted.auth_token)
    return ScopedToken(project_id=project_id, roles=roles, endpoints=_block_storage(granted), token=token)


def _block_storage(granted: access.AccessInfo) -> tuple[Endpoint, ...]:
    """Return Cinder's endpoint in each region; of several names for the service, the best one of the catalog."""
    compute = _urls(granted, "compute")
    for service_type in BLOCK_STORAGE_TYPES:
        urls = _urls(granted, service_type)
        if settings.OS_REGION_NAME:
            urls = {region: url for region, url in urls.items() if region == settings.OS_REGION_NAME}
        if urls:
            return tuple(Endpoint(region, urls[region], compute.get(region, "")) for region in sorted(urls))
    raise errors.NoService("no block storage in the service catalog")


def _urls(granted: access.AccessInfo, service_type: str) -> dict[str, str]:
    """Return a service's addresses by region."""
    with parsing():
        catalog = granted.service_catalog.get_endpoints(service_type=service_type, interface=settings.OS_INTERFACE)
        endpoints = [endpoint for entries in catalog.values() for endpoint in entries if endpoint]
        return {endpoint.get("region_id") or "": endpoint["url"] for endpoint in endpoints}


def revoke(token: str) -> None:
    """Revoke a token, and with an unscoped one those scoped from it.

    Raises:
        CloudError: Keystone could not be asked; a token that is already invalid is no error.
    """
    session = _session(token_endpoint.Token(auth_url(), token))
    try:
        with translated(write=True):
            session.delete("/auth/tokens", endpoint_override=auth_url(), headers={"X-Subject-Token": token})
    except (errors.SignInRequired, errors.NotFound):
        return


def check() -> None:
    """Ask Keystone whether it is there.

    Raises:
        CloudError: it is not.
    """
    with translated():
        answer = _session().get(auth_url(), authenticated=False)
    if answer.is_redirect:
        raise errors.Broken(f"HTTP {answer.status_code}")
