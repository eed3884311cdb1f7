"""The embedded cloud without Keystone and Cinder: its servers start at once and only report that they are up."""

import socket
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from dashboard.devcloud.launcher import DevCloud
from dashboard.devcloud.parameters import MARKER_HEADER, Parameters


class HollowCloud(DevCloud):
    """Starts, watches and ends its two servers as the real one does."""

    def _launch_one(self, name: str, _module: str, *rest: Any) -> None:
        super()._launch_one(name, __name__, *rest)


def main() -> None:
    """Serve as one of the two servers; end at once if the directory contains the file "broken"."""
    parameters = Parameters.from_command_line()
    if (parameters.path / "broken").exists():
        sys.exit("It is broken.")

    class Marked(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header(MARKER_HEADER, parameters.marker)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Stay quiet."""

    server = HTTPServer(("127.0.0.1", 0), Marked, bind_and_activate=False)
    server.socket.close()
    server.socket = socket.socket(fileno=parameters.socket)
    server.serve_forever()


if __name__ == "__main__":
    main()
