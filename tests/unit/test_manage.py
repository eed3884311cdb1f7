"""The entry point for Diskboard's commands."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import dashboard

ROOT = Path(dashboard.__file__).parents[1]


@pytest.mark.parametrize("argument", ["version", "--version"])
def test_it_prints_the_version_of_diskboard(argument: str) -> None:
    """Django's own command with this name would print Django's version."""
    done = subprocess.run(
        [sys.executable, ROOT / "manage.py", argument], capture_output=True, text=True, check=True, timeout=60
    )
    assert (done.stdout, done.stderr) == (f"{dashboard.__version__}\n", "")


def test_the_package_has_the_same_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert "version" in project["project"]["dynamic"]
    assert project["tool"]["hatch"]["version"] == {"path": "dashboard/__init__.py"}
