"""Gunicorn's worker with threads, with a time limit for the head of a request, and an end that loses no request."""

import select
import socket
import time
from contextlib import suppress
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

# From the first wait for a connection's bytes until its head is complete
HEAD_SECONDS = 10.0


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Cuts connections whose head takes too long: gunicorn waits for it without limit and holds a thread meanwhile.

    At its end it refuses new connections at once, so that a proxy tries another node. Gunicorn's worker goes on
    listening until the last answer is sent: connections made meanwhile wait, and are cut in the end.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # When each connection began to be read, on the monotonic clock (seconds)
        self._began: dict[Any, float] = {}
        self.sockets: list[Any]  # gunicorn's

    def set_accept_enabled(self, enabled: bool) -> None:
        """Begin or stop to accept connections; gunicorn calls this also when the worker is told to end."""
        super().set_accept_enabled(enabled)
        # A worker that is told to end while it starts still begins to accept first.
        if self.alive or enabled:
            return
        # Gunicorn calls this once more at the end, whether it accepted or was too busy.
        closing, self.sockets = self.sockets, []
        for listener in closing:
            # These clients may have sent their request already.
            while select.select([listener], [], [], 0)[0]:
                self.accept(listener)
            listener.close()

    def handle(self, conn: Any) -> Any:
        """Serve one request of a connection; called in a thread."""
        self._began[conn] = time.monotonic()
        try:
            return super().handle(conn)
        finally:
            self._began.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer a request whose head is complete."""
        self._began.pop(conn, None)
        return super().handle_request(req, conn)

    def handle_http2(self, conn: Any) -> Any:
        """Serve an HTTP/2 connection, which may last for many requests (gunicorn doesn't offer it by default)."""
        self._began.pop(conn, None)
        return super().handle_http2(conn)

    def murder_pending(self) -> None:
        """Close what waits too long; gunicorn calls this once a second."""
        super().murder_pending()
        earliest = time.monotonic() - HEAD_SECONDS
        for conn, began in list(self._began.items()):
            if began < earliest:
                # Its thread wakes up with the end of the data, and closes the connection.
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RDWR)
