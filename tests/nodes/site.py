"""Two nodes of Diskboard behind nginx, which is configured as in docs/deploy/nginx."""

import json
import secrets
import shutil
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.browser.serving import ROOT
from tests.nodes.node import Node
from tests.support.certificates import write_certificate
from tests.support.devcloud import wait_until
from tests.support.local_servers import LocalServer, free_port, hand_over, ordinary_user, private_directory

EXAMPLES = ROOT / "docs" / "deploy" / "nginx"
# What the example leaves to Debian's own configuration, within a directory of the test
AROUND = """
pid {directory}/nginx.pid;
error_log {directory}/error.log warn;
events {{}}
http {{
    log_format lines escape=json '{{"method": "$request_method", "path": "$request_uri", "status": $status,'
        ' "nodes": "$upstream_addr", "statuses": "$upstream_status"}}';
    access_log {directory}/access.log lines;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    include {directory}/root.conf;
}}
"""


@dataclass(frozen=True)
class Answered:
    """A line of nginx's log. `nodes` has the ports of all nodes that were tried, `statuses` what they answered."""

    method: str
    path: str
    status: int
    nodes: tuple[int, ...]
    statuses: tuple[str, ...]


@dataclass(frozen=True)
class Site:
    """The nodes, and the address at which nginx hands requests to them."""

    url: str
    nodes: tuple[Node, Node]
    certificate: Path
    directory: Path
    secret_key: str

    def answered(self) -> list[Answered]:
        """Return what nginx has answered so far, in this order."""
        lines = (json.loads(line) for line in (self.directory / "access.log").read_text().splitlines())
        return [
            Answered(
                line["method"],
                line["path"],
                line["status"],
                tuple(int(one.rpartition(":")[2]) for one in line["nodes"].split(", ") if ":" in one),
                tuple(line["statuses"].split(", ")),
            )
            for line in lines
        ]

    def errors(self) -> str:
        """Return what nginx has logged as errors."""
        return (self.directory / "error.log").read_text()


@contextmanager
def site(directory: Path, of_proxy: Mapping[str, str] | None = None, /, **environment: str) -> Iterator[Site]:
    """Run two nodes with these settings behind nginx; `of_proxy` replaces texts of its configuration."""
    with private_directory() as of_nginx, ExitStack() as stack:
        port = free_port()
        url, secret_key = f"https://127.0.0.1:{port}", secrets.token_urlsafe(40)
        common = {"PUBLIC_URL": url, "TRUSTED_PROXIES": "1", "SECRET_KEY": secret_key, **environment}
        ports = (free_port(), free_port())
        first, second = (Node.prepared(directory / f"node-{one}", one, **common) for one in ports)
        for node in (first, second):
            stack.callback(node.server.stop)
            # Both update the same database.
            node.server.start()
        for node in (first, second):
            wait_until(node.is_ready, f"the node at port {node.port} is ready", 60)
        certificate = write_certificate(of_nginx)
        configure(of_nginx, port, ports, of_proxy or {})
        hand_over(*of_nginx.iterdir())
        server = nginx(of_nginx)
        stack.callback(server.stop)
        server.start()
        wait_until(lambda: _listens(port, server), "nginx listens")
        yield Site(url, (first, second), certificate, of_nginx, secret_key)


def configure(directory: Path, port: int, ports: tuple[int, int], further: Mapping[str, str]) -> None:
    """Write the configuration: the example with these ports, and the certificate of the test."""
    texts = {name: (EXAMPLES / name).read_text() for name in ("upstream.conf", "proxy.conf", "root.conf")}
    changes = {
        "server 127.0.0.1:8000": f"server 127.0.0.1:{ports[0]}",
        "# server 10.0.0.2:8000": f"server 127.0.0.1:{ports[1]}",
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "server_name disks.example.org": "server_name 127.0.0.1",
        "/etc/ssl/disks.example.org": str(directory / "site"),
        "/etc/nginx/diskboard": str(directory),
        **further,
    }
    for old, new in changes.items():
        assert any(old in text for text in texts.values()), f"docs/deploy/nginx has no {old}"
        texts = {name: text.replace(old, new) for name, text in texts.items()}
    for name, text in texts.items():
        (directory / name).write_text(text)
    (directory / "nginx.conf").write_text(AROUND.format(directory=directory))


def nginx(directory: Path) -> LocalServer:
    """Return an nginx that isn't started yet."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    assert program, "nginx: run scripts/ensure-servers"
    log = directory / "nginx.log"
    options = [
        "-p",
        str(directory),
        "-c",
        str(directory / "nginx.conf"),
        "-e",
        str(directory / "error.log"),
        "-g",
        "daemon off;",
    ]
    return LocalServer([program, *options], log, ordinary_user())


def _listens(port: int, server: LocalServer) -> bool:
    server.check()
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0
