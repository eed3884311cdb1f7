"""A PostgreSQL of a test: a new cluster in a temporary directory, on a free port of the loopback interface."""

import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.support.devcloud import wait_until
from tests.support.local_servers import LocalServer, free_port, hand_over, ordinary_user, private_directory

# Debian keeps the programs of each version apart.
PLACES = "/usr/lib/postgresql"
USER = "diskboard"
# A test's data need not survive the machine.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def program(name: str) -> Path:
    """Return the path of one of PostgreSQL's programs, of the newest version that is installed.

    Raises:
        FileNotFoundError: it isn't installed; `scripts/ensure-servers` does so.
    """
    found = shutil.which(name)
    versions = sorted(Path(PLACES).glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    if found or versions:
        return Path(found or versions[-1])
    raise FileNotFoundError(f"{name}: run scripts/ensure-servers")


@dataclass(frozen=True)
class PostgreSQL:
    """A running PostgreSQL, which a test may stop, freeze and start again."""

    server: LocalServer
    port: int
    password: str

    def url(self, name: str = "postgres") -> str:
        """Return the DATABASE_URL of a database."""
        return f"postgresql://{USER}:{self.password}@127.0.0.1:{self.port}/{name}"

    def new_database(self) -> str:
        """Create an empty database and return its DATABASE_URL."""
        name = f"test_{secrets.token_hex(5)}"
        self.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def execute(self, statement: str, url: str = "") -> list[tuple[object, ...]]:
        """Run a statement by itself and return its rows."""
        with psycopg.connect(url or self.url(), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def start(self) -> None:
        """Start it, and return when it answers."""
        self.server.start()
        wait_until(self._answers, "PostgreSQL answers")

    def stop(self) -> None:
        """Stop it at once: it cuts all connections."""
        self.server.stop()

    def _answers(self) -> bool:
        self.server.check()
        try:
            self.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """Run a new PostgreSQL until the block ends."""
    user, port, password = ordinary_user(), free_port(), secrets.token_urlsafe(12)
    with private_directory() as directory:
        data, password_file = directory / "data", directory / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(password)
        hand_over(password_file)
        subprocess.run(
            [
                program("initdb"),
                f"--pgdata={data}",
                f"--username={USER}",
                f"--pwfile={password_file}",
                *("--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-sync"),
            ],
            check=True,
            capture_output=True,
            user=user,
            cwd=directory,
        )
        options = [f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={directory}", *FAST]
        command = [str(program("postgres")), "-D", str(data), *(f"--{option}" for option in options)]
        server = LocalServer(command, directory / "log", user, stop_signal=signal.SIGINT)
        running = PostgreSQL(server, port, password)
        try:
            running.start()
            yield running
        finally:
            server.stop()
