"""One Diskboard within a process of its own, which measures its processor time for whole requests.

``in_process.py`` runs it as a script, in the folder of the checkout to measure, and sends it orders as lines of JSON.
It imports nothing from ``tests``, so that it can measure other checkouts too.
"""

import importlib
import io
import json
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable
from types import FrameType, ModuleType
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")

LOOK_SECONDS = 0.001
READERS = ("volumes/cinder/readers.py", "volumes/cinder/values.py")
DOOR = "volumes/cinder/"
# What makes rows may ask the door's rules too, such as whether the cloud can grow an attached disk.
DRAWING = ("django/template/", "jinja2/", "volumes/lists/row", "volumes/menus.py", "volumes/actions.py", "/actions/")
CALLING = ("dashboard/cloud/parallel.py", "dashboard/cloud/transport.py")
SESSION = ("dashboard/accounts/", "django/contrib/sessions/")
BARE = "bare/"


class Site:
    """Diskboard's WSGI application with a signed-in user."""

    def __init__(self) -> None:
        # Imported here: it reads the settings, and the rest needs Django set up.
        self.application: Any = importlib.import_module("dashboard.wsgi").application
        from django.conf import settings  # noqa: PLC0415  # needs Django set up

        settings.ROOT_URLCONF = _urls_with_a_bare_view().__name__
        settings.ALLOWED_HOSTS = ["*"]
        self.cookies = ""

    def sign_in(self, user_name: str, password: str) -> str:
        """Sign in on the sign-in page."""
        from django.test import Client  # noqa: PLC0415  # needs the settings

        client = Client()
        answer = client.post("/sign-in/", {"user_name": user_name, "password": password, "domain": "Default"})
        if answer.status_code != 302:
            return f"signing in answers {answer.status_code}"
        self.cookies = "; ".join(f"{name}={cookie.value}" for name, cookie in client.cookies.items())
        return ""

    def visit(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, int]:
        """Send one request; return its status and the number of bytes of the body."""
        path, _, query = path.partition("?")
        sent = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in (headers or {}).items()}
        environ = {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "127.0.0.1:8000",
            "HTTP_ACCEPT_ENCODING": "gzip, deflate",
            "HTTP_ACCEPT_LANGUAGE": "en",
            "HTTP_COOKIE": self.cookies,
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            **sent,
        }
        statuses: list[int] = []

        def start(status: str, _headers: object, _error: object = None) -> None:
            statuses.append(int(status[:3]))

        body = self.application(environ, start)
        size = sum(map(len, body))
        if hasattr(body, "close"):
            body.close()
        return statuses[-1], size

    def measure(self, visits: list[list[Any]], rounds: int) -> list[list[float]]:
        """Send the requests in turn; return the processor seconds of each.

        Each is sent twice, and measured the second time: the first one takes the processor's caches over from the
        other requests, and a small request would pay for the large ones.
        """
        taken: list[list[float]] = [[] for _ in visits]
        for _ in range(rounds):
            for times, visit in zip(taken, visits, strict=True):
                self.visit(*visit)
                begun = time.process_time()
                self.visit(*visit)
                times.append(time.process_time() - begun)
        return taken

    def profile(self, visit: list[Any], seconds: float) -> dict[str, float]:
        """Send the request for so long; return the processor seconds that fell into each part.

        A timer looks every millisecond where the process is, and counts the processor time since its last look there.
        A timer of processor time would look too seldom: on many systems every four milliseconds.
        """
        spent: Counter[str] = Counter()
        looked_at = time.process_time()

        def look(_number: int, frame: FrameType | None) -> None:
            nonlocal looked_at
            since = time.process_time() - looked_at
            spent[part_of(frame)] += since  # type: ignore[assignment]  # a Counter can hold seconds
            looked_at = time.process_time()

        signal.signal(signal.SIGALRM, look)
        begun = time.process_time()
        signal.setitimer(signal.ITIMER_REAL, LOOK_SECONDS, LOOK_SECONDS)
        try:
            while time.process_time() - begun < seconds:
                self.visit(*visit)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        return spent  # type: ignore[return-value]  # as above


def _urls_with_a_bare_view() -> ModuleType:
    """Diskboard's URLs, and a view below a project's address that does nothing."""
    from django.http import HttpRequest, HttpResponse  # noqa: PLC0415  # needs the settings
    from django.urls import path  # noqa: PLC0415  # needs the settings

    def bare(_request: HttpRequest) -> HttpResponse:
        return HttpResponse("bare")

    module = ModuleType("urls_with_a_bare_view")
    sys.modules[module.__name__] = module
    urls = importlib.import_module("dashboard.urls")
    module.__dict__.update(vars(urls) | {"__name__": module.__name__})
    module.__dict__["urlpatterns"] = [path(f"p/<project:project>/{BARE}", bare), *urls.urlpatterns]
    return module


def part_of(frame: FrameType | None) -> str:
    """Return the part of a request in which a thread is: by the files of its frames, from the outermost on."""
    files = _files(frame)
    if any(file.endswith("dashboard/cloud/parallel.py") for file in files):
        # The main thread waits for others.
        files = max((_files(other) for other in _other_threads()), key=len, default=files)
    if not _any(files, ("volumes/",)):
        return "session" if _any(files, SESSION) else "middleware"
    place = next((place for place, file in enumerate(files) if _any([file], (*DRAWING, DOOR))), None)
    if place is None:
        return "client" if _any(files, CALLING) else "markup"
    # Rows and templates read the values' properties; that isn't the door's work.
    if DOOR not in files[place] or files[place].endswith("values.py"):
        return "markup"
    return "values" if _any(files[place:], READERS) else "client"


def _files(frame: FrameType | None) -> list[str]:
    """The files of a thread's frames, the outermost first."""
    files = []
    while frame:
        files.append(frame.f_code.co_filename)
        frame = frame.f_back
    return files[::-1]


def _other_threads() -> Iterable[FrameType]:
    main = threading.main_thread().ident
    frames = sys._current_frames().items()
    return [frame for thread, frame in frames if thread != main and DOOR in " ".join(_files(frame))]


def _any(files: list[str], parts: tuple[str, ...]) -> bool:
    return any(part in file for file in files for part in parts)


def main() -> None:
    """Carry out orders from standard input, each with one answer."""
    # Whatever prints to standard output must not mix with the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    site = Site()
    for line in sys.stdin:
        order, arguments = json.loads(line)
        print(json.dumps(getattr(site, order)(*arguments)), file=answers, flush=True)


if __name__ == "__main__":
    main()
