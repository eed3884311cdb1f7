"""Signing in, and a project's first page, × every wrong answer of Keystone's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dashboard.signed_in import KEY
from tests.support.canned import HTMX
from tests.support.fake_cloud import KEYSTONE, PASSWORD, REQUEST_ID, FakeCloud
from tests.support.wrong_answers import BROKEN, ELSEWHERE, SIGN_IN_AGAIN, TIRED, WRONG, Wrong, watch_elsewhere
from tests.support.pages import HERE, text_of, words

if TYPE_CHECKING:
    from django.test import Client

TOKENS, PROJECTS = f"{KEYSTONE}/auth/tokens", f"{KEYSTONE}/auth/projects"
SENT = {"user_name": "<ann>", "password": PASSWORD, "domain": "Default", "next": "/disks/"}
# To these, too, Keystone lets nobody in: a name that it doesn't take is no one's.
WRONG_NAME = {"400", "401", "406", "409"}
# Who answers so isn't Keystone, or not at that address: there is no project yet that these could be about.
STRANGE = {"404", "413"}
EVERY = pytest.mark.parametrize("wrong", [*WRONG, SIGN_IN_AGAIN], ids=str)
pytestmark = pytest.mark.django_db


def in_keystones_words(wrong: Wrong) -> dict[str, Any]:
    """The same answer, where it has a content, in the form of Keystone's errors."""
    body = {"error": {"code": wrong.http["status_code"], "title": "Something", "message": TIRED}}
    return {**wrong.http, **({"json": body} if "json" in wrong.http else {})}


@EVERY
def test_it_says_why_one_is_not_signed_in(cloud: FakeCloud, client: Client, wrong: Wrong) -> None:
    cloud.http.post(TOKENS, **in_keystones_words(wrong))
    watch_elsewhere(cloud)
    refused = wrong.name in WRONG_NAME
    for headers in ({}, HTMX):
        cloud.forget()
        answer = client.post("/sign-in/", SENT, headers=headers)
        strange = wrong.name in STRANGE
        assert answer.status_code == (401 if refused else 502 if strange else wrong.status)
        says = "The user name, the password or the domain is wrong." if refused else BROKEN if strange else wrong.says
        assert says in words(answer)
        if "json" in wrong.http:
            assert TIRED in words(answer)
            assert REQUEST_ID in words(answer)
        for typed in ("&lt;ann&gt;", "Default", "/disks/"):
            assert f'value="{typed}"' in text_of(answer)
        assert PASSWORD not in text_of(answer)
        # A wrong password that is sent twice locks an account sooner.
        assert cloud.asked(KEYSTONE) == ["POST /v3/auth/tokens"]
        assert cloud.requests(ELSEWHERE) == []


@EVERY
def test_it_says_why_there_are_no_projects(cloud: FakeCloud, client: Client, wrong: Wrong) -> None:
    cloud.http.get(PROJECTS, **in_keystones_words(wrong))
    watch_elsewhere(cloud)
    answer = client.post("/sign-in/", SENT)
    assert answer.status_code == wrong.status
    assert wrong.says in words(answer)
    assert TIRED in words(answer) or "json" not in wrong.http
    assert "no project" not in words(answer)
    assert KEY not in client.session
    assert cloud.requests(ELSEWHERE) == []


@EVERY
def test_it_says_why_a_projects_first_page_is_not_there(cloud: FakeCloud, signed_in: Client, wrong: Wrong) -> None:
    session = signed_in.session
    session[KEY] = {**session[KEY], "scoped": {}}
    session.save()
    cloud.http.post(TOKENS, **in_keystones_words(wrong))
    watch_elsewhere(cloud)
    answer = signed_in.get(f"{HERE}/disks/")
    assert cloud.asked() == []
    assert cloud.asked(KEYSTONE) == ["POST /v3/auth/tokens"]
    assert cloud.requests(ELSEWHERE) == []
    # 404 is also what Keystone says of a token that was revoked.
    if wrong is SIGN_IN_AGAIN or wrong.name == "404":
        assert answer["Location"].startswith("/sign-in/")
        return
    assert answer.status_code == wrong.status
    assert wrong.says in words(answer)
    # What failed now is asked for again the next time.
    cloud.http.post(TOKENS, json=cloud._token)
    assert signed_in.get(f"{HERE}/disks/").status_code == 200
