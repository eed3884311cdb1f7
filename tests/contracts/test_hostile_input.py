"""Whatever is sent to a project's addresses: no error, no way to another host, and Cinder gets only valid values."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from dashboard.web.carried_form import PAGE_USER
from tests.support.actions import DISK
from tests.support.canned import HTMX
from tests.support.fake_cloud import FakeCloud
from tests.support.hostile import (
    ALL_MARKUP,
    BEYOND,
    DECIDING,
    FIELDS,
    LIMITS,
    MARKUP,
    NASTY,
    OF_A_SELECTION,
    PARAMETERS,
    Pairs,
    encoded,
    queries,
    right_fields,
    send,
    sent_fields,
    stock,
    texts,
    values,
)
from tests.support.hostile_checks import check_answer, check_cloud, kept, writes
from tests.support.hypothesis_profiles import cases
from tests.support.pages import field_errors, sent_by
from tests.support.views import BOTH_WAYS, EVERY_POSTING_VIEW, EVERY_VIEW, EVERY_WRITING_VIEW, POSTING, VIEWS, View

Fields = dict[str, str]
Attempt = Callable[[Fields], Any]


@pytest.fixture(autouse=True)
def _stocked(cloud: FakeCloud) -> None:
    stock(cloud)


def own_fields(client: Client, view: View) -> list[str]:
    """The fields that a view uses: those of its form, or those of a selection.

    Any other value of PAGE_USER is another user's, whose forms are all refused.
    """
    of_form = {*sent_by(client.get(view.url, headers=HTMX))} & {*FIELDS} - {PAGE_USER}
    # The field appears once a source is chosen.
    of_form |= {"source_id"} if "source" in of_form else set()
    selects = view.previews or view.path.endswith("/run/")
    return sorted([*of_form, *(OF_A_SELECTION if selects else ["bootable"])])


def tried(attempt: Attempt, hostile: Fields) -> Any:
    """Try all of these at once; if that fails, one by one, so that the failure names the field."""
    try:
        return attempt(hostile)
    # Any failure counts, and is raised again.
    except Exception:
        for name, value in hostile.items():
            try:
                attempt({name: value})
            except Exception as error:
                error.add_note(f"It fails with {name}={value[:60]!r} alone.")
                raise
        raise


# --- Every view -------------------------------------------------------------------------------------------------------


def check_shows_as_text(client: Client, url: str, text: str, headers: Fields) -> None:
    """Send one text in all parameters of an address."""

    def attempt(parameters: Fields) -> None:
        query = encoded([*parameters.items()])
        check_answer(client.get(f"{url}{'&' if '?' in url else '?'}{query}", headers=headers))

    tried(attempt, {name: text for name in PARAMETERS if name not in {"command", "again"}})


@EVERY_VIEW
def test_it_shows_any_text_as_text(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    check_shows_as_text(signed_in, view.url, ALL_MARKUP, {})
    check_shows_as_text(signed_in, view.url, "javascript:alert(1)", HTMX)
    if view.posts:
        # The command that a dialog builds from it
        check_shows_as_text(signed_in, view.with_query("command"), ALL_MARKUP, HTMX)
    check_cloud(cloud)
    assert writes(cloud) == []


@pytest.mark.full
@EVERY_VIEW
def test_it_shows_each_text_as_text(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    for text in (*MARKUP, "x", DISK.upper(), "1"):
        for url in (view.url, view.with_query("command")):
            check_shows_as_text(signed_in, url, text, {})
    check_cloud(cloud)
    assert writes(cloud) == []


@pytest.mark.sized
def test_it_only_reads_whatever_the_address_asks(cloud: FakeCloud, signed_in: Client) -> None:
    method_override = {"X-HTTP-Method-Override": "DELETE"}

    @cases(480)
    @given(st.sampled_from(VIEWS), queries, st.sampled_from(BOTH_WAYS), st.sampled_from(["get", "head"]))
    def whatever(view: View, query: str, headers: dict[str, str], method: str) -> None:
        cloud.forget()
        before = kept()
        answer = getattr(signed_in, method)(view.with_query(query), headers={**headers, **method_override})
        check_answer(answer)
        check_cloud(cloud)
        assert writes(cloud) == []
        assert kept() == before

    whatever()


def check_toasts(client: Client) -> None:
    """Check how the next page shows the outcome of a form, if it has messages."""
    if "diskboard_messages" in client.cookies and client.cookies["diskboard_messages"].value:
        check_answer(client.get("/toasts/"))


# --- Every form -------------------------------------------------------------------------------------------------------


def test_it_knows_the_fields() -> None:
    assert {"name", "description", "properties", "seen", "source_id", "size", "migrate", "incremental"} <= {*FIELDS}


@EVERY_WRITING_VIEW
def test_what_these_tests_send_would_change_something(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    answer = send(signed_in, view.url, [*right_fields(view.path).items()], HTMX)
    assert answer.status_code in {200, 204}
    assert len(writes(cloud)) in {1, 2}
    check_cloud(cloud)


def trying(cloud: FakeCloud, client: Client, view: View) -> Attempt:
    """Send the form of a view with some of its fields changed, and check the answer."""

    def attempt(hostile: Fields) -> Any:
        stock(cloud)
        answer = send(client, view.url, [*{**right_fields(view.path), **hostile}.items()], HTMX)
        check_answer(answer)
        check_cloud(cloud)
        return answer

    return attempt


@EVERY_WRITING_VIEW
def test_it_keeps_every_limit_in_every_field(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    """In each round, every field exceeds one of its limits; then the fields that were refused get valid values.

    So values that a form accepts reach Cinder, and fields that decide what the form does are tested separately.
    """
    attempt = trying(cloud, signed_in, view)
    beyond = {name: LIMITS.get(name, BEYOND) for name in own_fields(signed_in, view)}
    let_through = 0
    for number in range(max(map(len, beyond.values()))):
        hostile = {name: some[number % len(some)] for name, some in beyond.items()}
        answer = tried(attempt, hostile)
        right = {*DECIDING, *field_errors(answer)}
        left = {name: value for name, value in hostile.items() if name not in right}
        if left or not number:
            tried(attempt, left)
        let_through += len(writes(cloud))
    for name in {*beyond} & {*DECIDING}:
        for value in (*beyond[name], ALL_MARKUP):
            tried(attempt, {name: value})
    assert let_through, "no round reached Cinder"


@pytest.mark.full
@EVERY_POSTING_VIEW
def test_it_keeps_each_limit_in_each_field(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    attempt = trying(cloud, signed_in, view)
    for name in own_fields(signed_in, view):
        for value in BEYOND:
            tried(attempt, {name: value})


@EVERY_POSTING_VIEW
def test_it_shows_any_field_as_text(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    """This includes requests before anything is confirmed, and forms that come back because of another field."""

    def trying(query: str = "", left_out: str = "", headers: Fields = HTMX) -> Attempt:
        def attempt(hostile: Fields) -> Any:
            stock(cloud)
            fields = {**right_fields(view.path), **hostile}
            sent = [(name, value) for name, value in fields.items() if name != left_out]
            answer = send(signed_in, f"{view.url}?{query}", sent, headers)
            check_answer(answer)
            check_toasts(signed_in)
            return answer

        return attempt

    hostile = dict.fromkeys(own_fields(signed_in, view), ALL_MARKUP)
    for query, left_out in (("", "confirmed"), ("", "key"), ("command", ""), ("again", "")):
        tried(trying(query, left_out), hostile)
    as_page = trying(headers={})
    refused = {*DECIDING, *field_errors(tried(as_page, hostile))}
    tried(as_page, {name: text for name, text in hostile.items() if name not in refused})


@pytest.mark.sized
def test_it_sends_cinder_only_what_it_takes(cloud: FakeCloud, signed_in: Client) -> None:
    queried = st.sampled_from(["", "", "command", "again"])

    @cases(270)
    @given(st.sampled_from(POSTING), sent_fields, st.booleans(), st.sampled_from(BOTH_WAYS), queried)
    def whatever(view: View, fields: Pairs, mostly_right: bool, headers: dict[str, str], query: str) -> None:
        stock(cloud)
        right = right_fields(view.path) if mostly_right else {}
        others = [(name, value) for name, value in right.items() if name not in dict(fields)]
        check_answer(send(signed_in, f"{view.url}?{query}", [*others, *fields], headers))
        check_cloud(cloud)
        check_toasts(signed_in)

    whatever()


@pytest.mark.sized
def test_it_takes_any_text_in_a_field(cloud: FakeCloud, signed_in: Client) -> None:
    """All other fields are valid, so that the text gets as far as possible."""
    places = [(view, name) for view in POSTING for name in own_fields(signed_in, view)]

    @cases(220)
    @given(st.sampled_from(places), values, st.sampled_from(BOTH_WAYS))
    def whatever(place: tuple[View, str], value: str, headers: dict[str, str]) -> None:
        view, name = place
        stock(cloud)
        check_answer(send(signed_in, view.url, [*{**right_fields(view.path), name: value}.items()], headers))
        check_cloud(cloud)
        check_toasts(signed_in)

    whatever()


@pytest.mark.sized
def test_it_wants_a_token_for_every_change(cloud: FakeCloud, signed_in: Client) -> None:
    signed_in.handler.enforce_csrf_checks = True

    @cases(200)
    @given(st.sampled_from(VIEWS), texts, st.sampled_from(["field", "header", "cookie", "both"]))
    def whatever(view: View, token: str, where: str) -> None:
        before = kept()
        ascii_token = token.encode("ascii", "ignore").decode().replace("\n", "").replace("\r", "")
        signed_in.cookies.pop("diskboard_csrf", None)
        # The two tokens must differ: equal ones would be valid.
        headers = {"X-CSRFToken": f"{ascii_token}0"} if where in {"header", "both"} else {}
        if where in {"cookie", "both"}:
            signed_in.cookies["diskboard_csrf"] = ascii_token
        fields = {**right_fields(view.path), "csrfmiddlewaretoken": token if where == "field" else ""}
        answer = send(signed_in, view.url, [*fields.items()], headers)
        assert answer.status_code == 403
        check_answer(answer)
        assert cloud.asked() == []
        assert kept() == before

    whatever()


# --- How much is sent -------------------------------------------------------------------------------------------------

MOST = 2_900_000
LONG_FIELDS = ["name", "description", "properties", "seen", "shown", "matching", "disk_type"]
UNITS = [*NASTY, "[", '{"a":', "a=b\n", "=\n", ",", "&", "q=%00&"]
TOO_LONG = "name=" + "x" * 3_200_000
TOO_MANY = "&".join(f"field{number}=1" for number in range(1_200))


@pytest.mark.sized
def test_it_bears_megabytes(cloud: FakeCloud, signed_in: Client) -> None:
    @cases(35)
    @given(st.sampled_from(LONG_FIELDS), st.sampled_from(UNITS), st.sampled_from(POSTING))
    def whatever(name: str, unit: str, view: View) -> None:
        stock(cloud)
        body = encoded([(key, value) for key, value in right_fields(view.path).items() if key != name])
        piece = encoded([("", unit)])[1:]
        check_answer(send(signed_in, view.url, f"{body}&{name}={piece * (MOST // len(piece))}"))
        check_cloud(cloud)

    whatever()


@pytest.mark.parametrize(("body", "status"), [(TOO_LONG, 413), (TOO_MANY, 400)], ids=["long", "many"])
def test_it_refuses_more_than_that(cloud: FakeCloud, signed_in: Client, body: str, status: int) -> None:
    taken = [str(view) for view in POSTING if send(signed_in, view.url, body).status_code != status]
    assert taken == []
    assert writes(cloud) == []


# --- These tests themselves -------------------------------------------------------------------------------------------


class Reflected:
    """An answer that shows a text without escaping it."""

    status_code = 200
    cookies: dict[str, Any] = {}  # noqa: RUF012  # never changed

    def __init__(self, text: str) -> None:
        page = f"<p title=\"{text}\"></p><p title='{text}'></p><p title={text}></p><a href='{text}'>{text}</a>"
        self.content = page.encode()

    def items(self) -> list[tuple[str, str]]:
        return []

    def get(self, _name: str, _otherwise: str) -> str:
        return "text/html"


def test_it_would_notice_what_is_reflected() -> None:
    unnoticed = []
    for text in MARKUP:
        answer: Any = Reflected(text)
        try:
            check_answer(answer)
        except AssertionError:
            continue
        unnoticed.append(text)
    # Two texts are harmless: entities, and code that only a template would execute.
    assert unnoticed == ["&lt;x-evil&gt;&#60;x-evil&#62;", "{{ cloud.token }}{% debug %}"]


def test_it_would_name_the_field() -> None:
    def attempt(fields: Fields) -> None:
        assert "size" not in fields

    with pytest.raises(AssertionError) as failed:
        tried(attempt, {"name": "x", "size": "9"})
    assert failed.value.__notes__ == ["It fails with size='9' alone."]
