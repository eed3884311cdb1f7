"""Diskboard: a web dashboard for the disks of an OpenStack project."""

# The only place of the version: pyproject.toml, the pages and `manage.py version` read it from here.
__version__ = "0.2.0.dev0"
