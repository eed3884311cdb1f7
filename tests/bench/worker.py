"""A worker's start, and its memory when it is idle and after many requests."""

import itertools
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import mean

import requests

from tests.bench.figures import Figure
from tests.bench.lab import Lab, Site
from tests.bench.pages import pages
from tests.bench.pairs import Spread
from tests.bench.serving import Browser, environment, free_port, serving

MIB = 1024**2
REQUESTS = 10_000
# By then a worker has filled its caches and pools.
WARM_REQUESTS = 1_000
CONNECTIONS = 8
USUAL_PAIRS = 30
# The memory after all requests over that when warm: it is flat but for what the allocator keeps.
FLAT = 1.1
STARTS = 5
POLL_SECONDS = 0.01


def figures(lab: Lab) -> Iterator[Figure]:
    """Measure the workers of each site."""
    for site in lab.sites:
        yield from _memory(lab, site)
        times = [start_seconds(lab, site, number) for number in range(min(STARTS, lab.pairs))]
        yield Figure(f"{site.label}start of a worker until it shows a page", Spread.of(times), "s")


def _memory(lab: Lab, site: Site) -> Iterator[Figure]:
    """Send many requests; the cloud's answers come from memory."""
    share = min(1, lab.pairs / USUAL_PAIRS)
    warm, rest = int(WARM_REQUESTS * share), int((REQUESTS - WARM_REQUESTS) * share)
    paths = [path for _name, path, _most in pages(lab.many) if "per_page=100" not in path]
    for path in paths:
        lab.upstream.remember(site.needs(lab.many, path))
    with serving(site.tree, site.var / "worker", lab.upstream.auth_url) as server:
        show_first_page(server.url)
        idle = memory(server.workers)
        send(server.url, lab, paths, warm)
        warmed = memory(server.workers)
        send(server.url, lab, paths, rest)
        after = memory(server.workers)
    yield Figure(f"{site.label}memory of a worker, idle", Spread.of([idle / MIB]), "MiB")
    yield Figure(
        f"{site.label}memory of a worker after {warm + rest:,} requests ÷ after {warm:,}",
        Spread.of([after / warmed]),
        most=FLAT if site is lab.own else None,
        besides=f"{after / MIB:.0f} MiB, {warmed / MIB:.0f} MiB",
    )


def send(url: str, lab: Lab, paths: list[str], count: int) -> None:
    """Visit the pages in turn, on several connections."""
    browsers = threading.local()

    def visit(path: str) -> None:
        if not hasattr(browsers, "own"):
            browsers.own = Browser.signed_in(url, lab.many.project)
        browsers.own.get(path)

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(visit, itertools.islice(itertools.cycle(paths), count)))


def show_first_page(url: str) -> None:
    """Open the sign-in page on several new connections, so that each worker loads what it loads for its first page."""
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(requests.get, [f"{url}/sign-in/"] * CONNECTIONS * 2))


def memory(pids: list[int]) -> float:
    """Return the mean memory of these processes (resident set), in bytes."""
    return mean(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids) * os.sysconf("SC_PAGE_SIZE")


def start_seconds(lab: Lab, site: Site, number: int) -> float:
    """Start the web server with one worker, and return the seconds until it shows a page."""
    port, var = free_port(), site.var / "server"
    assert site.server, "Its database and static files are used here"
    command = [sys.executable, "-m", "gunicorn", "dashboard.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    log = site.var / f"start-{number}.log"
    with log.open("wb") as writing:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [*command, "--threads", "16", "--no-control-socket"],
            cwd=site.tree,
            env=environment(var, lab.cloud.auth_url, port),
            stdout=writing,
            stderr=subprocess.STDOUT,
        )
    try:
        while not _answers(f"http://127.0.0.1:{port}/sign-in/"):
            assert process.poll() is None, log.read_text()
            time.sleep(POLL_SECONDS)
        return time.perf_counter() - begun
    finally:
        process.terminate()
        process.wait()


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=30).ok
    except requests.ConnectionError:
        return False
