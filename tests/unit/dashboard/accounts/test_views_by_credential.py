"""Signing in by an application credential: one project, with the roles and the token of the credential."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import requests
from django.test import Client
from pytest_django.fixtures import Settings

from dashboard.accounts.models import Preference
from dashboard.accounts.session import KEY
from dashboard.cloud import errors, keystone
from tests.support.canned import HTMX, SENT
from tests.support.cloud_rows import USER, fault, unknown_to_keystone, volume
from tests.support.fake_cloud import (
    CREDENTIAL,
    CREDENTIAL_SECRET,
    CREDENTIAL_TOKEN,
    JSON,
    KEYSTONE,
    OTHER_PROJECT,
    PROJECT,
    FakeCloud,
)
from tests.support.html import Element
from tests.support.pages import HERE, Answered, Page, alerts, field_errors, is_whole, names, text_of, words

TOKENS = f"{KEYSTONE}/auth/tokens"
DISKS = f"{HERE}/disks/"
BY_CREDENTIAL = {"credential": CREDENTIAL, "secret": CREDENTIAL_SECRET}
REFUSED = "The application credential's ID or its secret is wrong, or it has expired."
BOTH_WAYS: list[dict[str, str]] = [{}, HTMX]

pytestmark = pytest.mark.django_db


@pytest.fixture
def by_credential(cloud: FakeCloud, client: Client) -> Client:
    """A client that signed in by the credential, and whose user has a second project."""
    cloud.projects[OTHER_PROJECT] = "Project two"
    cloud.volumes = [volume(1, name="data")]
    assert client.post("/sign-in/", BY_CREDENTIAL)["Location"] == "/"
    return client


def forms(answer: Answered) -> list[Element]:
    """The form with user name and password, and the form with an application credential."""
    found = [form for form in Page(answer).find_all("form") if form["action"] == "/sign-in/"]
    assert len(found) == 2
    return found


def unfolds(answer: Answered) -> bool:
    """Whether the form with an application credential is shown at once."""
    [other_way] = [one for one in Page(answer).find_all("group") if one.has("form")]
    assert other_way.select("summary")[0].text == "Application credential"
    return "open" in other_way


def labels(form: Element) -> list[str]:
    return [label.text for label in form.select("label")]


def test_it_offers_both_ways_on_the_page(client: Client) -> None:
    page = client.get("/sign-in/")
    password, credential = forms(page)
    assert labels(password) == ["User name", "Password", "Domain", "Project"]
    assert labels(credential) == ["Application credential ID", "Secret"]
    assert [one.name for one in password.find_all("button")] == ["Sign in"]
    assert [one.name for one in credential.find_all("button")] == ["Sign in with application credential"]
    assert not unfolds(page)
    assert Page(page).select("[hx-post]") == []


def test_it_offers_both_ways_over_the_page(client: Client) -> None:
    for form in forms(client.get(DISKS, headers=HTMX)):
        assert (form["hx-post"], form["hx-target"], form["hx-include"]) == ("/sign-in/", "#sign-in", "#page-user")
        assert "data-closes" in form.find("button", "Cancel")


@pytest.mark.parametrize("headers", BOTH_WAYS)
@pytest.mark.parametrize("sent", [{}, {**SENT, "password": ""}, {"credential": "", "secret": ""}], ids=repr)
def test_it_names_every_field_once(client: Client, headers: dict[str, str], sent: dict[str, str]) -> None:
    """A label belongs to its own field, even if the other form came back."""
    page = Page(client.post("/sign-in/", sent, headers=headers))
    ids = Counter(one["id"] for one in page.select("[id]"))
    assert max(ids.values()) == 1
    assert {label["for"] for label in page.select("label[for]")} <= set(ids)
    described = [one["aria-describedby"].split() for one in page.select("[aria-describedby]")]
    assert {one for some in described for one in some} <= set(ids)


@pytest.mark.parametrize("headers", BOTH_WAYS)
def test_it_asks_keystone_once(cloud: FakeCloud, client: Client, headers: dict[str, str]) -> None:
    sent = {**BY_CREDENTIAL, "page_user": USER}
    assert client.post("/sign-in/", sent, headers=headers).status_code == (204 if headers else 302)
    assert cloud.asked(KEYSTONE) == ["POST /v3/auth/tokens"]
    assert cloud.requests(KEYSTONE)[0].json() == {
        "auth": {
            "identity": {
                "methods": ["application_credential"],
                "application_credential": {"id": CREDENTIAL, "secret": CREDENTIAL_SECRET},
            }
        }
    }
    assert "X-Auth-Token" not in cloud.requests(KEYSTONE)[0].headers


def test_it_keeps_blanks_of_a_secret_but_not_of_an_id(cloud: FakeCloud, client: Client) -> None:
    client.post("/sign-in/", {"credential": f" {CREDENTIAL}\t", "secret": " x "})
    sent = cloud.requests(KEYSTONE)[0].json()["auth"]["identity"]["application_credential"]
    assert sent == {"id": CREDENTIAL, "secret": " x "}


def test_it_needs_no_other_token(cloud: FakeCloud, by_credential: Client) -> None:
    cloud.forget()
    page = by_credential.get("/", follow=True)
    assert page.redirect_chain == [(DISKS, 302)]
    assert names(page) == ["data"]
    assert cloud.asked(KEYSTONE) == []
    assert {one.headers["X-Auth-Token"] for one in cloud.requests() if "detail" in one.url} == {CREDENTIAL_TOKEN}


@pytest.mark.parametrize("headers", BOTH_WAYS)
def test_it_shows_no_other_project(cloud: FakeCloud, by_credential: Client, headers: dict[str, str]) -> None:
    cloud.forget()
    assert by_credential.get(f"/p/{OTHER_PROJECT}/disks/", headers=headers).status_code == 404
    assert by_credential.post("/switch-project/", {"project": OTHER_PROJECT}, headers=headers).status_code == 404
    assert cloud.asked(KEYSTONE) + cloud.asked() == []
    page = by_credential.get(DISKS)
    assert [one["action"] for one in Page(page).find_all("form")].count("/switch-project/") == 0
    assert "Project Project one" in words(page)
    assert "Project two" not in text_of(page)


def test_it_goes_to_its_own_project_whatever_was_used_last(cloud: FakeCloud, client: Client) -> None:
    cloud.projects[OTHER_PROJECT] = "Project two"
    Preference.objects.create(keystone_url=KEYSTONE, user_id=USER, last_project=OTHER_PROJECT)
    client.post("/sign-in/", BY_CREDENTIAL)
    assert client.get("/")["Location"] == DISKS


@pytest.mark.parametrize(("roles", "read_only"), [(["reader"], True), (["member", "reader"], False)])
def test_it_has_the_roles_of_the_credential(
    cloud: FakeCloud, client: Client, roles: list[str], read_only: bool
) -> None:
    cloud.volumes = [volume(1)]
    cloud.roles = roles
    client.post("/sign-in/", BY_CREDENTIAL)
    assert bool(Page(client.get(DISKS)).by_id("delete-refusal")) is read_only


def test_it_revokes_the_token_at_sign_out(cloud: FakeCloud, by_credential: Client) -> None:
    cloud.forget()
    by_credential.post("/sign-out/")
    assert cloud.asked(KEYSTONE) == ["DELETE /v3/auth/tokens"]
    assert cloud.requests(KEYSTONE)[0].headers["X-Subject-Token"] == CREDENTIAL_TOKEN
    assert by_credential.get(DISKS).status_code == 302


@pytest.mark.parametrize("headers", BOTH_WAYS)
@pytest.mark.parametrize(
    "wrong", [{"credential": "d" * 32}, {"secret": "not the secret"}], ids=["unknown id", "wrong secret"]
)
def test_it_refuses_a_wrong_one(
    cloud: FakeCloud, client: Client, wrong: dict[str, str], headers: dict[str, str]
) -> None:
    sent = {**BY_CREDENTIAL, **wrong}
    answer = client.post("/sign-in/", sent, headers=headers)
    assert answer.status_code == 401
    assert is_whole(answer) is not bool(headers)
    password, credential = forms(answer)
    assert credential.find("alert").text.startswith(REFUSED)
    assert not password.has("alert")
    assert unfolds(answer)
    assert credential.field("Application credential ID").value == sent["credential"]
    assert sent["secret"] not in text_of(answer)
    assert cloud.asked(KEYSTONE) == ["POST /v3/auth/tokens"]
    assert KEY not in client.session


@pytest.mark.parametrize("left_out", ["credential", "secret"])
def test_it_wants_both_fields(cloud: FakeCloud, client: Client, left_out: str) -> None:
    page = client.post("/sign-in/", {**BY_CREDENTIAL, left_out: ""})
    assert page.status_code == 422
    assert field_errors(page) == {f"credential_{left_out}": "This field is required."}
    assert unfolds(page)
    assert CREDENTIAL_SECRET not in text_of(page)
    assert cloud.asked(KEYSTONE) == []


def test_it_leaves_the_password_form_as_it_is(client: Client) -> None:
    page = client.post("/sign-in/", {**BY_CREDENTIAL, "secret": "wrong"})
    password, _credential = forms(page)
    assert password.field("Domain").value == "Default"
    assert password.select("[aria-invalid]") == []
    assert field_errors(page) == {}
    page = client.post("/sign-in/", {**SENT, "password": ""})
    assert not unfolds(page)
    assert set(field_errors(page)) == {"password"}


def test_it_knows_when_keystone_is_down(cloud: FakeCloud, client: Client) -> None:
    cloud.http.post(TOKENS, exc=requests.ConnectTimeout)
    page = client.post("/sign-in/", BY_CREDENTIAL)
    assert page.status_code == 503
    assert alerts(page).startswith("The cloud can't be reached")
    assert CREDENTIAL_SECRET not in text_of(page)


def test_it_escapes_keystones_words(cloud: FakeCloud, client: Client) -> None:
    cloud.http.post(TOKENS, status_code=401, json=fault("error", 401, "<b>no</b>"), headers=JSON)
    page = client.post("/sign-in/", BY_CREDENTIAL)
    assert "<b>no</b>" in alerts(page)
    assert "<b>no" not in text_of(page)


def test_it_ends_when_the_credential_does(cloud: FakeCloud, client: Client) -> None:
    """Keystone lets no token outlive its credential."""
    cloud.token_lives = timedelta(seconds=-1)
    client.post("/sign-in/", BY_CREDENTIAL)
    assert client.get(DISKS)["Location"].startswith("/sign-in/")


def test_it_has_the_regions_of_its_catalog(cloud: FakeCloud, client: Client, settings: Settings) -> None:
    cloud.regions = ["North", "South"]
    client.post("/sign-in/", BY_CREDENTIAL)
    assert client.get("/")["Location"] == f"/p/{PROJECT}@North/disks/"
    assert client.get(f"/p/{PROJECT}@West/disks/").status_code == 404
    settings.OS_REGION_NAME = "South"
    other = Client()
    other.post("/sign-in/", BY_CREDENTIAL)
    assert other.get("/")["Location"] == DISKS


def test_it_says_when_its_project_has_no_disks_service(cloud: FakeCloud, client: Client) -> None:
    cloud.service_type = "object-store"
    page = client.post("/sign-in/", BY_CREDENTIAL)
    assert page.status_code == 502
    assert alerts(page).startswith("This cloud doesn't offer disks to this project.")
    assert KEY not in client.session


@pytest.mark.parametrize("lacks", ["project", "user", "expires_at"])
def test_it_takes_a_token_that_lacks_a_part_for_a_fault(cloud: FakeCloud, client: Client, lacks: str) -> None:
    token: dict[str, Any] = {
        "user": {"id": USER, "name": "ann", "domain": {"id": "default", "name": "Default"}},
        "expires_at": "2099-01-01T00:00:00.000000Z",
        "project": {"id": PROJECT, "name": "one", "domain": {"id": "default"}},
        "roles": [],
        "catalog": [],
    }
    body = {"token": {name: value for name, value in token.items() if name != lacks}}
    cloud.http.post(TOKENS, status_code=201, json=body, headers={"X-Subject-Token": "t"})
    assert client.post("/sign-in/", BY_CREDENTIAL).status_code == 502


@pytest.mark.parametrize("status", [400, 401, 404])
def test_it_tells_wrong_ones_apart_from_wrong_passwords(cloud: FakeCloud, status: int) -> None:
    answer = {**unknown_to_keystone(), "status_code": status}
    cloud.http.post(TOKENS, **answer, headers={"x-openstack-request-id": "req-1"})
    with pytest.raises(errors.WrongApplicationCredential) as caught:
        keystone.sign_in_by_credential(CREDENTIAL, "x")
    assert caught.value.request_id == "req-1"


def test_it_shows_no_token(cloud: FakeCloud) -> None:
    signed_in = keystone.sign_in_by_credential(CREDENTIAL, CREDENTIAL_SECRET)
    assert cloud.requests(KEYSTONE)
    assert CREDENTIAL_TOKEN not in repr(signed_in)
    assert CREDENTIAL_SECRET not in repr(signed_in)
