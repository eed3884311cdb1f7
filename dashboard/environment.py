"""Reading environment variables, and files that they name."""

from typing import Any, TypeVar

from environs import FileAwareEnv

from dashboard.checked import wrong

TRUE = frozenset({"1", "on", "yes", "true", "y", "t"})
FALSE = frozenset({"0", "off", "no", "false", "n", "f"})
MIN_SECONDS, MAX_SECONDS = 0.1, 3600

Default = TypeVar("Default", bound=int | None)


class Environment(FileAwareEnv):
    """Reads a setting from the variable with its name, or from the file whose path is in NAME_FILE.

    All methods raise ImproperlyConfigured with the variable, its value, and what is expected.
    """

    def __init__(self) -> None:
        super().__init__(strip_whitespace=True)

    def whole(self, name: str, default: Default, *, at_least: int = 1, at_most: int | None = None) -> int | Default:
        """Return a whole number, or `default` if the variable is unset."""
        given = self.str(name, None)
        if given is None:
            return default
        expected = f"a whole number from {at_least}" + (" on" if at_most is None else f" to {at_most}")
        try:
            value = int(given)
        except ValueError as error:
            raise wrong(name, given, expected) from error
        if value < at_least or (at_most is not None and value > at_most):
            raise wrong(name, given, expected)
        return value

    def seconds(self, name: str, default: float) -> float:
        """Return a time in seconds, from a tenth to an hour."""
        given = self.str(name, None)
        if given is None:
            return default
        expected = f"a number of seconds from {MIN_SECONDS} to {MAX_SECONDS}"
        try:
            value = float(given)
        except ValueError as error:
            raise wrong(name, given, expected) from error
        # Nothing is less or more than "nan".
        if not MIN_SECONDS <= value <= MAX_SECONDS:
            raise wrong(name, given, expected)
        return value

    def switch(self, name: str, default: bool) -> bool:
        """Return whether a switch is on."""
        given = self.str(name, None)
        if given is None:
            return default
        if given.casefold() in TRUE | FALSE:
            return given.casefold() in TRUE
        raise wrong(name, given, "1 or 0, or on or off")

    def _get_value(self, env_key: str, default: Any) -> Any:
        """Read a value; a file that can't be read stops the start as any other wrong setting does."""
        file = f"{env_key}_FILE"
        path = super()._get_value(file, "") if not env_key.endswith("_FILE") else ""
        try:
            value = super()._get_value(env_key, default)
        except (ValueError, OSError) as error:
            raise wrong(file, path, "a text file that can be read") from error
        if path and value == "":
            raise wrong(file, path, "a file that isn't empty")
        return value
