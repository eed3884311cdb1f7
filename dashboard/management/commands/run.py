"""``manage.py run``: run Diskboard and everything it needs; ``make run`` calls it."""

import socket
import time
from argparse import ArgumentParser
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path
from typing import Any

import requests
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from dashboard.devcloud.child import Child, ChildDied
from dashboard.devcloud.lock import DirectoryInUse
from dashboard.devcloud.signals import end_on_signals
from dashboard.migration import migrate
from dashboard.places import CONFIGURATION, IS_CHECKOUT
from dashboard.starting import StartingCommand, open_socket

WEB_START_SECONDS = 60
POLL_SECONDS = 0.2
ANSWER_SECONDS = 2
NEEDS_A_PROXY = "put a web server in front that terminates TLS and buffers requests (docs/install.md)"
# What the environment says about another cloud, such as an openrc file, isn't true of the embedded one.
EMBEDDED = {
    "OS_CLOUD": "",
    "OS_INTERFACE": "public",
    "OS_REGION_NAME": "",
    "OS_PROJECT_ID": "",
    "OS_PROJECT_NAME": "",
    "OS_USER_DOMAIN_NAME": "Default",
}


class Command(StartingCommand):
    """Start the embedded cloud unless OS_AUTH_URL is set, then the web server; stop both together."""

    help = "Run Diskboard; without OS_AUTH_URL, with the embedded cloud."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --dev, which selects Django's development server."""
        parser.add_argument("--dev", action="store_true", help="reload on changes, show errors")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Run until interrupted, or until the web server or the cloud ends."""
        self._began = time.monotonic()
        end_on_signals()
        try:
            with ExitStack() as stack:
                # The web server inherits them, so that no other process can take a port meanwhile.
                sockets = [stack.enter_context(open_socket(settings.HOST, settings.PORT, "HOST=… or PORT"))]
                # The development server has one address only.
                if settings.METRICS_ADDRESS and not options["dev"]:
                    host, port = settings.METRICS_ADDRESS
                    sockets.append(stack.enter_context(open_socket(host.strip("[]"), port, "METRICS_ADDRESS")))
                self._run(sockets, dev=options["dev"])
        except (ChildDied, DirectoryInUse, TimeoutError) as error:
            raise CommandError(str(error)) from error

    def _run(self, sockets: list[socket.socket], *, dev: bool) -> None:
        cloud = None
        web = None
        try:
            if not settings.OS_AUTH_URL:
                cloud = self._make_cloud()
                self._start_cloud(cloud)
            self._prepare(dev=dev)
            where = {**EMBEDDED, "OS_AUTH_URL": cloud.auth_url} if cloud else {"OS_AUTH_URL": settings.OS_AUTH_URL}
            web = _start_web_server(sockets, where, dev=dev)
            self._wait_for(web)
            self._say(f"Diskboard is at http://{_host_in_url()}:{settings.PORT}{settings.FORCE_SCRIPT_NAME or ''}/")
            if not _is_loopback():
                self._say(f"{settings.HOST} can be reached from elsewhere: {NEEDS_A_PROXY}")
            if cloud:
                self._say("Sign in as demo / demo, domain Default. Press Ctrl-C to stop.")
            while True:
                web.check()
                if cloud:
                    cloud.check()
                time.sleep(POLL_SECONDS)
        finally:
            if web:
                web.stop(settings.GRACEFUL_SECONDS + 1)
            if cloud:
                cloud.stop()

    def _make_cloud(self) -> Any:
        # Imported here, as its packages aren't installed for use with another cloud.
        from dashboard.devcloud.launcher import DevCloud  # noqa: PLC0415

        return DevCloud(settings.VAR_DIR / "devcloud")

    def _start_cloud(self, cloud: Any) -> None:
        from dashboard.devcloud.sample import fill  # noqa: PLC0415  as above

        self._say("Starting a local Keystone and Cinder for trying out; don't keep data there …")
        cloud.start(self._say)
        fill(cloud, self._say)

    def _prepare(self, *, dev: bool) -> None:
        self._say("Preparing Diskboard …")
        migrate()
        # An installed package has them already.
        if not dev and IS_CHECKOUT:
            call_command("collectstatic", interactive=False, verbosity=0)

    def _wait_for(self, web: Child) -> None:
        # The probe answers whatever ALLOWED_HOSTS, HTTPS and URL_PREFIX are.
        url = f"http://{_host_in_url()}:{settings.PORT}/healthz"
        deadline = time.monotonic() + WEB_START_SECONDS
        while not _is_up(url):
            web.check()
            if time.monotonic() > deadline:
                raise TimeoutError(f"The web server does not answer at {url}")
            time.sleep(POLL_SECONDS)
        # Another process may have answered if the web server couldn't listen and ended.
        web.check()

    def _say(self, text: str) -> None:
        self.stdout.write(f"[{time.monotonic() - self._began:4.0f} s] {text}")
        self.stdout.flush()


def _host_in_url() -> str:
    return {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(settings.HOST_IN_URL, settings.HOST_IN_URL)  # noqa: S104  compared only


def _is_loopback() -> bool:
    return settings.HOST in {"localhost", "::1"} or settings.HOST.startswith("127.")


def _is_up(url: str) -> bool:
    with requests.Session() as session:
        session.trust_env = False
        try:
            answer = session.get(url, timeout=ANSWER_SECONDS, allow_redirects=False)
        except requests.RequestException:
            return False
        return answer.status_code == HTTPStatus.OK


def _start_web_server(sockets: list[socket.socket], where: dict[str, str], *, dev: bool) -> Child:
    # The server runs in Diskboard's own directory: paths that were given relative to another one must be absolute.
    audit_log = str(Path(settings.AUDIT_LOG).absolute()) if settings.AUDIT_LOG else ""
    environment = {
        **where,
        "OS_CACERT": settings.OS_CACERT,
        "VAR_DIR": str(settings.VAR_DIR),
        "AUDIT_LOG": audit_log,
    }
    if dev:
        sockets[0].close()
        environment |= {"DEBUG": "1", "DJANGO_SETTINGS_MODULE": "dashboard.settings", "METRICS_ADDRESS": ""}
        address = f"{settings.HOST_IN_URL}:{settings.PORT}"
        return Child("The web server", ["django", "runserver", address], environment=environment)
    descriptors = [listening.fileno() for listening in sockets]
    binds = [f"--bind=fd://{descriptor}" for descriptor in descriptors]
    child = Child(
        "The web server",
        ["gunicorn", "--config", CONFIGURATION, *binds, "dashboard.wsgi:application"],
        environment=environment,
        descriptors=descriptors,
    )
    for listening in sockets:
        listening.close()
    return child
