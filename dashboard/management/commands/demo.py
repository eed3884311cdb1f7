"""``diskboard demo``: run Diskboard with the embedded cloud."""

from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from dashboard.management.commands import run

MISSING = (
    'The packages of the embedded cloud are missing: install Diskboard with the extra "demo", pip install ".[demo]".'
)


class Command(run.Command):
    """Run with the embedded cloud, whatever OS_AUTH_URL is."""

    help = "Run Diskboard with a Keystone and a Cinder of its own, to try it out."

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Run until interrupted."""
        if not find_spec("cinder"):
            raise CommandError(MISSING)
        settings.OS_AUTH_URL = ""
        super().handle(*arguments, **options)
