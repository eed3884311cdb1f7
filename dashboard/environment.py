"""Reading environment variables, and files that they name."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environs import FileAwareEnv


class Environment(FileAwareEnv):
    """Reads a setting from the variable with its name, or from the file whose path is in NAME_FILE."""

    def __init__(self) -> None:
        super().__init__(strip_whitespace=True)

    def _get_value(self, env_key: str, default: Any) -> Any:
        """Read a value; a file that can't be read stops the start as any other wrong setting does."""
        try:
            return super()._get_value(env_key, default)
        except ValueError as error:
            raise ImproperlyConfigured(str(error)) from error
