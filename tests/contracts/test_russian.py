"""In Russian nothing is left in English but what is the cloud's, or a name."""

import re
from html.parser import HTMLParser

import pytest
import requests
from django.test import Client

from tests.support.canned import HTMX
from tests.support.fake_cloud import FakeCloud, an_id, backup, fault, message, snapshot, volume
from tests.support.pages import HERE, Answered, sent_by, text_of
from tests.contracts.test_every_view import BOTH_WAYS, VIEWS, View

RUSSIAN = {"Accept-Language": "ru-RU,ru;q=0.9,en;q=0.5"}
# What a person reads or hears of an element besides its text
READ = ("title", "aria-label", "placeholder", "alt", "data-copy", "data-text", "data-unreachable")
SILENT = ("script", "style", "code", "svg", "head")
# Names of ours, of things in OpenStack, and of signs and units
NAMES = {"Diskboard", "NVMe", "CLI", "TLS", "GMT", "UTC", "cookie", "key", "value", "English", "disk", "CSV"}
# What the fake cloud has and says
OF_THE_CLOUD = {
    "data", "nightly", "ceph", "nvme", "ssd", "hdd", "nova", "Project", "one", "ann", "Default", "RegionOne", "backups",
    "dev", "vdb", "schedule", "allocate", "volume", "Could", "not", "find", "any", "available", "weighted", "backend",
    "req", "hamster", "tired", "The", "HTTP", "application", "json", "snapshot",
}  # fmt: skip
ENGLISH = re.compile(r"[A-Za-z]{3,}")
IDS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|req-\S+|\b[0-9a-f]{8}\b|\w+[_-]snapshot\w*")


class _Reader(HTMLParser):
    """Collects what a person reads."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT
        self.read += [value for name, value in attrs if name in READ and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.read.append(data)


def english(answer: Answered) -> set[str]:
    """The English words that are left on a page."""
    reader = _Reader()
    reader.feed(text_of(answer))
    words = ENGLISH.findall(IDS.sub(" ", " ".join(reader.read)))
    return {word for word in words if word not in NAMES | OF_THE_CLOUD}


@pytest.fixture(autouse=True)
def _some(cloud: FakeCloud) -> None:
    attached = {"server_id": an_id(77), "device": "/dev/vdb", "attached_at": None, "id": "x"}
    cloud.volumes = [
        volume(1, name="data", volume_type="ef-nvme-ssd"),
        volume(2, name="data", status="error"),
        volume(3, name="data", status="deleting", updated_at="2026-03-01T10:00:00.000000"),
        volume(4, name="data", status="in-use", attachments=[attached]),
    ]
    cloud.snapshots = [snapshot(1001, name="nightly"), snapshot(1002, name="nightly", status="error", disk=2)]
    cloud.backups = [backup(2001, name="nightly"), backup(2002, name="nightly", status="error", fail_reason="tired")]
    cloud.messages = [message(3001, an_id(2))]


@pytest.mark.parametrize("view", [view for view in VIEWS if "export" not in view.path], ids=str)
def test_every_view_is_in_russian(signed_in: Client, view: View) -> None:
    for headers in BOTH_WAYS:
        page = signed_in.get(view.url, headers={**RUSSIAN, **headers})
        assert english(page) == set()


@pytest.mark.parametrize(
    "path", ["disks/?q=nothing&status=error&type=x", "snapshots/?q=nothing&older_than=9", "backups/?q=nothing"]
)
def test_a_search_in_vain_is_in_russian(signed_in: Client, path: str) -> None:
    assert english(signed_in.get(f"{HERE}/{path}", headers=RUSSIAN)) <= {"nothing"}


@pytest.mark.parametrize("path", ["disks/", "snapshots/", "backups/"])
def test_an_empty_list_is_in_russian(cloud: FakeCloud, signed_in: Client, path: str) -> None:
    cloud.volumes = cloud.snapshots = cloud.backups = []
    assert english(signed_in.get(f"{HERE}/{path}", headers=RUSSIAN)) == set()


@pytest.mark.parametrize("view", [view for view in VIEWS if view.needs], ids=str)
@pytest.mark.parametrize("status", [403, 404, 409, 413, 429, 500, 503])
def test_every_failure_is_in_russian(cloud: FakeCloud, signed_in: Client, view: View, status: int) -> None:
    cloud.http.get(cloud.at(view.needs), status_code=status, json=fault("fault", status, "The hamster is tired."))
    assert english(signed_in.get(view.url, headers=RUSSIAN)) <= {"is"}


@pytest.mark.parametrize("raised", [requests.ReadTimeout, requests.ConnectTimeout, requests.ConnectionError])
def test_a_cloud_that_is_down_is_told_in_russian(cloud: FakeCloud, signed_in: Client, raised: type[Exception]) -> None:
    cloud.http.get(cloud.at("/volumes/detail"), exc=raised)
    assert english(signed_in.get(f"{HERE}/disks/", headers=RUSSIAN)) == set()


@pytest.mark.parametrize("view", [view for view in VIEWS if view.posts], ids=str)
def test_every_wrong_form_is_in_russian(signed_in: Client, view: View) -> None:
    opened = signed_in.get(view.url, headers={**RUSSIAN, **HTMX})
    wrong = sent_by(opened, name="x" * 256, description="y\0", properties="=", size="-1", new_size="0", key="")
    for sent in (wrong, {}, {"confirmed": "1"}):
        page = signed_in.post(view.url, sent, headers={**RUSSIAN, **HTMX})
        assert english(page) <= {"x" * 256}
    assert english(signed_in.get("/toasts/", headers=RUSSIAN)) == set()


@pytest.mark.django_db
def test_the_pages_outside_a_project_are_in_russian(cloud: FakeCloud, client: Client) -> None:
    cloud.http.post("http://keystone.test/v3/auth/tokens", status_code=401)
    sent = {"user_name": "ann", "password": "wrong", "domain": "Default"}
    pages = [
        client.get("/sign-in/", headers=RUSSIAN),
        client.post("/sign-in/", {}, headers=RUSSIAN),
        client.post("/sign-in/", sent, headers=RUSSIAN),
        client.post("/sign-in/", {"credential": "x", "secret": "y"}, headers=RUSSIAN),
        client.get("/no-such-page/", headers=RUSSIAN),
        Client(enforce_csrf_checks=True).post("/sign-in/", sent, headers=RUSSIAN),
    ]
    for page in pages:
        assert english(page) <= {"Unauthorized"}
        assert '<html lang="ru"' in text_of(page)


def test_it_would_notice_what_is_left() -> None:
    class Page:
        content = '<p title="Hello">Привет <b>world</b> <code>openstack</code></p>'.encode()

    assert english(Page()) == {"Hello", "world"}
