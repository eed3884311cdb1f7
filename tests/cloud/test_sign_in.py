"""Signing in with a real Keystone: by an application credential, to one project with the roles that it grants."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from keystoneauth1.exceptions.http import NotFound as HttpNotFound
from pytest_django.fixtures import Settings

from dashboard.accounts.session import SignedIn
from dashboard.cloud import keystone, projects
from dashboard.cloud.errors import (
    NotAllowed,
    ProjectRefused,
    SignInRequired,
    WrongApplicationCredential,
    WrongCredentialsOrProject,
)
from dashboard.cloud.keystone import Cloud, Login, ScopedToken
from dashboard.cloud.transport import shared_session
from dashboard.devcloud.administrator import Administrator
from dashboard.devcloud.launcher import DevCloud
from tests.support.application_credentials import make_credential
from tests.support.devcloud import Project, make_project, wait_until
from volumes.cinder import disks, snapshots
from volumes.cinder.listing import Query


@pytest.fixture(autouse=True)
def _connected(project: Project, settings: Settings) -> Iterator[None]:
    settings.OS_AUTH_URL = project.auth_url
    settings.OS_REGION_NAME = ""
    settings.OS_INTERFACE = "public"
    cache.clear()
    shared_session.cache_clear()
    yield
    shared_session().close()
    shared_session.cache_clear()


def signed_in_by(credential: tuple[str, str]) -> tuple[Login, ScopedToken]:
    """Sign in by a valid credential. While other tests grant roles, Keystone may miss a role for a moment."""
    signed_in: list[tuple[Login, ScopedToken]] = []

    def attempt() -> bool:
        try:
            signed_in.append(keystone.sign_in_by_credential(*credential))
        except WrongApplicationCredential:
            return False
        return True

    wait_until(attempt, "Keystone knows the member's role")
    return signed_in[0]


def cloud_of(login: Login, token: ScopedToken) -> Cloud:
    """The project as the views use it."""
    session: Any = {}
    return SignedIn(login, {token.project_id: token}).cloud(session, token.project_id)


def test_it_signs_in_by_an_application_credential(
    project: Project, devcloud: DevCloud, administrator: Administrator
) -> None:
    """The user may have other projects too, but the credential is for one only."""
    other = make_project(devcloud, administrator)
    user_id = project.session.get_user_id()
    administrator.grant("member", str(user_id), other.project_id)
    login, token = signed_in_by(make_credential(project))
    assert (login.user_id, login.user_name, login.domain_name) == (user_id, project.username, "Default")
    assert login.projects == (projects.Project(project.project_id, project.project_name, "Default"),)
    assert login.token == token.token
    assert "member" in token.roles
    assert [one.region for one in token.endpoints] == ["RegionOne"]
    both = keystone.sign_in(project.username, project.password, "Default").projects
    assert {one.id for one in both} == {project.project_id, other.project_id}


def test_its_token_needs_no_scoping(project: Project, devcloud: DevCloud, administrator: Administrator) -> None:
    """The token works as it is, and Keystone issues no other token for it."""
    disk = project.create_disk("ours")
    make_project(devcloud, administrator).create_disk("theirs")
    login, token = signed_in_by(make_credential(project))
    here = cloud_of(login, token)
    assert [one.name for one in disks.page(here, Query()).rows] == ["ours"]
    assert snapshots.create(here, disk.id, "by credential", "", {}).name == "by credential"
    with pytest.raises(NotAllowed):
        keystone.scope(login, project.project_id)


def test_it_carries_the_roles_that_it_was_given(project: Project) -> None:
    disk = project.create_disk("ours")
    reader = make_credential(project, roles=[{"name": "reader"}])
    login, token = signed_in_by(reader)
    here = cloud_of(login, token)
    assert token.roles == ("reader",)
    assert here.read_only
    with pytest.raises(NotAllowed):
        snapshots.create(here, disk.id, "not allowed", "", {})


@pytest.mark.parametrize("wrong", ["id", "secret"])
def test_it_refuses_a_wrong_one(project: Project, wrong: str) -> None:
    credential_id, secret = make_credential(project)
    sent = (secrets.token_hex(16), secret) if wrong == "id" else (credential_id, f"x{secret}")
    with pytest.raises(WrongApplicationCredential) as caught:
        keystone.sign_in_by_credential(*sent)
    assert caught.value.request_id.startswith("req-")


def test_its_token_ends_with_the_credential(project: Project) -> None:
    moment = datetime.now(UTC) + timedelta(minutes=5)
    brief = make_credential(project, expires_at=moment.strftime("%Y-%m-%dT%H:%M:%S"))
    login, _token = signed_in_by(brief)
    assert datetime.fromisoformat(login.expires_at) <= moment


def test_it_revokes_its_token(project: Project, administrator: Administrator) -> None:
    """Cinder may accept it a little longer, because it caches tokens."""
    login, _token = signed_in_by(make_credential(project))
    asked = {"headers": {"X-Subject-Token": login.token}, "endpoint_filter": {"service_type": "identity"}}
    assert administrator.session.get("/auth/tokens", **asked).status_code == 200
    keystone.revoke(login.token)
    keystone.revoke(login.token)
    with pytest.raises(HttpNotFound):
        administrator.session.get("/auth/tokens", **asked)


def test_it_tells_a_refused_project_from_a_revoked_token(
    project: Project, devcloud: DevCloud, administrator: Administrator
) -> None:
    """Keystone answers 404 to the revoked token, and 401 if the user has no role in the project."""
    login = keystone.sign_in(project.username, project.password, "Default")
    with pytest.raises(ProjectRefused):
        keystone.scope(login, make_project(devcloud, administrator).project_id)
    keystone.revoke(login.token)
    with pytest.raises(SignInRequired):
        keystone.scope(login, project.project_id)


@pytest.mark.parametrize("named_by", ["id", "name"])
def test_it_signs_in_to_a_named_project(
    project: Project, devcloud: DevCloud, administrator: Administrator, named_by: str
) -> None:
    other = make_project(devcloud, administrator)
    administrator.grant("member", str(project.session.get_user_id()), other.project_id)
    name = other.project_id if named_by == "id" else other.project_name
    login, token = keystone.sign_in_to(project.username, project.password, "Default", name)
    assert token.project_id == other.project_id
    assert login.token == token.token
    assert {one.id for one in login.projects} == {project.project_id, other.project_id}
    # From this token Keystone also issues one for another project.
    assert keystone.scope(login, project.project_id).project_id == project.project_id


def test_it_says_that_a_named_project_may_be_wrong(project: Project) -> None:
    for name in ("no such project", "0" * 32):
        with pytest.raises(WrongCredentialsOrProject):
            keystone.sign_in_to(project.username, project.password, "Default", name)


def test_a_credential_with_access_rules_is_signed_in_but_refused_by_cinder(project: Project) -> None:
    rules = [{"path": "/v3/nothing", "method": "GET", "service": "volumev3"}]
    login, token = signed_in_by(make_credential(project, access_rules=rules))
    with pytest.raises(SignInRequired) as caught:
        disks.page(cloud_of(login, token), Query())
    assert caught.value.reason
