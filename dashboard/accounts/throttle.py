"""Guessing passwords takes long: failed attempts to sign in are counted by name and by address, for all workers."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from math import ceil

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from dashboard.accounts.models import SignInAttempt
from dashboard.cloud.errors import TooManyFailures, WrongCredentials

# Some proxies tell it too: "192.0.2.1:4711", "[2001:db8::1]:4711".
WITH_PORT = re.compile(r"\[(.+)\](?::\d+)?|([\d.]+):\d+")
# Whoever has one IPv6 address has all of its network.
IPV6_NETWORK_BITS = 64


@contextmanager
def attempt(request: HttpRequest, who: str) -> Iterator[None]:
    """Let somebody try to sign in, and count the failure.

    Of a name, an attempt under way counts as a failed one: trying many passwords at once is no way around the limit.
    Behind one address there may be many people.

    Raises:
        TooManyFailures: there were too many of that name or from that address lately.
    """
    by_name, by_address = _hashed("name", who.casefold()), _hashed("address", _network(client_address(request)))
    with transaction.atomic():
        _refuse_beyond(by_name, settings.SIGN_IN_FAILURES_BY_NAME)
        _refuse_beyond(by_address, settings.SIGN_IN_FAILURES_BY_ADDRESS)
        this = SignInAttempt.objects.create(counted_under=by_name)
    try:
        yield
    except WrongCredentials:
        SignInAttempt.objects.create(counted_under=by_address)
        raise
    except BaseException:
        # Nothing was learnt of the password.
        this.delete()
        raise
    SignInAttempt.objects.filter(counted_under=by_name).delete()


def _refuse_beyond(counted_under: str, most: int) -> None:
    window = timedelta(minutes=settings.SIGN_IN_WINDOW_MINUTES)
    since = timezone.now() - window
    failures = SignInAttempt.objects.filter(counted_under=counted_under, at__gt=since).order_by("-at")
    latest = failures.values_list("at", flat=True)[:most]
    if len(latest) >= most:
        raise TooManyFailures(retry_after=ceil((latest[most - 1] - since).total_seconds()))


def _hashed(kind: str, text: str) -> str:
    """Return what it is counted under: people type passwords into the wrong field."""
    return hashlib.sha256(f"{settings.SECRET_KEY}:{kind}:{text}".encode()).hexdigest()


def client_address(request: HttpRequest) -> str:
    """Return where a request comes from: behind so many proxies of one's own as TRUSTED_PROXIES tells.

    Each of them appends to X-Forwarded-For whom it heard; what stands further left anybody may have written.
    """
    forwarded = request.headers.get("X-Forwarded-For", "")
    heard = [one.strip() for one in forwarded.split(",")] if forwarded else []
    far = settings.TRUSTED_PROXIES
    text = heard[-far] if 0 < far <= len(heard) else request.META.get("REMOTE_ADDR", "")
    port = WITH_PORT.fullmatch(text)
    try:
        address = ip_address(port[1] or port[2] if port else text)
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)


def _network(address: str) -> str:
    """Return what is counted as one address."""
    return str(int(IPv6Address(address)) >> (128 - IPV6_NETWORK_BITS)) if ":" in address else address
