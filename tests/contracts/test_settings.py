"""Each environment variable is documented, and an invalid value stops the start."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import certifi
import pytest
from django.conf import settings

from tests.support.processes import python

ROOT = Path(settings.BASE_DIR)
PAGE = ROOT / "docs" / "settings.md"
# A row of a table: its first column has the names, separated by commas.
ROW = re.compile(r"^\|((?:\s*`[A-Z][A-Z_]+`,?)+)\s*\|", re.MULTILINE)
READS_THE_ENVIRONMENT = re.compile(r"os\.environ|getenv|Env\(\)")
# Reads the settings once for each environment; prints each value, or the error that stops the start.
READ_SETTINGS = """
import importlib, json, os, sys
told, kept = [], dict(os.environ)
for names, given in json.loads(sys.argv[1]):
    os.environ.clear()
    os.environ.update(kept | given)
    try:
        module = importlib.reload(sys.modules["dashboard.settings"]) if "dashboard.settings" in sys.modules \\
            else importlib.import_module("dashboard.settings")
        told.append({name: getattr(module, name) for name in names})
    # Any failure to start is told to the test.
    except Exception as error:
        told.append(f"{type(error).__name__}: {error}")
print(json.dumps(told))
"""


def variables() -> set[str]:
    """The environment variables that the settings read."""
    tree = ast.parse((ROOT / "dashboard" / "settings.py").read_text())
    return {
        str(one.args[0].value)
        for one in ast.walk(tree)
        if isinstance(one, ast.Call)
        and isinstance(one.func, ast.Attribute)
        and isinstance(one.func.value, ast.Name)
        and one.func.value.id == "env"
        and isinstance(one.args[0], ast.Constant)
    }


def settings_of(folder: Path, *asked: tuple[list[str], dict[str, str]]) -> list[Any]:
    """The settings with these names in each of these environments, or the error that stops the start."""
    started = python(READ_SETTINGS, json.dumps(asked), VAR_DIR=str(folder))
    assert started.returncode == 0, started.stderr
    told: list[Any] = json.loads(started.stdout)
    return told


def test_it_finds_the_variables() -> None:
    assert {"OS_AUTH_URL", "VAR_DIR", "URL_PREFIX"} <= variables()


def test_the_page_of_settings_documents_exactly_the_variables_that_there_are() -> None:
    told = " ".join(ROW.findall(PAGE.read_text()))
    assert set(re.findall(r"`([A-Z_]+)`", told)) == variables()


def test_the_environment_is_read_in_one_place() -> None:
    allowed = {"settings.py", "wsgi.py", "cli.py", "gunicorn_config.py"}
    sources = [path for folder in ("dashboard", "volumes") for path in sorted((ROOT / folder).rglob("*.py"))]
    others = [one for one in sources if one.name not in allowed and not {"devcloud", "management"} & {*one.parts}]
    assert len(others) > 50
    found = [path for path in others if READS_THE_ENVIRONMENT.search(path.read_text().replace("``os.environ``", ""))]
    assert found == []


def test_it_starts_with_nothing_set(tmp_path: Path) -> None:
    [told] = settings_of(tmp_path / "var", (["STATIC_URL", "ALLOWED_HOSTS", "OS_INTERFACE"], {}))
    assert told == {
        "STATIC_URL": "/static/",
        "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]", "127.0.0.1"],
        "OS_INTERFACE": "public",
    }
    assert (tmp_path / "var" / "secret_key").exists()


SENSELESS = [
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
    ("OS_CACERT", "/nonexistent/ca.pem"),
    ("OS_CACERT", __file__),
    ("OS_CACERT", str(Path(__file__).parent)),
    ("AUDIT_LOG", "/nonexistent/audit.log"),
    ("URL_PREFIX", "/p"),
    ("URL_PREFIX", "a b"),
    ("PORT", "70000"),
    ("PORT", "0"),
    ("WORKERS", "0"),
    ("THREADS", "many"),
    ("PUBLIC_URL", "disks.example.org"),
    ("PUBLIC_URL", "https://disks.example.org/p"),
    ("CLOUD_TOTAL_SECONDS", "-1"),
    ("CLOUD_READ_SECONDS", "0"),
    ("CLOUD_CALLS_AT_ONCE", "0"),
    ("OS_AUTH_URL", "ftp://x"),
    ("OS_AUTH_URL", "keystone.example.org:5000"),
    ("OS_AUTH_URL", "https://keystone.example.org:5000/v2.0"),
    ("OS_CLOUD", "nowhere"),
    ("LANGUAGE_CODE", "xx"),
    ("TIME_ZONE", "Mars/Base"),
    ("CSRF_TRUSTED_ORIGINS", "disks.example.org"),
    ("VAR_DIR", "/proc/nope"),
    ("SECRET_KEY", "x"),
    ("SECRET_KEY_FILE", "/nonexistent"),
    ("DATABASE_URL", "mysql://a:b@c/d"),
    ("DATABASE_URL", "postgresql"),
    ("REDIS_URL", "localhost:6379"),
    ("METRICS_ADDRESS", "9100"),
    ("SESSION_HOURS", "99999999999999"),
    ("SIGN_IN_WINDOW_MINUTES", "9999999999999999"),
    ("TRUSTED_PROXIES", "1000"),
    ("WORKERS", "100000"),
    ("THREADS", "100000"),
    ("ALLOWED_HOSTS", "https://disks.example.org"),
    ("HOST", "not a host"),
    ("SECRET_KEY_FALLBACKS", "short"),
    ("PUBLIC_URL", "https://disks.example.org/../x"),
    ("URL_PREFIX", "/../x"),
    ("METRICS_ADDRESS", "127.0.0.1:8000"),
]


# Their values are in no message.
SECRETS = {"SECRET_KEY", "SECRET_KEY_FALLBACKS", "DATABASE_URL", "REDIS_URL"}


def test_it_stops_at_a_value_that_makes_no_sense(tmp_path: Path) -> None:
    told = settings_of(tmp_path, *(([], {name: value}) for name, value in SENSELESS))
    cases = zip(SENSELESS, told, strict=True)
    assert [case for case, said in cases if not isinstance(said, str) or not explains(*case, said)] == []


def explains(name: str, value: str, said: str) -> bool:
    """Whether a message is one line with the variable, its value unless that is a secret, and what is expected."""
    shown = "" if name in SECRETS else value
    # What is wrong with a cloud is in clouds.yaml.
    return f"{name}={shown}".rstrip("=") in said and ("expected" in said or name == "OS_CLOUD") and "\n" not in said


@pytest.mark.parametrize(("name", "value"), [("PORT", "http"), ("OS_CACERT", "/nonexistent/ca.pem")])
def test_that_stops_each_command_with_one_line(tmp_path: Path, name: str, value: str) -> None:
    for command in (["run"], ["run", "--dev"], ["migrate"]):
        started = subprocess.run(
            [sys.executable, ROOT / "manage.py", *command],
            env={"VAR_DIR": str(tmp_path), "PATH": os.environ["PATH"], name: value},
            capture_output=True,
            text=True,
            check=False,
        )
        assert started.returncode == os.EX_CONFIG
        [line] = started.stderr.splitlines()
        assert name in line
        assert value in line


def test_it_takes_authorities_from_a_file_or_a_hashed_directory(tmp_path: Path) -> None:
    certificate = Path(certifi.where()).read_text()
    (tmp_path / "ca.pem").write_text(certificate)
    hashed = tmp_path / "hashed"
    hashed.mkdir()
    (hashed / "0a1b2c3d.0").write_text(certificate)
    paths = [str(tmp_path / "ca.pem"), str(hashed)]
    told = settings_of(tmp_path / "var", *((["OS_CACERT"], {"OS_CACERT": path}) for path in paths))
    assert told == [{"OS_CACERT": path} for path in paths]


@pytest.mark.parametrize(("given", "used"), [("diskboard", "/diskboard"), ("/a/b/", "/a/b"), ("/", None), ("", None)])
def test_a_prefix_may_lack_its_slash(tmp_path: Path, given: str, used: str | None) -> None:
    [told] = settings_of(tmp_path, (["FORCE_SCRIPT_NAME"], {"URL_PREFIX": given}))
    assert told == {"FORCE_SCRIPT_NAME": used}


def test_it_takes_the_openstack_clients_words(tmp_path: Path) -> None:
    given = {"OS_INTERFACE": "internalURL", "URL_PREFIX": "/diskboard/", "ALLOWED_HOSTS": "a,b"}
    [told] = settings_of(tmp_path, (["STATIC_URL", "ALLOWED_HOSTS", "OS_INTERFACE"], given))
    assert told == {"STATIC_URL": "/diskboard/static/", "ALLOWED_HOSTS": ["a", "b"], "OS_INTERFACE": "internal"}


@pytest.mark.parametrize("name", ["keystoneauth", "cinderclient", "urllib3", "django.db.backends"])
def test_it_logs_no_debug_lines_of_what_handles_secrets(name: str) -> None:
    logged: Any = settings.LOGGING
    assert logged["loggers"][name]["level"] == "WARNING"
