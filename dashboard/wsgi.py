"""The WSGI application, for example `gunicorn dashboard.wsgi`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.wsgi import get_wsgi_application

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


def in_utf_8(wrapped: WSGIApplication) -> WSGIApplication:
    """Decode every request as UTF-8: drop the parameters of its Content-Type except a multipart boundary.

    Django decodes the query and multipart data with the charset named there. That may be a Python codec that isn't a
    text encoding, or one that yields text that can't be encoded again. Middleware would run too late to refuse it.
    """

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        media_type, *parameters = environ.get("CONTENT_TYPE", "").split(";")
        boundary = [parameter for parameter in parameters if parameter.strip().lower().startswith("boundary=")]
        environ["CONTENT_TYPE"] = ";".join([media_type, *boundary])
        return wrapped(environ, start_response)

    return serve


def without_files(wrapped: WSGIApplication) -> WSGIApplication:
    """Refuse multipart bodies, which carry files: Diskboard has none, and Django would parse them for strangers too."""

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not environ.get("CONTENT_TYPE", "").strip().lower().startswith("multipart/"):
            return wrapped(environ, start_response)
        start_response("413 Content Too Large", [("Content-Type", "text/plain")])
        return [b"Diskboard takes no files.\n"]

    return serve


def below_prefix(wrapped: WSGIApplication) -> WSGIApplication:
    """Remove URL_PREFIX from the path, as some proxies pass it on and others remove it."""

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        prefix = settings.FORCE_SCRIPT_NAME
        if prefix and f"{environ['PATH_INFO']}/".startswith(f"{prefix}/"):
            environ["PATH_INFO"] = environ["PATH_INFO"].removeprefix(prefix) or "/"
        return wrapped(environ, start_response)

    return serve


def without_body_for_head(wrapped: WSGIApplication) -> WSGIApplication:
    """Send no body in answer to HEAD: Django leaves that to the server, and gunicorn logs a warning for each."""

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = wrapped(environ, start_response)
        if environ["REQUEST_METHOD"] != "HEAD":
            return body
        close = getattr(body, "close", None)
        if close:
            close()
        return []

    return serve


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")

application = without_body_for_head(without_files(below_prefix(in_utf_8(get_wsgi_application()))))
if settings.METRICS_ADDRESS:
    from dashboard.metrics import on_own_address

    application = on_own_address(application)
