"""``diskboard serve``: run Diskboard's web server in front of a cloud."""

import os
import signal
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from dashboard import checked, places
from dashboard.migration import migrate
from dashboard.starting import StartingCommand, check_unix_socket, open_socket

NO_CLOUD = (
    "Set OS_AUTH_URL to your cloud's Keystone, or OS_CLOUD to a cloud in clouds.yaml. "
    "To try Diskboard out with a cloud of its own, run `diskboard demo`."
)


def _whole(value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise ArgumentTypeError(f"{value}: expected a whole number from 1 on")
    return int(value)


# The options, and the settings that they override
OPTIONS: dict[str, tuple[str, str, Callable[[str], int | str]]] = {
    "host": ("HOST", "the address to listen on", str),
    "port": ("PORT", "the port to listen on", _whole),
    "unix_socket": ("UNIX_SOCKET", "the path of a Unix socket to listen on instead", str),
    "workers": ("WORKERS", "the number of processes that answer requests", _whole),
    "threads": ("THREADS", "the number of requests that each process answers at once", _whole),
}


class Command(StartingCommand):
    """Update the database, then become the web server, without a process that supervises it."""

    help = "Run Diskboard in front of your cloud (OS_AUTH_URL or OS_CLOUD)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add an option for each setting of the web server."""
        for name, (setting, meaning, kind) in OPTIONS.items():
            option = f"--{name.replace('_', '-')}"
            parser.add_argument(option, metavar=setting, type=kind, help=f"{meaning} (setting {setting})")
        parser.add_argument("--no-migrate", action="store_true", help="leave the database as it is")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Prepare, then replace this process by the web server."""
        if not settings.OS_AUTH_URL:
            raise CommandError(NO_CLOUD, returncode=os.EX_CONFIG)
        given = {
            setting: str(options[name]) for name, (setting, *_rest) in OPTIONS.items() if options[name] is not None
        }
        _check_address({"HOST": settings.HOST, "PORT": settings.PORT, "UNIX_SOCKET": settings.UNIX_SOCKET} | given)
        # Until gunicorn handles it, there is nothing to finish. A container's first process would ignore it.
        signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(0))
        if not options["no_migrate"]:
            migrate()
        if places.IS_CHECKOUT:
            call_command("collectstatic", interactive=False, verbosity=0)
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


def _check_address(chosen: Mapping[str, Any]) -> None:
    """Listen for a moment: gunicorn tries for five seconds, and its messages don't name the settings."""
    if chosen["UNIX_SOCKET"]:
        check_unix_socket(chosen["UNIX_SOCKET"])
    else:
        open_socket(chosen["HOST"], int(chosen["PORT"]), "HOST=… or PORT").close()
    if settings.METRICS_ADDRESS:
        host, port = settings.METRICS_ADDRESS
        open_socket(host.strip("[]"), port, "METRICS_ADDRESS").close()
        # The counts are there. With PostgreSQL and SECRET_KEY nothing else need be.
        checked.writable_directory("VAR_DIR", settings.VAR_DIR)
