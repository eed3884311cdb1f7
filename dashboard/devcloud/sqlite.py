"""Makes SQLite bear many writers at once, for the servers' own database layers."""

from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine


def make_concurrent() -> None:
    """Set up every engine of this process; call before the first one connects."""

    @event.listens_for(Engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")

    # A transaction that reads first and then writes can't wait for its turn: SQLite answers "database is
    # locked" at once. So each one takes the writers' turn when it begins.
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
