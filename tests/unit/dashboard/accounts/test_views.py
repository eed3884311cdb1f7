"""Signing in and out, and the way to the user's project."""

from typing import Any

import pytest
import requests
from django.contrib.sessions.models import Session
from django.test import Client

from dashboard.accounts.models import Preference
from dashboard.accounts.session_store import SessionStore
from tests.support.canned import HTMX, SENT, SignIn
from tests.support.cloud_rows import REQUEST_ID, USER, an_id, volume
from tests.support.fake_cloud import (
    FAULT_HEADERS,
    JSON,
    KEYSTONE,
    OTHER_PROJECT,
    PASSWORD,
    PROJECT,
    UNSCOPED,
    FakeCloud,
)
from tests.support.pages import Page, alerts, is_whole, names, options, sent_by, text_of, triggered

pytestmark = pytest.mark.django_db


def test_it_shows_the_form(client: Client) -> None:
    page = client.get("/sign-in/")
    assert page.status_code == 200
    fields = [Page(page).field(label) for label in ("User name", "Password", "Domain")]
    assert [one["type"] for one in fields] == ["text", "password", "text"]
    assert [one.value for one in fields] == ["", "", "Default"]


def focused(answer: Any) -> list[str]:
    """The fields with autofocus."""
    return [field["name"] for field in Page(answer).select("[autofocus]")]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "dialog"])
@pytest.mark.parametrize(
    ("sent", "first"),
    [
        ({"user_name": "", "password": ""}, "user_name"),
        ({"user_name": "ann", "password": ""}, "password"),
        ({"user_name": "ann", "password": "wrong"}, "password"),
        ({"user_name": "ann", "password": "x", "domain": ""}, "password"),
        ({"credential": "c", "secret": ""}, "secret"),
    ],
)
def test_the_first_empty_field_has_the_focus(
    cloud: FakeCloud, client: Client, headers: dict[str, str], sent: dict[str, str], first: str
) -> None:
    cloud.http.post(f"{KEYSTONE}/auth/tokens", status_code=401, json={"error": {"code": 401}}, headers=JSON)
    answer = client.post("/sign-in/", {"domain": "Default", **sent}, headers=headers)
    assert answer.status_code in {401, 422}
    assert focused(answer) == [first]


def test_the_first_field_of_the_page_has_the_focus(client: Client) -> None:
    assert focused(client.get("/sign-in/")) == ["user_name"]


def test_it_signs_in(cloud: FakeCloud, client: Client) -> None:
    cloud.volumes = [volume(1)]
    answer = client.post("/sign-in/", SENT, follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0] == f"/p/{PROJECT}/disks/"
    assert names(answer) == ["disk-1"]
    sent = cloud.requests(KEYSTONE)[0].json()["auth"]
    assert sent["identity"]["password"]["user"] == {
        "name": "ann",
        "password": PASSWORD,
        "domain": {"name": "Default"},
    }


def test_it_keeps_blanks_of_a_password(cloud: FakeCloud, client: Client) -> None:
    client.post("/sign-in/", {**SENT, "password": " x "})
    assert cloud.requests(KEYSTONE)[0].json()["auth"]["identity"]["password"]["user"]["password"] == " x "


@pytest.mark.usefixtures("cloud")
def test_it_goes_on_where_one_was(client: Client) -> None:
    wanted = f"/p/{PROJECT}/disks/?sort=name"
    assert client.post("/sign-in/", {**SENT, "next": wanted})["Location"] == wanted


ELSEWHERE = (
    "https://evil.test/",
    "//evil.test/",
    "javascript:alert(1)",
    "/\\evil.test",
    "http:///evil.test",
    "",
    "evil",
    "sign-out",
)


@pytest.mark.usefixtures("cloud")
def test_it_never_leads_elsewhere(client: Client) -> None:
    for elsewhere in ELSEWHERE:
        assert client.post("/sign-in/", {**SENT, "next": elsewhere})["Location"] == "/", elsewhere
        assert client.get("/sign-in/", {"next": elsewhere})["Location"] == "/", elsewhere


def test_it_skips_the_form_when_one_is_signed_in(signed_in: Client) -> None:
    assert signed_in.get("/sign-in/?next=/toasts/")["Location"] == "/toasts/"


