"""Concurrent requests to the cloud."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from typing import Any, TypeVar

from django.utils import translation

Given = TypeVar("Given")
Found = TypeVar("Found")

# Measured on the embedded cloud: more threads gain nothing, as Cinder becomes the limit.
THREADS = 4


def each(do: Callable[[Given], Found], items: Iterable[Given]) -> list[Found]:
    """Call `do` for every item and return the results in order. The first exception is raised after all calls end."""
    language = translation.get_language()

    def call(item: Given) -> Found:
        with translation.override(language):
            return do(item)

    with ThreadPoolExecutor(THREADS) as pool:
        # A new thread has neither the request's context (deadline.py) nor its language.
        futures = [pool.submit(copy_context().run, call, item) for item in items]
        wait(futures)
        return [future.result() for future in futures]


def each_within(seconds: float, do: Callable[[Given], Found], items: Iterable[Given]) -> list[Found]:
    """Like `each`, but begin no call after `seconds`, except the first THREADS calls; return the results of those made.

    Calls that have begun are completed. They begin in the order of the items.
    """
    begin_until = time.monotonic() + seconds

    def call(numbered: tuple[int, Given]) -> list[Found]:
        number, item = numbered
        return [do(item)] if number < THREADS or time.monotonic() < begin_until else []

    return [result for made in each(call, enumerate(items)) for result in made]


def together(*reads: Callable[[], Any]) -> list[Any]:
    """Call all `reads` concurrently and return their results. The first exception is raised after all calls end."""
    return each(lambda read: read(), reads)
