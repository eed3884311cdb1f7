"""The package that `pip install` builds has everything, and serves from any directory."""

import os
import signal
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import requests
from django.conf import settings

from dashboard import __version__
from tests.support.devcloud import wait_until
from tests.support.html import Page

pytestmark = pytest.mark.full
START_SECONDS = 60.0


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the content of the wheel."""
    folder = tmp_path_factory.mktemp("package")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=settings.BASE_DIR, check=True, capture_output=True)
    [wheel] = folder.glob("diskboard-*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder / "site")
    return folder / "site"


def test_it_has_only_its_own_names_at_the_top(unpacked: Path) -> None:
    metadata = f"diskboard-{__version__}.dist-info"
    assert {path.name for path in unpacked.iterdir()} == {"dashboard", "volumes", metadata}
    assert "diskboard = dashboard.cli:main" in (unpacked / metadata / "entry_points.txt").read_text()


def test_it_has_all_templates_and_translations(unpacked: Path) -> None:
    for name in ("templates", "locale"):
        wanted = {
            path.relative_to(settings.BASE_DIR) for path in (settings.BASE_DIR / name).rglob("*") if path.is_file()
        }
        found = {path.relative_to(unpacked / "dashboard") for path in (unpacked / "dashboard" / name).rglob("*")}
        assert wanted <= found


def test_it_serves(unpacked: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(unpacked),
        "HOME": str(tmp_path),
        "VAR_DIR": str(tmp_path / "var"),
        "OS_AUTH_URL": "http://127.0.0.1:9/v3",
    }
    start = [sys.executable, "-c", "from dashboard.cli import main; main()"]
    serving = subprocess.Popen(
        [*start, "serve", "--port", str(port), "--workers", "1"], cwd=tmp_path, env=environment, stdout=subprocess.PIPE
    )
    try:
        wait_until(lambda: is_up(port), "it answers", START_SECONDS)
        page = Page(get(port, "/sign-in/", {"Accept-Language": "ru"}))
        assert page.has("button", "Войти")
        [style] = [one["href"] for one in page.select("link[rel=stylesheet]")]
        assert get(port, style).headers["Cache-Control"].endswith("immutable")
        serving.send_signal(signal.SIGHUP)
        assert get(port, "/sign-in/").ok
    finally:
        serving.terminate()
        said, _none = serving.communicate()
    assert said.decode() == f"Diskboard is at http://127.0.0.1:{port}/\n"
    assert serving.returncode == 0
    assert {path.name for path in (tmp_path / "var").iterdir()} >= {"diskboard.sqlite3", "secret_key"}
    assert not list(unpacked.rglob("var"))


def get(port: int, path: str, headers: dict[str, str] | None = None) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.get(f"http://127.0.0.1:{port}{path}", headers=headers, timeout=10)


def is_up(port: int) -> bool:
    try:
        return get(port, "/readyz").ok
    except requests.RequestException:
        return False
