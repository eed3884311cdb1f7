"""The ways in which Cinder may answer wrongly, and Diskboard's messages for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests

from tests.support.cloud_rows import REQUEST_ID, fault
from tests.support.fake_cloud import CINDER, FAULT_HEADERS, JSON
from tests.support.pages import Page, words

if TYPE_CHECKING:
    from tests.support.fake_cloud import FakeCloud
    from tests.support.pages import Answered

ELSEWHERE = "http://elsewhere.test"
EVERYTHING = re.compile(f"^{re.escape(CINDER)}/v3/")
TIRED = "The <hamster> is tired."
UNKNOWN = "The change may have been made: check before you try again."
# Texts that are correct only for something that really doesn't exist; and the end of an empty list's heading
EMPTY = ("None.", "gone already", "There is no disk", "no snapshots")
EMPTY_LIST = " yet"
BROKEN = "The cloud has an internal problem at the moment."
LACKS = "The cloud refused this because it doesn't find something that this needs."
# How Cinder names its faults (cinder/api/openstack/wsgi.py, Fault)
FAULT_NAMES = {
    400: "badRequest",
    401: "unauthorized",
    403: "forbidden",
    404: "itemNotFound",
    409: "conflictingRequest",
    413: "overLimit",
    429: "overLimit",
    503: "serviceUnavailable",
}


@dataclass(frozen=True)
class Wrong:
    """An answer of Cinder's: `http` as requests_mock takes it.

    `status` is Diskboard's own status, `says` its message to the user and `reason` the cloud's words that it passes on.
    These differ for a write if the outcome is `unknown`, because the change may have been made, or if it has a message
    of its own, `says_of_write`. `request_id` is Cinder's, if the answer has one.
    """

    name: str
    http: dict[str, Any]
    status: int
    says: str
    reason: str = TIRED
    unknown: bool = False
    request_id: str = REQUEST_ID
    says_of_write: str = ""

    def __str__(self) -> str:
        return self.name

    @property
    def told_of_write(self) -> str:
        """The message of a write."""
        return UNKNOWN if self.unknown else self.says_of_write or self.says

    def told(self) -> list[str]:
        """The texts that a read shows about it."""
        return [self.says, self.reason, self.request_id]

    def told_by(self, answer: Answered) -> bool:
        """Whether the answer to a read shows these texts."""
        return self._tells(answer, self.says)

    def told_by_write(self, answer: Answered) -> bool:
        """Whether a write says so."""
        return self._tells(answer, self.told_of_write)

    def _tells(self, answer: Answered, says: str) -> bool:
        told = words(answer)
        return says in told and self.reason in told and self.request_id in told


def refused(code: int, says: str, status: int = 0, says_of_write: str = "", **headers: str) -> Wrong:
    """A refusal in Cinder's own form. After a server error a change may have been made."""
    told = {**FAULT_HEADERS, **{name.replace("_", "-"): value for name, value in headers.items()}}
    http = {"status_code": code, "json": fault(FAULT_NAMES.get(code, "computeFault"), code, TIRED), "headers": told}
    return Wrong(str(code), http, status or code, says, unknown=code >= 500, says_of_write=says_of_write)


def nonsense(name: str, code: int, text: str, kind: str, **headers: str) -> Wrong:
    """An answer that says nothing: a change may have been made, whatever its status."""
    told = {"Content-Type": kind, "x-openstack-request-id": REQUEST_ID, **headers}
    http = {"status_code": code, "text": text, "headers": told}
    return Wrong(name, http, 502, BROKEN, f"HTTP {code} {kind}".strip(), unknown=True)


SIGN_IN_AGAIN = refused(401, "Your session has ended.")
WRONG = [
    refused(400, "The cloud refused this."),
    refused(403, "You don't have permission to do this in this project."),
    refused(404, "This no longer exists or isn't in this project.", says_of_write=LACKS),
    refused(406, "The cloud refused this.", 400),
    refused(409, "This isn't possible at the moment: another operation is in progress."),
    refused(413, "The project's quota doesn't allow this.", 409),
    refused(429, "Too many requests to the cloud.", Retry_After="7"),
    refused(500, BROKEN, 502),
    refused(502, BROKEN),
    refused(503, BROKEN, 502),
    refused(504, BROKEN, 502),
    nonsense("HTML", 200, "<html><h1>Please log in</h1></html>", "text/html"),
    nonsense("HTML 503", 503, "<html><h1>Maintenance</h1></html>", "text/html"),
    nonsense("HTML 404", 404, "<html><h1>No such backend</h1></html>", "text/html"),
    nonsense("cut JSON", 200, '{"volumes": [{"id": "0', JSON["Content-Type"]),
    nonsense("redirect", 302, "", "", Location=f"{ELSEWHERE}/v3/volumes"),
]
NO_CONNECTION = Wrong(
    "no connection",
    {"exc": requests.ConnectTimeout("no route")},
    503,
    "The cloud can't be reached at the moment.",
    "The connection was interrupted.",
    request_id="",
)
WITHOUT_CONTENT = Wrong("without content", {"json": {}}, 502, BROKEN, "an answer without", request_id="")


def named(*names: str) -> list[Wrong]:
    """Some of these, for tests that only check that a view passes on what it gets."""
    by_name = {one.name: one for one in WRONG}
    return [by_name[name] for name in names]


def claims_to_be_empty(page: Page) -> list[str]:
    """The texts by which a page claims that something doesn't exist; they would be wrong after a failure."""
    headings = [one.name for one in page.select("h1, h2, h3") if one.name.endswith(EMPTY_LIST)]
    return headings + [told for told in EMPTY if told in page.text]


def let_all_reads_fail(cloud: FakeCloud, http: dict[str, Any]) -> None:
    """Let Cinder give this answer to every read; its version is known already."""
    cloud.http.get(EVERYTHING, **http)
    watch_elsewhere(cloud)


def watch_elsewhere(cloud: FakeCloud) -> None:
    """Let the other host answer, so that a request to it is recorded and doesn't just fail."""
    cloud.http.register_uri("GET", re.compile(f"^{re.escape(ELSEWHERE)}"), json={})


def asked_at_most_once(cloud: FakeCloud) -> bool:
    """Whether no request was sent twice, and none to the other host."""
    # After a 406, every request asks for Cinder's version again.
    asked = [(one.method, one.url) for one in cloud.requests() if urlsplit(one.url).path != "/"]
    return len(asked) == len(set(asked)) and cloud.requests(ELSEWHERE) == []
