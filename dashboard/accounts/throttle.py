"""Throttle of failed sign-ins by user name and by client address, shared by all workers through the database."""

import hashlib
import logging
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache as once
from ipaddress import IPv6Address, ip_address
from math import ceil

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from dashboard.accounts.models import SignInAttempt
from dashboard.cloud.errors import TooManyFailures, WrongCredentials

logger = logging.getLogger(__name__)

# Some proxies append the port: "192.0.2.1:4711", "[2001:db8::1]:4711".
ADDRESS_WITH_PORT = re.compile(r"\[(.+)\](?::\d+)?|([\d.]+):\d+")
# Unicode's marks, separators and other characters, such as controls
IGNORED_CATEGORIES = frozenset("MZC")
# An IPv6 user usually controls the whole /64 network.
IPV6_NETWORK_BITS = 64


@contextmanager
def attempt(request: HttpRequest, who: str) -> Iterator[None]:
    """Run one sign-in attempt of the user `who`; count it if it raises WrongCredentials.

    For a name, an attempt in progress counts as failed, so parallel attempts can't exceed the limit. For an address
    it doesn't, as many people may share one.

    Raises:
        TooManyFailures: too many recent failures for this name or address.
    """
    by_name, by_address = _hashed("name", _folded(who)), _hashed("address", _network(client_address(request)))
    with transaction.atomic():
        _lock(by_name)
        _refuse_beyond(by_name, settings.SIGN_IN_FAILURES_BY_NAME)
        _refuse_beyond(by_address, settings.SIGN_IN_FAILURES_BY_ADDRESS)
        in_progress = SignInAttempt.objects.create(counted_under=by_name)
    try:
        yield
    except WrongCredentials:
        SignInAttempt.objects.create(counted_under=by_address)
        raise
    except BaseException:
        # The attempt revealed nothing about the password.
        in_progress.delete()
        raise
    SignInAttempt.objects.filter(counted_under=by_name).delete()


def _lock(counted_under: str) -> None:
    """Let attempts for one name count one after the other until the transaction ends.

    SQLite does so itself: its transactions are IMMEDIATE (dashboard/settings.py).
    """
    if connection.vendor == "postgresql":
        key = int.from_bytes(bytes.fromhex(counted_under)[:8], "big", signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def _refuse_beyond(counted_under: str, limit: int) -> None:
    window = timedelta(minutes=settings.SIGN_IN_WINDOW_MINUTES)
    since = timezone.now() - window
    failures = SignInAttempt.objects.filter(counted_under=counted_under, at__gt=since).order_by("-at")
    latest = failures.values_list("at", flat=True)[:limit]
    if len(latest) >= limit:
        raise TooManyFailures(retry_after=ceil((latest[limit - 1] - since).total_seconds()))


def is_news(request: HttpRequest) -> bool:
    """Return whether this is the first refusal for this client address within the window, so worth an audit line."""
    by_address = _hashed("address", _network(client_address(request)))
    return bool(cache.add(f"throttled:{by_address}", 1, settings.SIGN_IN_WINDOW_MINUTES * 60))


def _folded(who: str) -> str:
    """Return a name without what some databases ignore when they compare: case, accents, blanks, invisible characters.

    One user then has one count, however the name is spelled.
    """
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", who).casefold())
    return "".join(one for one in decomposed if unicodedata.category(one)[0] not in IGNORED_CATEGORIES)


def _hashed(kind: str, text: str) -> str:
    """Return the hash to count under. Plain text isn't stored, as people type passwords into the name field."""
    return hashlib.sha256(f"{settings.SECRET_KEY}:{kind}:{text}".encode()).hexdigest()


def client_address(request: HttpRequest) -> str:
    """Return the client's IP address, or an empty string if it isn't known.

    Each of the TRUSTED_PROXIES proxies appends its peer's address to X-Forwarded-For. Entries further left come from
    the client and can be forged.
    """
    forwarded = request.headers.get("X-Forwarded-For", "")
    hops = [hop.strip() for hop in forwarded.split(",")] if forwarded else []
    trusted = settings.TRUSTED_PROXIES or 0
    if forwarded and not trusted:
        _warn_of_proxy()
    text = hops[-trusted] if 0 < trusted <= len(hops) else request.META.get("REMOTE_ADDR", "")
    with_port = ADDRESS_WITH_PORT.fullmatch(text)
    try:
        address = ip_address(with_port[1] or with_port[2] if with_port else text)
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)


@once
def _warn_of_proxy() -> None:
    """Log, once a process, that a proxy seems to be in front."""
    logger.warning(
        "A request has X-Forwarded-For, but TRUSTED_PROXIES is 0. If it came through your proxy, all users count as "
        "one address, and anyone can lock everyone out of signing in. Set it to the number of your proxies."
    )


def _network(address: str) -> str:
    """Return the /64 network of an IPv6 address, or an IPv4 address unchanged."""
    return str(int(IPv6Address(address)) >> (128 - IPV6_NETWORK_BITS)) if ":" in address else address
