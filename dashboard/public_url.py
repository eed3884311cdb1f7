"""PUBLIC_URL: the address at which users find Diskboard, from which other settings follow."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

USUAL_PORT = 8000
EXPECTED = "PUBLIC_URL: expected a URL such as https://disks.example.org/diskboard"
# A prefix that begins with one of them would be taken for one of Diskboard's own paths.
OWN_PATHS = frozenset({"p", "static"})
# What a cookie's Path and a URL may both contain without escaping
PREFIX = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?")
LABEL = "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
HOST = re.compile(rf"{LABEL}(\.{LABEL})*|[0-9A-Fa-f:.]+")
USUAL_PORTS = {"https": 443, "http": 80}


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
    if "@" in url.netloc:
        # Without the value, which has a password.
        raise ImproperlyConfigured(f"{EXPECTED}, without a user name")
    wrong = url.scheme not in USUAL_PORTS or url.query or url.fragment or port == 0
    if wrong or not PREFIX.fullmatch(url.path) or not HOST.fullmatch(host):
        raise _unusable(value)
    # Browsers leave it out.
    port = None if port == USUAL_PORTS[url.scheme] else port
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
    return ImproperlyConfigured(EXPECTED.replace("PUBLIC_URL", f"PUBLIC_URL={value}"))
