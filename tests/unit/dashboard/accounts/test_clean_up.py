"""Diskboard deletes temporary data by itself."""

import os
import subprocess
import sys
import textwrap
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as ours
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from dashboard import settings as project_settings
from dashboard.accounts.models import Preference, SignInAttempt
from dashboard.web.models import Submission
from tests.support.canned import SENT
from tests.support.fake_cloud import KEYSTONE, PASSWORD, FakeCloud

pytestmark = pytest.mark.django_db

ROOT = Path(ours.BASE_DIR)
# In a separate process, with only the tables that `migrate` creates
MIGRATE = 'call_command("migrate", interactive=False, verbosity=0)'
SHARE_A_VALUE = 'print(cache.add("a", 1, 60), cache.add("a", 2, 60), cache.get("a"))'


@pytest.fixture(autouse=True)
def _a_cloud(cloud: FakeCloud) -> None:
    """Every test here signs in."""


def sign_in(**sent: str) -> None:
    Client().post("/sign-in/", {**SENT, **sent})


def a_session(key: str, **ends: float) -> None:
    Session.objects.create(session_key=key, session_data="x", expire_date=timezone.now() + timedelta(**ends))


def a_submission(key: str, **since: float) -> None:
    Submission.objects.create(key=key, user_id="u")
    Submission.objects.filter(key=key).update(sent_at=timezone.now() - timedelta(**since))


def an_attempt(of: str, **since: float) -> None:
    made = SignInAttempt.objects.create(counted_under=of)
    SignInAttempt.objects.filter(pk=made.pk).update(at=timezone.now() - timedelta(**since))


def leave_traces() -> None:
    a_session("old", minutes=-1)
    a_session("fresh", minutes=1)
    a_submission("old", days=7, minutes=1)
    a_submission("fresh", days=6, hours=23)
    an_attempt("old", minutes=6)
    an_attempt("fresh", minutes=4)


def left() -> dict[str, list[str]]:
    """The traces that are still there, by kind."""
    attempts = SignInAttempt.objects.filter(counted_under__in=["old", "fresh"])
    keys: dict[str, Any] = {
        "sessions": Session.objects.filter(session_key__in=["old", "fresh"]).values_list("session_key", flat=True),
        "submissions": Submission.objects.values_list("key", flat=True),
        "attempts": attempts.values_list("counted_under", flat=True),
    }
    return {name: sorted(found) for name, found in keys.items()}


def test_it_clears_what_is_old_when_somebody_signs_in() -> None:
    leave_traces()
    Preference.objects.create(keystone_url=KEYSTONE, user_id="u", last_project="p")
    sign_in()
    assert left() == {"sessions": ["fresh"], "submissions": ["fresh"], "attempts": ["fresh"]}
    assert Preference.objects.count() == 1


def test_it_does_so_once_an_hour() -> None:
    sign_in()
    leave_traces()
    sign_in()
    assert {len(found) for found in left().values()} == {2}
    # The next clean-up is due when the cache entry has expired.
    assert cache.touch("tidied-up", -1)
    sign_in()
    assert {len(found) for found in left().values()} == {1}


def test_it_holds_for_an_hour_and_not_for_ever() -> None:
    sign_in()
    in_memory: Any = cache
    [expires] = [when for key, when in in_memory._expire_info.items() if key.endswith("tidied-up")]
    assert 3500 < expires - timezone.now().timestamp() <= 3600


def test_it_keeps_attempts_as_long_as_they_count(settings: Settings) -> None:
    settings.SIGN_IN_WINDOW_MINUTES = 10
    leave_traces()
    sign_in()
    assert left()["attempts"] == ["fresh", "old"]


def test_it_does_nothing_where_signing_in_fails(cloud: FakeCloud) -> None:
    cloud.http.post(f"{KEYSTONE}/auth/tokens", status_code=401)
    leave_traces()
    sign_in(password=f"not {PASSWORD}")
    assert {len(found) for found in left().values()} == {2}


def test_it_is_agreed_on_in_the_projects_own_cache(settings: Settings) -> None:
    """All workers share one cache, in the database: the first of them cleans up."""
    settings.CACHES = project_settings.CACHES
    leave_traces()
    sign_in()
    assert left() == {"sessions": ["fresh"], "submissions": ["fresh"], "attempts": ["fresh"]}
    leave_traces_again = Session.objects.filter(session_key="fresh")
    leave_traces_again.update(expire_date=timezone.now() - timedelta(minutes=1))
    sign_in()
    assert left()["sessions"] == ["fresh"]
    assert cache.get("tidied-up") == 1


def test_it_needs_nothing_but_migrate_for_the_shared_cache(tmp_path: Path) -> None:
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "VAR_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "dashboard.settings",
    }

    def run(*lines: str) -> str:
        begin = """\
            import django
            django.setup()
            from django.core.cache import cache
            from django.core.management import call_command
        """
        code = "\n".join([textwrap.dedent(begin), *lines])
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    assert run(MIGRATE, SHARE_A_VALUE) == "True False 1"
    assert run(SHARE_A_VALUE, MIGRATE) == "False False 1"
