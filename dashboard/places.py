"""Where Diskboard's own files are: in a checkout, or in an installed package."""

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
_BESIDE = PACKAGE.parent
# A checkout has templates, static files and translations beside this package; an installed package contains them.
IS_CHECKOUT = (_BESIDE / "manage.py").is_file() and (_BESIDE / "templates").is_dir()
RESOURCES = _BESIDE if IS_CHECKOUT else PACKAGE
# Static files that were compressed and given their final names when the package was built
BUILT_STATIC = PACKAGE / "static_built"
# Gunicorn's option --config
CONFIGURATION = "python:dashboard.gunicorn_config"
# The directory of a system service: systemd's StateDirectory, the volume of a container
SYSTEM_VAR = Path("/var/lib/diskboard")


def default_var_dir() -> Path:
    """Return the default of VAR_DIR: the service's directory if this user may write there, else the user's own.

    A checkout keeps everything in its own directory. An installed package never does: an upgrade would delete it.
    """
    if IS_CHECKOUT:
        return _BESIDE / "var"
    if os.geteuid() == 0 or os.access(SYSTEM_VAR, os.W_OK):
        return SYSTEM_VAR
    return Path.home() / ".local" / "share" / "diskboard"
