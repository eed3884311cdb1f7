"""Whatever an address, a header or a cookie contains: no error, no way to another host, and a read stores nothing."""

from typing import Any
from urllib.parse import quote

import pytest
from django.core import signing
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.web.carried_form import PAGE_USER
from tests.support.actions import BACKUP
from tests.support.canned import HTMX
from tests.support.cloud_rows import USER
from tests.support.fake_cloud import KEYSTONE, OTHER_PROJECT, PASSWORD, PROJECT, FakeCloud
from tests.support.hostile import (
    ELSEWHERE,
    HEADERS,
    PAGES,
    Pairs,
    any_text,
    encoded,
    headers,
    right_fields,
    send,
    sent_fields,
    stock,
    texts,
    values,
)
from tests.support.hostile_checks import check_answer, check_cloud, kept, stays_here, writes
from tests.support.hypothesis_profiles import cases
from tests.support.pages import HERE, sent_by
from tests.support.views import BOTH_WAYS, POSTING, VIEWS

PERSON = {"user_name": "ann", "password": PASSWORD, "domain": "Default"}
OUTSIDE_A_PROJECT = ["/sign-in/", "/sign-out/", "/switch-project/", "/language/setlang/"]
onward = st.sampled_from(ELSEWHERE) | texts


@pytest.fixture(autouse=True)
def _stocked(cloud: FakeCloud) -> None:
    stock(cloud)


# --- The way onward ---------------------------------------------------------------------------------------------------


LEADS_ELSEWHERE = [
    "//x", "/\\x", "\\\\x", "/\t/x", "\x01//x", "https:x", "https://testserver.x/", "https://testserver@x/",
    "javascript:x",
]  # fmt: skip


def test_it_knows_the_way_out() -> None:
    assert [url for url in LEADS_ELSEWHERE if stays_here(url)] == []
    assert [url for url in ("/p", "x?y=//z", "https://testserver/") if not stays_here(url)] == []


@pytest.mark.sized
def test_it_goes_nowhere_else_when_one_is_signed_in_already(signed_in: Client) -> None:
    @cases(300)
    @given(onward)
    def whatever(url: str) -> None:
        answer = signed_in.get(f"/sign-in/?{encoded([('next', url)])}")
        assert answer.status_code in {302, 400}
        check_answer(answer)

    whatever()


@pytest.mark.sized
@pytest.mark.usefixtures("db")
def test_it_goes_nowhere_else_after_a_sign_in(cloud: FakeCloud, client: Client) -> None:
    forged = st.builds(
        lambda path, salt: signing.dumps({"path": path, "data": "name=x"}, salt=salt),
        st.sampled_from(ELSEWHERE),
        st.sampled_from(["", "diskboard", "django.contrib.messages"]),
    )

    @cases(150)
    @given(onward, forged | values, st.sampled_from([*BOTH_WAYS]), st.booleans())
    def whatever(url: str, carried: str, headers: dict[str, str], again: bool) -> None:
        if not again:
            client.cookies.clear()
        fields = {**PERSON, "next": url, "carried": carried, "page_user": url}
        answer = send(client, "/sign-in/", [*fields.items()], headers)
        assert answer.status_code in {204, 302, 400, 422}
        check_answer(answer)
        check_cloud(cloud)

    whatever()


@pytest.mark.sized
@pytest.mark.usefixtures("db")
def test_it_asks_keystone_only_for_who_signs_in(cloud: FakeCloud, client: Client) -> None:
    @cases(150)
    @given(sent_fields, st.dictionaries(st.sampled_from([*PERSON]), texts))
    def whatever(fields: Pairs, person: dict[str, str]) -> None:
        client.cookies.clear()
        cloud.forget()
        check_answer(send(client, "/sign-in/", [*{**PERSON, **person}.items(), *fields]))
        check_cloud(cloud)
        assert cloud.asked() == []

    whatever()


@pytest.mark.sized
def test_it_goes_nowhere_else_with_another_language(signed_in: Client) -> None:
    @cases(250)
    @given(onward, headers, texts, st.sampled_from(["next", ""]))
    def whatever(url: str, referer: str, language: str, name: str) -> None:
        fields = [(name, url), ("language", language)]
        answer = send(signed_in, "/language/setlang/", encoded(fields), {"Referer": referer})
        assert answer.status_code in {204, 302, 400}
        check_answer(answer)
        signed_in.cookies.pop("diskboard_language", None)

    whatever()


@pytest.mark.sized
def test_it_goes_nowhere_else_with_another_project(cloud: FakeCloud, signed_in: Client) -> None:
    @cases(60)
    @given(st.sampled_from([PROJECT, OTHER_PROJECT, f"{PROJECT}@x"]) | texts, st.sampled_from(BOTH_WAYS))
    def whatever(project: str, headers: dict[str, str]) -> None:
        check_answer(send(signed_in, "/switch-project/", [("project", project)], headers))
        assert cloud.asked() + cloud.asked(KEYSTONE) == []

    whatever()


