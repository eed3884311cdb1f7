"""What a WSGI server runs: `gunicorn dashboard.wsgi`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from django.core.wsgi import get_wsgi_application

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


def in_utf_8(served: WSGIApplication) -> WSGIApplication:
    """Let no request choose how it is read: of its content type only what divides a multipart stays.

    Django reads the query and a multipart in whatever charset that names, also in one that Python has for other
    purposes, or that yields text which no page can hold. It does so before its middleware could refuse.
    """

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        kind, *parameters = environ.get("CONTENT_TYPE", "").split(";")
        kept = [one for one in parameters if one.strip().lower().startswith("boundary=")]
        environ["CONTENT_TYPE"] = ";".join([kind, *kept])
        return served(environ, start_response)

    return serve


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")

application = in_utf_8(get_wsgi_application())
