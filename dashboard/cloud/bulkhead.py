"""Limit the concurrent calls to one endpoint, so that a stalled one doesn't take every thread of a worker."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from urllib.parse import urlsplit

import requests
from django.conf import settings

# Once the limit is reached, waiting calls give up when the endpoint has been silent for this long.
PATIENCE_SECONDS = 1.0


class EndpointStalled(requests.ConnectTimeout):
    """The endpoint answers none of the calls that fill its limit. This call was not sent."""


class Bulkhead:
    """Admits up to `places` concurrent calls to one endpoint; further ones wait while it keeps answering."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._taken = 0
        self._answered_at = 0.0
        self._changed = threading.Condition()

    @contextmanager
    def place(self, seconds: float) -> Iterator[None]:
        """Occupy a place for one call; wait up to `seconds` for it.

        Raises:
            EndpointStalled: no place became free in time, or the endpoint is silent.
        """
        self._acquire(time.monotonic() + seconds)
        try:
            yield
        except requests.RequestException:
            self._release(answered=False)
            raise
        except BaseException:
            self._release(answered=True)
            raise
        self._release(answered=True)

    def _acquire(self, until: float) -> None:
        with self._changed:
            while self._taken >= self._places:
                wait = min(until, self._answered_at + PATIENCE_SECONDS) - time.monotonic()
                if wait <= 0:
                    raise EndpointStalled
                self._changed.wait(wait)
            self._taken += 1
            if self._taken == self._places:
                # The last answer may be old only because nothing was asked: start the clock now.
                self._answered_at = time.monotonic()

    def _release(self, *, answered: bool) -> None:
        with self._changed:
            self._taken -= 1
            if answered:
                self._answered_at = time.monotonic()
            self._changed.notify()


@lru_cache(maxsize=64)
def _bulkhead(_endpoint: str) -> Bulkhead:
    return Bulkhead(settings.CLOUD_CALLS_AT_ONCE)


def bulkhead_of(url: str) -> Bulkhead:
    """Return the bulkhead of a URL. Services differ by host and port, or by the first segment of the path."""
    parts = urlsplit(url)
    return _bulkhead(f"{parts.netloc}/{parts.path.split('/')[1] if '/' in parts.path else ''}")


def forget() -> None:
    """Drop all bulkheads; new ones use the current settings."""
    _bulkhead.cache_clear()
