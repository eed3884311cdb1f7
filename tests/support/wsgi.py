"""Requests by way of dashboard/wsgi.py, which Django's test client doesn't use."""

import importlib
import io
from typing import Any

from django.core.signals import request_started
from django.db import close_old_connections
from django.http import HttpResponse
from django.test import Client, RequestFactory


def served(client: Client, method: str, url: str, content_type: str = "", body: bytes = b"") -> HttpResponse:
    """The answer to a request with the client's cookies."""
    path, _, query = url.partition("?")
    anything: Any = RequestFactory()
    token = client.cookies.get("diskboard_csrf")
    environ = {
        **anything._base_environ(),
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_COOKIE": "; ".join(f"{name}={cookie.value}" for name, cookie in client.cookies.items()),
        "HTTP_X_CSRFTOKEN": token.value if token else "",
        "wsgi.input": io.BytesIO(body),
    }
    answer = HttpResponse()

    def start(status: str, sent: list[tuple[str, str]], _error: object = None) -> Any:
        answer.status_code = int(status[:3])
        for name, value in sent:
            answer[name] = value

    # Imported here, because it reads the settings, which the fixtures change.
    application = importlib.import_module("dashboard.wsgi").application
    # The test's transaction is on this connection; Django's own client keeps it in the same way.
    request_started.disconnect(close_old_connections)
    try:
        answer.content = b"".join(application(environ, start))
    finally:
        request_started.connect(close_old_connections)
    return answer
