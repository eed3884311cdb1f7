"""Hatch's build hook: the wheel gets its static files compressed and with their final names."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BuildStatic(BuildHookInterface):
    """Collects the static files, as ``make run`` does at each start."""

    def initialize(self, _version: str, build_data: dict[str, Any]) -> None:
        """Add the collected files to those of the wheel."""
        # Imported here: Hatch looks at every global of this module, and the settings can't be looked at yet.
        import django  # noqa: PLC0415  only when a wheel is built
        from django.conf import settings  # noqa: PLC0415  as above
        from django.core.management import call_command  # noqa: PLC0415  as above

        self.collected = tempfile.TemporaryDirectory()
        sys.path.insert(0, self.root)
        settings.configure(
            INSTALLED_APPS=["django.contrib.staticfiles", "django_htmx"],
            STATIC_URL="/static/",
            STATIC_ROOT=self.collected.name,
            STATICFILES_DIRS=[Path(self.root) / "static"],
            STORAGES={"staticfiles": {"BACKEND": "dashboard.web.static_files.StaticFilesStorage"}},
        )
        django.setup()
        call_command("collectstatic", interactive=False, verbosity=0)
        # A path that exists already belongs to the source distribution.
        build_data["force_include"][self.collected.name] = "dashboard/static_built"

    def finalize(self, _version: str, _build_data: dict[str, Any], _artifact_path: str) -> None:
        """Delete the collected files."""
        self.collected.cleanup()
