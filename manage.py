#!/usr/bin/env python
"""Entry point of Diskboard's commands; `python manage.py help` lists them, `version` prints Diskboard's version."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from environs import EnvError

from dashboard import __version__

if __name__ == "__main__":
    # Django answers this before it looks for commands, with its own version.
    if sys.argv[1:] in (["version"], ["--version"]):
        sys.stdout.write(f"{__version__}\n")
        sys.exit()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, EnvError) as error:
        # A wrong setting: its name and value say enough, a traceback would hide them.
        sys.exit(f"Diskboard can't start: {error}")
