"""Diskboard requests every change in Cinder once, and distinguishes its outcomes."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from dashboard.cloud import errors
from dashboard.cloud.keystone import Cloud
from tests.support.cloud_rows import REQUEST_ID, an_id, backup, fault, snapshot, volume
from tests.support.fake_cloud import FAULT_HEADERS, FakeCloud
from volumes.cinder import backups, disks, snapshots
from volumes.cinder.disks import NewDisk

DISK, SNAPSHOT, BACKUP = an_id(1), an_id(1001), an_id(2001)


@dataclass(frozen=True)
class Write:
    """A change, and its request."""

    asks: str
    go: Callable[[Cloud], object]

    def answered(self, cloud: FakeCloud, **answer: Any) -> None:
        method, path = self.asks.split(" ")
        cloud.http.register_uri(method, cloud.at(path), [answer])


# Changes whose answer contains the changed resource
MAKING = {
    "create a disk": Write("POST /volumes", lambda here: disks.create(here, NewDisk("x", 1))),
    "rename a disk": Write(f"PUT /volumes/{DISK}", lambda here: disks.rename(here, DISK, "x", "")),
    "create a snapshot": Write("POST /snapshots", lambda here: snapshots.create(here, DISK, "x", "", {"a": "b"})),
    "rename a snapshot": Write(f"PUT /snapshots/{SNAPSHOT}", lambda here: snapshots.rename(here, SNAPSHOT, "x", "")),
    "create a backup": Write(
        "POST /backups", lambda here: backups.create(here, DISK, "", "x", "", incremental=False, attached=False)
    ),
}
CHANGING = {
    "resize": Write(f"POST /volumes/{DISK}/action", lambda here: disks.resize(here, DISK, 11)),
    "change type": Write(
        f"POST /volumes/{DISK}/action", lambda here: disks.change_type(here, DISK, "ceph-hdd", migrate=False)
    ),
    "make bootable": Write(f"POST /volumes/{DISK}/action", lambda here: disks.set_bootable(here, DISK, True)),
    "roll back": Write(f"POST /volumes/{DISK}/action", lambda here: disks.roll_back(here, DISK, SNAPSHOT)),
    "replace a disk's properties": Write(
        f"PUT /volumes/{DISK}/metadata", lambda here: disks.replace_properties(here, DISK, {})
    ),
    "replace a snapshot's properties": Write(
        f"PUT /snapshots/{SNAPSHOT}/metadata", lambda here: snapshots.replace_properties(here, SNAPSHOT, {})
    ),
}
DELETING = {
    "delete a disk": Write(f"DELETE /volumes/{DISK}", lambda here: disks.delete(here, DISK)),
    "delete a snapshot": Write(f"DELETE /snapshots/{SNAPSHOT}", lambda here: snapshots.delete(here, SNAPSHOT)),
    "delete a backup": Write(f"DELETE /backups/{BACKUP}", lambda here: backups.delete(here, BACKUP)),
}
WRITES = MAKING | CHANGING | DELETING
# Changes whose answer has content
TOLD = MAKING | {name: write for name, write in CHANGING.items() if "/metadata" in write.asks}
EACH = pytest.mark.parametrize("write", WRITES.values(), ids=list(WRITES))


@EACH
def test_it_asks_once(cloud: FakeCloud, here: Cloud, write: Write) -> None:
    cloud.volumes, cloud.backups = [volume(1)], [backup(2001)]
    cloud.snapshots = [snapshot(1001, disk=1 if write is WRITES["roll back"] else 2)]
    write.go(here)
    assert cloud.asked() == ["GET /", write.asks]


@EACH
def test_it_passes_the_clouds_reason_on(cloud: FakeCloud, here: Cloud, write: Write) -> None:
    cloud.volumes, cloud.snapshots, cloud.backups = [volume(1)], [snapshot(1001)], [backup(2001)]
    for code, kind, name in ((403, errors.NotAllowed, "forbidden"), (409, errors.Conflict, "conflictingRequest")):
        write.answered(cloud, status_code=code, json=fault(name, code, "Because."), headers=FAULT_HEADERS)
        with pytest.raises(errors.CloudError) as caught:
            write.go(here)
        assert type(caught.value) is kind
        assert (caught.value.reason, caught.value.request_id) == ("Because.", REQUEST_ID)


@EACH
def test_it_does_not_know_what_became_of_it(cloud: FakeCloud, here: Cloud, write: Write) -> None:
    for answer in ({"exc": requests.exceptions.ReadTimeout}, {"status_code": 504}):
        write.answered(cloud, **answer)
        with pytest.raises(errors.OutcomeUnknown):
            write.go(here)
    assert cloud.asked() == ["GET /", write.asks, write.asks]


@pytest.mark.parametrize("write", (MAKING | CHANGING).values(), ids=list(MAKING | CHANGING))
def test_it_takes_a_page_for_no_answer(cloud: FakeCloud, here: Cloud, write: Write) -> None:
    """A gateway answered with its own page: Cinder may still have made the change."""
    write.answered(cloud, text="<html>Welcome</html>", headers={"Content-Type": "text/html"})
    with pytest.raises(errors.OutcomeUnknown):
        write.go(here)


@pytest.mark.parametrize("write", TOLD.values(), ids=list(TOLD))
def test_it_does_not_know_what_was_made_by_an_answer_without_it(
    cloud: FakeCloud, here: Cloud, write: Write, audited: list[str]
) -> None:
    bodies: list[Any] = [{}, {"volume": None, "snapshot": None, "backup": None}, {"other": {}}]
    for body in [*bodies, {"volume": [], "snapshot": [1], "backup": "x", "metadata": "x"}]:
        audited.clear()
        write.answered(cloud, json=body, status_code=202)
        with pytest.raises(errors.OutcomeUnknown):
            write.go(here)
        assert [json.loads(line)["outcome"] for line in audited] == ["unknown"]
