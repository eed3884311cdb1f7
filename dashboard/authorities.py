"""The certificate authorities by which the cloud's certificates are verified."""

import re
import ssl
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

# A directory names the files with `openssl rehash`; others are ignored.
HASHED = re.compile(r"[0-9a-f]{8}\.\d+")


def checked_authorities(value: str) -> str:
    """Return the absolute path of OS_CACERT's file or directory; empty if it is unset.

    Raises:
        ImproperlyConfigured: it names nothing that can be read, or nothing with a certificate.
    """
    if not value:
        return ""
    path = Path(value).expanduser().absolute()
    try:
        found = _has_hashed(path) if path.is_dir() else _has_certificate(path)
    except ssl.SSLError:
        found = False
    except OSError as error:
        raise ImproperlyConfigured(f"OS_CACERT={value}: {error.strerror}") from error
    if not found:
        hint = ", or `openssl rehash` wasn't run on it" if path.is_dir() else ""
        raise ImproperlyConfigured(f"OS_CACERT={value}: no certificate in it{hint}")
    return str(path)


def _has_hashed(directory: Path) -> bool:
    return any(HASHED.fullmatch(one.name) and _has_certificate(one) for one in directory.iterdir())


def _has_certificate(file: Path) -> bool:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(file)
    return context.cert_store_stats()["x509"] > 0
