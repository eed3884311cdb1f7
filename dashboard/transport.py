"""The one HTTP connection pool to the cloud, with its bounds.

Connecting may take CLOUD_CONNECT_SECONDS, each wait for bytes CLOUD_READ_SECONDS. A read is asked once more where
the connection failed; a write never is, for it may have been done. Redirects are not followed, cookies not kept,
and proxies or .netrc of the environment not used: the token goes to the cloud's own addresses only.
"""

from __future__ import annotations

from functools import lru_cache
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, Self

import requests
import urllib3.exceptions
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from django.utils.functional import _StrPromise
    from urllib3 import BaseHTTPResponse
    from urllib3.connectionpool import ConnectionPool

# The first that is among an error's causes tells the reason: the more telling ones stand first.
REASONS: tuple[tuple[type[BaseException], _StrPromise], ...] = (
    (urllib3.exceptions.SSLError, _("Its TLS certificate or protocol was not accepted.")),
    (urllib3.exceptions.ReadTimeoutError, _("It said nothing for %(read)g seconds.")),
    (urllib3.exceptions.NameResolutionError, _("Its name is not known.")),
    (urllib3.exceptions.NewConnectionError, _("Nobody answers at its address.")),
    (urllib3.exceptions.ConnectTimeoutError, _("No connection came about within %(connect)g seconds.")),
    (urllib3.exceptions.ProtocolError, _("The connection was cut.")),
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


class ReadsOnceMore(Retry):
    """Retries a read once after a failed connection; also a connection refused, but never for a write."""

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: TracebackType | None = None,
    ) -> Self:
        """Count one more try, or raise MaxRetryError where there may be none."""
        if error and method not in READS and _pool:
            raise urllib3.exceptions.MaxRetryError(_pool, url or "", error) from error
        return super().increment(method, url, response, error, _pool, _stacktrace)


class BoundedAdapter(HTTPAdapter):
    """Gives every request a time-out for connecting and one for reading: keystoneauth takes a single one."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send `request` within the bounds of the settings."""
        kwargs["timeout"] = (settings.CLOUD_CONNECT_SECONDS, settings.CLOUD_READ_SECONDS)
        return super().send(request, *args, **kwargs)


@lru_cache(maxsize=1)
def shared_session() -> requests.Session:
    """Return the process-wide session; its connections are kept alive and shared by all threads and users."""
    session = requests.Session()
    retries = ReadsOnceMore(total=1, allowed_methods=READS, status=0, redirect=0, raise_on_status=False)
    adapter = BoundedAdapter(pool_maxsize=POOL_SIZE, max_retries=retries)
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
    bounds = {"connect": settings.CLOUD_CONNECT_SECONDS, "read": settings.CLOUD_READ_SECONDS}
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
