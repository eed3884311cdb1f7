"""Diskboard as ``make run`` starts it, and a browser's part in visiting it."""

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

from tests.support.devcloud import Project, wait_until
from tests.support.html import Page

START_SECONDS = 90.0
# A search through 10,000 disks takes Cinder longer than a user's page may on a busy machine.
PATIENCE = {"CLOUD_READ_SECONDS": "30", "CLOUD_TOTAL_SECONDS": "120"}
HTMX = {"HX-Request": "true"}


def environment(var: Path, auth_url: str, port: int = 0) -> dict[str, str]:
    """The environment of a Diskboard with files of its own."""
    ours = {"VAR_DIR": str(var), "OS_AUTH_URL": auth_url, "PORT": str(port), "SECRET_KEY": secrets.token_urlsafe(50)}
    return {**os.environ, **PATIENCE, **ours}


@dataclass(frozen=True, slots=True)
class Server:
    """A running Diskboard: its address, and the process that ``make run`` starts."""

    url: str
    process: subprocess.Popen[bytes]

    @property
    def workers(self) -> list[int]:
        """The ids of the processes that answer requests: the grandchildren."""
        return [worker for main in children(self.process.pid) for worker in children(main)]


def children(pid: int) -> list[int]:
    """The ids of a process's children."""
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def free_port() -> int:
    """Return a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def serving(tree: Path, var: Path, auth_url: str) -> Iterator[Server]:
    """Run the Diskboard of a checkout in front of a cloud, with its database and log in `var`."""
    var.mkdir(parents=True)
    port = free_port()
    log = var / "server.log"
    with log.open("wb") as writing:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "run"],
            cwd=tree,
            env=environment(var, auth_url, port),
            stdout=writing,
            stderr=subprocess.STDOUT,
        )
    server = Server(f"http://127.0.0.1:{port}", process)
    try:
        wait_until(lambda: is_up(server, log), f"Diskboard answers at {server.url}", START_SECONDS)
        yield server
    finally:
        process.terminate()
        process.wait()


def is_up(server: Server, log: Path) -> bool:
    """Whether the server answers; fails at once if it has ended."""
    if server.process.poll() is not None:
        raise SystemExit(log.read_text())
    try:
        return requests.get(f"{server.url}/healthz", timeout=2).ok
    except requests.RequestException:
        return False


@dataclass(slots=True)
class Browser:
    """A signed-in user, with a kept-alive connection."""

    site: str
    session: requests.Session = field(default_factory=requests.Session)

    @classmethod
    def signed_in(cls, site: str, project: Project) -> "Browser":
        """Sign in as the member of a project, on the sign-in page."""
        browser = cls(site)
        browser.session.trust_env = False
        browser.sign_in(project)
        return browser

    def sign_in(self, project: Project) -> None:
        """Sign in on the sign-in page."""
        sent = self.sign_in_fields(project, self.get("/sign-in/"))
        answer = self.post("/sign-in/", sent)
        assert answer.status_code == 302, f"Signing in answers {answer.status_code}"

    @staticmethod
    def sign_in_fields(project: Project, page: requests.Response) -> list[tuple[str, str]]:
        """The fields of the sign-in form, filled in."""
        [token] = set(Page(page).hidden("csrfmiddlewaretoken"))
        names = {"user_name": project.username, "password": project.password, "domain": "Default"}
        return [*names.items(), ("csrfmiddlewaretoken", token)]

    def get(self, path: str, **headers: str) -> requests.Response:
        """Get a page, compressed, as browsers do."""
        answer = self.session.get(self.site + path, headers=headers, timeout=180, allow_redirects=False)
        assert answer.status_code < 400, f"{path} answers {answer.status_code}"
        return answer

    def post(self, path: str, sent: list[tuple[str, str]], **headers: str) -> requests.Response:
        """Send a form."""
        headers = {"Referer": self.site, **headers}
        answer = self.session.post(self.site + path, data=sent, headers=headers, timeout=180, allow_redirects=False)
        assert answer.status_code < 400, f"{path} answers {answer.status_code}"
        return answer
