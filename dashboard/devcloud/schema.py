"""Migrate a server's database at its first start, and when the server's release changes."""

from collections.abc import Callable
from importlib import metadata
from pathlib import Path


def prepare(database: Path, distribution: str, migrate: Callable[[], None]) -> None:
    """Call `migrate` unless the database is marked as migrated to the installed release of `distribution`.

    Migrations on SQLite can't be rolled back, so a database that an interrupted first start left behind is deleted.
    """
    marker = database.with_suffix(".release")
    release = metadata.version(distribution)
    if marker.exists() and marker.read_text() == release:
        return
    if not marker.exists():
        for leftover in database.parent.glob(f"{database.name}*"):
            leftover.unlink()
    migrate()
    marker.write_text(release)
