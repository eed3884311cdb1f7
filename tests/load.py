"""``make load``: a hundred simultaneous users of the embedded cloud, and the effect on the others when Cinder stalls.

It is not part of ``make test``: it takes minutes, and its times depend on the machine. It still checks the following:
no error of Diskboard's own, constant memory use, and answers where no cloud is needed.
"""

import html
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any

import requests

from dashboard.devcloud.administrator import Administrator, sign_in, volume_client
from dashboard.devcloud.launcher import DevCloud

ROOT = Path(__file__).parents[1]
PEOPLE = 100
DISKS = 20
SECONDS = 60
THINKING_SECONDS = 2.0
PASSWORD = "load"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
KEY = re.compile(r'name="key" value="([^"]+)"')
SNAPSHOT = re.compile(r'id="row-([0-9a-f-]{36})"')
# With these statuses, Diskboard reports that the cloud failed.
OF_THE_CLOUD = frozenset({502, 503, 504})
# And with this in a form that came back.
SLOW_CLOUD = re.compile("The cloud (gave no clear answer|can't be reached)")
MOST_GROWTH = 1.2


@dataclass
class Tally:
    """The requests that were sent, and their answers."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    own: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, what: str, status: int, took: float, told: str = "") -> None:
        """Count one answer; an error that isn't the cloud's counts as Diskboard's own."""
        with self.lock:
            self.seconds.setdefault(what, []).append(took)
            self.statuses[status] += 1
            if status >= 400 and status not in OF_THE_CLOUD and not SLOW_CLOUD.search(told):
                self.own.append(f"{what}: {status} {told[:300]}")

    def show(self) -> None:
        """Print a table."""
        print(f"{'what':28} {'count':>6} {'median':>8} {'95 %':>8} {'longest':>8}")
        for what, times in sorted(self.seconds.items()):
            middle, high = quantiles(times, n=20)[9::9] if len(times) > 1 else (times[0], times[0])
            print(f"{what:28} {len(times):6} {middle:7.2f}s {high:7.2f}s {max(times):7.2f}s")
        print("answers:", dict(sorted(self.statuses.items())))


class Person:
    """A user with a separate browser."""

    def __init__(self, site: str, tally: Tally, name: str, project_id: str) -> None:
        self.site = site
        self.tally = tally
        self.name = name
        self.here = f"/p/{project_id}"
        self.browser = requests.Session()
        self.browser.trust_env = False

    def ask(self, what: str, path: str, data: dict[str, str] | None = None, *, partial: bool = False) -> str:
        """Send a request as a browser does, and count it."""
        headers = {"Referer": self.site, **({"HX-Request": "true"} if partial else {})}
        begun = time.monotonic()
        try:
            method = "POST" if data is not None else "GET"
            answer = self.browser.request(method, self.site + path, data=data, headers=headers, timeout=120)
        except requests.RequestException as error:
            self.tally.add(what, 599, time.monotonic() - begun, type(error).__name__)
            return ""
        self.tally.add(what, answer.status_code, time.monotonic() - begun, html.unescape(answer.text))
        return answer.text

    def sign_in(self) -> None:
        """Sign in by password."""
        page = self.ask("sign-in page", "/sign-in/")
        sent = {"user_name": self.name, "password": PASSWORD, "domain": "Default"}
        self.ask("sign in", "/sign-in/", {**sent, "csrfmiddlewaretoken": _first(TOKEN, page)})

    def work(self, disks: list[str], until: float) -> None:
        """Read, and sometimes create or delete a snapshot."""
        while time.monotonic() < until:
            disk = random.choice(disks)
            self.ask("disks", f"{self.here}/disks/")
            self.ask("quota", f"{self.here}/disks/quota/", partial=True)
            self.ask("details", f"{self.here}/disks/details/?counted={','.join(disks)}", partial=True)
            self._make_snapshot(disk)
            page = self.ask("snapshots of a disk", f"{self.here}/disks/{disk}/snapshots/?per_page=100")
            self.ask("snapshots", f"{self.here}/snapshots/")
            self._delete_one(page)
            time.sleep(random.uniform(0, THINKING_SECONDS))

    def _make_snapshot(self, disk: str) -> None:
        path = f"{self.here}/disks/{disk}/create-snapshot/"
        dialog = self.ask("open create snapshot", path, partial=True)
        sent = {"name": self.name, "description": "", "properties": "", "key": _first(KEY, dialog)}
        self.ask("create snapshot", path, {**sent, "csrfmiddlewaretoken": _first(TOKEN, dialog)}, partial=True)

    def _delete_one(self, page: str) -> None:
        ids = SNAPSHOT.findall(page)
        if ids:
            sent = {"ids": random.choice(ids), "csrfmiddlewaretoken": _first(TOKEN, page)}
            self.ask("delete snapshot", f"{self.here}/snapshots/delete/run/", sent, partial=True)


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""


