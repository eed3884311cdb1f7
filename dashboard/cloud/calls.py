"""What the calls to the cloud of one request to Diskboard cost: how long it waited for them, and how they ended."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings

SERVICES = ("keystone", "cinder")
OUTCOMES = ("ok", "refused", "failed", "unanswered")


class Calls:
    """The calls of one request; its threads share this object.

    Attributes:
        seconds: how long at least one call was under way. Concurrent calls count once.
        outcomes: the number of calls by service (``keystone`` or ``cinder``) and outcome: ``ok``, ``refused`` (4xx),
            ``failed`` (5xx) or ``unanswered``.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self.outcomes: Counter[tuple[str, str]] = Counter()
        self._running = 0
        self._since = 0.0
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Note that a call begins."""
        with self._lock:
            if not self._running:
                self._since = time.monotonic()
            self._running += 1

    def end(self, service: str, outcome: str) -> None:
        """Note that a call has ended."""
        with self._lock:
            self._running -= 1
            self.outcomes[service, outcome] += 1
            if not self._running:
                self.seconds += time.monotonic() - self._since


_current: ContextVar[Calls | None] = ContextVar("calls", default=None)


@contextmanager
def counted() -> Iterator[Calls]:
    """Count the calls made within."""
    calls = Calls()
    token = _current.set(calls)
    try:
        yield calls
    finally:
        _current.reset(token)


class Call:
    """One call under way."""

    outcome = "unanswered"

    def answered(self, status: int) -> None:
        """Note the status of the cloud's answer."""
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self.outcome = "failed"
        else:
            self.outcome = "refused" if status >= HTTPStatus.BAD_REQUEST else "ok"


@contextmanager
def one_call(url: str) -> Iterator[Call]:
    """Count the call to the cloud made within, if a request counts its calls."""
    calls, call = _current.get(), Call()
    if calls is None:
        yield call
        return
    calls.begin()
    try:
        yield call
    finally:
        calls.end(_service_at(url), call.outcome)


def _service_at(url: str) -> str:
    keystone, asked = urlsplit(settings.OS_AUTH_URL), urlsplit(url)
    # Services that share a host differ by their paths, such as /identity/v3 and /volume/v3.
    root = keystone.path.rstrip("/").removesuffix("/v3")
    is_below = asked.path.rstrip("/") == root or f"{asked.path}/".startswith(f"{root}/v3/")
    return "keystone" if asked.netloc == keystone.netloc and is_below else "cinder"