def test_it_refuses_wrong_credentials(cloud: FakeCloud, client: Client) -> None:
    body = {"error": {"code": 401, "title": "Unauthorized", "message": "The request you have made requires X."}}
    cloud.http.post(f"{KEYSTONE}/auth/tokens", status_code=401, json=body, headers=JSON)
    page = client.post("/sign-in/", SENT)
    assert page.status_code == 401
    assert alerts(page).startswith("The user name, password or domain is wrong.")
    assert Page(page).field("User name").value == "ann"
    assert PASSWORD not in text_of(page)
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("left_out", ["user_name", "password", "domain"])
def test_it_wants_every_field(cloud: FakeCloud, client: Client, left_out: str) -> None:
    page = client.post("/sign-in/", {**SENT, left_out: ""})
    assert page.status_code == 422
    assert cloud.asked(KEYSTONE) == []


@pytest.mark.parametrize("field", ["user_name", "domain"])
def test_it_refuses_a_nul(cloud: FakeCloud, client: Client, field: str) -> None:
    assert client.post("/sign-in/", {**SENT, field: "a\0b"}).status_code == 422
    assert cloud.asked(KEYSTONE) == []


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_it_says_when_keystone_is_down(cloud: FakeCloud, client: Client, headers: dict[str, str]) -> None:
    cloud.http.post(f"{KEYSTONE}/auth/tokens", exc=requests.ConnectTimeout)
    page = client.post("/sign-in/", SENT, headers=headers)
    assert page.status_code == 503
    assert alerts(page).startswith("The cloud can't be reached at the moment.")
    assert is_whole(page) is not bool(headers)


def test_it_escapes_keystones_words(cloud: FakeCloud, client: Client) -> None:
    body = {"error": {"code": 403, "message": "<script>alert(1)</script>"}}
    cloud.http.post(f"{KEYSTONE}/auth/tokens", status_code=403, json=body, headers=JSON)
    page = client.post("/sign-in/", SENT)
    assert "<script>alert(1)</script>" in alerts(page)
    assert "<script>alert" not in text_of(page)


def test_it_gives_the_form_back_as_a_dialog(cloud: FakeCloud, client: Client) -> None:
    cloud.http.post(f"{KEYSTONE}/auth/tokens", status_code=401)
    part = client.post("/sign-in/", SENT, headers=HTMX)
    assert part.status_code == 401
    assert Page(part).has("dialog", "Sign in")
    assert not is_whole(part)


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_it_knows_no_other_methods(client: Client, method: str) -> None:
    assert getattr(client, method)("/sign-in/").status_code == 405


@pytest.mark.usefixtures("cloud")
def test_it_takes_a_new_session_at_sign_in(client: Client) -> None:
    client.post("/sign-in/", SENT)
    first = client.cookies["diskboard_session"].value
    client.post("/sign-in/", SENT)
    assert client.cookies["diskboard_session"].value != first
    assert SessionStore(first).load() == {}
    assert Session.objects.count() == 1


@pytest.mark.usefixtures("cloud")
def test_it_keeps_open_forms_valid_over_a_new_sign_in() -> None:
    client = Client(enforce_csrf_checks=True)
    token = Page(client.get("/sign-in/")).hidden("csrfmiddlewaretoken")[0]
    assert client.post("/sign-in/", {**SENT, "csrfmiddlewaretoken": token}).status_code == 302
    token = Page(client.get(f"/p/{PROJECT}/disks/")).hidden("csrfmiddlewaretoken")[0]
    again = client.post("/sign-in/", {**SENT, "csrfmiddlewaretoken": token, "page_user": USER}, headers=HTMX)
    assert again.status_code == 204
    assert triggered(again) == {"signed-in"}


@pytest.mark.usefixtures("cloud")
def test_it_goes_on_over_the_page_of_the_same_person(signed_in: Client) -> None:
    """This also works if nothing of the session is left, because the page itself names its user."""
    page_user = Page(signed_in.get(f"/p/{PROJECT}/disks/")).by_id("page-user")
    assert page_user
    answer = Client().post("/sign-in/", {**SENT, page_user["name"]: page_user["value"]}, headers=HTMX)
    assert answer.status_code == 204
    assert triggered(answer) == {"signed-in"}


