"""A form that is sent twice acts once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import RequestFactory

from dashboard.cloud.errors import Conflict, OutcomeUnknown, Unreachable
from dashboard.web.one_use_key import act_once
from tests.support.canned import a_cloud

pytestmark = pytest.mark.django_db


class Acts:
    """Counts its calls; raises an error instead if it has one."""

    def __init__(self, error: Exception | None = None) -> None:
        self.done = 0
        self.error = error

    def __call__(self) -> str:
        self.done += 1
        if self.error:
            raise self.error
        return f"done {self.done}"


def send(act: Callable[[], str], key: str = "k1", user: str = "u1") -> str | None:
    request: Any = RequestFactory().post("/")
    request.cloud = a_cloud("http://cinder.test", user_id=user)
    return act_once(request, key, act)


def test_it_acts_once_and_tells_the_same_twice() -> None:
    act = Acts()
    assert [send(act), send(act)] == ["done 1", "done 1"]
    assert act.done == 1


def test_it_acts_for_each_key() -> None:
    act = Acts()
    assert [send(act, "k1"), send(act, "k2")] == ["done 1", "done 2"]


@pytest.mark.parametrize("key", ["k1", "x" * 64])
def test_it_acts_for_each_person(key: str) -> None:
    act = Acts()
    assert [send(act, key, user="u1"), send(act, key, user="u2")] == ["done 1", "done 2"]


@pytest.mark.parametrize("error", [Conflict("busy"), Unreachable("no route")])
def test_it_may_be_sent_again_after_a_refusal(error: Exception) -> None:
    with pytest.raises(type(error)):
        send(Acts(error))
    assert send(Acts()) == "done 1"


def test_it_stays_used_where_the_outcome_is_unknown() -> None:
    with pytest.raises(OutcomeUnknown):
        send(Acts(OutcomeUnknown()))
    again = Acts()
    assert send(again) is None
    assert again.done == 0


def test_it_stays_used_while_the_first_is_under_way() -> None:
    inner = Acts()

    def act() -> str:
        assert send(inner) is None
        return "outer"

    assert send(act) == "outer"
    assert inner.done == 0


def test_it_stays_used_after_a_fault_of_our_own() -> None:
    with pytest.raises(ZeroDivisionError):
        send(Acts(ZeroDivisionError()))
    assert send(Acts()) is None
