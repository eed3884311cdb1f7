"""Signing in, projects, and the token of a project."""

import logging
from typing import Any

import pytest
import requests
from pytest_django.fixtures import Settings

from dashboard.cloud import errors, keystone, translation
from dashboard.cloud.keystone import Login
from dashboard.cloud.projects import Project, slug_of
from tests.support.canned import a_cloud
from tests.support.cloud_rows import USER, unknown_to_keystone
from tests.support.fake_cloud import JSON, KEYSTONE, OTHER_PROJECT, PASSWORD, PROJECT, UNSCOPED, FakeCloud

TOKENS = f"{KEYSTONE}/auth/tokens"


def a_login() -> Login:
    return Login(USER, "ann", "Default", "2099-01-01T00:00:00+00:00", (Project(PROJECT, "one"),), UNSCOPED)


def sign_in() -> Login:
    return keystone.sign_in("ann", PASSWORD, "Default")


def test_it_signs_in(cloud: FakeCloud) -> None:
    login = sign_in()
    assert (login.user_id, login.user_name, login.domain_name, login.token) == (USER, "ann", "Default", UNSCOPED)
    assert login.projects == (Project(PROJECT, "Project one"),)
    assert login.expires_at.endswith("+00:00")
    assert cloud.asked(KEYSTONE) == ["POST /v3/auth/tokens", "GET /v3/auth/projects"]
    assert cloud.requests(KEYSTONE)[0].json()["auth"]["scope"] == "unscoped"
    assert cloud.requests(KEYSTONE)[1].headers["X-Auth-Token"] == UNSCOPED


@pytest.mark.parametrize("address", ["http://keystone.test", "http://keystone.test/", KEYSTONE, f"{KEYSTONE}/"])
def test_it_takes_the_address_with_or_without_the_version(cloud: FakeCloud, settings: Settings, address: str) -> None:
    settings.OS_AUTH_URL = address
    assert sign_in().user_id == USER
    assert cloud.asked(KEYSTONE)[0] == "POST /v3/auth/tokens"


def test_it_lists_enabled_projects_by_name(cloud: FakeCloud) -> None:
    rows = [
        {"id": "3", "name": "beta", "enabled": True},
        {"id": "2", "name": "Alpha"},
        {"id": "1", "name": "off", "enabled": False},
    ]
    cloud.http.get(f"{KEYSTONE}/auth/projects", json={"projects": rows})
    assert sign_in().projects == (Project("2", "Alpha"), Project("3", "beta"))


@pytest.mark.parametrize("status", [400, 401])
def test_it_refuses_wrong_credentials(cloud: FakeCloud, status: int) -> None:
    body = {"error": {"code": status, "message": "No.", "title": "x"}}
    cloud.http.post(TOKENS, status_code=status, json=body, headers={**JSON, "x-openstack-request-id": "req-1"})
    with pytest.raises(errors.WrongCredentials) as caught:
        sign_in()
    assert (caught.value.reason, caught.value.request_id) == ("No.", "req-1")


def test_it_knows_when_a_second_factor_is_wanted(cloud: FakeCloud) -> None:
    body = {
        "receipt": {"methods": ["password"], "expires_at": "2099-01-01T00:00:00.000000Z"},
        "required_auth_methods": [["password", "totp"]],
    }
    cloud.http.post(TOKENS, status_code=401, json=body, headers={**JSON, "Openstack-Auth-Receipt": "r"})
    with pytest.raises(errors.SecondFactorNeeded):
        sign_in()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (403, errors.NotAllowed),
        (404, errors.Broken),
        (413, errors.Broken),
        (429, errors.RateLimited),
        (500, errors.Broken),
        (503, errors.Broken),
    ],
)
def test_it_translates_other_failures(cloud: FakeCloud, status: int, kind: type[errors.CloudError]) -> None:
    cloud.http.post(TOKENS, status_code=status)
    with pytest.raises(errors.CloudError) as caught:
        sign_in()
    assert type(caught.value) is kind


@pytest.mark.parametrize("raised", [requests.ConnectTimeout, requests.ReadTimeout, requests.ConnectionError])
def test_it_says_when_keystone_is_not_there(cloud: FakeCloud, raised: type[Exception]) -> None:
    cloud.http.post(TOKENS, exc=raised)
    cloud.http.get(KEYSTONE, exc=raised)
    with pytest.raises(errors.Unreachable):
        sign_in()
    with pytest.raises(errors.Unreachable):
        keystone.check()


