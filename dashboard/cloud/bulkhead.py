"""How many calls may wait for one endpoint of the cloud, so that a stalled one leaves threads for everything else."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from urllib.parse import urlsplit

import requests
from django.conf import settings

# So long a full endpoint may say nothing before nobody waits for a place any more.
PATIENCE_SECONDS = 1.0


class EndpointStalls(requests.ConnectTimeout):
    """As many calls as may wait for it, and it answers none of them. This one was not sent."""


class Bulkhead:
    """Lets a number of calls at once go to one endpoint; the others wait, as long as it answers at all."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._taken = 0
        self._heard_at = 0.0
        self._changed = threading.Condition()

    @contextmanager
    def place(self, seconds: float) -> Iterator[None]:
        """Hold one of the places, within `seconds`.

        Raises:
            EndpointStalls: there is none, and the endpoint has been silent since.
        """
        self._take(time.monotonic() + seconds)
        try:
            yield
        except requests.RequestException:
            self._give_back(heard=False)
            raise
        except BaseException:
            self._give_back(heard=True)
            raise
        self._give_back(heard=True)

    def _take(self, until: float) -> None:
        with self._changed:
            while self._taken >= self._places:
                patient = min(until, self._heard_at + PATIENCE_SECONDS) - time.monotonic()
                if patient <= 0:
                    raise EndpointStalls
                self._changed.wait(patient)
            self._taken += 1
            if self._taken == self._places:
                # Nobody may have asked it for long: it is silent from now on only.
                self._heard_at = time.monotonic()

    def _give_back(self, *, heard: bool) -> None:
        with self._changed:
            self._taken -= 1
            if heard:
                self._heard_at = time.monotonic()
            self._changed.notify()


@lru_cache(maxsize=64)
def _bulkhead(_endpoint: str) -> Bulkhead:
    return Bulkhead(settings.CLOUD_CALLS_AT_ONCE)


def bulkhead_of(url: str) -> Bulkhead:
    """Return the gate of an address: services differ by host and port, or by the first part of the path."""
    parts = urlsplit(url)
    return _bulkhead(f"{parts.netloc}/{parts.path.split('/')[1] if '/' in parts.path else ''}")


def forget() -> None:
    """Begin anew, with the settings as they are now."""
    _bulkhead.cache_clear()
