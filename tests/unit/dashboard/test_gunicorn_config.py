"""The web server's configuration follows the settings."""

import json
from pathlib import Path

import pytest

from tests.support.processes import python

READ = """
import json, runpy
found = runpy.run_module("dashboard.gunicorn_config")
print(json.dumps({name: found[name] for name in ("bind", "workers", "threads", "graceful_timeout", "accesslog")}))
"""
USUAL = {"bind": "127.0.0.1:8000", "workers": 2, "threads": 16, "graceful_timeout": 15, "accesslog": None}


CASES: list[tuple[dict[str, str], dict[str, object]]] = [
    ({}, {}),
    ({"HOST": "::1", "PORT": "81", "ACCESS_LOG": "1"}, {"bind": "[::1]:81", "accesslog": "-"}),
    (
        {"UNIX_SOCKET": "/run/diskboard", "WORKERS": "4", "THREADS": "8", "CLOUD_TOTAL_SECONDS": "30"},
        {"bind": "unix:/run/diskboard", "workers": 4, "threads": 8, "graceful_timeout": 33},
    ),
]


@pytest.mark.parametrize(("given", "changed"), CASES)
def test_it_follows_the_settings(tmp_path: Path, given: dict[str, str], changed: dict[str, object]) -> None:
    said = python(READ, VAR_DIR=str(tmp_path), **given)
    assert json.loads(said.stdout) == USUAL | changed, said.stderr
