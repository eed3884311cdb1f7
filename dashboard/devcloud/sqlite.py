"""Configure SQLite for concurrent writers, below the servers' own database layers."""

from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine


def make_concurrent() -> None:
    """Configure every SQLAlchemy engine of this process; call before the first connection."""

    @event.listens_for(Engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")

    # SQLite doesn't wait when a transaction that has read begins to write: it raises "database is locked" at once.
    # So every transaction takes the write lock when it begins.
    @event.listens_for(Engine, "before_cursor_execute", retval=True)
    def begin_as_writer(
        _connection: Any,
        _cursor: Any,
        statement: str,
        parameters: Any,
        _context: Any,
        _many: bool,
    ) -> tuple[str, Any]:
        return ("BEGIN IMMEDIATE" if statement == "BEGIN" else statement), parameters
