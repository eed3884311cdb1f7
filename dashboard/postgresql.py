"""DATABASE_URL: PostgreSQL, which several nodes share."""

from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

# A thread keeps its connection for this long (seconds).
CONNECTION_SECONDS = 60
# A node without its database answers with an error after this time instead of waiting (seconds).
CONNECT_SECONDS = 3


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
    options = found.setdefault("OPTIONS", {})
    options.setdefault("connect_timeout", CONNECT_SECONDS)
    return found
