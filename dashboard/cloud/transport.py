"""The one HTTP connection pool to the cloud, with its bounds.

Connecting may take CLOUD_CONNECT_SECONDS, each wait for bytes CLOUD_READ_SECONDS, and all that one page asks
CLOUD_TOTAL_SECONDS. A read is asked once more where the connection failed; a write never is, for it may have been done.
Redirects are not followed, cookies not kept, and proxies or .netrc of the environment not used: the token goes to the
cloud's own addresses only.
"""

from __future__ import annotations

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
from django.utils.translation import gettext_lazy as _
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from dashboard.cloud.bulkhead import EndpointStalls, bulkhead_of
from dashboard.cloud.deadline import seconds_left

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.utils.functional import _StrPromise
    from urllib3 import BaseHTTPResponse


class TakesTooLong(requests.Timeout):
    """The answer was still coming when its time was over."""


class TooMuch(Exception):
    """The answer is bigger than any that makes sense."""


class NoTimeLeft(requests.ConnectTimeout):
    """What was asked before for the same page took all the time there is. This call was not sent."""


# The first that is among an error's causes tells the reason: the more telling ones stand first.
REASONS: tuple[tuple[type[BaseException], _StrPromise], ...] = (
    (urllib3.exceptions.SSLError, _("Its TLS certificate or protocol was not accepted.")),
    (EndpointStalls, _("It answers nobody at the moment, and enough others wait for it already.")),
    (NoTimeLeft, _("All the time for it, %(total)g seconds, was used up before.")),
    (TakesTooLong, _("Its answer was still coming after %(total)g seconds.")),
    (TooMuch, _("Its answer is too big.")),
    (urllib3.exceptions.ReadTimeoutError, _("It said nothing for %(read)g seconds.")),
    (urllib3.exceptions.NameResolutionError, _("Its name is not known.")),
    (urllib3.exceptions.NewConnectionError, _("Nobody answers at its address.")),
    (urllib3.exceptions.ConnectTimeoutError, _("No connection came about within %(connect)g seconds.")),
    (urllib3.exceptions.ProtocolError, _("The connection was cut.")),
    (requests.ReadTimeout, _("It said nothing for %(read)g seconds.")),
    (requests.ConnectionError, _("The connection was cut.")),
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
PART_BYTES = 64 * 1024
# A thousand disks with all their properties are some 10 MB.
MOST_BYTES = 64 * 1024 * 1024
# With less time there is no use in asking.
LEAST_SECONDS = 0.1


class Watch:
    """Cuts the connection of a call that takes too long, whatever it is doing: time-outs count from byte to byte."""

    def __init__(self) -> None:
        self.connection: HTTPConnection | None = None
        self.has_cut = False
        self._over = False
        self._lock = Lock()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Watch over what is sent within this."""
        timer = Timer(seconds, self._cut)
        timer.daemon = True
        timer.start()
        token = _watch.set(self)
        try:
            yield
        finally:
            _watch.reset(token)
            timer.cancel()
            with self._lock:
                # The connection may be somebody else's from now on.
                self._over = True

    def _cut(self) -> None:
        with self._lock:
            if self._over or self.connection is None or self.connection.sock is None:
                return
            self.has_cut = True
            with suppress(OSError):
                self.connection.sock.shutdown(SHUT_RDWR)


_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


class _Watched:
    """A connection that the watch of the call on it can cut."""

    def request(self, *args: Any, **kwargs: Any) -> None:
        watch = _watch.get()
        if watch:
            watch.connection = cast("HTTPConnection", self)
        super().request(*args, **kwargs)  # type: ignore[misc]  # of the connection that this is mixed into


class WatchedHTTPConnection(_Watched, HTTPConnection):
    """One without TLS."""


class WatchedHTTPSConnection(_Watched, HTTPSConnection):
    """One with TLS."""


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = WatchedHTTPConnection


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = WatchedHTTPSConnection


class BoundedAdapter(HTTPAdapter):
    """Bounds every call: connecting, each wait for bytes, the whole of it, and how many wait for one endpoint."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Let the pools make connections that can be cut."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send `request`; once more where it only reads and the connection failed."""
        with bulkhead_of(request.url or "").place(seconds_left()):
            if request.method not in READS:
                # The rest is for looking what became of it, should the answer not come.
                return self._send(request, seconds_left() * 2 / 3, *args, **kwargs)
            try:
                return self._send(request, seconds_left() / 2, *args, **kwargs)
            except (requests.ConnectionError, requests.Timeout):
                if seconds_left() < LEAST_SECONDS:
                    raise
                return self._send(request, seconds_left(), *args, **kwargs)

    def _send(self, request: requests.PreparedRequest, seconds: float, *args: Any, **kwargs: Any) -> requests.Response:
        if seconds < LEAST_SECONDS:
            raise NoTimeLeft
        bounds = (settings.CLOUD_CONNECT_SECONDS, settings.CLOUD_READ_SECONDS)
        kwargs["timeout"] = tuple(min(bound, seconds) for bound in bounds)
        watch = Watch()
        try:
            with watch.within(seconds):
                response = super().send(request, *args, **kwargs)
                response.raw = BytesIO(_body(response.raw))
        except requests.RequestException as error:
            if watch.has_cut:
                raise TakesTooLong from error
            raise
        return response


def _body(raw: BaseHTTPResponse) -> bytes:
    """Read an answer's body here already, where a cut connection may be tried again and the watch goes on."""
    body = bytearray()
    try:
        for part in raw.stream(PART_BYTES, decode_content=True):
            body += part
            if len(body) > MOST_BYTES:
                raw.close()
                raise requests.ConnectionError(TooMuch())
    except urllib3.exceptions.HTTPError as error:
        raw.close()
        raise requests.ConnectionError(error) from error
    return bytes(body)


@lru_cache(maxsize=1)
def shared_session() -> requests.Session:
    """Return the process-wide session; its connections are kept alive and shared by all threads and users."""
    session = requests.Session()
    adapter = BoundedAdapter(pool_maxsize=POOL_SIZE)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.verify = settings.OS_CACERT or True
    return session


def was_never_sent(error: BaseException) -> bool:
    """Tell whether the connection failed before a request went out on it."""
    return any(isinstance(one, NEVER_SENT) for one in _causes(error))


def reason_of(error: BaseException) -> str:
    """Return why a connection failed, in plain words: the libraries' own are for their developers."""
    bounds = {
        "connect": settings.CLOUD_CONNECT_SECONDS,
        "read": settings.CLOUD_READ_SECONDS,
        "total": settings.CLOUD_TOTAL_SECONDS,
    }
    causes = list(_causes(error))
    for kind, words in REASONS:
        if any(isinstance(one, kind) for one in causes):
            return str(words) % bounds
    return str(error)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it came from; urllib3 keeps that in `reason`, requests in its first argument."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        inner = getattr(seen, "reason", None) or (seen.args[0] if seen.args else None)
        if isinstance(inner, BaseException):
            yield from _causes(inner)
        seen = seen.__cause__ or seen.__context__
