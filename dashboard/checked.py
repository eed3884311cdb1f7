"""Values of settings that only look right: each function raises ImproperlyConfigured with the name and the value."""

import os
import re
import zoneinfo
from collections.abc import Collection
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from dashboard.public_url import OWN_PATHS, PREFIX

# Django's own check warns below 50.
MIN_SECRET_LENGTH = 32
MAX_PORT = 65535
# As in ALLOWED_HOSTS: a name, all names of a domain, an IPv6 address, or everything
HOST = re.compile(r"\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*|\[[0-9A-Fa-f:.]+\]|\*")


class Address(NamedTuple):
    """Where to listen: a host, an IPv6 address in brackets, and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        """Return the address as gunicorn expects it."""
        return f"{self.host}:{self.port}"


def wrong(name: str, value: object, expected: str) -> ImproperlyConfigured:
    """Return the error for a setting: one line with the variable, the value, and what is expected."""
    return ImproperlyConfigured(f"{name}={value}: expected {expected}")


def auth_url(name: str, value: str) -> str:
    """Return Keystone's URL; it is http or https, with a host, and not of the API before version 3."""
    if not value:
        return ""
    expected = "Keystone's URL, such as https://keystone.example.org:5000/v3"
    try:
        url = urlsplit(value)
        is_url = url.scheme in {"http", "https"} and bool(url.hostname) and url.port != 0
    except ValueError as error:
        raise wrong(name, value, expected) from error
    if "@" in url.netloc:
        # Without the value, which has a password.
        raise ImproperlyConfigured(f"{name}: expected {expected}, without a user name")
    if not is_url or url.query or url.fragment:
        raise wrong(name, value, expected)
    if url.path.rstrip("/").endswith(("/v2.0", "/v2")):
        raise wrong(name, value, f"{expected}; Diskboard needs version 3")
    return value


def address(name: str, value: str, used_port: int | None) -> Address | None:
    """Return the address to listen on, or None for an empty value; its port must differ from `used_port`."""
    if not value:
        return None
    host, colon, port = value.rpartition(":")
    is_port = port.isascii() and port.isdecimal() and 1 <= int(port) <= MAX_PORT
    if not (host and colon and is_port) or "/" in host or (":" in host and not host.startswith("[")):
        raise wrong(name, value, "an address and a port, such as 127.0.0.1:9100")
    if int(port) == used_port:
        raise wrong(name, value, "another port than that of the pages")
    return Address(host, int(port))


def time_zone(name: str, value: str) -> str:
    """Return the name of a time zone that this machine knows."""
    try:
        zoneinfo.ZoneInfo(value)
    except (OSError, TypeError, ValueError, zoneinfo.ZoneInfoNotFoundError) as error:
        raise wrong(name, value, "a time zone such as Europe/Berlin") from error
    return value


def choice(name: str, value: str, choices: Collection[str]) -> str:
    """Return one of the choices."""
    if value not in choices:
        raise wrong(name, value, f"one of {', '.join(choices)}")
    return value


def origins(name: str, values: list[str]) -> list[str]:
    """Return origins, each a scheme and a host without a path."""
    for value in values:
        url = urlsplit(value)
        if url.scheme not in {"http", "https"} or not url.netloc or url.path.strip("/"):
            raise wrong(name, ",".join(values), "origins such as https://disks.example.org, separated by commas")
    return values


def hosts(name: str, values: list[str]) -> list[str]:
    """Return host names as Django compares them: without scheme and port, an IPv6 address in brackets."""
    if any(not HOST.fullmatch(value) for value in values):
        raise wrong(name, ",".join(values), "host names without a scheme and a port, separated by commas")
    return values


def listening_host(name: str, value: str) -> str:
    """Return a host name or an address to listen on, without the brackets of an IPv6 address."""
    bare = value.removeprefix("[").removesuffix("]")
    if not re.fullmatch(r"[A-Za-z0-9._:%-]+", bare):
        raise wrong(name, value, "an address of this machine, such as 127.0.0.1")
    return bare


def prefix(name: str, value: str) -> str:
    """Return a path prefix without slashes at its ends."""
    bare = value.strip("/")
    if bare and not PREFIX.fullmatch(f"/{bare}"):
        raise wrong(name, value, "a path such as /diskboard")
    if bare.partition("/")[0] in OWN_PATHS:
        raise wrong(name, value, "another path, as Diskboard's own begin with this one")
    return bare


def writable_directory(name: str, value: Path) -> Path:
    """Return a directory in which files can be created."""
    if not os.access(value, os.W_OK | os.X_OK):
        raise wrong(name, value, "a directory that Diskboard may write to")
    return value


def log_file(name: str, value: str) -> str:
    """Return the path of a file that can be written or created."""
    if value:
        path = Path(value).resolve()
        writable = os.access(path, os.W_OK) if path.exists() else os.access(path.parent, os.W_OK | os.X_OK)
        if path.is_dir() or not writable:
            raise wrong(name, value, "a file that Diskboard can create or write, in a directory that exists")
    return value


def secret(name: str, value: str) -> str:
    """Return a secret that is long enough. The message doesn't contain one that isn't."""
    if value and len(value) < MIN_SECRET_LENGTH:
        raise ImproperlyConfigured(f"{name}: expected at least {MIN_SECRET_LENGTH} characters")
    return value


def secrets(name: str, values: list[str]) -> list[str]:
    """Return secrets that are long enough."""
    return [secret(name, value) for value in values]


def redis_url(name: str, value: str) -> str:
    """Return the URL of a Redis server. The message doesn't contain a wrong one, which may have a password."""
    expected = f"{name}: expected a URL such as redis://HOST:6379/0"
    try:
        url = urlsplit(value)
        has_port = url.port != 0
    except ValueError as error:
        raise ImproperlyConfigured(expected) from error
    is_server = url.scheme in {"redis", "rediss"} and bool(url.hostname) and (url.path or "/0")[1:].isdecimal()
    if not has_port or not (is_server or (url.scheme == "unix" and url.path)):
        raise ImproperlyConfigured(expected)
    if not find_spec("redis"):
        raise ImproperlyConfigured(f"{name} needs the package redis: pip install 'diskboard[redis]'")
    return value
