"""Sessions in the database: it holds no key that opens one."""

import base64
import hashlib
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from dashboard.accounts.session_store import SessionStore, stored_key
from tests.support.pages import HERE

pytestmark = pytest.mark.django_db
UNKNOWN_KEY = "0" * 32


def a_session(**content: str) -> SessionStore:
    session = SessionStore()
    session.update(content)
    session.create()
    session.save()
    return session


def stored() -> list[str]:
    return list(Session.objects.values_list("session_key", flat=True))


def test_no_key_in_the_database_opens_a_session(signed_in: Client) -> None:
    cookie = signed_in.cookies[settings.SESSION_COOKIE_NAME].value
    assert signed_in.get(f"{HERE}/disks/").status_code == 200
    [kept] = stored()
    assert cookie not in kept
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = kept
    assert thief.get(f"{HERE}/disks/").status_code == 302
    assert SessionStore(kept).load() == {}


def test_a_stored_key_is_a_hash_that_fits_the_column() -> None:
    session = a_session(colour="red")
    [kept] = stored()
    assert kept == stored_key(session.session_key or "")
    assert len(kept) <= (Session._meta.get_field("session_key").max_length or 0)
    digest = hashlib.sha256((session.session_key or "").encode()).digest()
    assert base64.urlsafe_b64encode(digest).startswith(kept.encode())


def test_it_loads_what_was_saved() -> None:
    session = a_session(colour="red")
    assert SessionStore(session.session_key).load() == {"colour": "red"}
    again = SessionStore(session.session_key)
    again["colour"] = "blue"
    again.save()
    assert SessionStore(session.session_key)["colour"] == "blue"
    assert len(stored()) == 1


def test_an_unknown_key_is_forgotten() -> None:
    session = SessionStore(UNKNOWN_KEY)
    assert session.load() == {}
    assert session.session_key is None


def test_a_new_key_keeps_the_content() -> None:
    session = a_session(colour="red")
    before = session.session_key
    session.cycle_key()
    assert session.session_key != before
    assert SessionStore(session.session_key)["colour"] == "red"
    assert SessionStore(before).load() == {}
    assert len(stored()) == 1


def test_flush_deletes_the_row() -> None:
    session = a_session(colour="red")
    a_session(colour="blue")
    session.flush()
    assert len(stored()) == 1


def test_it_deletes_by_key_only_what_has_that_key() -> None:
    first, second = a_session(), a_session()
    SessionStore().delete(first.session_key)
    SessionStore().delete(UNKNOWN_KEY)
    SessionStore().delete()
    assert stored() == [stored_key(second.session_key or "")]


def test_it_knows_which_keys_exist() -> None:
    session = a_session()
    assert session.exists(session.session_key or "")
    assert not session.exists(stored()[0])
    assert not session.exists(UNKNOWN_KEY)


def test_it_deletes_expired_sessions() -> None:
    old, fresh = a_session(), a_session()
    rows = Session.objects.filter(session_key=stored_key(old.session_key or ""))
    rows.update(expire_date=timezone.now() - timedelta(minutes=1))
    assert SessionStore(old.session_key).load() == {}
    SessionStore.clear_expired()
    assert stored() == [stored_key(fresh.session_key or "")]


def test_a_session_that_is_gone_is_not_saved_again() -> None:
    """A request that was running when the user signed out doesn't bring the session back."""
    session = a_session()
    late = SessionStore(session.session_key)
    late["colour"] = "red"
    session.flush()
    with pytest.raises(UpdateError):
        late.save()
    assert stored() == []
