"""The static files as a production install serves them: joined, hashed and compressed."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

STORAGE = {"BACKEND": "dashboard.web.static_files.StaticFilesStorage"}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `collectstatic` fills."""
    folder = tmp_path_factory.mktemp("static")
    collect(folder)
    return folder


def collect(folder: Path) -> None:
    """Collect the static files as for production."""
    storages = {**settings.STORAGES, "staticfiles": STORAGE}
    with override_settings(STATIC_ROOT=folder, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)


def hashed(folder: Path, name: str) -> Path:
    """The file that is served for a name."""
    names = json.loads((folder / "staticfiles.json").read_text())["paths"]
    return folder / str(names[name])


def transferred(folder: Path, name: str) -> int:
    """The number of bytes that a browser loads for a name."""
    path = hashed(folder, name)
    compressed = path.with_name(f"{path.name}.gz")
    return (compressed if compressed.exists() else path).stat().st_size
