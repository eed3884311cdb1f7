"""The effect of HTTPS=1: all requests use TLS, and no cookie is sent without it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.processes import python

# In a separate process, because the settings are read only once
ASK = """
import json, sys
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0)
answers = []
for path, headers in json.loads(sys.argv[1]):
    client = Client()
    answer = client.get(path, headers=headers)
    cookies = {name: [one["secure"], one["samesite"]] for name, one in answer.cookies.items()}
    answers.append([answer.status_code, dict(answer.items()), cookies])
print(json.dumps([answers, {name: getattr(settings, name) for name in json.loads(sys.argv[2])}]))
"""
BY_TLS = {"X-Forwarded-Proto": "https"}
YEAR = "max-age=31536000"
COOKIES = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE")


def asked(folder: Path, *asks: tuple[str, dict[str, str]], **environment: str) -> tuple[list[Any], dict[str, Any]]:
    """The answers of a Diskboard with this environment, and its settings for cookies."""
    given = {"VAR_DIR": str(folder), "ALLOWED_HOSTS": "testserver", "DJANGO_SETTINGS_MODULE": "dashboard.settings"}
    names = json.dumps([*COOKIES, "SESSION_COOKIE_HTTPONLY"])
    # Its static files are not built here: DEBUG makes that unnecessary.
    done = python(ASK, json.dumps(asks), names, DEBUG="1", **{**given, **environment})
    assert done.returncode == 0, done.stderr
    answers, kept = json.loads(done.stdout)
    return answers, kept


def test_it_goes_by_tls_alone(tmp_path: Path) -> None:
    asks = [("/sign-in/?next=/", {}), ("/sign-in/", BY_TLS), ("/healthz", {})]
    (plain, by_tls, health), cookies = asked(tmp_path, *asks, HTTPS="1")
    assert (plain[0], plain[1]["Location"]) == (301, "https://testserver/sign-in/?next=/")
    assert plain[2] == {}
    assert by_tls[0] == 200
    assert by_tls[1]["Strict-Transport-Security"] == YEAR
    assert by_tls[2] == {"__Host-diskboard_csrf": [True, "Lax"]}
    # Internal monitoring sends requests without TLS.
    assert health[0] == 200
    assert cookies == {**dict.fromkeys(COOKIES, True), "SESSION_COOKIE_HTTPONLY": True}


def test_it_binds_other_hosts_only_on_request(tmp_path: Path) -> None:
    """Both concern hosts that are not Diskboard's."""
    [answer], _ = asked(tmp_path, ("/sign-in/", BY_TLS), HTTPS="1", HSTS_INCLUDE_SUBDOMAINS="1", HSTS_PRELOAD="1")
    assert answer[1]["Strict-Transport-Security"] == f"{YEAR}; includeSubDomains; preload"


def test_its_cookies_belong_to_its_host_alone(tmp_path: Path) -> None:
    code = "from django.conf import settings; print(settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)"
    given = {"VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "dashboard.settings"}
    assert python(code, HTTPS="1", **given).stdout.split() == ["__Host-diskboard_session", "__Host-diskboard_csrf"]
    assert python(code, **given).stdout.split() == ["diskboard_session", "diskboard_csrf"]


def test_it_does_not_insist_without_it(tmp_path: Path) -> None:
    answers, cookies = asked(tmp_path, ("/sign-in/", {}), ("/sign-in/", BY_TLS), HTTPS="0")
    for answer in answers:
        assert answer[0] == 200
        assert "Strict-Transport-Security" not in answer[1]
        assert answer[2]["diskboard_csrf"][0] == ""
    assert cookies == {**dict.fromkeys(COOKIES, False), "SESSION_COOKIE_HTTPONLY": True}


@pytest.mark.parametrize("prefix", ["", "/diskboard"])
def test_its_probes_depend_on_no_host_no_tls_and_no_prefix(tmp_path: Path, prefix: str) -> None:
    """`manage.py run` asks them by 127.0.0.1, which isn't among the ALLOWED_HOSTS that the README recommends."""
    asks = [(path, {"Host": host}) for path in ("/healthz", "/readyz") for host in ("127.0.0.1:8000", "10.1.2.3")]
    recipe = {"HTTPS": "1", "ALLOWED_HOSTS": "disks.example.org", "URL_PREFIX": prefix}
    answers, _cookies = asked(tmp_path, *asks, **recipe, OS_AUTH_URL="http://127.0.0.1:9/v3")
    assert [answer[0] for answer in answers] == [200] * 4