@pytest.mark.sized
@pytest.mark.usefixtures("db")
def test_it_carries_any_form_through_sign_in(cloud: FakeCloud, client: Client) -> None:
    @cases(60)
    @given(sent_fields, st.sampled_from(POSTING))
    def whatever(fields: Pairs, view: Any) -> None:
        client.cookies.clear()
        asked = send(client, view.url, [*fields, (PAGE_USER, USER)])
        assert asked.status_code == 401
        check_answer(asked)
        answer = client.post("/sign-in/", sent_by(asked, **PERSON))
        assert answer.status_code == 302
        assert answer["Location"].startswith(f"{view.url}?carried=")
        stock(cloud)
        check_answer(client.get(answer["Location"]))
        check_cloud(cloud)
        assert writes(cloud) == []

    whatever()


# --- Addresses, headers, cookies --------------------------------------------------------------------------------------

SEGMENTS = sorted({
    *(part for view in VIEWS for part in view.path.partition("?")[0].split("/")), "p", PROJECT, OTHER_PROJECT, BACKUP,
    f"{PROJECT}@", f"{PROJECT}@RegionOne", f"{PROJECT}@x", "..", ".", "static", "js", "page.js", "sign-in", "sign-out",
    "switch-project", "language", "setlang", "toasts", "healthz", "readyz", "favicon.ico",
})  # fmt: skip
paths = st.builds(
    lambda start, parts, end: start + "/".join(parts) + end,
    st.sampled_from(["/", "//", f"{HERE}/", f"{HERE}/", "/disks/"]),
    st.lists(st.sampled_from(SEGMENTS) | texts, max_size=6),
    st.sampled_from(["/", ""]),
)


@pytest.mark.sized
def test_it_answers_any_path(cloud: FakeCloud, signed_in: Client) -> None:
    @cases(500)
    @given(paths, st.sampled_from(["/", "", "/%", "/\\:@"]), texts, st.sampled_from(["get", "head", "post", "put"]))
    def whatever(path: str, safe: str, query: str, method: str) -> None:
        stock(cloud)
        raw = quote(path, safe=safe, errors="surrogatepass")
        answer = getattr(signed_in, method)(f"http://testserver{raw}?{quote(query, errors='surrogatepass')}")
        check_answer(answer)
        check_cloud(cloud)
        assert method == "post" or writes(cloud) == []

    whatever()


@pytest.mark.sized
@pytest.mark.usefixtures("db")
def test_it_sends_any_path_to_sign_in(client: Client) -> None:
    @cases(150)
    @given(paths, texts, st.sampled_from(BOTH_WAYS), st.sampled_from(["get", "post"]))
    def whatever(path: str, query: str, headers: dict[str, str], method: str) -> None:
        raw = quote(path, errors="surrogatepass")
        url = f"http://testserver{raw}?{quote(query, errors='surrogatepass')}"
        check_answer(getattr(client, method)(url, headers=headers))

    whatever()


@pytest.mark.sized
@pytest.mark.parametrize("signed", [True, False])
def test_it_bears_any_header(cloud: FakeCloud, signed_in: Client, signed: bool) -> None:
    client = signed_in if signed else Client()

    @cases(150)
    @given(st.dictionaries(st.sampled_from(HEADERS), headers, max_size=4), st.sampled_from(PAGES), st.booleans())
    def whatever(sent: dict[str, str], url: str, posted: bool) -> None:
        stock(cloud)
        before = kept()
        answer = client.post(url, {"name": "x"}, headers=sent) if posted else client.get(url, headers=sent)
        check_answer(answer)
        check_cloud(cloud)
        assert posted or kept() == before

    whatever()


COOKIES = [
    "diskboard_timezone",
    "diskboard_messages",
    "diskboard_session",
    "diskboard_csrf",
    "diskboard_language",
    "x-evil",
]


@pytest.mark.sized
def test_it_bears_any_cookie(cloud: FakeCloud, signed_in: Client) -> None:
    session = signed_in.cookies["diskboard_session"].value
    zones = st.sampled_from(["Europe/Moscow", "__init__/x", "Europe", "../UTC", "/etc/localtime", "tzdata.zi", "a//b"])

    @cases(300)
    @given(st.dictionaries(st.sampled_from(COOKIES), headers | zones), st.sampled_from(PAGES))
    @example({"diskboard_timezone": "__init__/x"}, "/healthz")
    def whatever(sent: dict[str, str], url: str) -> None:
        stock(cloud)
        before = kept()
        cookies = {"diskboard_session": session, **sent}
        header = "; ".join(f"{name}={value}" for name, value in cookies.items())
        check_answer(signed_in.get(url, headers={"cookie": header}))
        check_cloud(cloud)
        assert kept() == before

    whatever()


@pytest.mark.sized
def test_it_wants_a_token_for_every_change(cloud: FakeCloud, signed_in: Client) -> None:
    signed_in.handler.enforce_csrf_checks = True

    @cases(80)
    @given(st.sampled_from(OUTSIDE_A_PROJECT), any_text, st.booleans())
    def whatever(url: str, token: str, cookie: bool) -> None:
        signed_in.cookies.pop("diskboard_csrf", None)
        if cookie:
            signed_in.cookies["diskboard_csrf"] = "x7" * 16
        before = kept()
        fields = {**right_fields(""), **PERSON, "language": "ru", "csrfmiddlewaretoken": token}
        answer = send(signed_in, url, [*fields.items()], HTMX)
        assert answer.status_code == 403
        check_answer(answer)
        assert cloud.asked(KEYSTONE) == []
        assert kept() == before

    whatever()