@pytest.mark.parametrize(
    "answer",
    [
        {"status_code": 200, "text": "<html>proxy</html>"},
        {"status_code": 201, "text": '{"token": {"us'},
        {"status_code": 201, "json": {}, "headers": {"X-Subject-Token": "t"}},
        {"status_code": 201, "json": {"token": {}}, "headers": {"X-Subject-Token": "t"}},
        {"status_code": 201, "json": {"token": {"user": {"id": None, "name": None}}}},
        {"status_code": 302, "headers": {"Location": "http://elsewhere.test/v3/auth/tokens"}},
    ],
    ids=["html", "cut", "without token", "without user", "with nothing", "redirect"],
)
def test_it_takes_nonsense_for_a_fault(cloud: FakeCloud, answer: dict[str, Any]) -> None:
    cloud.http.post(TOKENS, **answer)
    with pytest.raises(errors.Broken):
        sign_in()
    assert cloud.requests("http://elsewhere.test") == []


@pytest.mark.parametrize("body", [{}, {"projects": None}, {"projects": [{}]}, {"projects": ["x"]}, []], ids=repr)
def test_it_takes_projects_that_make_no_sense_for_a_fault(cloud: FakeCloud, body: object) -> None:
    cloud.http.get(f"{KEYSTONE}/auth/projects", json=body)
    with pytest.raises(errors.Broken):
        sign_in()


def test_it_gets_a_projects_token(cloud: FakeCloud) -> None:
    scoped = keystone.scope(a_login(), PROJECT)
    assert scoped.token == cloud.scoped_token()
    assert scoped.roles == ("member", "reader")
    assert [(one.region, one.url) for one in scoped.endpoints] == [("RegionOne", cloud.at(""))]
    sent = cloud.requests(KEYSTONE)[0].json()["auth"]
    assert sent["identity"]["token"] == {"id": UNSCOPED}
    assert sent["scope"] == {"project": {"id": PROJECT}}


def test_it_knows_every_region(cloud: FakeCloud, settings: Settings) -> None:
    cloud.regions = ["South", "North"]
    assert [one.region for one in keystone.scope(a_login(), PROJECT).endpoints] == ["North", "South"]
    settings.OS_REGION_NAME = "South"
    assert [one.region for one in keystone.scope(a_login(), PROJECT).endpoints] == ["South"]
    settings.OS_REGION_NAME = "West"
    with pytest.raises(errors.NoService):
        keystone.scope(a_login(), PROJECT)


@pytest.mark.parametrize("name", ["block-storage", "volumev3", "volume"])
def test_it_knows_the_names_of_the_service(cloud: FakeCloud, name: str) -> None:
    cloud.service_type = name
    assert keystone.scope(a_login(), PROJECT).endpoints


def test_it_says_when_there_is_no_such_service(cloud: FakeCloud) -> None:
    cloud.service_type = "compute"
    with pytest.raises(errors.NoService):
        keystone.scope(a_login(), PROJECT)


@pytest.mark.parametrize("status", [401, 404])
def test_it_asks_to_sign_in_when_the_token_is_no_longer_valid(cloud: FakeCloud, status: int) -> None:
    """Keystone answers 404 where it was revoked."""
    cloud.http.post(TOKENS, **{**unknown_to_keystone(), "status_code": status})
    cloud.http.head(TOKENS, status_code=status)
    with pytest.raises(errors.SignInRequired):
        keystone.scope(a_login(), PROJECT)


@pytest.mark.parametrize("status", [200, 403, 500])
def test_it_says_when_a_valid_token_is_refused_for_a_project(cloud: FakeCloud, status: int) -> None:
    cloud.http.post(TOKENS, status_code=401, json={"error": {"code": 401, "message": "No role."}}, headers=JSON)
    cloud.http.head(TOKENS, status_code=status)
    with pytest.raises(errors.ProjectRefused) as caught:
        keystone.scope(a_login(), PROJECT)
    assert caught.value.reason == "No role."
    asked = cloud.requests(KEYSTONE)[-1]
    assert asked.headers["X-Subject-Token"] == asked.headers["X-Auth-Token"] == UNSCOPED


