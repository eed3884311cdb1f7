"""``diskboard serve``: run Diskboard's web server in front of a cloud."""

import os
import signal
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from dashboard import places
from dashboard.migration import migrate

NO_CLOUD = (
    "Set OS_AUTH_URL to your cloud's Keystone, or OS_CLOUD to a cloud in clouds.yaml. "
    "To try Diskboard out with a cloud of its own, run `diskboard demo`."
)
# The options and the settings that they override
OPTIONS = {
    "host": ("HOST", "the address to listen on"),
    "port": ("PORT", "the port to listen on"),
    "unix_socket": ("UNIX_SOCKET", "the path of a Unix socket to listen on instead"),
    "workers": ("WORKERS", "the number of processes that answer requests"),
    "threads": ("THREADS", "the number of requests that each process answers at once"),
}


class Command(BaseCommand):
    """Update the database, then become the web server, without a process that supervises it."""

    help = "Run Diskboard in front of your cloud (OS_AUTH_URL or OS_CLOUD)."
    requires_system_checks = "__all__"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add an option for each setting of the web server."""
        for name, (setting, meaning) in OPTIONS.items():
            parser.add_argument(f"--{name.replace('_', '-')}", metavar=setting, help=f"{meaning} (setting {setting})")
        parser.add_argument("--no-migrate", action="store_true", help="leave the database as it is")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Prepare, then replace this process by the web server."""
        if not settings.OS_AUTH_URL:
            raise CommandError(NO_CLOUD, returncode=os.EX_CONFIG)
        # Until gunicorn handles it, there is nothing to finish. A container's first process would ignore it.
        signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(0))
        if not options["no_migrate"]:
            migrate()
        if places.IS_CHECKOUT:
            call_command("collectstatic", interactive=False, verbosity=0)
        given = {setting: options[name] for name, (setting, _meaning) in OPTIONS.items() if options[name] is not None}
        arguments = [sys.executable, "-m", "gunicorn", "--config", places.CONFIGURATION]
        # Gunicorn reads its configuration by the settings, which read the environment.
        environment = {**os.environ, **_for_checkout(), **given}  # passed on
        os.execve(sys.executable, [*arguments, "dashboard.wsgi:application"], environment)  # noqa: S606  # no shell needed


def _for_checkout() -> dict[str, str]:
    """Return what lets Python find a checkout's packages, which aren't installed, from any directory."""
    if not places.IS_CHECKOUT:
        return {}
    paths = [str(places.RESOURCES), os.environ.get("PYTHONPATH", "")]
    return {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
