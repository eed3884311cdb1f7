"""Password guessing: after a number of failures for a name, or from an address, users have to wait."""

import re
from datetime import timedelta
from typing import Any

import pytest
import requests
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from dashboard.accounts.models import SignInAttempt
from tests.support.canned import HTMX, SENT
from tests.support.cloud_rows import fault, unknown_to_keystone
from tests.support.fake_cloud import CREDENTIAL, CREDENTIAL_SECRET, JSON, KEYSTONE, PASSWORD, FakeCloud
from tests.support.pages import Page, alerts, is_whole, text_of

TOKENS = f"{KEYSTONE}/auth/tokens"
LET_IN = 204
TOLD = "Too many failed sign-ins. Try again in"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _few(settings: Settings) -> None:
    settings.SIGN_IN_FAILURES_BY_NAME = 3
    settings.SIGN_IN_FAILURES_BY_ADDRESS = 6
    settings.SIGN_IN_WINDOW_MINUTES = 5


@pytest.fixture(autouse=True)
def _keystone(cloud: FakeCloud) -> None:
    """Make Keystone refuse the wrong password."""
    refusal = fault("error", 401, "The request you have made requires authentication.")
    cloud.http.post(
        TOKENS, status_code=401, json=refusal, headers=JSON, additional_matcher=lambda one: "wrong" in one.text
    )


def over_page(sent: dict[str, str], address: str = "127.0.0.1") -> Any:
    """Send the form over a page, which renders faster than a whole page, with a new browser each time."""
    return Client().post("/sign-in/", sent, headers=HTMX, REMOTE_ADDR=address)


def attempt(*, address: str = "10.0.0.1", **sent: str) -> Any:
    """Send the form with a wrong password, unless `sent` has another."""
    return over_page({**SENT, "password": "wrong", **sent}, address)


def tried(count: int, **sent: Any) -> list[int]:
    return [attempt(**sent).status_code for _ in range(count)]


def pass_time(**since: float) -> None:
    """Make all attempts older."""
    for one in SignInAttempt.objects.all():
        SignInAttempt.objects.filter(pk=one.pk).update(at=one.at - timedelta(**since))


def test_it_asks_keystone_no_more_after_some_failures(cloud: FakeCloud) -> None:
    assert tried(5) == [401, 401, 401, 429, 429]
    assert len(cloud.asked(KEYSTONE)) == 3
    assert attempt(password=PASSWORD).status_code == 429


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_it_tells_how_long_to_wait(cloud: FakeCloud, client: Client, headers: dict[str, str]) -> None:
    tried(3)
    pass_time(seconds=60)
    answer = client.post("/sign-in/", {**SENT, "next": "/toasts/"}, headers=headers, REMOTE_ADDR="10.0.0.1")
    assert answer.status_code == 429
    wait = int(answer["Retry-After"])
    assert 235 <= wait <= 240
    assert alerts(answer) == f"{TOLD} {wait} seconds."
    page = Page(answer)
    assert is_whole(answer) is not bool(headers)
    assert page.field("User name").value == "ann"
    assert set(page.hidden("next")) >= {"/toasts/"}
    assert PASSWORD not in text_of(answer)
    assert len(cloud.asked(KEYSTONE)) == 3


def test_it_lets_in_again_after_the_window() -> None:
    tried(3)
    pass_time(minutes=5)
    assert attempt(password=PASSWORD).status_code == LET_IN


def test_it_slides_its_window() -> None:
    """Once the oldest failure no longer counts, the user can try once more."""
    tried(1)
    pass_time(minutes=4)
    tried(2)
    refused = attempt()
    assert refused.status_code == 429
    assert 55 <= int(refused["Retry-After"]) <= 60
    pass_time(seconds=61)
    assert tried(2) == [401, 429]


def test_it_does_not_count_what_it_refused_itself() -> None:
    """Otherwise a user who keeps trying would never be let in."""
    tried(3)
    before = SignInAttempt.objects.count()
    tried(5)
    assert SignInAttempt.objects.count() == before


