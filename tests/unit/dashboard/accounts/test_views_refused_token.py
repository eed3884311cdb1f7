"""No silent loop: a token that the cloud refuses a moment after signing in is a fault that the page shows."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from dashboard.accounts.session import KEY, NEW_SECONDS
from tests.support.canned import HTMX, SENT, SignIn, pass_time
from tests.support.cloud_rows import REQUEST_ID, USER, an_id, volume
from tests.support.fake_cloud import CREDENTIAL, CREDENTIAL_SECRET, FAULT_HEADERS, KEYSTONE, OTHER_PROJECT, FakeCloud
from tests.support.pages import HERE, Page, alerts, is_whole, text_of

TOKENS = f"{KEYSTONE}/auth/tokens"
DISKS = f"{HERE}/disks/"
BY_CREDENTIAL = {"credential": CREDENTIAL, "secret": CREDENTIAL_SECRET}
UNAUTHORIZED: dict[str, Any] = {
    "status_code": 401,
    "json": {"error": {"code": 401, "message": "The request is outside the access rules."}},
    "headers": FAULT_HEADERS,
}
BY_CINDER = "You are signed in, but the block storage refuses the token."
BY_KEYSTONE = "You are signed in, but the cloud's identity service refuses its own token."

pytestmark = pytest.mark.django_db


def refuse_everything(cloud: FakeCloud) -> None:
    for method in (cloud.http.get, cloud.http.post):
        method(cloud.at("/volumes/detail"), **UNAUTHORIZED)
        method(cloud.at(f"/volumes/{an_id(1)}"), **UNAUTHORIZED)
        method(cloud.at("/snapshots"), **UNAUTHORIZED)


@pytest.mark.parametrize("way", [SENT, BY_CREDENTIAL], ids=["password", "application credential"])
def test_it_says_that_the_block_storage_refuses_the_token(
    cloud: FakeCloud, client: Client, way: dict[str, str]
) -> None:
    refuse_everything(cloud)
    answer = client.post("/sign-in/", way, follow=True)
    assert answer.status_code == 502
    for said in (BY_CINDER, "The request is outside the access rules.", REQUEST_ID):
        assert said in alerts(answer)
    page = Page(answer)
    assert page.find("link", "Try again")["href"] == DISKS
    assert page.has("button", "Sign out")
    assert KEY in client.session


def test_it_says_so_in_a_toast(cloud: FakeCloud, sign_in: SignIn) -> None:
    client = sign_in()
    refuse_everything(cloud)
    answer = client.get(DISKS, headers=HTMX)
    assert (answer.status_code, answer["HX-Reswap"]) == (502, "none")
    assert not is_whole(answer)
    assert BY_CINDER in text_of(answer)
    assert REQUEST_ID in text_of(answer)


def test_it_says_so_of_a_form(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.volumes = [volume(1)]
    client = sign_in()
    refuse_everything(cloud)
    answer = client.post(f"{DISKS}{an_id(1)}/create-snapshot/", {"name": "x", "key": "k"}, headers=HTMX)
    assert answer.status_code == 502
    assert "HX-Retarget" not in answer
    assert BY_CINDER in text_of(answer)


def test_later_it_asks_to_sign_in(cloud: FakeCloud, sign_in: SignIn) -> None:
    client = sign_in()
    refuse_everything(cloud)
    pass_time(client, since_sign_in=NEW_SECONDS - 10)
    assert client.get(DISKS).status_code == 502
    pass_time(client, since_sign_in=11)
    assert urlsplit(client.get(DISKS)["Location"]).path == "/sign-in/"


def test_it_says_that_keystone_refuses_its_own_token(cloud: FakeCloud, client: Client) -> None:
    client.post("/sign-in/", SENT)
    cloud.http.post(TOKENS, **UNAUTHORIZED)
    cloud.http.head(TOKENS, status_code=401)
    answer = client.get("/")
    assert answer.status_code == 502
    assert BY_KEYSTONE in alerts(answer)
    assert REQUEST_ID in alerts(answer)
    assert Page(answer).find("main").has("button", "Sign out")
    assert Page(answer).has("link", "Try again")


def test_a_project_that_is_refused_at_once_leads_to_no_loop(cloud: FakeCloud, client: Client) -> None:
    cloud.projects[OTHER_PROJECT] = "Project two"
    client.post("/sign-in/", SENT)
    cloud.http.post(TOKENS, **UNAUTHORIZED)
    answer = client.get(f"/p/{OTHER_PROJECT}/disks/")
    assert answer.status_code == 403
    assert Page(answer).has("link", "Project one")


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "dialog"])
@pytest.mark.parametrize("way", [SENT, BY_CREDENTIAL], ids=["password", "application credential"])
def test_a_token_that_has_expired_at_once_names_both_clocks(
    cloud: FakeCloud, client: Client, way: dict[str, str], headers: dict[str, str]
) -> None:
    """Diskboard's clock is ahead by more than a token lives."""
    cloud.token_lives = timedelta(seconds=-1)
    answer = client.post("/sign-in/", {**way, "page_user": USER}, headers=headers)
    assert answer.status_code == 502
    said = alerts(answer)
    assert said.startswith("The clocks differ: the cloud issued a token at 2")
    assert said.count(" UTC") == 3
    assert KEY not in client.session
    assert Page(answer).field("User name")
