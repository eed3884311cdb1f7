"""Gunicorn's log in Diskboard's format: LOG_FORMAT=json makes each line of both of its logs an object."""

import logging
from datetime import timedelta
from typing import Any

from django.conf import settings
from gunicorn import glogging

from dashboard.logs import JsonFormatter, PrintableFormatter

# Where dashboard/middleware.py leaves the client's address
CLIENT = "{diskboard.client}e"
REQUEST_ID = "{x-request-id}o"
UNKNOWN = "-"


class Logger(glogging.Logger):  # type: ignore[misc]  # gunicorn has no types
    """Writes gunicorn's own messages and the access log."""

    def setup(self, cfg: Any) -> None:
        """Give the handlers their formats; gunicorn calls this at the start and at a reload."""
        super().setup(cfg)
        as_json = settings.LOG_FORMAT == "json"
        # Python writes warnings to standard error otherwise.
        logging.captureWarnings(as_json)
        for handler in self.access_log.handlers:
            # A path may contain line breaks, which a client could use to forge lines.
            handler.setFormatter(JsonFormatter() if as_json else PrintableFormatter(self.access_fmt))
        if as_json:
            for handler in self.error_log.handlers:
                handler.setFormatter(JsonFormatter())

    def atoms(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> dict[str, Any]:
        """Return what a line may contain; the address is "-" if it is unknown, as with a Unix socket and no proxy."""
        found: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        found[CLIENT] = found.get(CLIENT) or UNKNOWN
        return found

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> None:
        """Log a request that has been answered."""
        if settings.LOG_FORMAT != "json":
            super().access(resp, req, environ, request_time)
            return
        if not self.access_log_enabled:
            return
        atoms = self.atoms(resp, req, environ, request_time)
        address = atoms[CLIENT]
        fields = {
            "method": atoms["m"],
            "path": _readable(atoms["U"]),
            # None if the connection was cut before there was one
            "status": int(atoms["s"]) if atoms["s"] else None,
            "bytes": atoms["B"],
            "seconds": request_time.total_seconds(),
            "address": None if address == UNKNOWN else address,
        }
        if REQUEST_ID in atoms:
            fields["request_id"] = atoms[REQUEST_ID]
        message = "%(method)s %(path)s %(status)s"
        self.access_log.info(message, fields, extra={"fields": fields})


def _readable(path: str) -> str:
    # WSGI decodes paths as Latin-1, and Django as UTF-8 in the same place, unless something before it answers.
    try:
        return path.encode("latin-1").decode()
    except UnicodeError:
        return path