def test_it_takes_a_name_in_any_case_for_the_same() -> None:
    tried(3)
    for name in ("ann", "ANN", " Ann "):
        assert attempt(user_name=name).status_code == 429, name
    assert attempt(user_name="ANN", domain="default").status_code == 429


def test_it_counts_each_name_and_domain_for_itself() -> None:
    tried(3)
    assert attempt(user_name="bob").status_code == 401
    assert attempt(domain="Another").status_code == 401
    assert attempt(user_name="bob", password=PASSWORD).status_code == LET_IN


def test_it_counts_a_name_from_everywhere() -> None:
    assert [attempt(address=f"10.0.0.{number}").status_code for number in range(5)] == [401, 401, 401, 429, 429]


def test_it_counts_an_address_for_all_names() -> None:
    names = [attempt(user_name=f"user-{number}").status_code for number in range(8)]
    assert names == [401] * 6 + [429] * 2
    assert attempt(user_name="another", address="10.0.0.2").status_code == 401


def test_it_forgets_the_failures_of_a_name_that_gets_in() -> None:
    tried(2)
    assert attempt(password=PASSWORD).status_code == LET_IN
    assert tried(4) == [401, 401, 401, 429]


def test_it_keeps_the_failures_of_an_address_where_somebody_gets_in() -> None:
    """Otherwise users could continue with other names after signing in with their own account."""
    tried(2, user_name="bob")
    tried(2, user_name="eve")
    assert attempt(password=PASSWORD).status_code == LET_IN
    assert [attempt(user_name=f"user-{number}").status_code for number in range(3)] == [401, 401, 429]


def test_it_counts_no_faults_of_the_cloud(cloud: FakeCloud) -> None:
    faults: list[dict[str, Any]] = [
        {"exc": requests.ConnectTimeout},
        *({"status_code": one} for one in (403, 500, 503)),
    ]
    for answer in faults:
        cloud.http.post(TOKENS, **answer)
        assert 429 not in tried(2), answer
        assert SignInAttempt.objects.count() == 0, answer


def test_it_counts_no_form_that_lacks_something(cloud: FakeCloud) -> None:
    assert tried(5, user_name="") == [422] * 5
    assert SignInAttempt.objects.count() == 0
    assert cloud.asked(KEYSTONE) == []


def test_it_counts_no_second_factor(cloud: FakeCloud) -> None:
    """Keystone asks for a second factor only after the right password."""
    body = {
        "receipt": {"methods": ["password"], "expires_at": "2099-01-01T00:00:00.000000Z"},
        "required_auth_methods": [["password", "totp"]],
    }
    cloud.http.post(TOKENS, status_code=401, json=body, headers={**JSON, "Openstack-Auth-Receipt": "r"})
    assert tried(5) == [401] * 5


def test_it_counts_attempts_under_way(cloud: FakeCloud) -> None:
    """Parallel attempts don't get around the limit: only three reach Keystone, however many wait for its answer."""
    within: list[int] = []

    def refuse(_request: Any, context: Any) -> dict[str, Any]:
        within.append(attempt().status_code)
        context.status_code = 401
        return fault("error", 401, "No.")

    cloud.http.post(TOKENS, json=refuse, headers=JSON)
    assert attempt().status_code == 401
    assert within == [429, 401, 401]
    assert len(cloud.asked(KEYSTONE)) == 3


def test_it_lets_in_the_only_attempt_under_way(settings: Settings) -> None:
    settings.SIGN_IN_FAILURES_BY_NAME = 1
    assert attempt(password=PASSWORD).status_code == LET_IN
    assert attempt(password=PASSWORD).status_code == LET_IN
    assert tried(2) == [401, 429]


