"""The shared HTTP connection pool to the cloud, with time and size limits.

Connecting may take CLOUD_CONNECT_SECONDS, each wait for bytes CLOUD_READ_SECONDS, and all calls of one page together
CLOUD_TOTAL_SECONDS. A read is retried once after a broken connection, but not after a time-out: a cloud that needs long
for an answer would need as long again. A write is never retried, as it may have been made.
To send the token to the cloud's own URLs only, redirects are not followed, and proxies and .netrc from the
environment are ignored. Cookies are not stored.
"""

from __future__ import annotations

import re
import ssl
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import lru_cache
from http.cookiejar import DefaultCookiePolicy
from io import BytesIO
from socket import SHUT_RDWR
from threading import Lock, Timer
from typing import TYPE_CHECKING, Any, cast

import requests
import urllib3.exceptions
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from dashboard.cloud import calls
from dashboard.cloud.bulkhead import EndpointStalled, bulkhead_of
from dashboard.cloud.deadline import seconds_left

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.utils.functional import _StrPromise
    from urllib3 import BaseHTTPResponse


class TakesTooLong(requests.Timeout):
    """The answer was still arriving when the time for the call had run out."""


class AnswerTooBig(Exception):
    """The answer exceeds MAX_BYTES."""


class NoTimeLeft(requests.ConnectTimeout):
    """Earlier calls of the same page used up its time. This call was not sent."""


# The first class found among an error's causes gives the reason, so specific classes come first.
REASONS: tuple[tuple[type[BaseException], _StrPromise], ...] = (
    (urllib3.exceptions.SSLError, _("Its TLS certificate or protocol wasn't accepted.")),
    (EndpointStalled, _("It isn't answering, and too many requests are waiting for it already.")),
    (NoTimeLeft, _("Earlier requests used up the %(total)g seconds allowed for this page.")),
    (TakesTooLong, _("Its answer was still incomplete after %(total)g seconds.")),
    (AnswerTooBig, _("Its answer is too large.")),
    (urllib3.exceptions.ReadTimeoutError, _("It sent nothing for %(read)g seconds.")),
    (urllib3.exceptions.NameResolutionError, _("Its host name can't be resolved.")),
    (urllib3.exceptions.NewConnectionError, _("Its address doesn't accept connections.")),
    (urllib3.exceptions.ConnectTimeoutError, _("No connection could be made within %(connect)g seconds.")),
    (urllib3.exceptions.ProtocolError, _("The connection was interrupted.")),
    (requests.ReadTimeout, _("It sent nothing for %(read)g seconds.")),
    (requests.ConnectionError, _("The connection was interrupted.")),
)
NEVER_SENT = (
    urllib3.exceptions.SSLError,
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    requests.ConnectTimeout,
    requests.exceptions.SSLError,
)
READS = frozenset({"GET", "HEAD"})
POOL_SIZE = 32
CHUNK_BYTES = 64 * 1024
# A thousand disks with all their properties take about 10 MB.
MAX_BYTES = 64 * 1024 * 1024
# The escape of a surrogate in JSON; a pair of them is one character.
SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")
# With less time left a call is pointless.
MIN_SECONDS = 0.1


class Watchdog:
    """Cuts the connection of a call after a total time; a socket's time-out restarts with every byte received."""

    def __init__(self) -> None:
        self.connection: HTTPConnection | None = None
        self.has_cut = False
        self._over = False
        self._lock = Lock()

    @contextmanager
    def guard(self, seconds: float) -> Iterator[None]:
        """Limit the call within the block to `seconds`."""
        timer = Timer(seconds, self._cut)
        timer.daemon = True
        timer.start()
        token = _watchdog.set(self)
        try:
            yield
        finally:
            _watchdog.reset(token)
            timer.cancel()
            with self._lock:
                # The pool may now give the connection to another call.
                self._over = True

    def _cut(self) -> None:
        with self._lock:
            if self._over or self.connection is None or self.connection.sock is None:
                return
            self.has_cut = True
            with suppress(OSError):
                self.connection.sock.shutdown(SHUT_RDWR)


_watchdog: ContextVar[Watchdog | None] = ContextVar("watchdog", default=None)


class _Guarded:
    """Mixin of connections that announces the connection in use to the watchdog of the call."""

    def request(self, *args: Any, **kwargs: Any) -> None:
        watchdog = _watchdog.get()
        if watchdog:
            watchdog.connection = cast("HTTPConnection", self)
        super().request(*args, **kwargs)  # type: ignore[misc]  # of the connection class this is mixed into


class GuardedHTTPConnection(_Guarded, HTTPConnection):
    """A connection without TLS that a watchdog can cut."""


class GuardedHTTPSConnection(_Guarded, HTTPSConnection):
    """A TLS connection that a watchdog can cut."""


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = GuardedHTTPConnection


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = GuardedHTTPSConnection


