"""nginx, Caddy and Apache with the examples of docs/deploy, in front of a Diskboard of their own.

A test changes nothing in the examples but names of hosts, ports, paths of files, and the certificate.
"""

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import requests

from tests.browser.serving import DEFAULTS, ROOT
from tests.support.certificates import write_certificate
from tests.support.devcloud import Project, wait_until
from tests.support.html import Page
from tests.support.local_servers import LocalServer, free_port, ordinary_user, private_directory

EXAMPLES = ROOT / "docs" / "deploy"
HOST = "localhost"
START_SECONDS = 60.0
PREFIX = "/diskboard"
SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
NGINX = """\
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; {user} worker_processes 1;
events {{ }}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/site.conf;
}}
"""
APACHE = """\
ServerRoot {folder}
PidFile {folder}/apache.pid
ErrorLog {folder}/error.log
{user}
Listen 127.0.0.1:{port}
"""
APACHE_MODULES = ("mpm_event", "alias", "authz_core", "headers", "proxy", "proxy_http", "socache_shmcb", "ssl")
CADDY = "{{\n\tadmin off\n\tauto_https disable_redirects\n\thttp_port {spare}\n\thttps_port {port}\n}}\n"


@dataclass(frozen=True)
class Place:
    """Where the servers of one site are: `folder` has all their files, among them the certificate.

    `port` is the proxy's; Diskboard listens on the other one, or on a Unix socket.
    """

    folder: Path
    port: int
    own_port: int
    unix: bool

    @property
    def socket(self) -> Path:
        return self.folder / "socket"

    @property
    def upstream(self) -> str:
        """Diskboard's address for nginx."""
        return f"unix:{self.socket}" if self.unix else f"127.0.0.1:{self.own_port}"

    @property
    def certificate(self) -> Path:
        return self.folder / "site.pem"

    def write(self, name: str, text: str) -> None:
        """Write a file that the servers' own users can read."""
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o644)

    def example(self, *parts: str, **changes: str) -> str:
        """An example with the names and paths of this place."""
        text = EXAMPLES.joinpath(*parts).read_text()
        for domain in ("disks", "portal"):
            text = text.replace(f"/etc/ssl/{domain}.example.org", f"{self.folder}/site")
            text = text.replace(f"{domain}.example.org", HOST)
        for old, new in changes.items():
            assert old in text, f"{parts} has no {old}"
            text = text.replace(old, new)
        return text.replace("127.0.0.1:8000", self.upstream)


@dataclass(frozen=True)
class Site:
    """A running Diskboard behind a proxy: `url` is PUBLIC_URL, `direct` is Diskboard's own address."""

    url: str
    direct: str
    place: Place
    diskboard: LocalServer
    front: LocalServer

    @property
    def prefix(self) -> str:
        return self.url.partition(f":{self.place.port}")[2]

    @property
    def audit(self) -> list[dict[str, Any]]:
        """The lines of the audit log."""
        return [json.loads(line) for line in (self.place.folder / "audit.log").read_text().splitlines()]

    def session(self) -> requests.Session:
        """A client that trusts the certificate, and nothing in the environment."""
        session = requests.Session()
        session.trust_env = False
        session.verify = str(self.place.certificate)
        return session

    def sign_in(
        self, client: requests.Session, project: Project, headers: dict[str, str] | None = None
    ) -> requests.Response:
        """Fill in the form, as a browser without JavaScript does."""
        answer = client.get(f"{self.url}/")
        [form, *_others] = [one for one in Page(answer).find_all("form") if one.has("button", "Sign in")]
        sent = {field["name"]: field.value for field in form.select("input")}
        sent |= {"user_name": project.username, "password": project.password}
        url = urljoin(answer.url, form["action"])
        return client.post(url, data=sent, headers={"Referer": answer.url, **(headers or {})}, timeout=60)

    def start(self) -> None:
        """Start Diskboard, and wait for it."""
        self.diskboard.start()
        self.wait()

    def wait(self) -> None:
        """Wait until the proxy passes requests on to Diskboard."""
        wait_until(self._is_up, f"{self.url} answers", START_SECONDS)

    def _is_up(self) -> bool:
        self.diskboard.check()
        self.front.check()
        with self.session() as session:
            try:
                return session.get(f"{self.url}/healthz", timeout=10).headers.get("X-Diskboard") == "1"
            except requests.RequestException:
                return False


def nginx(place: Place, example: str, *, strip: bool = False) -> LocalServer:
    """Make nginx ready to start."""
    folder = place.folder
    includes = {"/etc/nginx/diskboard": str(folder), "listen 443": f"listen 127.0.0.1:{place.port}"}
    stripped = {"proxy_pass http://diskboard;": "proxy_pass http://diskboard/;"} if strip else {}
    place.write("proxy.conf", place.example("nginx", "proxy.conf"))
    place.write("upstream.conf", place.example("nginx", "upstream.conf"))
    place.write("site.conf", place.example("nginx", f"{example}.conf", **includes, **stripped))
    user = f"user {ordinary_user()};" if ordinary_user() else ""
    place.write("nginx.conf", NGINX.format(folder=folder, user=user))
    return LocalServer([program("nginx"), "-c", folder / "nginx.conf", "-e", folder / "error.log"], folder / "log")