@pytest.mark.parametrize("whose", ["b" * 32, ""])
@pytest.mark.usefixtures("cloud")
def test_it_leaves_the_page_of_another_person(client: Client, whose: str) -> None:
    answer = client.post("/sign-in/", {**SENT, "page_user": whose}, headers=HTMX)
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/"
    assert "HX-Trigger" not in answer


def test_it_starts_anew_for_another_person(cloud: FakeCloud, signed_in: Client) -> None:
    token = {
        "methods": ["password"],
        "user": {"id": "b" * 32, "name": "bob", "domain": {"id": "default", "name": "Default"}},
        "issued_at": "2026-01-01T00:00:00.000000Z",
        "expires_at": "2099-01-01T00:00:00.000000Z",
    }
    headers = {"X-Subject-Token": "bobs-token"}
    cloud.http.post(f"{KEYSTONE}/auth/tokens", status_code=201, json={"token": token}, headers=headers)
    answer = signed_in.post("/sign-in/", SENT, headers=HTMX)
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/"
    assert signed_in.session["user_id"] == "b" * 32


def test_it_keeps_no_token_readable_in_the_database(signed_in: Client, cloud: FakeCloud) -> None:
    signed_in.get(f"/p/{PROJECT}/disks/")
    kept = " ".join(str(row.session_data) for row in Session.objects.all())
    assert kept
    for secret in (UNSCOPED, cloud.scoped_token(), PASSWORD):
        assert secret not in kept


def test_it_carries_a_written_form_through_sign_in(cloud: FakeCloud, client: Client) -> None:
    cloud.volumes = [volume(1)]
    url = f"/p/{PROJECT}/disks/{an_id(1)}/create-snapshot/"
    typed = {"name": "before <the> upgrade", "description": "so that\nit survives", "key": "k1"}
    page = client.post(url, {**typed, "page_user": USER})
    assert page.status_code == 401
    assert Page(page).field("Password")
    carried = Page(page).hidden("carried")[0]
    form = client.post("/sign-in/", {**SENT, "carried": carried, "next": url}, follow=True)
    assert form.status_code == 200
    assert form.redirect_chain[0][0].startswith(url)
    assert sent_by(form).items() >= typed.items()
    assert not [one for one in cloud.asked() if one.startswith("POST")]


@pytest.mark.usefixtures("cloud")
def test_it_carries_nothing_that_was_forged(client: Client) -> None:
    answer = client.post("/sign-in/", {**SENT, "carried": "eyJwYXRoIjoiLyJ9:x:y", "next": "/toasts/"})
    assert answer["Location"] == "/toasts/"


def test_it_goes_to_a_page_after_an_interrupted_switch(cloud: FakeCloud, client: Client) -> None:
    """The interrupted request was a POST, and its address is not a page."""
    cloud.projects[OTHER_PROJECT] = "Project two"
    page = client.post("/switch-project/", {"project": OTHER_PROJECT})
    carried = Page(page).hidden("carried")[0]
    answer = client.post("/sign-in/", {**SENT, "carried": carried, "next": "/switch-project/"}, follow=True)
    assert answer.status_code == 200


def test_it_signs_out(cloud: FakeCloud, signed_in: Client) -> None:
    answer = signed_in.post("/sign-out/")
    assert answer["Location"] == "/sign-in/"
    assert cloud.asked(KEYSTONE) == ["DELETE /v3/auth/tokens"]
    assert cloud.requests(KEYSTONE)[0].headers["X-Subject-Token"] == UNSCOPED
    assert Session.objects.count() == 0
    assert signed_in.get(f"/p/{PROJECT}/disks/").status_code == 302


@pytest.mark.parametrize("status", [401, 404, 500])
def test_it_signs_out_whatever_keystone_says(cloud: FakeCloud, signed_in: Client, status: int) -> None:
    cloud.http.delete(f"{KEYSTONE}/auth/tokens", status_code=status)
    assert signed_in.post("/sign-out/")["Location"] == "/sign-in/"
    assert Session.objects.count() == 0


