"""Serve a server's WSGI application on the socket that the launcher opened."""

import socket
from collections.abc import Callable, Iterable
from typing import Any

import waitress

from dashboard.devcloud.parameters import MARKER_HEADER, Parameters

THREADS = 16

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def serve(application: Application, parameters: Parameters) -> None:
    """Serve until the process ends. Every answer has a header with the marker of this launch of the cloud."""

    def marked(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [*headers, (MARKER_HEADER, parameters.marker)], *rest)

        return application(environ, start)

    listening = socket.socket(fileno=parameters.socket)
    waitress.serve(marked, sockets=[listening], threads=THREADS, _quiet=True)
