"""``diskboard migrate``: update the database's tables, also while other nodes start."""

from typing import Any

from django.core.management.base import BaseCommand

from dashboard.migration import migrate


class Command(BaseCommand):
    """Run the migrations that are missing."""

    help = "Update the database's tables; a node that comes second waits."
    requires_system_checks = "__all__"

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        """Migrate."""
        migrate()
        self.stdout.write("The database is up to date.")
