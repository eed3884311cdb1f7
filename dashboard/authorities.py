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
        raise ImproperlyConfigured(
            f"OS_CACERT={value}: expected a file with certificates ({error.strerror})"
        ) from error
    if not found:
        expected = "a directory that `openssl rehash` has prepared" if path.is_dir() else "a file with certificates"
        raise ImproperlyConfigured(f"OS_CACERT={value}: expected {expected} (it has none)")
    return str(path)


def system_authorities() -> str:
    """Return the machine's own certificate store; empty if it has none, which means the one that requests brings along.

    OpenSSL knows where it is, and lets SSL_CERT_FILE and SSL_CERT_DIR name another one. A directory comes before its
    own file: only what is needed is read of it, while the file takes 20 ms for each connection.
    """
    paths = ssl.get_default_verify_paths()
    is_named = paths.cafile != paths.openssl_cafile
    candidates = [paths.cafile, paths.capath] if is_named else [paths.capath, paths.cafile]
    return next((path for path in candidates if path and _is_usable(Path(path))), "")


def _is_usable(path: Path) -> bool:
    try:
        return _has_hashed(path) if path.is_dir() else _has_certificate(path)
    except OSError:
        return False


def _has_hashed(directory: Path) -> bool:
    return any(HASHED.fullmatch(one.name) and _has_certificate(one) for one in directory.iterdir())


def _has_certificate(file: Path) -> bool:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(file)
    return context.cert_store_stats()["x509"] > 0
