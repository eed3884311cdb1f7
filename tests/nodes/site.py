"""Two nodes of Diskboard behind nginx, which is configured as in docs/deploy/nginx.conf."""

import json
import secrets
import shutil
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.browser.serving import ROOT
from tests.nodes.node import Node
from tests.support.devcloud import wait_until
from tests.support.local_servers import LocalServer, free_port, hand_over, ordinary_user, private_directory

EXAMPLE = ROOT / "docs" / "deploy" / "nginx.conf"
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
    {example}
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
        certificate = make_certificate(of_nginx)
        configure(of_nginx, port, ports, of_proxy or {})
        hand_over(*of_nginx.iterdir())
        server = nginx(of_nginx)
        stack.callback(server.stop)
        server.start()
        wait_until(lambda: _listens(port, server), "nginx listens")
        yield Site(url, (first, second), certificate, of_nginx, secret_key)


def configure(directory: Path, port: int, ports: tuple[int, int], further: Mapping[str, str]) -> None:
    """Write the configuration: the example with these ports, and the certificate of the test."""
    text = EXAMPLE.read_text()
    changes = {
        "server 127.0.0.1:8000": f"server 127.0.0.1:{ports[0]}",
        "# server 10.0.0.2:8000": f"server 127.0.0.1:{ports[1]}",
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "disks.example.org;": "127.0.0.1;",
        "/etc/ssl/disks.example.org.pem": str(directory / "certificate.pem"),
        "/etc/ssl/disks.example.org.key": str(directory / "key.pem"),
        **further,
    }
    for old, new in changes.items():
        assert old in text, f"docs/deploy/nginx.conf has no {old}"
        text = text.replace(old, new)
    (directory / "nginx.conf").write_text(AROUND.format(directory=directory, example=text))


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


def make_certificate(directory: Path) -> Path:
    """Write a key, and a certificate of 127.0.0.1 that signs itself; return the latter's path."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (directory / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, *private))
    path = directory / "certificate.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return path


def _listens(port: int, server: LocalServer) -> bool:
    server.check()
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0
