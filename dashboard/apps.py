"""The app of the site itself."""

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """Registers the checks of settings."""

    name = "dashboard"

    def ready(self) -> None:
        """Import the checks, which registers them."""
        from dashboard import checks  # noqa: F401, PLC0415  # they need the settings
