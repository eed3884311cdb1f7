"""The values that were typed survive the end of a session."""

from typing import Any

import pytest
from django.core import signing
from django.test import RequestFactory

from dashboard.accounts.session_store import SessionStore
from dashboard.web import carried_form

pytestmark = pytest.mark.django_db
ANN = "a" * 32
FORM = "/p/1/disks/2/create-snapshot/"


def post(data: dict[str, Any], path: str = FORM) -> Any:
    request: Any = RequestFactory().post(path, data)
    request.session = SessionStore()
    return request


def get(session: SessionStore, url: str) -> Any:
    request: Any = RequestFactory().get(url)
    request.session = session
    return request


def carry(data: dict[str, Any], session: SessionStore | None = None) -> tuple[SessionStore, str]:
    """Send a form in a session that has ended, and sign in."""
    after = post({}, "/sign-in/")
    if session is not None:
        after.session = session
    url = carried_form.keep(after, carried_form.pack(post({**data, "page_user": ANN})), ANN)
    assert url
    return after.session, url


def test_it_carries_what_was_typed() -> None:
    session, url = carry({"name": "ы <&> 🦊", "ids": ["1", "2"], "csrfmiddlewaretoken": "secret"})
    assert url.startswith(f"{FORM}?")
    typed = carried_form.typed(get(session, url))
    assert typed is not None
    assert dict(typed.lists()) == {"name": ["ы <&> 🦊"], "ids": ["1", "2"]}


def test_it_carries_a_large_selection() -> None:
    ids = [f"{number:036}" for number in range(1000)]
    session, url = carry({"ids": ids})
    typed = carried_form.typed(get(session, url))
    assert typed is not None
    assert typed.getlist("ids") == ids


@pytest.mark.parametrize("packed", ["", "x", "a:b:c"])
def test_it_takes_nothing_that_it_did_not_sign(packed: str) -> None:
    assert carried_form.keep(post({}), packed, ANN) is None


def test_it_takes_nothing_that_was_signed_for_something_else() -> None:
    packed = signing.dumps({"path": "/", "data": "", "user": ANN}, salt="another")
    assert carried_form.keep(post({}), packed, ANN) is None


@pytest.mark.parametrize("page_user", ["b" * 32, ""])
def test_it_keeps_no_form_of_another_user(page_user: str) -> None:
    """The sign-in page may have been left by someone else, whose form it carries."""
    after = post({}, "/sign-in/")
    assert carried_form.keep(after, carried_form.pack(post({"name": "x", "page_user": page_user})), ANN) is None
    assert not after.session.keys()


def test_it_gives_it_to_its_own_form_only() -> None:
    session, url = carry({"name": "x"})
    query = url.partition("?")[2]
    assert carried_form.typed(get(session, f"/p/1/disks/3/create-snapshot/?{query}")) is None
    assert carried_form.typed(get(session, FORM)) is None
    assert carried_form.typed(get(session, f"{FORM}?carried=unknown")) is None


def test_it_gives_it_to_its_own_session_only() -> None:
    _session, url = carry({"name": "x"})
    assert carried_form.typed(get(SessionStore(), url)) is None


def test_it_keeps_only_the_last_few() -> None:
    session, first = carry({"name": "1"})
    urls = [carry({"name": str(number)}, session)[1] for number in range(2, carried_form.MAX_FORMS + 2)]
    assert carried_form.typed(get(session, first)) is None
    assert all(carried_form.typed(get(session, url)) for url in urls)