def prepare(cloud: DevCloud) -> tuple[str, list[str], list[str]]:
    """Create the project, its disks and its users; return the project's id, the disks' ids and the users' names."""
    administrator = Administrator(cloud.environment())
    administrator.ensure_disk_types()
    project_id = administrator.create_project("load")
    administrator.volumes.quotas.update(project_id, snapshots=-1, volumes=-1, gigabytes=-1)
    names = [f"person-{number:03}" for number in range(PEOPLE)]
    for name in names:
        administrator.grant("member", administrator.create_user(name, PASSWORD), project_id)
    volumes = volume_client(sign_in(cloud.auth_url, names[0], PASSWORD, "load")).volumes
    disks = [volumes.create(1, name=f"disk-{number:02}").id for number in range(DISKS)]
    return project_id, disks, names


def workers_of(server: subprocess.Popen[bytes]) -> list[int]:
    """Return the worker processes: the server process's grandchildren."""
    found = [server.pid]
    for _ in range(2):
        found = [child for parent in found for child in _children(parent)]
    return found


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def memory(pids: list[int]) -> int:
    """Return the total memory of these processes, in MiB."""
    told = " ".join(Path(f"/proc/{pid}/status").read_text() for pid in pids)
    return sum(map(int, re.findall(r"VmRSS:\s+(\d+)", told))) // 1024


def serve(cloud: DevCloud, var: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Start Diskboard as ``make run`` does, in front of that cloud."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, "OS_AUTH_URL": cloud.auth_url, "VAR_DIR": str(var), "PORT": str(port)}
    with (var / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "run"], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    site = f"http://127.0.0.1:{port}"
    while not _answers(f"{site}/healthz"):
        if server.poll() is not None:
            raise SystemExit((var / "server.log").read_text())
        time.sleep(0.2)
    return server, site


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False


def under_load(people: list[Person], disks: list[str], pids: list[int]) -> bool:
    """Let all users work at the same time; return whether memory use stayed constant."""
    with ThreadPoolExecutor(PEOPLE) as crowd:
        until = time.monotonic() + SECONDS
        working = [crowd.submit(person.work, disks, until) for person in people]
        time.sleep(SECONDS / 3)
        before = memory(pids)
        for one in working:
            one.result()
    after = memory(pids)
    print(f"memory of the workers: {before} MiB after a third, {after} MiB at the end")
    return after <= before * MOST_GROWTH


def while_stalled(cloud: DevCloud, people: list[Person], tally: Tally) -> float:
    """Stop Cinder while users load their disks; return the longest wait for pages that need no cloud, in seconds."""
    cinder = cloud.pids[-1]
    os.killpg(cinder, signal.SIGSTOP)
    watch = Person(people[0].site, tally, "watch", "")
    try:
        with ThreadPoolExecutor(PEOPLE) as crowd:
            waiting = [crowd.submit(one.ask, "disks, Cinder stalled", f"{one.here}/disks/") for one in people]
            while not all(one.done() for one in waiting):
                for path in ("/healthz", "/sign-in/", "/static/icon.svg"):
                    watch.ask("no cloud needed, stalled", path)
                time.sleep(0.2)
    finally:
        os.killpg(cinder, signal.SIGCONT)
    return max(tally.seconds["no cloud needed, stalled"])


def main() -> int:
    """Run the load test; return 1 if a check fails."""
    tally: Any = Tally()
    with tempfile.TemporaryDirectory() as directory:
        var = Path(directory)
        cloud = DevCloud(var / "cloud")
        server = None
        try:
            cloud.start(print)
            project_id, disks, names = prepare(cloud)
            server, site = serve(cloud, var)
            people = [Person(site, tally, name, project_id) for name in names]
            with ThreadPoolExecutor(4) as door:
                list(door.map(Person.sign_in, people))
            level = under_load(people, disks, workers_of(server))
            tally.show()
            stalled = Tally()
            for person in people:
                person.tally = stalled
            longest = while_stalled(cloud, people, stalled)
            stalled.show()
            log = (var / "server.log").read_text()
        finally:
            if server:
                server.terminate()
                server.wait()
            cloud.stop()
    own = [*tally.own, *stalled.own, *re.findall(r"Traceback[\s\S]{0,2000}", log)]
    print("\n".join(own[:10]) or "no error of Diskboard's own")
    print(f"longest wait for what needs no cloud while Cinder stalled: {longest:.1f} s")
    return 0 if level and not own else 1


if __name__ == "__main__":
    raise SystemExit(main())
