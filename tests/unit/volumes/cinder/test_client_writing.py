"""Sending changes to Cinder: what counts as done, as refused, and as unknown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from dashboard import errors
from dashboard.keystone import Cloud
from tests.support.fake_cloud import FAULT_HEADERS, REQUEST_ID, FakeCloud, an_id, fault, snapshot, volume
from volumes.cinder import backups, disks, snapshots
from volumes.cinder.disks import NewDisk

DISK = an_id(1)
SNAPSHOT = an_id(1001)


@dataclass(frozen=True)
class Write:
    """A change, and the request that it is."""

    method: str
    path: str
    go: Callable[[Cloud], object]


WRITES = {
    "create a snapshot": Write("POST", "/snapshots", lambda here: snapshots.create(here, DISK, "x", "", {"a": "b"})),
    "rename": Write("PUT", f"/snapshots/{SNAPSHOT}", lambda here: snapshots.rename(here, SNAPSHOT, "x", "")),
    "replace": Write(
        "PUT",
        f"/snapshots/{SNAPSHOT}/metadata",
        lambda here: snapshots.replace_properties(here, SNAPSHOT, {}),
    ),
    "roll back": Write("POST", f"/volumes/{DISK}/action", lambda here: disks.roll_back(here, DISK, SNAPSHOT)),
    "create a disk": Write("POST", "/volumes", lambda here: disks.create(here, NewDisk("x", 1))),
    "create a backup": Write(
        "POST",
        "/backups",
        lambda here: backups.create(here, DISK, "", "x", "", incremental=False, attached=False),
    ),
}
EACH = pytest.mark.parametrize("write", WRITES.values(), ids=list(WRITES))


@pytest.fixture(autouse=True)
def _something_to_change(cloud: FakeCloud) -> None:
    cloud.volumes = [volume(1)]
    cloud.snapshots = [snapshot(1001)]


@EACH
def test_it_asks_once(cloud: FakeCloud, here: Cloud, write: Write) -> None:
    write.go(here)
    assert cloud.asked() == ["GET /", f"{write.method} {write.path}"]


@EACH
@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (400, errors.Refused),
        (401, errors.SignInRequired),
        (403, errors.NotAllowed),
        (404, errors.NotFound),
        (409, errors.Conflict),
        (413, errors.OverQuota),
        (500, errors.Broken),
        (503, errors.Broken),
    ],
)
def test_it_passes_the_clouds_reason_on(
    cloud: FakeCloud, here: Cloud, write: Write, code: int, kind: type[Exception]
) -> None:
    answer = {"status_code": code, "json": fault("someFault", code, "Because."), "headers": FAULT_HEADERS}
    cloud.http.register_uri(write.method, cloud.at(write.path), [answer])
    with pytest.raises(errors.CloudError) as caught:
        write.go(here)
    assert type(caught.value) is kind
    assert (caught.value.reason, caught.value.request_id) == ("Because.", REQUEST_ID)


@EACH
@pytest.mark.parametrize(
    "answer",
    [{"exc": requests.exceptions.ReadTimeout}, {"status_code": 502, "text": "<html>"}, {"status_code": 504}],
    ids=["silence", "502", "504"],
)
def test_it_does_not_know_what_became_of_it(
    cloud: FakeCloud, here: Cloud, write: Write, answer: dict[str, Any]
) -> None:
    cloud.http.register_uri(write.method, cloud.at(write.path), [answer])
    with pytest.raises(errors.OutcomeUnknown):
        write.go(here)
    assert cloud.asked() == ["GET /", f"{write.method} {write.path}"]


@EACH
def test_it_takes_a_page_for_no_answer(cloud: FakeCloud, here: Cloud, write: Write) -> None:
    """A gateway's own page: Cinder may have done it all the same."""
    cloud.http.register_uri(
        write.method, cloud.at(write.path), text="<html>Welcome</html>", headers={"Content-Type": "text/html"}
    )
    with pytest.raises(errors.OutcomeUnknown):
        write.go(here)


@EACH
def test_it_follows_no_redirect(cloud: FakeCloud, here: Cloud, write: Write) -> None:
    headers = {"Location": "http://elsewhere.test/"}
    cloud.http.register_uri(write.method, cloud.at(write.path), status_code=302, headers=headers)
    with pytest.raises(errors.CloudError):
        write.go(here)
    assert cloud.requests("http://elsewhere.test") == []


@pytest.mark.parametrize("body", [{}, {"snapshot": None}, {"volume": []}, {"backup": "x"}, [], "x", None], ids=repr)
@pytest.mark.parametrize("name", ["create a snapshot", "rename", "create a disk", "create a backup"])
def test_it_does_not_know_what_was_made_by_an_answer_without_it(
    cloud: FakeCloud, here: Cloud, name: str, body: object
) -> None:
    write = WRITES[name]
    cloud.http.register_uri(write.method, cloud.at(write.path), json=body, status_code=202)
    with pytest.raises(errors.OutcomeUnknown):
        write.go(here)


@pytest.mark.parametrize("code", [200, 202, 204])
def test_an_action_needs_no_body(cloud: FakeCloud, here: Cloud, code: int) -> None:
    cloud.http.post(cloud.at(f"/volumes/{DISK}/action"), status_code=code)
    disks.roll_back(here, DISK, SNAPSHOT)
    assert cloud.asked()[-1] == f"POST /volumes/{DISK}/action"


def test_it_asks_for_the_version_again_where_the_cloud_has_gone_back(cloud: FakeCloud, here: Cloud) -> None:
    cloud.volumes = [volume(1)]
    disks.find(here, an_id(1))
    cloud.microversion = "3.50"
    cloud.http.get(cloud.at(f"/volumes/{an_id(1)}"), [{"status_code": 406}, {"json": {"volume": volume(1)}}])
    with pytest.raises(errors.Refused):
        disks.find(here, an_id(1))
    cloud.forget()
    assert disks.find(here, an_id(1)).name == "disk-1"
    assert cloud.asked() == ["GET /", f"GET /volumes/{an_id(1)}"]
    assert cloud.requests()[-1].headers["OpenStack-API-Version"] == "volume 3.50"
