"""The package that `pip install` builds has everything, and serves from any directory."""

import os
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from django.conf import settings

from dashboard import __version__
from tests.support.devcloud import wait_until
from tests.support.html import Page
from tests.support.processes import alive, all_below

pytestmark = pytest.mark.full
START_SECONDS = 60.0
# The first start fills the sample.
DEMO_SECONDS = 180.0
START = [sys.executable, "-c", "from dashboard.cli import main; main()"]


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
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(unpacked),
        "HOME": str(tmp_path),
        "VAR_DIR": str(tmp_path / "var"),
        "OS_AUTH_URL": "http://127.0.0.1:9/v3",
    }
    serving = subprocess.Popen(
        [*START, "serve", "--port", str(port), "--workers", "1"], cwd=tmp_path, env=environment, stdout=subprocess.PIPE
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


def test_its_demo_starts_ends_and_keeps_its_disks(unpacked: Path, tmp_path: Path) -> None:
    with demo(unpacked, tmp_path) as port:
        first = signed_in(port)
    begun = time.monotonic()
    with demo(unpacked, tmp_path) as port:
        assert signed_in(port) == first
    assert time.monotonic() - begun < DEMO_SECONDS / 2
    assert not list(unpacked.rglob("var"))


@contextmanager
def demo(unpacked: Path, folder: Path) -> Iterator[int]:
    """Run the demo from `folder`, with the environment of another cloud; end it as Ctrl-C does. Yields its port."""
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(unpacked),
        "HOME": str(folder),
        "VAR_DIR": str(folder / "data"),
        "PORT": str(port),
        "OS_AUTH_URL": "https://keystone.test/v3",
        "OS_REGION_NAME": "north",
        "OS_INTERFACE": "internal",
    }
    log = folder / "demo.log"
    with log.open("wb") as output:
        running = subprocess.Popen([*START, "demo"], cwd=folder, env=environment, stdout=output, stderr=output)
    try:
        wait_until(lambda: says_where(running, log), "it says where it is", DEMO_SECONDS)
        begun = all_below(running.pid)
        assert len(begun) >= 4
        yield port
    finally:
        running.send_signal(signal.SIGINT)
        status = running.wait(60)
    assert status == 128 + signal.SIGINT
    assert not alive(begun)
    assert "Traceback" not in log.read_text()


def says_where(running: subprocess.Popen[bytes], log: Path) -> bool:
    assert running.poll() is None, log.read_text()
    return "Sign in as demo / demo" in log.read_text()


def signed_in(port: int) -> list[str]:
    """Sign in, look at the list of disks and its static files; return its address and the names of its disks."""
    with requests.Session() as session:
        session.trust_env = False
        address = f"http://127.0.0.1:{port}/sign-in/"
        page = Page(session.get(address, timeout=10))
        sent = {"user_name": "demo", "password": "demo", "domain": "Default", "csrfmiddlewaretoken": token(page)}
        answer = session.post(address, data=sent, headers={"Referer": address}, timeout=30)
        disks = Page(answer)
        for style in disks.select("link[rel=stylesheet]"):
            assert session.get(f"http://127.0.0.1:{port}{style['href']}", timeout=10).ok
        rows = [row for row in disks.find_all("row") if row.has("checkbox")]
        assert any("scratch" in row.text for row in rows)
        # Without the address, as the port is another one each time; the rows have their ids.
        return [urlsplit(answer.url).path, *(row["id"] for row in rows)]


def token(page: Page) -> str:
    return str(page.select("input[name=csrfmiddlewaretoken]")[0]["value"])


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def get(port: int, path: str, headers: dict[str, str] | None = None) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.get(f"http://127.0.0.1:{port}{path}", headers=headers, timeout=10)


def is_up(port: int) -> bool:
    try:
        return get(port, "/readyz").ok
    except requests.RequestException:
        return False
