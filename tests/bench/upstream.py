"""A proxy in front of the embedded cloud, which shows what a page requests and can answer it again from memory."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests

from tests.support.fault_proxy import HOP_BY_HOP, Answer, Fault, FaultProxy, Rewrite, Side

# A request is held this long before it is passed on; what arrives meanwhile was sent at the same time.
HELD_SECONDS = 0.2
LEFT_OUT = HOP_BY_HOP | {"host", "accept-encoding"}


@dataclass(frozen=True, slots=True)
class Sent:
    """A request to Cinder as Diskboard sent it, and when it arrived (monotonic clock)."""

    method: str
    path: str
    headers: dict[str, str]
    at: float


class ReplaySide(Side):
    """A side of the proxy that answers from memory what it has an answer to."""

    def __init__(self, upstream: str) -> None:
        self.answers: dict[tuple[str, str], Answer] = {}
        self.arrivals: list[float] = []
        self.holds = False
        self._arriving = threading.Lock()
        super().__init__(upstream)

    def rule_for(self, method: str, path: str) -> Fault | Answer | Rewrite | None:
        """Return the remembered answer, or None to pass the request on."""
        with self._arriving:
            self.arrivals.append(time.monotonic())
        if self.holds:
            time.sleep(HELD_SECONDS)
        return self.answers.get((method, path))


class Upstream(FaultProxy):
    """The embedded cloud behind a proxy."""

    cinder: ReplaySide

    def __init__(self, auth_url: str, cinder_url: str) -> None:
        super().__init__(auth_url, cinder_url)
        self.cinder.close()
        self.cinder = ReplaySide(urlsplit(cinder_url).netloc)
        theirs, ours = self.cinder.upstream.encode(), urlsplit(self.cinder.url).netloc.encode()
        self.keystone.rewrite = lambda body: body.replace(theirs, ours)

    def sent_by(self, visit: Callable[[], object]) -> "Needed":
        """Return the requests to Cinder that a visit sends."""
        self.cinder.forget()
        self.cinder.arrivals.clear()
        self.cinder.holds = True
        try:
            visit()
        finally:
            self.cinder.holds = False
        # Concurrent requests may be listed in another order than they arrived, but at the same time.
        both = zip(sorted(self.cinder.arrivals), self.cinder.seen, strict=True)
        return Needed(
            f"http://{self.cinder.upstream}", [Sent(one.method, one.path, one.headers, at) for at, one in both]
        )

    def remember(self, needed: "Needed") -> None:
        """Answer these requests from memory from now on."""
        for sent in needed.sent:
            answer = needed.send(sent)
            headers = {name: value for name, value in answer.headers.items() if name.lower() not in HOP_BY_HOP}
            self.cinder.answers[sent.method, sent.path] = Answer(answer.status_code, answer.content, headers)


class Needed:
    """The requests that a page needs, sent by plain ``requests`` on kept-alive connections, as the page sends them:

    one after the other, or at the same time where the page doesn't wait in between.
    """

    def __init__(self, cinder: str, sent: list[Sent]) -> None:
        self.cinder = cinder
        self.sent = sent
        self._sessions = threading.local()
        self._pool = ThreadPoolExecutor(max(1, *(len(batch) for batch in self.batches), 1))

    @property
    def batches(self) -> list[list[Sent]]:
        """The requests, grouped by those that are sent at the same time."""
        found: list[list[Sent]] = []
        for one in self.sent:
            if found and one.at - found[-1][0].at < HELD_SECONDS / 2:
                found[-1].append(one)
            else:
                found.append([one])
        return found

    def send_all(self) -> None:
        """Send all of them and read the answers."""
        for batch in self.batches:
            if len(batch) == 1:
                self.send(batch[0])
            else:
                list(self._pool.map(self.send, batch))

    def send(self, sent: Sent) -> requests.Response:
        """Send one of them."""
        headers = {name: value for name, value in sent.headers.items() if name.lower() not in LEFT_OUT}
        answer = self._session.request(sent.method, self.cinder + sent.path, headers=headers, timeout=60)
        answer.raise_for_status()
        return answer

    @property
    def _session(self) -> requests.Session:
        if not hasattr(self._sessions, "kept"):
            self._sessions.kept = requests.Session()
            self._sessions.kept.trust_env = False
        session: requests.Session = self._sessions.kept
        return session

    def __str__(self) -> str:
        return " then ".join(" and ".join(one.path.partition("?")[0] for one in batch) for batch in self.batches)