def test_it_signs_out_also_without_keystone(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.delete(f"{KEYSTONE}/auth/tokens", exc=requests.ConnectionError)
    assert signed_in.post("/sign-out/")["Location"] == "/sign-in/"
    assert Session.objects.count() == 0


def test_it_does_not_sign_out_by_a_link(cloud: FakeCloud, signed_in: Client) -> None:
    assert signed_in.get("/sign-out/").status_code == 405
    assert cloud.asked(KEYSTONE) == []


@pytest.mark.parametrize(
    "path", ["disks/", "disks/?sort=name", f"disks/{an_id(1)}/snapshots/", "snapshots/", "backups/x/?q=1"]
)
def test_it_finds_the_project_of_an_address_without_one(signed_in: Client, path: str) -> None:
    assert signed_in.get(f"/{path}")["Location"] == f"/p/{PROJECT}/{path}"


def test_it_asks_to_sign_in_first(client: Client) -> None:
    assert client.get("/disks/?q=x")["Location"] == "/sign-in/?next=%2Fdisks%2F%3Fq%3Dx"


def test_it_remembers_the_last_project_by_user_id(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.projects[OTHER_PROJECT] = "Project two"
    client = sign_in()
    answer = client.post("/switch-project/", {"project": OTHER_PROJECT})
    assert answer["Location"] == f"/p/{OTHER_PROJECT}/disks/"
    assert Preference.objects.get().user_id == USER
    assert sign_in().get("/")["Location"] == f"/p/{OTHER_PROJECT}/disks/"


def test_it_forgets_a_project_that_one_has_left(cloud: FakeCloud, sign_in: SignIn) -> None:
    Preference.objects.create(keystone_url=KEYSTONE, user_id=USER, last_project=OTHER_PROJECT)
    assert sign_in().get("/")["Location"] == f"/p/{PROJECT}/disks/"
    assert OTHER_PROJECT not in cloud.projects


def test_it_offers_the_other_projects(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.projects[OTHER_PROJECT] = "Project <two>"
    page = sign_in().get(f"/p/{PROJECT}/disks/")
    assert Page(page).field("Project").value == PROJECT
    assert options(page, "project") == ["Project <two>", "Project one"]


def test_it_switches_only_to_projects_of_ones_own(signed_in: Client) -> None:
    assert signed_in.post("/switch-project/", {"project": OTHER_PROJECT}).status_code == 404
    assert signed_in.post("/switch-project/").status_code == 404
    assert signed_in.get("/switch-project/")["Location"] == "/"


def test_it_says_so_where_there_is_no_project(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.projects = {}
    page = sign_in().get("/")
    assert page.status_code == 403
    assert Page(page).find("main").has("heading", "No project")


def test_it_says_when_the_project_has_no_disks_service(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.service_type = "object-store"
    assert sign_in().get(f"/p/{PROJECT}/disks/").status_code == 502


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "partial"])
def test_it_says_where_the_role_was_taken(cloud: FakeCloud, enter: SignIn, headers: dict[str, str]) -> None:
    """Keystone answers 401 when a token is scoped to a project in which the user no longer has a role."""
    cloud.projects[OTHER_PROJECT] = "Project two"
    client = enter()
    message = {"error": {"code": 401, "message": "User has no access to project"}}
    cloud.http.post(f"{KEYSTONE}/auth/tokens", status_code=401, json=message, headers=FAULT_HEADERS)
    answer = client.get(f"/p/{OTHER_PROJECT}/disks/", headers=headers)
    assert answer.status_code == 403
    for said in ("The cloud gives you no access to this project.", "User has no access to project", REQUEST_ID):
        assert said in text_of(answer)
    if not headers:
        main = Page(answer).find("main")
        assert main.find("link", "Project one")["href"] == f"/p/{PROJECT}/disks/"
        assert not main.has("link", "Project two")
        assert main.find("button", "Sign out")
    assert client.get(f"/p/{PROJECT}/disks/").status_code == 200


def test_other_projects_are_reachable_where_the_remembered_one_is_refused(cloud: FakeCloud, enter: SignIn) -> None:
    cloud.projects[OTHER_PROJECT] = "Project two"
    client = enter()
    Preference.objects.update_or_create(keystone_url=KEYSTONE, user_id=USER, defaults={"last_project": OTHER_PROJECT})
    cloud.http.post(f"{KEYSTONE}/auth/tokens", status_code=401)
    answer = client.get("/")
    assert answer.status_code == 403
    assert Page(answer).find("link", "Project one")["href"] == f"/p/{PROJECT}/disks/"
