"""Update the database's tables; safe if several nodes start at once."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.management import call_command
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterator

# Any number that no other program uses as an advisory lock in the same database
LOCK = 0xD15CB0A2D


def migrate() -> None:
    """Run Django's migrations. A node that comes second waits, and then finds nothing to do.

    Raises:
        OperationalError: the database can't be reached; dashboard/cli.py makes one line of it.
    """
    with _locked():
        call_command("migrate", interactive=False, verbosity=0)
        # The migration makes no table while REDIS_URL is set; that setting may be removed later.
        call_command("createcachetable", verbosity=0)


@contextmanager
def _locked() -> Iterator[None]:
    if connection.vendor == "postgresql":
        # A lock of a session could outlive it in a pooler such as PgBouncer; one of a transaction can't. The
        # transaction has its own connection, as migrations begin and end theirs.
        holder = connection.copy()
        try:
            holder.set_autocommit(False)
            with holder.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            yield
        finally:
            holder.close()
        return
    # SQLite's nodes share VAR_DIR.
    with (settings.VAR_DIR / "migrate.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
