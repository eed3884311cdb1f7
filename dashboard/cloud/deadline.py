"""The ID and the deadline of one request to Diskboard; all its calls to the cloud share the deadline."""

import re
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


@dataclass(frozen=True, slots=True)
class Deadline:
    """The ID of a request to Diskboard, also sent to the cloud, and its deadline on the monotonic clock (seconds)."""

    request_id: str
    ends_at: float


_current: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


@contextmanager
def one_request(given_id: str = "") -> Iterator[Deadline]:
    """Set the deadline for everything within: CLOUD_TOTAL_SECONDS from now.

    `given_id` is the ID that a trusted proxy gave the request; one is generated if it is empty or looks like no ID.
    """
    # OpenStack's services accept an ID from a client only in the form of ours (oslo.middleware, request_id.py).
    request_id = given_id if REQUEST_ID.fullmatch(given_id) else f"req-{uuid.uuid4()}"
    deadline = Deadline(request_id, time.monotonic() + settings.CLOUD_TOTAL_SECONDS)
    token = _current.set(deadline)
    try:
        yield deadline
    finally:
        _current.reset(token)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Shorten the deadline for everything within: at most `seconds` from now."""
    ends_at = time.monotonic() + min(seconds, seconds_left())
    token = _current.set(Deadline(request_id(), ends_at))
    try:
        yield
    finally:
        _current.reset(token)


def request_id() -> str:
    """Return the ID of the current request to Diskboard; empty outside of a request."""
    current = _current.get()
    return current.request_id if current else ""


def seconds_left() -> float:
    """Return the seconds until the deadline, possibly negative; outside of a request, CLOUD_TOTAL_SECONDS."""
    current = _current.get()
    return current.ends_at - time.monotonic() if current else float(settings.CLOUD_TOTAL_SECONDS)
