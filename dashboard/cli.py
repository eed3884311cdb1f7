"""The command ``diskboard``, which an installed package provides."""

import os
import sys
import tempfile
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management import ManagementUtility, load_command_class
from django.db import OperationalError

from dashboard import __version__

# The commands and the modules in dashboard/management/commands that carry them out
COMMANDS = {
    "serve": "serve",
    "check": "check_installation",
    "migrate": "migrate_safely",
    "backup": "backup",
    "demo": "demo",
}
USAGE = """\
usage: diskboard COMMAND [options]

  serve     run Diskboard in front of your cloud
  check     look at settings, database and cloud, and say what is wrong
  migrate   update the database's tables
  backup    copy the SQLite database, also while Diskboard runs
  demo      run Diskboard with a cloud of its own, to try it out

Each has --help. `diskboard --version` prints the version. Settings are environment variables.
"""


class Utility(ManagementUtility):
    """Django's commands, with Diskboard's own names for some."""

    def fetch_command(self, subcommand: str) -> Any:
        """Return the command with this name."""
        own = COMMANDS.get(subcommand)
        # Django keeps the error of a wrong setting for itself, as some of its commands need no settings.
        if own and self.settings_exception:
            raise self.settings_exception
        if not own:
            return super().fetch_command(subcommand)
        command: Any = load_command_class("dashboard", own)
        # Its own --version would print Django's.
        command.get_version = lambda: __version__
        return command


def main() -> None:
    """Run the command that the command line names."""
    name = sys.argv[1] if len(sys.argv) > 1 else "--help"
    if name in {"version", "--version"}:
        sys.stdout.write(f"{__version__}\n")
    elif name in {"help", "--help", "-h"}:
        sys.stdout.write(USAGE)
    else:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
        if {"-h", "--help"} & {*sys.argv}:
            # Reading the settings makes a secret key; asking for help must not.
            with tempfile.TemporaryDirectory() as directory:
                os.environ["VAR_DIR"] = directory
                run(Utility(sys.argv))
        run(Utility(sys.argv))


def run(utility: ManagementUtility) -> None:
    """Run a command; a wrong setting ends it with one line, and so does a database that can't be reached.

    The line says enough, and a traceback would hide it. The exit status 78 of a wrong setting is the one of sysexits.h:
    starting again won't help.
    """
    try:
        utility.execute()
    except ImproperlyConfigured as error:
        sys.stderr.write(f"Diskboard can't start: {error}\n")
        sys.exit(os.EX_CONFIG)
    except OperationalError as error:
        # PostgreSQL's message has several lines, with the server, and without the password.
        sys.exit(f"Diskboard can't use its database: {' '.join(str(error).split())}")
