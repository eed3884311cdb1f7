"""A reload of Diskboard, as by `systemctl reload`, loses no request."""

import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
import requests

from tests.nodes.proxies import PROXIES, Site, site
from tests.support.devcloud import wait_until

pytestmark = pytest.mark.full
NO_CLOUD = "http://127.0.0.1:9/v3"
RELOADS = 3
CLIENTS = 4


@pytest.fixture(params=sorted(PROXIES))
def here(request: pytest.FixtureRequest) -> Iterator[Site]:
    with site(NO_CLOUD, request.param) as running:
        yield running


def workers(site: Site) -> set[int]:
    pid = site.diskboard.pid
    return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def has_others(site: Site, before: set[int]) -> bool:
    now = workers(site)
    return bool(now) and not now & before


def ask(here: Site, ended: threading.Event) -> list[str]:
    """Open the sign-in page and send its form, again and again; return the answers that are not Diskboard's."""
    wrong, count = [], 0
    with here.session() as client:
        while not ended.is_set():
            for method in ("GET", "POST"):
                count += 1
                try:
                    answer = client.request(method, f"{here.url}/sign-in/", data={"user_name": "ann"}, timeout=30)
                except requests.RequestException as error:
                    wrong.append(f"{method}: {error}")
                    continue
                # A form without a token is refused by Diskboard itself.
                if "X-Diskboard" not in answer.headers or answer.status_code not in {200, 403}:
                    wrong.append(f"{method}: {answer.status_code}")
    assert count >= 4
    return wrong


def test_it_loses_no_request(here: Site) -> None:
    ended = threading.Event()
    with ThreadPoolExecutor(CLIENTS) as crowd:
        asking = [crowd.submit(ask, here, ended) for _ in range(CLIENTS)]
        try:
            for _ in range(RELOADS):
                before = workers(here)
                assert before
                here.diskboard.process.send_signal(signal.SIGHUP)  # type: ignore[union-attr]  # it was started
                wait_until(partial(has_others, here, before), "it has other workers", 60)
                time.sleep(0.5)
        finally:
            ended.set()
        assert [one for done in asking for one in done.result()] == []
    here.diskboard.check()