def test_a_gateways_401_is_no_wrong_password(cloud: FakeCloud) -> None:
    cloud.http.post(TOKENS, status_code=401, text="<html><h1>401 Authorization Required</h1></html>")
    with pytest.raises(errors.Broken):
        keystone.sign_in("ann", PASSWORD, "Default")
    for answer in ({"text": ""}, {"json": {"error": {"code": 401, "message": "No."}}}):
        cloud.http.post(TOKENS, status_code=401, **answer)
        with pytest.raises(errors.WrongCredentials):
            keystone.sign_in("ann", PASSWORD, "Default")


def test_a_gateways_404_ends_no_session(cloud: FakeCloud) -> None:
    cloud.http.post(TOKENS, status_code=404, text="<html>404 page not found</html>")
    with pytest.raises(errors.Broken):
        keystone.scope(a_login(), PROJECT)


def test_it_revokes(cloud: FakeCloud) -> None:
    keystone.revoke(UNSCOPED)
    sent = cloud.requests(KEYSTONE)[0]
    assert sent.method == "DELETE"
    assert sent.headers["X-Subject-Token"] == sent.headers["X-Auth-Token"] == UNSCOPED


@pytest.mark.parametrize("status", [401, 404])
def test_it_has_nothing_to_revoke_twice(cloud: FakeCloud, status: int) -> None:
    cloud.http.delete(TOKENS, **{**unknown_to_keystone(), "status_code": status})
    keystone.revoke(UNSCOPED)
    assert cloud.asked(KEYSTONE) == ["DELETE /v3/auth/tokens"]


@pytest.mark.parametrize("status", [403, 500])
def test_it_says_when_revoking_failed(cloud: FakeCloud, status: int) -> None:
    cloud.http.delete(TOKENS, status_code=status)
    with pytest.raises(errors.CloudError):
        keystone.revoke(UNSCOPED)


def test_it_shows_no_token(cloud: FakeCloud) -> None:
    shown = repr([sign_in(), keystone.scope(a_login(), PROJECT), a_cloud("http://x.test", token=UNSCOPED)])
    assert UNSCOPED not in shown
    assert cloud.scoped_token() not in shown


def test_it_logs_no_secret(cloud: FakeCloud, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    sign_in()
    keystone.scope(a_login(), PROJECT)
    keystone.revoke(UNSCOPED)
    assert caplog.text
    for secret in (UNSCOPED, PASSWORD, cloud.scoped_token()):
        assert secret not in caplog.text


@pytest.mark.parametrize(
    ("roles", "read_only"),
    [(("reader",), True), (("member", "reader"), False), (("admin",), False), ((), False), (("auditor",), False)],
)
def test_it_knows_readers(roles: tuple[str, ...], read_only: bool) -> None:
    assert a_cloud("http://x.test", roles=roles).read_only is read_only


def test_it_takes_other_roles_for_readers_where_told(settings: Settings) -> None:
    settings.READ_ONLY_ROLES = frozenset({"reader", "auditor"})
    assert a_cloud("http://x.test", roles=("auditor", "reader")).read_only


def test_it_names_the_region_only_where_there_are_several() -> None:
    assert a_cloud("http://x.test").slug == PROJECT
    assert a_cloud("http://x.test", regions=("RegionOne", "RegionTwo")).slug == f"{PROJECT}@RegionOne"
    assert slug_of(OTHER_PROJECT, "", ("",)) == OTHER_PROJECT


@pytest.mark.parametrize("raised", [AttributeError, KeyError, TypeError, ValueError])
def test_it_takes_an_error_of_diskboards_own_for_no_fault_of_the_cloud(raised: type[Exception]) -> None:
    with pytest.raises(raised), translation.translated():
        raise raised("a typo")


@pytest.mark.parametrize("raised", [AttributeError, KeyError, TypeError, ValueError])
def test_it_takes_an_answer_that_cannot_be_read_for_a_fault_of_the_cloud(
    raised: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    """Python's own words are for the log, not for people."""
    with pytest.raises(errors.Broken, match="the expected format"), translation.parsing():
        raise raised("no token")
    assert "no token" in caplog.text
