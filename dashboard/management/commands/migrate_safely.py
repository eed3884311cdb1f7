"""``diskboard migrate``: update the database's tables, also while other nodes start."""

from typing import Any

from dashboard.migration import migrate
from dashboard.starting import StartingCommand


class Command(StartingCommand):
    """Run the migrations that are missing."""

    help = "Update the database's tables; a node that comes second waits."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        """Migrate."""
        migrate()
        self.stdout.write("The database is up to date.")
