"""What HTTPS=1 changes: everything goes by TLS, and no cookie goes without."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

# In a process of its own: the settings are read once.
ASK = """
import json, sys
import django
django.setup()
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0)
answers = []
for path, headers in json.loads(sys.argv[1]):
    client = Client()
    answer = client.get(path, headers=headers)
    cookies = {name: [one["secure"], one["samesite"]] for name, one in answer.cookies.items()}
    answers.append([answer.status_code, dict(answer.items()), cookies])
print(json.dumps(answers))
"""
BY_TLS = {"X-Forwarded-Proto": "https"}
YEAR = "max-age=31536000; includeSubDomains; preload"


def asked(folder: Path, *asks: tuple[str, dict[str, str]], **environment: str) -> list[Any]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    given = {"VAR_DIR": str(folder), "ALLOWED_HOSTS": "testserver", "DJANGO_SETTINGS_MODULE": "dashboard.settings"}
    # Its static files are not built here: with DEBUG they needn't be.
    done = subprocess.run(
        [sys.executable, "-c", ASK, json.dumps(asks)],
        cwd=settings.BASE_DIR,
        env={**kept, **given, "DEBUG": "1", **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    answers: list[Any] = json.loads(done.stdout)
    return answers


def test_it_goes_by_tls_alone(tmp_path: Path) -> None:
    asks = [("/sign-in/?next=/", {}), ("/sign-in/", BY_TLS), ("/healthz", {}), ("/language/setlang/", BY_TLS)]
    plain, by_tls, health, _language = asked(tmp_path, *asks, HTTPS="1")
    assert (plain[0], plain[1]["Location"]) == (301, "https://testserver/sign-in/?next=/")
    assert plain[2] == {}
    assert by_tls[0] == 200
    assert by_tls[1]["Strict-Transport-Security"] == YEAR
    assert by_tls[2] == {"csrftoken": [True, "Lax"]}
    # A watcher inside asks without TLS.
    assert health[0] == 200


def test_it_does_not_insist_without_it(tmp_path: Path) -> None:
    plain, lying = asked(tmp_path, ("/sign-in/", {}), ("/sign-in/", BY_TLS))
    for answer in (plain, lying):
        assert answer[0] == 200
        assert "Strict-Transport-Security" not in answer[1]
        assert answer[2]["csrftoken"][0] == ""


@pytest.mark.parametrize(("https", "secure"), [("1", "True"), ("0", "False")])
def test_it_protects_every_cookie(tmp_path: Path, https: str, secure: str) -> None:
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY")
    code = f"from django.conf import settings as s; print(*[s.__getattr__(one) for one in {names!r}])"
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    given = {"VAR_DIR": str(tmp_path), "HTTPS": https, "DJANGO_SETTINGS_MODULE": "dashboard.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env=kept | given,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [secure] * 3 + ["True"]
