"""Signing in to a project that the user names, for clouds that give no unscoped token or hide the list of projects."""

from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from dashboard.accounts.models import Preference
from dashboard.accounts.session import KEY
from tests.support.canned import HTMX, SENT, pass_time
from tests.support.cloud_rows import USER
from tests.support.fake_cloud import FAULT_HEADERS, KEYSTONE, OTHER_PROJECT, PROJECT, FakeCloud
from tests.support.html import Element
from tests.support.pages import HERE, Page, alerts, options

TOKENS, PROJECTS = f"{KEYSTONE}/auth/tokens", f"{KEYSTONE}/auth/projects"
NAME_IT = "The cloud doesn't list your projects. Name the project under “More”."
NAMED = {**SENT, "project": PROJECT}

pytestmark = pytest.mark.django_db


def scope_sent(cloud: FakeCloud) -> Any:
    return cloud.requests(KEYSTONE)[0].json()["auth"]["scope"]


def more(answer: Any) -> Element:
    """The part of the form that holds what is seldom needed."""
    [found] = [one for one in Page(answer).find_all("group") if one.select("summary")[0].text == "More"]
    return found


@pytest.mark.parametrize(
    ("typed", "scope"),
    [
        (PROJECT, {"project": {"id": PROJECT}}),
        ("11111111-1111-4111-8111-111111111111", {"project": {"id": "11111111-1111-4111-8111-111111111111"}}),
        ("Project one", {"project": {"name": "Project one", "domain": {"name": "Default"}}}),
        (" Project one ", {"project": {"name": "Project one", "domain": {"name": "Default"}}}),
        ("", "unscoped"),
    ],
)
def test_it_asks_for_a_token_of_the_project(cloud: FakeCloud, client: Client, typed: str, scope: Any) -> None:
    client.post("/sign-in/", {**SENT, "project": typed})
    assert scope_sent(cloud) == scope


def test_it_needs_no_other_token(cloud: FakeCloud, client: Client) -> None:
    answer = client.post("/sign-in/", NAMED, follow=True)
    assert answer.redirect_chain[-1][0] == f"{HERE}/disks/"
    assert cloud.asked(KEYSTONE) == ["POST /v3/auth/tokens", "GET /v3/auth/projects"]
    of_project = [one for one in cloud.requests() if "/v3/" in one.url]
    assert {one.headers["X-Auth-Token"] for one in of_project} == {cloud.scoped_token()}


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_it_needs_no_list_of_projects(cloud: FakeCloud, client: Client, status: int) -> None:
    cloud.projects[OTHER_PROJECT] = "Project two"
    cloud.http.get(PROJECTS, status_code=status)
    answer = client.post("/sign-in/", {**SENT, "project": "Project one"}, follow=True)
    assert answer.status_code == 200
    assert Page(answer).find("banner").text.startswith("Project Project one")
    assert client.get(f"/p/{OTHER_PROJECT}/disks/").status_code == 404


def test_it_offers_the_other_projects_where_they_are_listed(cloud: FakeCloud, client: Client) -> None:
    cloud.projects[OTHER_PROJECT] = "Project two"
    answer = client.post("/sign-in/", NAMED, follow=True)
    assert options(answer, "project") == ["Project one", "Project two"]
    assert client.get(f"/p/{OTHER_PROJECT}/disks/").status_code == 200


@pytest.mark.parametrize("status", [401, 403, 404, 405])
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "dialog"])
def test_it_asks_for_a_project_where_the_list_is_hidden(
    cloud: FakeCloud, client: Client, status: int, headers: dict[str, str]
) -> None:
    cloud.http.get(PROJECTS, status_code=status, text="<html>nothing here</html>")
    assert "open" not in more(client.get("/sign-in/"))
    answer = client.post("/sign-in/", SENT, headers=headers)
    assert alerts(answer).startswith(NAME_IT)
    assert "open" in more(answer)
    assert more(answer).field("Project").value == ""
    assert KEY not in client.session


@pytest.mark.parametrize(
    ("status", "said"),
    [(403, "Unscoped tokens are not issued."), (401, "A scope is needed."), (400, "A project must be specified.")],
)
def test_it_asks_for_a_project_where_no_unscoped_token_is_given(
    cloud: FakeCloud, client: Client, status: int, said: str
) -> None:
    body = {"error": {"code": status, "message": said}}
    cloud.http.post(TOKENS, status_code=status, json=body, headers=FAULT_HEADERS)
    answer = client.post("/sign-in/", SENT)
    assert alerts(answer).startswith(NAME_IT)
    assert said in alerts(answer)


def test_guessing_is_throttled_whatever_the_cloud_says(cloud: FakeCloud, client: Client, settings: Settings) -> None:
    """A cloud may say this of a wrong password too."""
    settings.SIGN_IN_FAILURES_BY_NAME = 2
    body = {"error": {"code": 401, "message": "A scope is needed."}}
    cloud.http.post(TOKENS, status_code=401, json=body, headers=FAULT_HEADERS)
    assert [client.post("/sign-in/", SENT).status_code for _ in range(3)] == [401, 401, 429]


@pytest.mark.parametrize("status", [400, 401])
def test_it_names_the_project_among_what_may_be_wrong(cloud: FakeCloud, client: Client, status: int) -> None:
    cloud.http.post(TOKENS, status_code=status)
    answer = client.post("/sign-in/", NAMED)
    assert answer.status_code == 401
    assert alerts(answer).startswith("The user name, password, domain or project is wrong.")
    assert "open" in more(answer)
    assert more(answer).field("Project").value == PROJECT


@pytest.mark.parametrize("setting", ["OS_PROJECT_ID", "OS_PROJECT_NAME"])
def test_it_proposes_the_project_of_the_settings(client: Client, settings: Settings, setting: str) -> None:
    setattr(settings, setting, "ours")
    page = client.get("/sign-in/")
    assert more(page).field("Project").value == "ours"
    assert "open" in more(page)


def test_it_starts_in_the_project_that_was_named(cloud: FakeCloud, client: Client) -> None:
    cloud.projects[OTHER_PROJECT] = "Project two"
    assert client.post("/sign-in/", {**SENT, "project": OTHER_PROJECT}, follow=True).status_code == 200
    assert Preference.objects.get().last_project == OTHER_PROJECT
    client.post("/sign-in/", NAMED)
    assert client.get("/")["Location"] == f"{HERE}/disks/"


def test_a_proposed_project_does_not_replace_the_last_used_one(
    cloud: FakeCloud, client: Client, settings: Settings
) -> None:
    cloud.projects[OTHER_PROJECT] = "Project two"
    settings.OS_PROJECT_ID = PROJECT
    Preference.objects.create(keystone_url=KEYSTONE, user_id=USER, last_project=OTHER_PROJECT)
    client.post("/sign-in/", NAMED)
    assert client.get("/")["Location"] == f"/p/{OTHER_PROJECT}/disks/"


def test_it_proposes_the_same_project_when_the_session_has_ended(cloud: FakeCloud, client: Client) -> None:
    cloud.http.get(PROJECTS, status_code=403)
    client.post("/sign-in/", {**SENT, "project": "Project one"})
    pass_time(client, since_seen=3600)
    dialog = client.get(f"{HERE}/disks/", headers=HTMX)
    assert dialog.status_code == 401
    assert more(dialog).field("Project").value == "Project one"
