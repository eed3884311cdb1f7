"""A Diskboard of its own process, with the web server that users have, in front of a cloud that is down."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import requests
from django.conf import settings

START_SECONDS = 60.0


class Served:
    """`manage.py serve` with two workers, pages and metrics on ports of their own, and both streams in files."""

    def __init__(self, directory: Path, **changed: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
            self.port, self.metrics_port = one.getsockname()[1], other.getsockname()[1]
        self.var = directory / "var"
        self.streams = directory / "stdout", directory / "stderr"
        environment = {
            "PATH": os.environ["PATH"],
            "VAR_DIR": str(self.var),
            "PORT": str(self.port),
            "METRICS_ADDRESS": f"127.0.0.1:{self.metrics_port}",
            "OS_AUTH_URL": "http://127.0.0.1:9/v3",
            **changed,
        }
        command = [sys.executable, "manage.py", "serve"]
        with self.streams[0].open("a") as out, self.streams[1].open("a") as errors:
            self.process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=out, stderr=errors)

    def lines(self) -> list[str]:
        """What it has written to both streams."""
        return [line for stream in self.streams for line in stream.read_text().splitlines()]

    def get(self, port: int, path: str, **headers: str) -> requests.Response:
        with requests.Session() as session:
            session.trust_env = False
            return session.get(f"http://127.0.0.1:{port}{path}", headers=headers, timeout=10)

    def metrics(self) -> str:
        return self.get(self.metrics_port, "/metrics").text

    def is_up(self) -> bool:
        assert self.process.poll() is None, self.lines()
        try:
            return self.get(self.port, "/healthz").ok
        except requests.RequestException:
            return False

    def workers(self) -> set[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return {int(one) for one in children.split()}

    def has_new_workers(self, earlier: set[int]) -> bool:
        return len(self.workers()) == 2 and not self.workers() & earlier

    def stop(self) -> None:
        """End it in order, which must succeed."""
        self.process.terminate()
        try:
            assert self.process.wait(60) == 0, self.lines()
        finally:
            self.process.kill()