class BoundedAdapter(HTTPAdapter):
    """Limits every call: time to connect, between bytes and in total, and concurrent calls per endpoint."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools create connections that a watchdog can cut."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send `request`; retry a read once after a connection failure."""
        url = request.url or ""
        with calls.one_call(url) as call, bulkhead_of(url).place(seconds_left()):
            response = self._send_or_retry(request, *args, **kwargs)
            call.answered(response.status_code)
            return response

    def _send_or_retry(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        if request.method not in READS:
            # Should no answer come, the last third is for reading whether the change was made.
            return self._send(request, seconds_left() * 2 / 3, *args, **kwargs)
        try:
            return self._send(request, seconds_left(), *args, **kwargs)
        except requests.ConnectionError as error:
            if _was_slow(error) or seconds_left() < MIN_SECONDS:
                raise
            return self._send(request, seconds_left(), *args, **kwargs)

    def _send(self, request: requests.PreparedRequest, seconds: float, *args: Any, **kwargs: Any) -> requests.Response:
        if seconds < MIN_SECONDS:
            raise NoTimeLeft
        bounds = (settings.CLOUD_CONNECT_SECONDS, settings.CLOUD_READ_SECONDS)
        kwargs["timeout"] = tuple(min(bound, seconds) for bound in bounds)
        watchdog = Watchdog()
        try:
            with watchdog.guard(seconds):
                response = super().send(request, *args, **kwargs)
                response.raw = BytesIO(_body(response.raw))
        except requests.RequestException as error:
            if watchdog.has_cut:
                raise TakesTooLong from error
            raise
        return response


def _body(raw: BaseHTTPResponse) -> bytes:
    """Read the whole body here, under the watchdog and within the retry of a failed read."""
    body = bytearray()
    try:
        for chunk in raw.stream(CHUNK_BYTES, decode_content=True):
            body += chunk
            if len(body) > MAX_BYTES:
                raw.close()
                raise requests.ConnectionError(AnswerTooBig())
    except urllib3.exceptions.HTTPError as error:
        raw.close()
        raise requests.ConnectionError(error) from error
    return bytes(body)


class CloudResponse(requests.Response):
    """A response whose JSON can be shown as it is."""

    def json(self, **kwargs: Any) -> Any:
        """Return the parsed body, with U+FFFD in place of lone surrogates, which no page or cookie can hold.

        Raises:
            requests.exceptions.JSONDecodeError: it isn't JSON, or it is nested more deeply than Python can parse.
        """
        try:
            value = super().json(**kwargs)
            return _without_surrogates(value) if SURROGATE_ESCAPE.search(self.content) else value
        except RecursionError as error:
            raise requests.exceptions.JSONDecodeError("nested too deeply", "", 0) from error


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    return value


class CloudSession(requests.Session):
    """A session whose responses are CloudResponses."""

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send a prepared request."""
        response = super().send(request, **kwargs)
        response.__class__ = CloudResponse
        return response


@lru_cache(maxsize=1)
def shared_session() -> requests.Session:
    """Return the process-wide session; all threads and users share its kept-alive connections."""
    session = CloudSession()
    adapter = BoundedAdapter(pool_maxsize=POOL_SIZE)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.verify = settings.OS_CACERT or True
    return session


def was_never_sent(error: BaseException) -> bool:
    """Return whether the connection failed before the request was sent on it."""
    return any(isinstance(cause, NEVER_SENT) for cause in _causes(error))


def _was_slow(error: BaseException) -> bool:
    """Return whether an answer took too long, rather than that the connection broke."""
    slow = (urllib3.exceptions.ReadTimeoutError, requests.ReadTimeout)
    return any(isinstance(cause, slow) for cause in _causes(error))


def tls_refusal(error: BaseException) -> str:
    """Return OpenSSL's reason if a connection failed because of TLS, else an empty string."""
    return next((str(cause) for cause in _causes(error) if isinstance(cause, ssl.SSLError)), "")


def reason_of(error: BaseException) -> str:
    """Return why a connection failed, in the user's words; the libraries' messages are for developers."""
    bounds = {
        "connect": settings.CLOUD_CONNECT_SECONDS,
        "read": settings.CLOUD_READ_SECONDS,
        "total": settings.CLOUD_TOTAL_SECONDS,
    }
    causes = list(_causes(error))
    for cause_class, message in REASONS:
        if any(isinstance(cause, cause_class) for cause in causes):
            return str(message) % bounds
    return gettext("Its answer doesn't have the expected format.")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and its causes. urllib3 keeps the cause in `reason`, requests in its first argument."""
    current: BaseException | None = error
    while current is not None:
        yield current
        inner = getattr(current, "reason", None) or (current.args[0] if current.args else None)
        if isinstance(inner, BaseException):
            yield from _causes(inner)
        current = current.__cause__ or current.__context__
