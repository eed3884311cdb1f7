"""The image's health check: exit status 0 if Diskboard answers /healthz at the address on which it listens.

It is a script of its own, without Django: an orchestrator runs it twice a minute.
"""

import os
import socket
import sys
from http.client import HTTPConnection, HTTPException

SECONDS = 2.0
OK = 200
# A server that listens on all addresses answers at its own.
OWN = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  compared only


def status() -> int:
    """Return the status of the answer.

    Raises:
        OSError, HTTPException: there is no answer.
    """
    host, port = os.environ.get("HOST", ""), int(os.environ.get("PORT") or 8000)
    connection = HTTPConnection(OWN.get(host, host), port, timeout=SECONDS)
    path = os.environ.get("UNIX_SOCKET")
    if path:
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(SECONDS)
        connection.sock.connect(path)
    # The probe depends on no host name and no prefix.
    connection.request("GET", "/healthz")
    return connection.getresponse().status


if __name__ == "__main__":
    try:
        sys.exit(status() != OK)
    except (OSError, HTTPException) as error:
        sys.exit(str(error))
