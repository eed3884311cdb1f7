"""With LOG_FORMAT=json each line of both streams is an object, whoever writes it; text has no forged lines."""

import json
import os
import re
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.devcloud import wait_until
from tests.support.served import START_SECONDS, Served

USUAL = {"time", "level", "logger", "message"}
ACCESS = USUAL | {"method", "path", "status", "bytes", "seconds", "address", "request_id"}
TEXT = re.compile(r'(\S+) \[[^]]+\] "GET (.+)" (\d+) (\d+) ([\d.]+) (req-\S+)')

Start = Callable[..., Served]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a Diskboard that ends with the test."""
    started = []

    def begin(**changed: str) -> Served:
        started.append(Served(tmp_path, **{"ACCESS_LOG": "1", **changed}))
        return started[-1]

    try:
        yield begin
    finally:
        for one in started:
            one.process.kill()
            one.process.wait()


def accesses(served: Served, path: str) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = [json.loads(line) for line in served.lines()]
    return [one for one in read if one["logger"] == "gunicorn.access" and one["path"] == path]


def test_each_line_is_json_also_if_a_worker_is_killed_and_after_a_reload(start: Start) -> None:
    served = start(LOG_FORMAT="json")
    wait_until(served.is_up, "it answers", START_SECONDS)
    earlier = served.workers()
    for pid in earlier:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: served.has_new_workers(earlier), "the workers are new")
    # The workers are told to end while they start.
    starting = served.workers()
    served.process.send_signal(signal.SIGHUP)
    wait_until(lambda: served.has_new_workers(starting), "the workers are new again")
    wait_until(served.is_up, "it answers again")
    answer = served.get(served.port, "/диски/?secret=1")
    served.get(served.metrics_port, "/metrics")
    with socket.create_connection(("127.0.0.1", served.port)) as wrong:
        wrong.sendall(b"NONSENSE\r\n\r\n")
        assert wrong.recv(100).startswith(b"HTTP/1.1 400")
    served.stop()
    lines = [json.loads(line) for line in served.lines()]
    assert all(set(one) >= USUAL for one in lines)
    assert [one["traceback"] for one in lines if "traceback" in one] == []
    said = " | ".join(one["message"] for one in lines)
    for part in ("Diskboard is at http://127.0.0.1", "SIGKILL", "Booting worker", "hup", "Invalid request"):
        assert part in said
    [line] = accesses(served, "/диски/")
    assert set(line) == ACCESS
    assert (line["method"], line["status"], line["address"]) == ("GET", 404, "127.0.0.1")
    assert (line["bytes"], line["request_id"]) == (
        int(answer.headers["Content-Length"]),
        answer.headers["X-Request-Id"],
    )
    assert 0 < line["seconds"] < 10
    assert "secret" not in "".join(served.lines())
    # The metrics have neither; nobody's address is an empty text.
    [line] = accesses(served, "/metrics")
    assert (line["address"], "request_id" in line) == (None, False)


def test_only_what_is_severe_enough_is_written(start: Start) -> None:
    served = start(LOG_FORMAT="json", LOG_LEVEL="ERROR", ACCESS_LOG="0")
    wait_until(served.is_up, "it answers", START_SECONDS)
    served.stop()
    [line] = served.lines()
    assert json.loads(line)["message"].startswith("Diskboard is at ")


def test_a_line_of_text_stays_one_and_has_an_address(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "socket"
    served = start(UNIX_SOCKET=str(path))

    def asked(target: str) -> bytes:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(path))
            client.sendall(f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            return b"".join(iter(lambda: client.recv(4096), b""))

    wait_until(path.is_socket, "it listens", START_SECONDS)
    assert b" 404 " in asked("/%0aforged?secret")
    served.stop()
    [found] = [one for one in map(TEXT.fullmatch, served.lines()) if one]
    assert found.groups()[:3] == ("-", "/\\nforged", "404")
