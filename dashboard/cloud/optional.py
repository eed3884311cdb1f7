"""Reads that a page can do without."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from dashboard.cloud.errors import CloudError, SignInRequired

if TYPE_CHECKING:
    from collections.abc import Callable

Value = TypeVar("Value")


def optional(read: Callable[[], Value], default: Value) -> Callable[[], Value]:
    """Return `read` so that it gives `default` if the cloud refuses or fails.

    Raises:
        SignInRequired: raised by the returned function if the session has ended.
    """

    def reading() -> Value:
        try:
            return read()
        except SignInRequired:
            raise
        except CloudError:
            return default

    return reading
