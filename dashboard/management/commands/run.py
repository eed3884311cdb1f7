"""``manage.py run``: Diskboard with everything it needs, from one command; ``make run`` calls it."""

import socket
import time
from argparse import ArgumentParser
from http import HTTPStatus
from typing import Any

import requests
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from dashboard.devcloud.child import Child, ChildDied
from dashboard.devcloud.lock import DirectoryInUse
from dashboard.devcloud.signals import end_on_signals

WEB_START_SECONDS = 60
POLL_SECONDS = 0.2
ANSWER_SECONDS = 2
WORKERS = 2
THREADS = 16
# As long as a request may take that the cloud doesn't answer
GRACEFUL_SECONDS = 15


class Command(BaseCommand):
    """Starts the embedded cloud where no other is named, then the web server; ends both together."""

    help = "Run Diskboard; without OS_AUTH_URL with a cloud of its own."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Let developers ask for a server that reloads."""
        parser.add_argument("--dev", action="store_true", help="reload on changes, show errors")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Run until Ctrl-C, or until something that has to run ends."""
        self._began = time.monotonic()
        end_on_signals()
        try:
            with _hold_port() as held:
                self._run(held, dev=options["dev"])
        except (ChildDied, DirectoryInUse, TimeoutError) as error:
            raise CommandError(str(error)) from error

    def _run(self, held: socket.socket, *, dev: bool) -> None:
        cloud = None
        web = None
        try:
            if not settings.OS_AUTH_URL:
                cloud = self._make_cloud()
                self._start_cloud(cloud)
            self._prepare(dev=dev)
            auth_url = cloud.auth_url if cloud else settings.OS_AUTH_URL
            web = _start_web_server(held, auth_url, dev=dev)
            self._await(web)
            self._say(f"Diskboard is at http://{_host_in_url()}:{settings.PORT}/")
            if cloud:
                self._say("Sign in as demo / demo, domain Default. Ctrl-C ends it.")
            while True:
                web.check()
                if cloud:
                    cloud.check()
                time.sleep(POLL_SECONDS)
        finally:
            if web:
                web.stop(GRACEFUL_SECONDS + 1)
            if cloud:
                cloud.stop()

    def _make_cloud(self) -> Any:
        # Only here: with a cloud of one's own its packages are not installed.
        from dashboard.devcloud.launcher import DevCloud  # noqa: PLC0415

        return DevCloud(settings.VAR_DIR / "devcloud")

    def _start_cloud(self, cloud: Any) -> None:
        from dashboard.devcloud.sample import fill  # noqa: PLC0415  as above

        self._say("Starting a local Keystone and Cinder, for trying out; don't keep data there …")
        cloud.start(self._say)
        fill(cloud, self._say)

    def _prepare(self, *, dev: bool) -> None:
        self._say("Preparing Diskboard …")
        call_command("migrate", interactive=False, verbosity=0)
        if not dev:
            call_command("collectstatic", interactive=False, verbosity=0)

    def _await(self, web: Child) -> None:
        url = f"http://{_host_in_url()}:{settings.PORT}{settings.FORCE_SCRIPT_NAME or ''}/healthz"
        deadline = time.monotonic() + WEB_START_SECONDS
        while not _is_up(url):
            web.check()
            if time.monotonic() > deadline:
                raise TimeoutError(f"The web server does not answer at {url}")
            time.sleep(POLL_SECONDS)
        # Somebody else may have answered, in place of a server that found no port.
        web.check()

    def _say(self, text: str) -> None:
        self.stdout.write(f"[{time.monotonic() - self._began:4.0f} s] {text}")
        self.stdout.flush()


def _host_in_url() -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.HOST, settings.HOST)  # noqa: S104  compared only
    return _bracketed(host)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _hold_port() -> socket.socket:
    """Take the port without listening yet: the web server inherits it, so nobody can slip in between."""
    family = socket.AF_INET6 if ":" in settings.HOST else socket.AF_INET
    held = socket.socket(family, socket.SOCK_STREAM)
    try:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind((settings.HOST, settings.PORT))
        # Linux lets two sockets bind with the option above, but only one listen.
        held.listen()
    except (OSError, OverflowError) as error:
        held.close()
        raise CommandError(
            f"Can't listen on {settings.HOST} port {settings.PORT}: {error}. "
            "Choose another one with PORT=…, or end what uses it."
        ) from error
    return held


def _is_up(url: str) -> bool:
    # Where the site insists on HTTPS, the proxy's header stands for it.
    headers = {"X-Forwarded-Proto": "https"}
    with requests.Session() as session:
        session.trust_env = False
        try:
            answer = session.get(url, timeout=ANSWER_SECONDS, headers=headers, allow_redirects=False)
        except requests.RequestException:
            return False
        return answer.status_code == HTTPStatus.OK


def _start_web_server(held: socket.socket, auth_url: str, *, dev: bool) -> Child:
    environment = {"OS_AUTH_URL": auth_url}
    if dev:
        held.close()
        environment |= {"DEBUG": "1", "DJANGO_SETTINGS_MODULE": "dashboard.settings"}
        address = f"{_bracketed(settings.HOST)}:{settings.PORT}"
        return Child("The web server", ["django", "runserver", address], environment=environment)
    # Access logs would hold the names that people search for: off, as gunicorn has it by default.
    options = {
        "--bind": f"fd://{held.fileno()}",
        "--workers": str(WORKERS),
        "--threads": str(THREADS),
        "--graceful-timeout": str(GRACEFUL_SECONDS),
        "--log-level": "warning",
    }
    words = [word for option in options.items() for word in option]
    child = Child(
        "The web server",
        ["gunicorn", "dashboard.wsgi:application", "--no-control-socket", *words],
        environment=environment,
        descriptors=[held.fileno()],
    )
    held.close()
    return child
