"""Every setting is documented, every text translatable, and nothing stands inline."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SOURCES = [one for folder in ("dashboard", "volumes") for one in sorted((ROOT / folder).rglob("*.py"))]

# Names that are the same in every language
UNTRANSLATED = {"Diskboard", "GB", "LL", "NVMe"}


def variables() -> list[str]:
    """The environment variables that the settings read."""
    calls = [
        one
        for one in ast.walk(ast.parse((ROOT / "dashboard" / "settings.py").read_text()))
        if isinstance(one, ast.Call)
    ]
    return sorted(
        str(one.args[0].value)
        for one in calls
        if isinstance(one.func, ast.Attribute)
        and isinstance(one.func.value, ast.Name)
        and one.func.value.id == "env"
        and isinstance(one.args[0], ast.Constant)
    )


def start(*names: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of its own; it tells those that are named, or some."""
    told = names or ("STATIC_URL", "ALLOWED_HOSTS", "OS_INTERFACE")
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [
            sys.executable,
            "-c",
            f"from dashboard import settings as s; print({', '.join(f's.{name}' for name in told)})",
        ],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def texts_of(template: str) -> str:
    """What of a template a person reads and gettext doesn't."""
    rest = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", " ", template, flags=re.DOTALL)
    rest = re.sub(r"{% blocktranslate.*?{% endblocktranslate %}", " ", rest, flags=re.DOTALL)
    rest = re.sub(r"{%.*?%}|{{.*?}}", " ", rest, flags=re.DOTALL)
    rest = re.sub(r"<code>.*?</code>|<script.*?</script>|<!doctype[^>]*>", " ", rest, flags=re.DOTALL)
    attributes = " ".join(re.findall(r'\s(?:aria-label|title|placeholder|alt|data-text)="([^"]*)"', rest))
    return attributes + " " + re.sub(r"<[^>]*>", " ", rest)


def test_it_finds_the_settings() -> None:
    assert {"OS_AUTH_URL", "VAR_DIR", "URL_PREFIX"} <= set(variables())


@pytest.mark.parametrize("name", variables())
def test_it_documents_every_variable(name: str) -> None:
    assert re.search(rf"^\|[^|]*`{name}`", (ROOT / "README.md").read_text(), re.MULTILINE)


def test_it_documents_no_variable_that_is_gone() -> None:
    told = re.findall(r"^\|((?:\s*`[A-Z][A-Z_]+`,?)+)\s*\|", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert set(re.findall(r"`([A-Z_]+)`", " ".join(told))) == set(variables())


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_it_reads_the_environment_in_one_place(path: Path) -> None:
    if path.name in {"settings.py", "wsgi.py"} or "devcloud" in path.parts or "management" in path.parts:
        return
    assert not re.search(r"os\.environ|getenv|Env\(\)", path.read_text().replace("``os.environ``", ""))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_it_has_every_text_translated(path: Path) -> None:
    words = set(re.findall(r"[A-Za-zА-Яа-я]{2,}", texts_of(path.read_text())))
    assert words - UNTRANSLATED == set()


def test_it_would_notice_a_text_that_is_not() -> None:
    assert "Hello" in texts_of('<p class="x">Hello</p>')
    assert "Hello" in texts_of('<p aria-label="Hello">{% translate "x" %}</p>')


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_it_has_nothing_inline(path: Path) -> None:
    text = re.sub(r"{#.*?#}", "", path.read_text())
    assert not re.search(
        r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+\s*=|hx-on|javascript:|[\"'\s]js:", text, re.IGNORECASE
    )
    assert not re.search(r'hx-trigger="[^"]*\[', text)
    assert not re.search(r"\|safe\b|autoescape off", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_it_writes_no_address_by_hand(path: Path) -> None:
    assert not re.search(r'(?:href|src|action|hx-get|hx-post)="/', path.read_text())


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_it_protects_every_writing_form(path: Path) -> None:
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", path.read_text(), re.DOTALL):
        assert "{% csrf_token %}" in form


def test_it_starts_with_nothing_set(tmp_path: Path) -> None:
    started = start(VAR_DIR=str(tmp_path / "var"))
    assert started.stdout.strip() == "/static/ ['localhost', '127.0.0.1', '[::1]', '127.0.0.1'] public"
    assert (tmp_path / "var" / "secret_key").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("OS_INTERFACE", "sideways"),
        ("CLOUD_READ_SECONDS", "soon"),
        ("CLOUD_CONNECT_SECONDS", ""),
        ("DEBUG", "perhaps"),
        ("HTTPS", "2"),
        ("SESSION_HOURS", "12h"),
        ("SESSION_HOURS", "0"),
        ("SESSION_IDLE_MINUTES", "0"),
        ("SIGN_IN_WINDOW_MINUTES", "0"),
        ("SIGN_IN_FAILURES_BY_NAME", "0"),
        ("SIGN_IN_FAILURES_BY_ADDRESS", "-1"),
        ("TRUSTED_PROXIES", "-1"),
    ],
)
def test_it_stops_at_a_value_that_makes_no_sense(tmp_path: Path, name: str, value: str) -> None:
    started = start(VAR_DIR=str(tmp_path), **{name: value})
    assert started.returncode != 0
    assert name in started.stderr


def test_it_takes_the_openstack_clients_words(tmp_path: Path) -> None:
    started = start(VAR_DIR=str(tmp_path), OS_INTERFACE="internalURL", URL_PREFIX="/diskboard/", ALLOWED_HOSTS="a,b")
    assert started.stdout.strip() == "/diskboard/static/ ['a', 'b'] internal"


def test_it_logs_no_debug_lines_of_what_handles_secrets() -> None:
    logged: Any = settings.LOGGING
    for name in ("keystoneauth", "cinderclient", "urllib3", "django.db.backends"):
        assert logged["loggers"][name]["level"] == "WARNING"