def test_it_slows_down_guessing_secrets_too(cloud: FakeCloud) -> None:
    sent = {"credential": CREDENTIAL, "secret": "wrong"}
    assert [over_page(sent).status_code for _ in range(4)] == [401, 401, 401, 429]
    right = over_page({**sent, "secret": CREDENTIAL_SECRET})
    assert alerts(right).startswith(TOLD)
    assert Page(right).field("Application credential ID").value == CREDENTIAL
    assert len(cloud.asked(KEYSTONE)) == 3
    assert attempt(address="127.0.0.1").status_code == 401


def test_it_takes_unknown_credentials_for_guesses(cloud: FakeCloud) -> None:
    cloud.http.post(TOKENS, **unknown_to_keystone())
    sent = [{"credential": f"{number:032}", "secret": "x"} for number in range(7)]
    assert [over_page(one).status_code for one in sent] == [401] * 6 + [429]


def test_it_counts_over_all_processes() -> None:
    """Data in the memory of one process decides nothing."""
    tried(2)
    cache.clear()
    tried(1)
    cache.clear()
    assert attempt().status_code == 429
    SignInAttempt.objects.all().delete()
    assert attempt().status_code == 401


def test_it_keeps_no_name_no_address_and_no_password() -> None:
    attempt(user_name="ann")
    attempt(user_name="my password", address="2001:db8::1")
    rows = list(SignInAttempt.objects.values_list("counted_under", flat=True))
    assert len(rows) == len(set(rows)) == 4
    assert all(re.fullmatch("[0-9a-f]{64}", one) for one in rows)


def test_it_hides_the_name_also_from_those_who_hash_guesses(settings: Settings) -> None:
    attempt()
    before = set(SignInAttempt.objects.values_list("counted_under", flat=True))
    SignInAttempt.objects.all().delete()
    settings.SECRET_KEY = "another"
    attempt()
    assert before.isdisjoint(SignInAttempt.objects.values_list("counted_under", flat=True))


def test_it_remembers_since_when() -> None:
    attempt()
    moments = list(SignInAttempt.objects.values_list("at", flat=True))
    assert moments
    assert all(timezone.now() - moment < timedelta(minutes=1) for moment in moments)


def test_it_slows_down_no_person_who_is_signed_in(signed_in: Client) -> None:
    tried(4)
    assert signed_in.get("/", follow=True, REMOTE_ADDR="10.0.0.1").status_code == 200


SPELLINGS = [
    "victim",
    "VICTIM",
    "víctim",
    "vi\u0301ctim",
    "ｖｉｃｔｉｍ",
    "vic\u200btim",
    "vic\u00adtim",
    "\u2066victim\u2069",
    "vict\u0130m",
    "vic tim",
    "victim\u3000\u200b",
    "𝐯𝐢𝐜𝐭𝐢𝐦",
]


def test_it_counts_every_spelling_of_a_name_as_one(cloud: FakeCloud) -> None:
    """Some databases of Keystone compare names without case, accents and invisible characters."""
    answers = [attempt(user_name=name, address=f"10.0.1.{number}") for number, name in enumerate(SPELLINGS)]
    assert [answer.status_code for answer in answers] == [401] * 3 + [429] * (len(SPELLINGS) - 3)
    assert len(cloud.asked(KEYSTONE)) == 3


def test_it_counts_different_names_apart() -> None:
    names = ["ann", "anna", "анна", "an-n", "an_n", "a.nn"]
    assert [attempt(user_name=name, address=f"10.0.1.{number}").status_code for number, name in enumerate(names)] == [
        401
    ] * len(names)


def test_the_audit_log_has_one_line_of_what_is_throttled(audited: list[str]) -> None:
    """Otherwise a guesser could fill it."""
    tried(6)
    refusals = [line for line in audited if "TooManyFailures" in line]
    assert (len(audited), len(refusals)) == (4, 1)
    assert attempt(address="10.0.0.2").status_code == 429
    assert len([line for line in audited if "TooManyFailures" in line]) == 2
