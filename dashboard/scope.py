"""What everything that one request to Diskboard asks of the cloud has in common: an id, and a time to end by."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Scope:
    """One request to Diskboard: its id, which the cloud's logs hold too, and when it must have ended (monotonic)."""

    request_id: str
    ends_at: float


_scope: ContextVar[Scope | None] = ContextVar("scope", default=None)


@contextmanager
def one_request() -> Iterator[Scope]:
    """Within this, all that is asked of the cloud takes CLOUD_TOTAL_SECONDS together at the most."""
    # OpenStack's services take an id from elsewhere in this form only (oslo.middleware, request_id.py).
    here = Scope(f"req-{uuid.uuid4()}", time.monotonic() + settings.CLOUD_TOTAL_SECONDS)
    token = _scope.set(here)
    try:
        yield here
    finally:
        _scope.reset(token)


def request_id() -> str:
    """Return the id of this request to Diskboard; empty outside of one."""
    here = _scope.get()
    return here.request_id if here else ""


def seconds_left() -> float:
    """Return how long the cloud may still take for this request to Diskboard."""
    here = _scope.get()
    return here.ends_at - time.monotonic() if here else float(settings.CLOUD_TOTAL_SECONDS)
