"""Run Diskboard as in production: gunicorn in a separate process, on a port that no other process can take."""

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import requests

from dashboard.devcloud.child import Child
from dashboard.places import CONFIGURATION
from tests.support.devcloud import wait_until

ROOT = Path(__file__).parents[2]
START_SECONDS = 60.0
# The developer's own environment must not influence the tests.
DEFAULTS = {
    "ALLOWED_HOSTS": "127.0.0.1",
    "AUDIT_LOG": "",
    "CSRF_TRUSTED_ORIGINS": "",
    "DEBUG": "0",
    "HTTPS": "0",
    "LANGUAGE_CODE": "en",
    "OS_CACERT": "",
    "OS_CLOUD": "",
    "OS_INTERFACE": "public",
    "OS_REGION_NAME": "",
    "OS_USER_DOMAIN_NAME": "Default",
    "PUBLIC_URL": "",
    "READ_ONLY_ROLES": "reader",
    "TIME_ZONE": "UTC",
    "TRUSTED_PROXIES": "0",
    "URL_PREFIX": "",
}
# The same as ``manage.py`` does in two processes
PREPARE = """
import os
import django
from django.core.management import call_command
os.environ["DJANGO_SETTINGS_MODULE"] = "dashboard.settings"
django.setup()
call_command("migrate", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
"""


@dataclass(frozen=True)
class Server:
    """A running Diskboard: its address without a trailing slash, its process and its log."""

    url: str
    child: Child
    log: Path

    @property
    def workers(self) -> list[int]:
        """The processes that answer requests; the main process only supervises them."""
        return [int(one) for one in Path(f"/proc/{self.child.pid}/task/{self.child.pid}/children").read_text().split()]


@contextmanager
def serving(directory: Path, auth_url: str, **environment: str) -> Iterator[Server]:
    """Run Diskboard in front of a cloud, with its own database and log in `directory`."""
    wanted = {
        **DEFAULTS,
        "VAR_DIR": str(directory),
        "SECRET_KEY": secrets.token_urlsafe(50),
        "OS_AUTH_URL": auth_url,
        **environment,
    }
    subprocess.run([sys.executable, "-c", PREPARE], check=True, cwd=ROOT, env={**os.environ, **wanted})
    # The server inherits a listening socket, so that no other process can answer in its place.
    with socket.create_server(("127.0.0.1", 0)) as held:
        server = _serve(held, wanted, directory / "server.log")
    try:
        wait_until(lambda: is_up(server), f"Diskboard answers at {server.url}", START_SECONDS)
        yield server
    finally:
        # The server would wait for connections that a browser still holds open.
        server.child.stop(seconds=0.2)


def _serve(held: socket.socket, environment: dict[str, str], log: Path) -> Server:
    options = ["--bind", f"fd://{held.fileno()}", "--workers", "1", "--graceful-timeout", "5"]
    child = Child(
        "Diskboard",
        ["gunicorn", "--config", CONFIGURATION, *options, "dashboard.wsgi:application"],
        environment=environment,
        descriptors=[held.fileno()],
        log=log,
    )
    return Server(f"http://127.0.0.1:{held.getsockname()[1]}", child, log)


def is_up(server: Server) -> bool:
    """Whether the server answers; fails at once if it has ended."""
    server.child.check()
    with requests.Session() as session:
        session.trust_env = False
        try:
            return session.get(f"{server.url}/healthz", timeout=2).status_code == HTTPStatus.OK
        except requests.RequestException:
            return False
