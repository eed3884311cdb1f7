"""PUBLIC_URL: the address at which users find Diskboard, from which other settings follow."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

USUAL_PORT = 8000
# A prefix that begins with one of them would be taken for one of Diskboard's own paths.
OWN_PATHS = frozenset({"p", "static"})
# What a cookie's Path and a URL may both contain without escaping
PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)*/?")


@dataclass(frozen=True, slots=True)
class PublicUrl:
    """The parts of PUBLIC_URL; they are empty if it is unset.

    `host` is as in ALLOWED_HOSTS: without the port, an IPv6 address in brackets. `origin` is scheme, host and port.
    `prefix` is the path without slashes at its ends.
    """

    url: str = ""
    https: bool = False
    host: str = ""
    port: int | None = None
    origin: str = ""
    prefix: str = ""


def parsed(value: str) -> PublicUrl:
    """Return the parts of PUBLIC_URL.

    Raises:
        ImproperlyConfigured: it isn't the URL of a site.
    """
    if not value:
        return PublicUrl()
    try:
        url = urlsplit(value.strip())
        host, port = url.hostname or "", url.port
    except ValueError as error:
        raise _unusable(value) from error
    wrong = url.scheme not in {"http", "https"} or not host or "@" in url.netloc or url.query or url.fragment
    if wrong or not PREFIX.fullmatch(url.path) or not re.fullmatch(r"[A-Za-z0-9.-]+|[0-9A-Fa-f:.]+", host):
        raise _unusable(value)
    name = f"[{host}]" if ":" in host else host
    origin = f"{url.scheme}://{name}" + (f":{port}" if port else "")
    path = url.path.strip("/")
    if path.partition("/")[0] in OWN_PATHS:
        raise ImproperlyConfigured(f"PUBLIC_URL={value}: expected another path, as Diskboard's own begin with this one")
    return PublicUrl(f"{origin}/{path}", url.scheme == "https", name, port, origin, path)


def cookie_suffix(url: PublicUrl, port: int | None, prefix: str) -> str:
    """Return the end of the cookies' names: empty for the usual installation, at the root of a host.

    `port` is the one on which Diskboard listens if users may reach it directly, else None.
    """
    own_port = url.port if url.origin else port
    parts = [str(own_port)] if own_port not in {None, USUAL_PORT} else []
    return "".join(f"_{part}" for part in [*parts, *filter(None, prefix.split("/"))])


def _unusable(value: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"PUBLIC_URL={value}: expected a URL such as https://disks.example.org/diskboard")
