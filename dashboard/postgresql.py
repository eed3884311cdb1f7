"""DATABASE_URL: PostgreSQL, which several nodes share."""

from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

# A thread keeps its connection for this long (seconds), so that pages needn't wait for a new one. Before the first
# query of a request, Django checks that the connection still works, and else opens another.
CONNECTION_SECONDS = 60
# A node without its database answers with an error after this time instead of waiting (seconds).
CONNECT_SECONDS = 3
# After this time without a sign of life, a connection counts as cut: the server's machine may be gone (seconds).
SILENCE_SECONDS = 10
NETWORK = {
    "connect_timeout": CONNECT_SECONDS,
    "keepalives_idle": SILENCE_SECONDS // 2,
    "keepalives_interval": 1,
    "keepalives_count": SILENCE_SECONDS // 2,
    "tcp_user_timeout": SILENCE_SECONDS * 1000,
}


def postgresql(name: str, url: str) -> dict[str, Any]:
    """Return Django's configuration of the database at `url`.

    Raises:
        ImproperlyConfigured: it isn't the URL of a PostgreSQL database. The message doesn't contain it, as it has a
            password.
    """
    expected = f"{name}: expected postgresql://USER:PASSWORD@HOST:PORT/NAME"
    try:
        parsed = dj_database_url.parse(url, conn_max_age=CONNECTION_SECONDS, conn_health_checks=True)
    except (ValueError, KeyError) as error:
        raise ImproperlyConfigured(expected) from error
    found: dict[str, Any] = dict(parsed)
    if found.get("ENGINE") != "django.db.backends.postgresql" or not found.get("NAME"):
        raise ImproperlyConfigured(expected)
    found["OPTIONS"] = {**NETWORK, **found.get("OPTIONS", {})}
    return found
