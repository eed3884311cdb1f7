#!/usr/bin/env python
"""Entry point of Django's and Diskboard's commands in a checkout; `python manage.py help` lists them."""

import os
import sys

from django.core.management import ManagementUtility

from dashboard import __version__
from dashboard.cli import run

if __name__ == "__main__":
    # Django answers this before it looks for commands, with its own version.
    if sys.argv[1:] in (["version"], ["--version"]):
        sys.stdout.write(f"{__version__}\n")
        sys.exit()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
    run(ManagementUtility(sys.argv))
