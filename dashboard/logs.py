"""How log lines look: one line a record, without characters that a terminal would obey."""

import json
import logging
from datetime import UTC, datetime

from django.db.utils import InterfaceError, OperationalError

from dashboard.cloud import deadline

SECURITY_LOGGERS = "django.security."
SERVER_ERROR = 500


def printable(text: str, kept: str = "") -> str:
    """Return `text` with every character that doesn't print as its escape sequence, but for those `kept`."""
    return "".join(
        one if one.isprintable() or one in kept else one.encode("unicode_escape").decode("ascii") for one in text
    )


class PrintableFormatter(logging.Formatter):
    """Escapes control characters: messages may quote what a browser or the cloud has sent."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # logging's name
        """Return the record as one line."""
        return printable(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, followed by the lines of a traceback."""
        return printable(super().format(record), kept="\n")


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON: time, level, logger, message, request ID, any traceback and any fields.

    A record's attribute `fields` is a dictionary of further fields.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": _request_id(record),
            "traceback": self.formatException(record.exc_info) if record.exc_info else "",
        }
        return json.dumps({name: value for name, value in line.items() if value} | getattr(record, "fields", {}))


def with_request_id(record: logging.LogRecord) -> bool:
    """Give the record the ID of the current request to Diskboard, or "-". A filter of a handler."""
    record.request_id = _request_id(record) or "-"
    return True


def _request_id(record: logging.LogRecord) -> str:
    # Django logs a refused request when the middleware that holds its ID has ended, and names the request.
    return deadline.request_id() or getattr(getattr(record, "request", None), "request_id", "")


def without_traceback(record: logging.LogRecord) -> bool:
    """Drop the traceback of a request that Django refuses, or that fails because the database can't be reached.

    The line says all; dashboard/error_pages.py logs what the database says. A filter of a handler; it lets every
    record pass.
    """
    # Django sets the status on records about answers.
    refused = getattr(record, "status_code", SERVER_ERROR) < SERVER_ERROR
    error = record.exc_info[1] if record.exc_info else None
    without_database = isinstance(error, OperationalError | InterfaceError)
    if refused or without_database or record.name.startswith(SECURITY_LOGGERS):
        record.exc_info = record.exc_text = None
    return True
