"""Serves one of the two servers' applications on the socket that the launcher opened for it."""

import socket
from collections.abc import Callable, Iterable
from typing import Any

import waitress

from dashboard.devcloud.parameters import MARKER_HEADER, Parameters

THREADS = 16

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def serve(application: Application, parameters: Parameters) -> None:
    """Answer requests until the process ends; every answer says which start of the cloud it is from."""

    def marked(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [*headers, (MARKER_HEADER, parameters.marker)], *rest)

        return application(environ, start)

    listening = socket.socket(fileno=parameters.socket)
    waitress.serve(marked, sockets=[listening], threads=THREADS, _quiet=True)
