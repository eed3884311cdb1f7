"""A Diskboard that measures itself, see ``site_process.py``."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.serving import environment
from tests.support.devcloud import Project

SCRIPT = Path(__file__).with_name("site_process.py")
Visit = tuple[str, dict[str, str]]


class InProcess:
    """The process's end of the pipe; a visit is a path and its headers."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self._process = process
        self._log = log

    def sign_in(self, project: Project) -> None:
        """Sign in as the member of a project."""
        refused = self._order("sign_in", project.username, project.password)
        assert not refused, refused

    def visit(self, path: str, **headers: str) -> tuple[int, int]:
        """Send a request; return its status and the bytes of its body, compressed."""
        status, size = self._order("visit", path, headers)
        assert status < 400, f"{path} answers {status}"
        return status, size

    def measure(self, visits: list[Visit], rounds: int) -> list[list[float]]:
        """Send requests in turn; return the processor seconds of each."""
        taken: list[list[float]] = self._order("measure", visits, rounds)
        return taken

    def profile(self, visit: Visit, seconds: float) -> dict[str, float]:
        """Send a request for so long; return each part's share in its processor time."""
        spent: dict[str, float] = self._order("profile", visit, seconds)
        return {part: one / sum(spent.values()) for part, one in spent.items()}

    def _order(self, name: str, *arguments: Any) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([name, arguments]) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"The process that measures itself has ended: {self._log.read_text()}"
        return json.loads(line)


@contextmanager
def in_process(tree: Path, var: Path, auth_url: str) -> Iterator[InProcess]:
    """Run the Diskboard of a checkout in front of a cloud, without a web server."""
    var.mkdir(parents=True)
    given = {**environment(var, auth_url), "PYTHONPATH": str(tree)}
    for command in (["migrate", "-v0"], ["collectstatic", "-v0", "--no-input"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=tree, env=given, check=True)
    with (var / "process.log").open("wb") as log:
        process = subprocess.Popen(
            # -P: its own folder isn't one to import from.
            [sys.executable, "-P", str(SCRIPT)],
            cwd=tree,
            env=given,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        yield InProcess(process, var / "process.log")
    finally:
        assert process.stdin
        process.stdin.close()
        process.wait()
