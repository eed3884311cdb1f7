"""The one HTTP connection pool to the cloud, with its bounds.

Connecting may take CLOUD_CONNECT_SECONDS, each wait for bytes CLOUD_READ_SECONDS. A read is asked once more where
the connection failed; a write never is, for it may have been done. Redirects are not followed, cookies not kept,
and proxies or .netrc of the environment not used: the token goes to the cloud's own addresses only.
"""

from functools import lru_cache
from http.cookiejar import DefaultCookiePolicy
from types import TracebackType
from typing import Any, Self

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse
from urllib3.connectionpool import ConnectionPool
from urllib3.exceptions import MaxRetryError
from urllib3.util import Retry

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
            raise MaxRetryError(_pool, url or "", error) from error
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
    """Tell whether the connection failed before a request went out on it, following the chain of causes."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, requests.ConnectTimeout | requests.exceptions.SSLError):
            return True
        if isinstance(seen, MaxRetryError):
            return type(seen.reason).__name__ in {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError"}
        seen = seen.__cause__ or seen.__context__
    return False
