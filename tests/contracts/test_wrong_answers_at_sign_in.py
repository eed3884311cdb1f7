"""Signing in, a project's first page and signing out, with every wrong answer of Keystone's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dashboard.accounts.session import KEY
from tests.support.canned import HTMX
from tests.support.cloud_rows import REQUEST_ID
from tests.support.fake_cloud import KEYSTONE, PASSWORD, FakeCloud
from tests.support.pages import HERE, Page, text_of, words
from tests.support.wrong_answers import BROKEN, ELSEWHERE, SIGN_IN_AGAIN, TIRED, WRONG, Wrong, watch_elsewhere

if TYPE_CHECKING:
    from django.test import Client

TOKENS, PROJECTS = f"{KEYSTONE}/auth/tokens", f"{KEYSTONE}/auth/projects"
SENT = {"user_name": "<ann>", "password": PASSWORD, "domain": "Default", "next": "/disks/"}
# Keystone also refuses users with these: a name that it doesn't accept is a wrong name.
WRONG_NAME = {"400", "401", "406", "409"}
# Keystone itself doesn't give these answers to a sign-in: a 404 or a quota would be about a project.
STRANGE = {"404", "413"}
# With these, it or a gateway hides the list of projects.
HIDING = {401, 403, 404}
NAME_A_PROJECT = "The cloud doesn't list your projects. Name the project under “More”."
EVERY = [*WRONG, SIGN_IN_AGAIN]
pytestmark = pytest.mark.django_db


def in_keystones_words(wrong: Wrong) -> dict[str, Any]:
    """The same answer in the format of Keystone's errors, if it has a body."""
    body = {"error": {"code": wrong.http["status_code"], "title": "Something", "message": TIRED}}
    return {**wrong.http, **({"json": body} if "json" in wrong.http else {})}


def expected(wrong: Wrong) -> tuple[int, str]:
    """The status and the message of the sign-in page."""
    if wrong.name in WRONG_NAME:
        return 401, "The user name, password or domain is wrong."
    return (502, BROKEN) if wrong.name in STRANGE else (wrong.status, wrong.says)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "over the page"])
def test_it_says_why_one_is_not_signed_in(cloud: FakeCloud, client: Client, headers: dict[str, str]) -> None:
    watch_elsewhere(cloud)
    for wrong in EVERY:
        cloud.http.post(TOKENS, **in_keystones_words(wrong))
        cloud.forget()
        answer = client.post("/sign-in/", SENT, headers=headers)
        status, says = expected(wrong)
        assert answer.status_code == status, wrong
        told = words(answer)
        assert says in told, wrong
        assert "json" not in wrong.http or (TIRED in told and REQUEST_ID in told), wrong
        page = Page(answer)
        assert (page.field("User name").value, page.field("Domain").value) == ("<ann>", "Default"), wrong
        assert "/disks/" in page.hidden("next"), wrong
        assert PASSWORD not in text_of(answer), wrong
        # A wrong password that is sent twice locks an account sooner.
        assert cloud.asked(KEYSTONE) == ["POST /v3/auth/tokens"], wrong
    assert cloud.requests(ELSEWHERE) == []


def test_it_says_why_there_are_no_projects(cloud: FakeCloud, client: Client) -> None:
    watch_elsewhere(cloud)
    for wrong in EVERY:
        cloud.http.get(PROJECTS, **in_keystones_words(wrong))
        answer = client.post("/sign-in/", SENT)
        status, says = (401, NAME_A_PROJECT) if wrong.http.get("status_code") in HIDING else (wrong.status, wrong.says)
        assert answer.status_code == status, wrong
        assert says in words(answer), wrong
        assert TIRED in words(answer) or "json" not in wrong.http, wrong
        assert "no project" not in words(answer), wrong
        assert KEY not in client.session, wrong
    assert cloud.requests(ELSEWHERE) == []


def test_it_says_why_a_projects_first_page_is_not_there(cloud: FakeCloud, signed_in: Client) -> None:
    watch_elsewhere(cloud)
    before_the_first_page = {**signed_in.session[KEY], "scoped": {}}
    for wrong in EVERY:
        session = signed_in.session
        session[KEY] = before_the_first_page
        session.save()
        cloud.http.post(TOKENS, **in_keystones_words(wrong))
        # Only a 401 leaves it open whether the user's token or the project is refused.
        cloud.http.head(TOKENS, status_code=401)
        cloud.forget()
        answer = signed_in.get(f"{HERE}/disks/")
        assert cloud.asked() == [], wrong
        asked = ["POST /v3/auth/tokens", *(["HEAD /v3/auth/tokens"] if wrong is SIGN_IN_AGAIN else [])]
        assert cloud.asked(KEYSTONE) == asked, wrong
        # Keystone also answers 404 to a token that was revoked.
        if wrong is SIGN_IN_AGAIN or wrong.name == "404":
            assert answer["Location"].startswith("/sign-in/"), wrong
            continue
        assert answer.status_code == wrong.status, wrong
        assert wrong.says in words(answer), wrong
        # Diskboard repeats the failed request the next time.
        cloud.http.post(TOKENS, json=cloud._token)
        assert signed_in.get(f"{HERE}/disks/").status_code == 200, wrong
    assert cloud.requests(ELSEWHERE) == []


def test_one_is_signed_out_whatever_keystone_says(cloud: FakeCloud, signed_in: Client) -> None:
    watch_elsewhere(cloud)
    kept = signed_in.session[KEY]
    for wrong in EVERY:
        session = signed_in.session
        session[KEY] = kept
        session.save()
        # Each sign-out deletes the cookie.
        signed_in.cookies["diskboard_session"] = session.session_key or ""
        cloud.http.delete(TOKENS, **in_keystones_words(wrong))
        cloud.forget()
        answer = signed_in.post("/sign-out/")
        assert (answer.status_code, answer["Location"]) == (302, "/sign-in/"), wrong
        assert cloud.asked(KEYSTONE) == ["DELETE /v3/auth/tokens"], wrong
        assert KEY not in signed_in.session, wrong
    assert cloud.requests(ELSEWHERE) == []