def caddy(place: Place, example: str, *, strip: bool = False) -> LocalServer:
    """Make Caddy ready to start; it gets the certificate that it would fetch from an authority."""
    folder = place.folder
    stripped = {"\thandle @diskboard": "\thandle_path /diskboard*"} if strip else {}
    imports = {"/etc/caddy/diskboard": str(folder), "\timport diskboard\n": "\timport diskboard\n"}
    place.write("proxy.Caddyfile", place.example("caddy", "proxy.Caddyfile"))
    text = place.example("caddy", f"{example}.Caddyfile", **imports, **stripped)
    site = f"{{$SITE:{HOST}}} {{\n"
    assert site in text
    text = text.replace(site, f"{site}\ttls {place.certificate} {folder}/site.key\n")
    upstream = f"unix/{place.socket}" if place.unix else place.upstream
    settings = CADDY.format(port=place.port, spare=free_port())
    place.write("Caddyfile", settings + text)
    environment = {"PATH": SYSTEM_PATH, "HOME": str(folder), "SITE": f"https://{HOST}", "DISKBOARD": upstream}
    command: list[str | Path] = [program("caddy"), "run", "--adapter", "caddyfile", "--config", folder / "Caddyfile"]
    return LocalServer(command, folder / "log", user=ordinary_user(), environment=environment)


def apache(place: Place, example: str, *, strip: bool = False) -> LocalServer:
    """Make Apache ready to start."""
    folder = place.folder
    names = {"/etc/apache2/diskboard": str(folder), "*:443": f"127.0.0.1:{place.port}"}
    stripped = {"http://127.0.0.1:8000/diskboard": "http://127.0.0.1:8000"} if strip else {}
    socket = {"http://127.0.0.1:8000/": f"unix:{place.socket}|http://{HOST}/"} if place.unix else {}
    place.write("proxy.conf", place.example("apache", "proxy.conf"))
    site = place.example("apache", f"{example}.conf", **names, **stripped, **socket)
    modules = [f"LoadModule {one}_module /usr/lib/apache2/modules/mod_{one}.so" for one in APACHE_MODULES]
    user = f"User {ordinary_user()}" if ordinary_user() else ""
    head = APACHE.format(folder=folder, port=place.port, user=user)
    place.write("apache.conf", "\n".join([*modules, head, site]))
    return LocalServer([program("apache2"), "-DFOREGROUND", "-f", folder / "apache.conf"], folder / "log")


PROXIES: dict[str, Callable[..., LocalServer]] = {"nginx": nginx, "caddy": caddy, "apache": apache}


def program(name: str) -> str:
    """The path of a server's program."""
    found = shutil.which(name, path=SYSTEM_PATH)
    assert found, f"{name} is missing; scripts/ensure-servers installs it"
    return found


@contextmanager
def site(
    auth_url: str, proxy: str, *, prefix: str = "", strip: bool = False, unix: bool = False, **environment: str
) -> Iterator[Site]:
    """Run Diskboard by `diskboard serve` behind a proxy, at the root of a host or below a prefix."""
    with ExitStack() as stack:
        folder = stack.enter_context(private_directory())
        place = Place(folder, free_port(), free_port(), unix)
        write_certificate(folder)
        url = f"https://{HOST}:{place.port}{prefix}"
        given = {
            "PUBLIC_URL": url,
            "TRUSTED_PROXIES": "1",
            "AUDIT_LOG": str(folder / "audit.log"),
            "VAR_DIR": str(folder / "var"),
            "OS_AUTH_URL": auth_url,
            **({"UNIX_SOCKET": str(place.socket)} if unix else {"PORT": str(place.own_port)}),
            **environment,
        }
        front = PROXIES[proxy](place, "prefix" if prefix else "root", strip=strip)
        found = Site(url, f"http://127.0.0.1:{place.own_port}", place, diskboard(folder, given), front)
        stack.callback(found.diskboard.stop)
        stack.callback(front.stop)
        front.start()
        found.start()
        yield found


def diskboard(folder: Path, environment: dict[str, str]) -> LocalServer:
    """Make `diskboard serve` ready to start, with few other settings."""
    unset = {name for name in DEFAULTS if name not in ("AUDIT_LOG", "LANGUAGE_CODE", "TIME_ZONE")}
    kept = {name: value for name, value in DEFAULTS.items() if name not in unset}
    start: list[str | Path] = [sys.executable, ROOT / "manage.py", "serve"]
    return LocalServer(start, folder / "diskboard.log", environment={"PATH": SYSTEM_PATH, **kept, **environment})
