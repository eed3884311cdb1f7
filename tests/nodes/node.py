"""A node of Diskboard: `serve` with its own directory, on a port of its own."""

import os
import signal
import sys
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import requests

from tests.browser.serving import DEFAULTS, ROOT
from tests.support.devcloud import wait_until
from tests.support.local_servers import LocalServer

START_SECONDS = 60.0
# More than GRACEFUL_SECONDS, for which a node answers requests at its end
END_SECONDS = 40.0


@dataclass(frozen=True)
class Node:
    """A node, which a test may stop, kill and start again, also with other settings."""

    port: int
    server: LocalServer

    @classmethod
    def prepared(cls, directory: Path, port: int, **environment: str) -> "Node":
        """Return a node that isn't started yet; `environment` has its settings."""
        directory.mkdir()
        own = {"VAR_DIR": str(directory / "var"), "PORT": str(port), "WORKERS": "2"}
        settings = {**os.environ, **DEFAULTS}
        # PUBLIC_URL gives their defaults.
        unset = ("ALLOWED_HOSTS", "HTTPS", "CSRF_TRUSTED_ORIGINS", "URL_PREFIX")
        settings = {name: value for name, value in settings.items() if name not in unset} | own | environment
        command = [sys.executable, "manage.py", "serve"]
        return cls(port, LocalServer(command, directory / "log", environment=settings, directory=ROOT))

    def start(self) -> None:
        """Start it, and return when it is ready."""
        self.server.start()
        wait_until(self.is_ready, f"the node at port {self.port} is ready", START_SECONDS)

    def end(self) -> None:
        """Tell it to end, and return when it has answered all requests."""
        assert self.server.process, "It wasn't started"
        self.server.process.send_signal(signal.SIGTERM)
        assert self.server.process.wait(END_SECONDS) == 0, self.log

    def restart_with(self, **changed: str) -> None:
        """End it, and start it again with other settings."""
        self.end()
        self.server.environment = {**(self.server.environment or {}), **changed}
        self.start()

    def reload(self) -> None:
        """Let it replace its workers, and return when the old ones are gone."""
        before = self.workers
        os.kill(self.server.pid, signal.SIGHUP)
        wait_until(lambda: not before & self.workers and self.is_ready(), "the workers are new ones", END_SECONDS)

    @property
    def workers(self) -> set[int]:
        """The processes that answer requests."""
        children = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children")
        return {int(one) for one in children.read_text().split()}

    @property
    def log(self) -> str:
        """What it has logged so far."""
        return self.server.log.read_text()

    def is_ready(self) -> bool:
        """Whether it may get requests."""
        self.server.check()
        try:
            return self.probe().status_code == HTTPStatus.OK
        except requests.RequestException:
            return False

    def probe(self) -> requests.Response:
        """Return the answer of its readiness probe."""
        with requests.Session() as session:
            session.trust_env = False
            return session.get(f"http://127.0.0.1:{self.port}/readyz", timeout=10)
