"""The ``openstack`` client for many command lines: it loads its code once, and a fork of it runs each command.

A shell runs the line as it is. Instead of starting the client, the shell sends it the words that it would get, and
receives the code that it would return.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Self

from dashboard.devcloud.child import Child

if TYPE_CHECKING:
    from collections.abc import Mapping

LINE_SECONDS = 120
# A shell that has this among its variables defines a function with that name. No name in it begins with OS_ except the
# variables that the client reads.
FUNCTION = """() {
    local name
    {
        for name in "${!OS_@}"; do printf '%s=%s\\0' "$name" "${!name}"; done
        printf '%s\\0' '' "$@"
    } >"$CLIENT/asked"
    local code
    read -r code <"$CLIENT/answered"
    return "$code"
}"""


class OpenStackClient:
    """Runs shell lines in which ``openstack`` is this client."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._errors = directory / "errors"
        for name in ("asked", "answered"):
            os.mkfifo(directory / name)
        self._child = Child("openstack", ["tests.support.openstack_client", str(directory)], log=directory / "log")

    def run(self, line: str, environment: Mapping[str, str]) -> tuple[int, str]:
        """Run the line in a shell; return its exit code and its error output."""
        self._errors.write_text("")
        done = subprocess.run(
            ["bash", "-c", line],
            env={**environment, "CLIENT": str(self._directory), "BASH_FUNC_openstack%%": FUNCTION},
            capture_output=True,
            text=True,
            timeout=LINE_SECONDS,
            check=False,
        )
        self._child.check()
        return done.returncode, done.stderr + self._errors.read_text()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_reason: object) -> None:
        self._child.stop()


def _serve(directory: Path) -> NoReturn:
    _load_code()
    while True:
        asked = (directory / "asked").read_text().split("\0")[:-1]
        copy = os.fork()
        if not copy:
            os._exit(_run(asked, directory / "errors"))
        _pid, status = os.waitpid(copy, 0)
        (directory / "answered").write_text(f"{os.waitstatus_to_exitcode(status)}\n")


def _load_code() -> None:
    """Run a command that fails: it loads all the code that the next commands need."""
    importlib.import_module("cinderclient.v3.client")
    nowhere = ["--os-auth-url=http://127.0.0.1:1/v3", "--os-username=x", "--os-password=x", "--os-project-name=x"]
    with contextlib.suppress(SystemExit):
        shell.main(["volume", "set", "--help"])
    with contextlib.suppress(SystemExit):
        shell.main([*nowhere, "volume", "list"])


def _run(asked: list[str], errors: Path) -> int:
    end = asked.index("")
    for name in [name for name in os.environ if name.startswith("OS_")]:
        del os.environ[name]
    os.environ.update({name: value for name, _is, value in (one.partition("=") for one in asked[:end])})
    with errors.open("a") as sys.stderr:
        try:
            return int(shell.main(asked[end + 1 :]))
        except SystemExit as over:
            return int(over.code or 0)


if __name__ == "__main__":
    shell = importlib.import_module("openstackclient.shell")
    _serve(Path(sys.argv[1]))
