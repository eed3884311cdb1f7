"""Whatever is sent to the addresses of a project: no fault, no way out, and Cinder gets only what it takes."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from dashboard.models import Submission
from tests.support.canned import HTMX, SignIn
from tests.support.fake_cloud import FakeCloud
from tests.support.hostile import (
    ALL_MARKUP,
    BEYOND,
    DISK,
    FIELDS,
    MARKUP,
    NASTY,
    OF_A_SELECTION,
    PARAMETERS,
    Pairs,
    cases,
    check_answer,
    check_cloud,
    encoded,
    queries,
    right_fields,
    sent_fields,
    stock,
    texts,
    values,
    writes,
)
from tests.support.pages import sent_by
from tests.contracts.test_every_view import BOTH_WAYS, EVERY, VIEWS, View

FORM = "application/x-www-form-urlencoded"
POSTING = [view for view in VIEWS if view.posts]
POSTS = pytest.mark.parametrize("view", POSTING, ids=str)


@pytest.fixture(autouse=True)
def _one_of_each(cloud: FakeCloud) -> None:
    stock(cloud)


def kept() -> list[Any]:
    """What Diskboard remembers of a person and of what they sent."""
    sessions = Session.objects.values_list("session_key", "session_data", "expire_date")
    return [*sessions, *Submission.objects.values_list("key")]


def send(client: Client, url: str, body: str, headers: dict[str, str]) -> Any:
    return client.post(url, body, content_type=FORM, headers=headers)


@EVERY
def test_it_shows_any_text_as_text(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    """One text in all parameters, and what a dialog makes of it for a terminal."""
    for text in (ALL_MARKUP, *MARKUP, "x", DISK.upper(), "1"):
        for more in ("", "&command"):
            query = encoded([(name, text) for name in PARAMETERS if name not in {"command", "again"}])
            check_answer(signed_in.get(f"{view.url}{'&' if '?' in view.url else '?'}{query}{more}"))
    check_cloud(cloud)
    assert writes(cloud) == []


def test_it_knows_the_forms() -> None:
    assert {"name", "description", "properties", "seen", "source_id", "size", "migrate", "incremental"} <= {*FIELDS}


def own_fields(client: Client, view: View) -> list[str]:
    """The fields that matter to a view: those that its form has, or those of a selection."""
    of_form = {*sent_by(client.get(view.url))} & {*FIELDS}
    # It is there once a source is chosen.
    of_form |= {"source_id"} if "source" in of_form else set()
    selects = view.path.endswith(("/delete/", "/create-snapshots/"))
    return sorted([*of_form, *(OF_A_SELECTION if selects else ["bootable"])])


@POSTS
def test_it_keeps_every_limit_in_every_field(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    for name in own_fields(signed_in, view):
        for value in BEYOND:
            stock(cloud)
            fields = {**right_fields(view.path), name: value}
            check_answer(send(signed_in, view.url, encoded([*fields.items()]), HTMX))
            check_cloud(cloud)


@POSTS
def test_it_shows_any_field_as_text(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    """Also where nothing is confirmed yet, or the form comes back because of another field."""
    for name in own_fields(signed_in, view):
        for query, left_out in (("", ""), ("", "confirmed"), ("", "key"), ("command", ""), ("again", "")):
            stock(cloud)
            fields = {**right_fields(view.path), name: ALL_MARKUP}
            kept_fields = [(one, value) for one, value in fields.items() if one != left_out]
            check_answer(send(signed_in, f"{view.url}?{query}", encoded(kept_fields), {}))
            check_answer(signed_in.get("/toasts/"))


@EVERY
def test_it_only_reads_whatever_the_address_asks(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    method_override = {"X-HTTP-Method-Override": "DELETE"}

    @cases(10)
    @given(queries, st.sampled_from(BOTH_WAYS), st.sampled_from(["get", "head"]))
    def whatever(query: str, headers: dict[str, str], method: str) -> None:
        cloud.forget()
        before = kept()
        url = f"{view.url}{'&' if '?' in view.url else '?'}{query}"
        answer = getattr(signed_in, method)(url, headers={**headers, **method_override})
        check_answer(answer)
        check_cloud(cloud)
        assert writes(cloud) == []
        assert kept() == before

    whatever()


@POSTS
def test_it_sends_cinder_only_what_it_takes(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    @cases(15)
    @given(sent_fields, st.booleans(), st.sampled_from(BOTH_WAYS), st.sampled_from(["", "", "command", "again"]))
    def whatever(fields: Pairs, mostly_right: bool, headers: dict[str, str], query: str) -> None:
        stock(cloud)
        right = right_fields(view.path) if mostly_right else {}
        others = [(name, value) for name, value in right.items() if name not in dict(fields)]
        answer = send(signed_in, f"{view.url}?{query}", encoded([*others, *fields]), headers)
        check_answer(answer)
        check_cloud(cloud)
        # What was told of it is shown on the next page.
        check_answer(signed_in.get("/toasts/"))

    whatever()


@POSTS
def test_it_takes_any_text_in_a_field(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    """All else is right, so that the text gets as far as it can."""

    @cases(12)
    @given(st.sampled_from(own_fields(signed_in, view)), values, st.sampled_from(BOTH_WAYS))
    def whatever(name: str, value: str, headers: dict[str, str]) -> None:
        stock(cloud)
        answer = send(signed_in, view.url, encoded([*({**right_fields(view.path), name: value}).items()]), headers)
        check_answer(answer)
        check_cloud(cloud)
        check_answer(signed_in.get("/toasts/"))

    whatever()


@POSTS
def test_it_would_change_something(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    """What the tests above send reaches the cloud, but for the disturbance."""
    answer = send(signed_in, view.url, encoded([*right_fields(view.path).items()]), HTMX)
    assert answer.status_code in {200, 204}
    assert len(writes(cloud)) in {1, 2}
    check_cloud(cloud)


@EVERY
def test_it_wants_a_token_for_every_change(cloud: FakeCloud, sign_in: SignIn, view: View) -> None:
    client = sign_in()
    client.handler.enforce_csrf_checks = True

    @cases(4)
    @given(texts, st.sampled_from(["field", "header", "cookie", "both"]))
    def whatever(token: str, where: str) -> None:
        before = kept()
        ascii_token = token.encode("ascii", "ignore").decode().replace("\n", "").replace("\r", "")
        client.cookies.pop("csrftoken", None)
        # Not the same twice: that would be a valid one.
        headers = {"X-CSRFToken": f"{ascii_token}0"} if where in {"header", "both"} else {}
        if where in {"cookie", "both"}:
            client.cookies["csrftoken"] = ascii_token
        fields = {**right_fields(view.path), "csrfmiddlewaretoken": token if where == "field" else ""}
        answer = send(client, view.url, encoded([*fields.items()]), headers)
        assert answer.status_code == 403
        check_answer(answer)
        assert cloud.asked() == []
        assert kept() == before

    whatever()


MOST = 2_300_000


@pytest.mark.parametrize("name", ["name", "description", "properties", "seen", "shown", "matching", "disk_type"])
def test_it_bears_megabytes(cloud: FakeCloud, signed_in: Client, name: str) -> None:
    @cases(3)
    @given(st.sampled_from([*NASTY, "[", '{"a":', "a=b\n", "=\n", ",", "&", "q=%00&"]), st.sampled_from(POSTING))
    def whatever(unit: str, view: View) -> None:
        stock(cloud)
        body = encoded([(key, value) for key, value in right_fields(view.path).items() if key != name])
        piece = encoded([("", unit)])[1:]
        answer = send(signed_in, view.url, f"{body}&{name}={piece * (MOST // len(piece))}", {})
        check_answer(answer)
        check_cloud(cloud)

    whatever()


TOO_LONG = "name=" + "x" * 2_700_000
TOO_MANY = "&".join(f"field{number}=1" for number in range(1_200))


@pytest.mark.parametrize("body", [TOO_LONG, TOO_MANY], ids=["long", "many"])
def test_it_refuses_more_than_that(cloud: FakeCloud, signed_in: Client, body: str) -> None:
    for view in POSTING:
        assert send(signed_in, view.url, body, {}).status_code == 400
    assert writes(cloud) == []


def test_it_would_notice_what_is_reflected() -> None:
    """Each kind of markup, put into a page as it is, fails the check."""

    class Answer:
        status_code = 200
        cookies: dict[str, Any] = {}  # noqa: RUF012  # never changed
        content = b""

        def items(self) -> list[tuple[str, str]]:
            return []

        def get(self, _name: str, _otherwise: str) -> str:
            return "text/html"

    noticed = 0
    for text in MARKUP:
        answer: Any = Answer()
        within = f"<p title=\"{text}\"></p><p title='{text}'></p><p title={text}></p><a href='{text}'>{text}</a>"
        answer.content = within.encode()
        try:
            check_answer(answer)
        except AssertionError:
            noticed += 1
    # Two are harmless: entities, and what only a template would read.
    assert noticed == len(MARKUP) - 2
