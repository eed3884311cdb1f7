"""Brings a server's database up to date once, and again only when the server's release changes."""

from collections.abc import Callable
from importlib import metadata
from pathlib import Path


def prepare(database: Path, distribution: str, migrate: Callable[[], None]) -> None:
    """Migrate unless the database is known to be of this release.

    The migrations of SQLite tables can't be rolled back: what a killed first start left half done is
    thrown away.
    """
    done = database.with_suffix(".release")
    release = metadata.version(distribution)
    if done.exists() and done.read_text() == release:
        return
    if not done.exists():
        for leftover in database.parent.glob(f"{database.name}*"):
            leftover.unlink()
    migrate()
    done.write_text(release)
