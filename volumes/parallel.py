"""Several requests to the cloud at once."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Given = TypeVar("Given")
Found = TypeVar("Found")

# Measured on the embedded cloud: beyond four the cloud is the limit.
THREADS = 4


def each(do: Callable[[Given], Found], items: Iterable[Given]) -> list[Found]:
    """Return what `do` returns for every item, in their order. The first exception is raised after all have run."""
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(do, items))


def together(*reads: Callable[[], Any]) -> list[Any]:
    """Return what these return, asked at the same time. The first exception is raised after all have run."""
    return each(lambda read: read(), reads)
