"""Several requests to the cloud at once."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from typing import Any, TypeVar

from django.utils import translation

Given = TypeVar("Given")
Found = TypeVar("Found")

# Measured on the embedded cloud: beyond four the cloud is the limit.
THREADS = 4


def each(do: Callable[[Given], Found], items: Iterable[Given]) -> list[Found]:
    """Return what `do` returns for every item, in their order. The first exception is raised after all have run."""
    language = translation.get_language()

    def go(item: Given) -> Found:
        with translation.override(language):
            return do(item)

    with ThreadPoolExecutor(THREADS) as pool:
        # Threads inherit neither the context of the request (deadline.py) nor its language.
        running = [pool.submit(copy_context().run, go, item) for item in items]
        wait(running)
        return [one.result() for one in running]


def together(*reads: Callable[[], Any]) -> list[Any]:
    """Return what these return, asked at the same time. The first exception is raised after all have run."""
    return each(lambda read: read(), reads)
