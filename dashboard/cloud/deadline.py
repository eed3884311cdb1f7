"""One request to Diskboard: its id, and the time by which the cloud must have answered everything it asks."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Deadline:
    """The id of a request to Diskboard, which the cloud logs too, and when it must have ended (monotonic seconds)."""

    request_id: str
    ends_at: float


_current: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


@contextmanager
def one_request() -> Iterator[Deadline]:
    """Set the deadline for everything within: CLOUD_TOTAL_SECONDS from now."""
    # OpenStack's services accept a foreign id only in this form (oslo.middleware, request_id.py).
    deadline = Deadline(f"req-{uuid.uuid4()}", time.monotonic() + settings.CLOUD_TOTAL_SECONDS)
    token = _current.set(deadline)
    try:
        yield deadline
    finally:
        _current.reset(token)


def request_id() -> str:
    """Return the id of this request to Diskboard; empty outside of one."""
    current = _current.get()
    return current.request_id if current else ""


def seconds_left() -> float:
    """Return how many seconds the cloud may still take for this request to Diskboard."""
    current = _current.get()
    return current.ends_at - time.monotonic() if current else float(settings.CLOUD_TOTAL_SECONDS)
