"""Every command of the README and of docs/install.md that starts Diskboard does so, as it is written."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.browser.serving import ROOT
from tests.support.devcloud import wait_until
from tests.support.html import Page

START_SECONDS = 120.0
PAGES = ("README.md", "docs/install.md")
BLOCK = re.compile(r"^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STARTED = re.compile(r"Diskboard is at (http://\S+/)")


def recipes() -> list[str]:
    blocks = [block for page in PAGES for block in BLOCK.findall((ROOT / page).read_text())]
    return [line for block in blocks for line in block.splitlines() if re.search(r"\bmake run\b|manage\.py run", line)]


def given(recipe: str) -> dict[str, str]:
    """The settings in front of a command."""
    return dict(word.split("=", 1) for word in shlex.split(recipe) if "=" in word)


# Each start takes seconds of processor time, and ten more with the embedded cloud.
CASES = [pytest.param(one, id=one, marks=() if "org/diskboard " in one else pytest.mark.full) for one in recipes()]


def test_the_pages_have_recipes() -> None:
    settings = set().union(*map(given, recipes()))
    assert settings >= {"OS_AUTH_URL", "PUBLIC_URL", "HOST"}
    assert "make run" in recipes()


def without_installing(recipe: str) -> str:
    """The command with the environment of the tests, whose packages include those that `make run` would install."""
    stamps = " ".join(f"-o {sys.prefix}/.installed-{one}" for one in ("runtime", "devcloud", "dev"))
    return recipe.replace("make run", f"exec make --no-print-directory VENV={sys.prefix} {stamps} run")


@pytest.mark.parametrize("recipe", CASES)
def test_it_starts(tmp_path: Path, recipe: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    check(tmp_path, without_installing(recipe), given(recipe), port)


@pytest.mark.full
@pytest.mark.parametrize("host", ["::1", "::", "localhost"])
@pytest.mark.parametrize("options", ["", "--dev"], ids=["gunicorn", "dev"])
def test_it_starts_on_any_address(tmp_path: Path, host: str, options: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    wanted = {"HOST": host, "PUBLIC_URL": "https://disks.example.org/diskboard"}
    wanted["OS_AUTH_URL"] = "https://keystone.example.org:5000/v3"
    settings = " ".join(f"{name}={value}" for name, value in wanted.items())
    check(tmp_path, f"{settings} exec {sys.executable} manage.py run {options}", wanted, port)


def check(directory: Path, command: str, settings: dict[str, str], port: int) -> None:
    log = directory / "run.log"
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with log.open("wb") as output:
        run = subprocess.Popen(
            ["bash", "-c", command],
            cwd=ROOT,
            env={**kept, "PORT": str(port), "VAR_DIR": str(directory / "var")},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until(lambda: _says_where(run, log) is not None, "Diskboard says where it is", START_SECONDS)
        _look_at(str(_says_where(run, log)), settings)
        assert run.poll() is None
        assert ("can be reached from elsewhere" in log.read_text()) == (settings.get("HOST") in {"0.0.0.0", "::"})
    finally:
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGTERM)
        run.wait()
    assert "Traceback" not in log.read_text()


def _says_where(run: subprocess.Popen[bytes], log: Path) -> str | None:
    assert run.poll() is None, log.read_text()
    told = STARTED.search(log.read_text())
    return told[1] if told else None


def _look_at(url: str, settings: dict[str, str]) -> None:
    """Ask as the web server in front of it does, for the sign-in page and its style sheet, by GET and HEAD."""
    public = urlsplit(settings.get("PUBLIC_URL", ""))
    assert url.endswith(f"{public.path}/")
    headers = {"X-Forwarded-Proto": "https", "Host": public.netloc} if public.netloc else {}
    with requests.Session() as session:
        session.trust_env = False
        answer = session.get(f"{url}sign-in/", headers=headers, timeout=10)
        assert answer.status_code == 200
        page = Page(answer)
        assert page.has("button", "Sign in")
        [style] = [one["href"] for one in page.select("link[rel=stylesheet]")]
        root = url.removesuffix(f"{public.path}/")
        for path in (style, "/healthz", "/readyz", f"{public.path}/sign-in/"):
            for ask in (session.get, session.head):
                assert ask(root + path, headers=headers, timeout=10).status_code == 200, path
