"""Warnings about settings that leave a gap."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from dashboard import checks
from tests.support.processes import python

WORKER = """
from types import SimpleNamespace
from django.conf import settings
settings.STATIC_ROOT.mkdir()
import dashboard.wsgi
from dashboard import gunicorn_config
gunicorn_config.post_worker_init(SimpleNamespace(age={age}))
"""
CHECK = "import sys; from django.core.management import execute_from_command_line as run; run(['manage.py', 'check'])"


@pytest.mark.parametrize(
    ("https", "proxies", "warns"), [(True, None, True), (True, 0, False), (True, 1, False), (False, None, False)]
)
def test_with_https_it_asks_for_the_number_of_proxies(
    settings: Settings, https: bool, proxies: int | None, warns: bool
) -> None:
    settings.HTTPS, settings.TRUSTED_PROXIES = https, proxies
    assert [one.id for one in checks.trusted_proxies()] == (["diskboard.W001"] if warns else [])


@pytest.mark.parametrize(("mode", "warns"), [(0o700, False), (0o750, True), (0o755, True), (0o701, True)])
def test_it_warns_of_a_directory_that_others_can_enter(
    settings: Settings, tmp_path: Path, mode: int, warns: bool
) -> None:
    tmp_path.chmod(mode)
    settings.VAR_DIR = tmp_path
    assert [one.id for one in checks.private_directory()] == (["diskboard.W002"] if warns else [])


@pytest.mark.parametrize("code", [WORKER.format(age=1), CHECK], ids=["web server", "check"])
@pytest.mark.parametrize(("proxies", "warns"), [({}, True), ({"TRUSTED_PROXIES": "1"}, False)])
def test_the_start_shows_the_warnings(tmp_path: Path, code: str, proxies: dict[str, str], warns: bool) -> None:
    given = {"VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "dashboard.settings", "HTTPS": "1", **proxies}
    started = python(code, **given)
    assert started.returncode == 0, started.stderr
    assert ("TRUSTED_PROXIES" in started.stderr) is warns


def test_only_the_first_worker_logs_them(tmp_path: Path) -> None:
    given = {"VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "dashboard.settings", "HTTPS": "1"}
    assert python(WORKER.format(age=2), **given).stderr == ""


def test_it_names_the_credentials_of_clouds_yaml_without_their_values(tmp_path: Path) -> None:
    file = tmp_path / "clouds.yaml"
    file.write_text("clouds: {lab: {auth: {auth_url: https://lab.example.org, username: ann, password: hidden}}}")
    given = {"VAR_DIR": str(tmp_path / "var"), "DJANGO_SETTINGS_MODULE": "dashboard.settings"}
    started = python(WORKER.format(age=1), **given, OS_CLOUD="lab", OS_CLIENT_CONFIG_FILE=str(file))
    [line] = started.stderr.splitlines()
    assert "clouds.yaml are ignored: password, username." in line
    assert "ann" not in line
    assert "hidden" not in line
