"""A Redis of a test, on a free port of the loopback interface."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import redis

from tests.support.devcloud import wait_until
from tests.support.local_servers import LocalServer, free_port, ordinary_user, private_directory


@dataclass(frozen=True)
class Redis:
    """A running Redis, which a test may stop and start again."""

    server: LocalServer
    url: str

    def start(self) -> None:
        """Start it, and return when it answers."""
        self.server.start()
        wait_until(self._answers, "Redis answers")

    def stop(self) -> None:
        """Stop it."""
        self.server.stop()

    def _answers(self) -> bool:
        self.server.check()
        with redis.Redis.from_url(self.url) as client:
            try:
                return bool(client.ping())
            except redis.ConnectionError:
                return False


def content_of(url: str) -> dict[bytes, object]:
    """Return all keys of a Redis and their values, of whatever type."""
    with redis.Redis.from_url(url) as client:
        readers = {b"string": client.get, b"hash": client.hgetall, b"set": client.smembers}
        return {key: readers[client.type(key)](key) for key in client.scan_iter()}


@contextmanager
def redis_server() -> Iterator[Redis]:
    """Run a new Redis, which stores nothing on disk, until the block ends."""
    port, password = free_port(), secrets.token_urlsafe(12)
    program = shutil.which("redis-server") or "redis-server"
    with private_directory() as directory:
        options = [f"--port {port}", "--bind 127.0.0.1", "--save ''", f"--dir {directory}", f"--requirepass {password}"]
        command = [program, *(word.strip("'") for option in options for word in option.split())]
        server = LocalServer(command, directory / "log", ordinary_user())
        running = Redis(server, f"redis://:{password}@127.0.0.1:{port}/0")
        try:
            running.start()
            yield running
        finally:
            server.stop()
