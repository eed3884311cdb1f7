"""``diskboard backup``: copy the SQLite database, also while Diskboard runs."""

import os
import sqlite3
from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from dashboard.private_files import PRIVATE_FILE

POSTGRESQL = 'The database is PostgreSQL: copy it with pg_dump --format=custom --file=PATH "$DATABASE_URL".'
# A writer locks the database for a moment only.
WAIT_SECONDS = 30


class Command(BaseCommand):
    """Copy the database to a new file, which only its owner can read. The key stays where it is."""

    help = "Copy the SQLite database to a new file; safe while Diskboard runs. The key isn't copied."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the path."""
        parser.add_argument("path", type=Path, metavar="PATH", help="the file to create")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Copy it."""
        if connection.vendor != "sqlite":
            raise CommandError(POSTGRESQL)
        database = Path(connection.settings_dict["NAME"])
        if not database.is_file():
            raise CommandError(f"There is no database: {database}. Is VAR_DIR right?")
        path = options["path"].absolute()
        _copy(database, path)
        self.stdout.write(f"The database is copied to {path}. Keep the key in another place: it isn't in the copy.")


def _copy(database: Path, path: Path) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    except OSError as error:
        raise CommandError(f"{path}: expected a new file in a directory that exists ({error.strerror})") from error
    try:
        with closing(sqlite3.connect(database, timeout=WAIT_SECONDS)) as source:
            # A copy of one moment, in one file; writers needn't wait.
            source.execute("VACUUM INTO ?", [str(path)])
        os.fsync(descriptor)
    except sqlite3.Error as error:
        path.unlink()
        raise CommandError(f"{database} can't be copied: {error}") from error
    finally:
        os.close(descriptor)
