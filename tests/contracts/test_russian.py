"""Pages in Russian contain no English words except names and words of the cloud."""

import re
from typing import Any

import pytest
from django.test import Client

from tests.support.actions import DISK
from tests.support.canned import HTMX, SignIn
from tests.support.cloud_rows import an_id, backup, fault, message, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.hostile import right_fields, stock
from tests.support.html import Element
from tests.support.pages import HERE, Answered, Page, sent_by
from tests.support.views import BOTH_WAYS, EVERY_POSTING_VIEW, EVERY_WRITING_VIEW, VIEWS, View
from tests.support.wrong_answers import NO_CONNECTION, WRONG

RUSSIAN = {"Accept-Language": "ru-RU,ru;q=0.9,en;q=0.5"}
# The attributes that users read or hear in addition to an element's text
READ = {"title", "aria-label", "placeholder", "alt", "data-copy", "data-text"}
SILENT = "script, style, code, svg"
# Names in Diskboard and OpenStack, and names of symbols, units and keys
NAMES = {"Diskboard", "NVMe", "CLI", "TLS", "GMT", "UTC", "cookie", "key", "value", "English", "disk", "CSV", "Esc"}
# The words that the fake cloud uses
OF_THE_CLOUD = {
    "data", "nightly", "ceph", "nvme", "ssd", "hdd", "nova", "Project", "one", "ann", "Default", "RegionOne", "backups",
    "dev", "vdb", "schedule", "allocate", "volume", "Could", "not", "find", "any", "available", "weighted", "backend",
    "req", "hamster", "tired", "The", "HTTP", "application", "json", "snapshot",
}  # fmt: skip
# Further words in its failures
REASONS = {"is", "html", "text"}
ENGLISH = re.compile(r"[A-Za-z]{3,}")
IDS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|req-\S+|\b[0-9a-f]{8}\b|\w+[_-]snapshot\w*")


def read(page: Element) -> str:
    """The texts of a page that a user reads or hears."""
    silent = {inner for one in page.select(SILENT) for inner in one.node.iter()}
    found = [value for node in page.node.iter("*") for name, value in node.attrib.items() if name in READ]
    for node in page.node.iter():
        if isinstance(node.tag, str) and node not in silent:
            found.append(node.text or "")
        if node.getparent() not in silent:
            found.append(node.tail or "")
    return " ".join(found)


def english(answer: Answered) -> set[str]:
    """The English words that remain on a page."""
    words = ENGLISH.findall(IDS.sub(" ", read(Page(answer))))
    return {word for word in words if word not in NAMES | OF_THE_CLOUD}


@pytest.fixture(autouse=True)
def _stocked(cloud: FakeCloud) -> None:
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
def test_every_view_is_in_russian(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    for headers in BOTH_WAYS:
        answer = signed_in.get(view.url, headers={**RUSSIAN, **headers})
        assert english(answer) == set(), f"as {'a fragment' if headers else 'a page'}"
    refusal = fault("conflictingRequest", 409, "The hamster is tired.")
    cloud.http.get(cloud.at(view.needs or "/limits"), status_code=409, json=refusal)
    assert english(signed_in.get(view.url, headers={**RUSSIAN, **HTMX})) <= REASONS, "where Cinder refuses"


@pytest.mark.parametrize(
    "path", ["disks/?q=nothing&status=error&type=x", "snapshots/?q=nothing&older_than=9", "backups/?q=nothing"]
)
def test_a_search_in_vain_is_in_russian(signed_in: Client, path: str) -> None:
    assert english(signed_in.get(f"{HERE}/{path}", headers=RUSSIAN)) <= {"nothing"}


@pytest.mark.parametrize("path", ["disks/", "snapshots/", "backups/"])
def test_an_empty_list_is_in_russian(cloud: FakeCloud, signed_in: Client, path: str) -> None:
    cloud.volumes = cloud.snapshots = cloud.backups = []
    assert english(signed_in.get(f"{HERE}/{path}", headers=RUSSIAN)) == set()


def test_what_a_reader_may_not_do_is_told_in_russian(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.roles = ["reader"]
    client = sign_in()
    for path in ("disks/", f"disks/{DISK}/", f"disks/{DISK}/snapshots/", "backups/", f"disks/{DISK}/rename/"):
        assert english(client.get(f"{HERE}/{path}", headers=RUSSIAN)) == set(), path


@pytest.mark.parametrize("headers", BOTH_WAYS, ids=["page", "fragment"])
def test_every_failure_of_a_read_is_in_russian(cloud: FakeCloud, signed_in: Client, headers: dict[str, str]) -> None:
    for wrong in (*WRONG, NO_CONNECTION):
        cloud.http.get(cloud.at("/volumes/detail"), **wrong.http)
        answer = signed_in.get(f"{HERE}/disks/", headers={**RUSSIAN, **headers})
        assert english(answer) <= REASONS, wrong


def test_every_failure_of_a_write_is_in_russian(cloud: FakeCloud, signed_in: Client) -> None:
    url = f"{HERE}/disks/{DISK}/rename/"
    sent = sent_by(signed_in.get(url, headers=HTMX), name="nightly")
    for wrong in (*WRONG, NO_CONNECTION):
        cloud.http.put(cloud.at(f"/volumes/{DISK}"), **wrong.http)
        answer = signed_in.post(url, {**sent, "key": wrong.name}, headers={**RUSSIAN, **HTMX})
        assert answer.status_code == 422, wrong
        assert english(answer) <= REASONS, wrong


@EVERY_POSTING_VIEW
def test_every_wrong_form_is_in_russian(signed_in: Client, view: View) -> None:
    opened = signed_in.get(view.url, headers={**RUSSIAN, **HTMX})
    wrong = sent_by(opened, name="x" * 256, description="y\0", properties="=", size="-1", new_size="0", key="")
    for sent in (wrong, {}):
        page = signed_in.post(view.url, sent, headers={**RUSSIAN, **HTMX})
        assert english(page) <= {"x" * 256}


@EVERY_WRITING_VIEW
def test_what_comes_of_every_form_is_in_russian(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    stock(cloud)
    done = signed_in.post(view.url, right_fields(view.path), headers={**RUSSIAN, **HTMX})
    assert done.status_code in {200, 204}
    told = signed_in.get("/toasts/", headers=RUSSIAN)
    assert Page(told).text
    assert english(told) <= {"new"}


@pytest.mark.django_db
def test_the_pages_outside_a_project_are_in_russian(cloud: FakeCloud, client: Client) -> None:
    cloud.http.post("http://keystone.test/v3/auth/tokens", status_code=401)
    sent = {"user_name": "ann", "password": "wrong", "domain": "Default"}
    pages: list[Any] = [
        client.get("/sign-in/", headers=RUSSIAN),
        client.post("/sign-in/", {}, headers=RUSSIAN),
        client.post("/sign-in/", sent, headers=RUSSIAN),
        client.post("/sign-in/", {"credential": "x", "secret": "y"}, headers=RUSSIAN),
        client.get("/no-such-page/", headers=RUSSIAN),
        Client(enforce_csrf_checks=True).post("/sign-in/", sent, headers=RUSSIAN),
    ]
    for page in pages:
        assert english(page) <= {"Unauthorized"}
        assert Page(page)["lang"] == "ru"


class Left:
    content = """
        <p title="Hello">Привет <b>world</b> <code>openstack</code> <svg><text>disks</text></svg> pears</p>
    """.encode()


def test_it_would_notice_what_is_left() -> None:
    assert english(Left()) == {"Hello", "world", "pears"}
