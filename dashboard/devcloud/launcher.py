"""Start, monitor and stop the embedded cloud."""

import json
import logging
import secrets
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import requests

from dashboard.devcloud import configuration
from dashboard.devcloud.child import Child
from dashboard.devcloud.lock import DirectoryLock
from dashboard.devcloud.parameters import ADMIN, MARKER_HEADER, REGION, Parameters, password_file

LOG = logging.getLogger(__name__)
LOOPBACK = "127.0.0.1"
START_SECONDS = 180
POLL_SECONDS = 0.1
ANSWER_SECONDS = 5


class DevCloud:
    """The real Keystone and the real Cinder as two child processes.

    Their state is stored in ``directory``; a later start with the same directory continues from it. Port 0 means the
    port of the last start if it is free, else any free port.
    """

    def __init__(self, directory: Path, *, keystone_port: int = 0, cinder_port: int = 0) -> None:
        """Set the directory and ports; ``start`` starts the processes."""
        self.directory = directory.resolve()
        self._requested_ports = {"keystone": keystone_port, "cinder": cinder_port}
        self._children: list[Child] = []
        self._addresses: dict[str, str] = {}
        self._lock = DirectoryLock(self.directory)

    @classmethod
    def running(cls, directory: Path) -> Self:
        """Return the cloud that another process runs in `directory`; don't start or stop it through this object."""
        cloud = cls(directory)
        ports = cloud._remembered_ports()
        cloud._addresses = {name: f"http://{LOOPBACK}:{port}" for name, port in ports.items()}
        return cloud

    @property
    def auth_url(self) -> str:
        """Keystone's URL; available after the start."""
        return f"{self._addresses['keystone']}/v3"

    @property
    def admin_password(self) -> str:
        """The administrator's password, stored in a file that only its owner may read."""
        return password_file(self.directory).read_text().strip()

    @property
    def pids(self) -> list[int]:
        """The IDs of the child processes."""
        return [child.pid for child in self._children]

    def environment(self) -> dict[str, str]:
        """Return the administrator's credentials as environment variables of the ``openstack`` client."""
        return {
            "OS_AUTH_URL": self.auth_url,
            "OS_USERNAME": ADMIN,
            "OS_PASSWORD": self.admin_password,
            "OS_PROJECT_NAME": ADMIN,
            "OS_USER_DOMAIN_NAME": "Default",
            "OS_PROJECT_DOMAIN_NAME": "Default",
            "OS_IDENTITY_API_VERSION": "3",
            "OS_REGION_NAME": REGION,
        }

    def disk_file(self, resource_id: str) -> Path:
        """Return the file with the content of the disk or snapshot with this ID."""
        return self.directory / "disks" / resource_id

    def start(self, report: Callable[[str], None] = LOG.info) -> None:
        """Start both servers and return once they answer; `report` receives progress messages.

        Raises:
            ChildDied: a server ended; the message contains the last lines of its log.
            TimeoutError: a server doesn't answer within START_SECONDS.
            DirectoryInUse: another process runs a cloud in the directory.
            OSError: a requested port is in use.
        """
        (self.directory / "log").mkdir(parents=True, exist_ok=True)
        marker = secrets.token_hex(8)
        self._lock.take()
        try:
            self._create_password()
            self._launch(marker)
            self._wait(marker, report)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop both processes; a second call does nothing."""
        children, self._children = self._children, []
        for child in children:
            child.ask_to_stop()
        for child in children:
            child.stop()
        self._lock.release()

    def check(self) -> None:
        """Raise ChildDied if one of the servers has ended."""
        for child in self._children:
            child.check()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, *_reason: object) -> None:
        """Stop."""
        self.stop()

    def _create_password(self) -> None:
        path = password_file(self.directory)
        if not path.exists() or not path.read_text():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(16))

    def _launch(self, marker: str) -> None:
        sockets = self._open_sockets()
        try:
            self._addresses = {name: f"http://{LOOPBACK}:{opened.getsockname()[1]}" for name, opened in sockets.items()}
            configuration.write(self.directory, keystone_url=self.auth_url, password=self.admin_password)
            self._launch_one("keystone", "dashboard.devcloud.keystone_server", sockets, marker)
            self._launch_one("cinder", "dashboard.devcloud.cinder_process", sockets, marker)
        finally:
            for opened in sockets.values():
                opened.close()

    def _launch_one(self, name: str, module: str, sockets: dict[str, socket.socket], marker: str) -> None:
        parameters = Parameters(
            directory=str(self.directory),
            socket=sockets[name].fileno(),
            marker=marker,
            keystone_url=self.auth_url,
            cinder_url=self._addresses["cinder"],
        )
        log = self.directory / "log" / f"{name}.log"
        with log.open("a") as writing:
            writing.write("A cloud for trying out and for tests starts; don't keep data here.\n")
        child = Child(
            name.capitalize(),
            [module, parameters.as_argument()],
            log=log,
            environment={"OS_CINDER_DISABLE_EVENTLET_PATCHING": "1"},
            # A server that outlives this process for a moment must still hold the lock.
            descriptors=[parameters.socket, self._lock.descriptor],
        )
        self._children.append(child)

    def _open_sockets(self) -> dict[str, socket.socket]:
        """Listen before the servers start, so that no other process can take the ports in between."""
        remembered = self._remembered_ports()
        sockets: dict[str, socket.socket] = {}
        for name, port in self._requested_ports.items():
            sockets[name] = _listen(port) if port else _listen_anywhere(remembered.get(name, 0))
        ports = {name: opened.getsockname()[1] for name, opened in sockets.items()}
        self._ports_file.write_text(json.dumps(ports))
        return sockets

    @property
    def _ports_file(self) -> Path:
        return self.directory / "ports.json"

    def _remembered_ports(self) -> dict[str, int]:
        try:
            return {name: int(port) for name, port in json.loads(self._ports_file.read_text()).items()}
        except (OSError, ValueError):
            return {}

    def _wait(self, marker: str, report: Callable[[str], None]) -> None:
        began = time.monotonic()
        for name in ("keystone", "cinder"):
            while not _answers(f"{self._addresses[name]}/", marker):
                self.check()
                elapsed = time.monotonic() - began
                if elapsed > START_SECONDS:
                    raise TimeoutError(f"{name} does not answer; see {self.directory / 'log'}")
                time.sleep(POLL_SECONDS)
            report(f"{name.capitalize()} answers after {time.monotonic() - began:.0f} s")


def _listen(port: int) -> socket.socket:
    opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((LOOPBACK, port))
        # A long queue, so that a burst of clients is served in turn instead of refused.
        opened.listen(1024)
    except OSError:
        opened.close()
        raise
    return opened


def _listen_anywhere(preferred: int) -> socket.socket:
    try:
        return _listen(preferred)
    except OSError:
        return _listen(0)


def _answers(url: str, marker: str) -> bool:
    """Return whether the server answers and was started by this launch, as its marker shows."""
    with requests.Session() as session:
        session.trust_env = False
        try:
            answer = session.get(url, timeout=ANSWER_SECONDS, allow_redirects=False)
        except requests.RequestException:
            return False
        return answer.headers.get(MARKER_HEADER) == marker
