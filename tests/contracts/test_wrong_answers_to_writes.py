"""Every dialog that changes something × every wrong answer of Cinder's: asked once, told truly, nothing typed lost."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from django.utils.html import escape

from tests.support.canned import HTMX
from tests.support.fake_cloud import PASSWORD, FakeCloud, ago, an_id, backup, snapshot, volume
from tests.support.wrong_answers import (
    ELSEWHERE,
    SIGN_IN_AGAIN,
    WRONG,
    Wrong,
    let_all_reads_fail,
    watch_elsewhere,
)
from tests.support.pages import HERE, sent_by, text_of, words
from tests.contracts.test_every_view import BACKUP, BOTH_WAYS, DISK, SNAPSHOT, VIEWS

if TYPE_CHECKING:
    from django.test import Client

ANOTHER = an_id(2)
# The fields in which one writes freely
TYPED = ("name", "description", "properties", "size")


@dataclass(frozen=True)
class Write:
    """A dialog by its path, what is changed in it before it is sent, and what that asks of Cinder."""

    path: str
    asks: str
    typed: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.path} {self.asks.rsplit('/', 1)[1]}"

    @property
    def url(self) -> str:
        return f"{HERE}/{self.path}"

    def goes_wrong(self, cloud: FakeCloud, **http: Any) -> None:
        method, path = self.asks.split(" ")
        cloud.http.register_uri(method, cloud.at(path), **http)
        watch_elsewhere(cloud)


NAMED = {"name": "a <new> name"}
FORMS = [
    Write("disks/create/", "POST /volumes", {**NAMED, "size": "12", "disk_type": "ceph-hdd", "description": "why"}),
    Write(f"disks/{DISK}/clone/", "POST /volumes", {**NAMED, "size": "12"}),
    Write(f"snapshots/{SNAPSHOT}/create-disk/", "POST /volumes", {**NAMED, "size": "12"}),
    Write(f"backups/{BACKUP}/create-disk/", "POST /volumes", {**NAMED, "size": "12"}),
    Write(f"disks/{DISK}/resize/", f"POST /volumes/{DISK}/action", {"size": "12"}),
    Write(f"disks/{DISK}/change-type/", f"POST /volumes/{DISK}/action", {"disk_type": "ceph-hdd", "migrate": "on"}),
    Write(f"disks/{DISK}/rename/", f"PUT /volumes/{DISK}", {**NAMED, "description": "why"}),
    Write(f"disks/{DISK}/properties/", f"PUT /volumes/{DISK}/metadata", {"properties": "a=1\nb=<2>"}),
    Write(f"disks/{DISK}/create-snapshot/", "POST /snapshots", {**NAMED, "properties": "a=1\nb=<2>"}),
    Write(f"snapshots/{SNAPSHOT}/edit/", f"PUT /snapshots/{SNAPSHOT}", {**NAMED, "description": "why"}),
    Write(f"snapshots/{SNAPSHOT}/edit/", f"PUT /snapshots/{SNAPSHOT}/metadata", {"properties": "a=1\nb=<2>"}),
    Write(f"disks/{DISK}/snapshots/{SNAPSHOT}/roll-back/", f"POST /volumes/{DISK}/action"),
    Write(f"disks/{DISK}/create-backup/", "POST /backups", {**NAMED, "incremental": "on"}),
    Write(f"disks/{DISK}/snapshots/{SNAPSHOT}/create-backup/", "POST /backups", NAMED),
]
CONFIRMED = {"confirmed": "1"}
# What tells each one's outcome in its row
MANY = [
    Write("disks/delete/", f"DELETE /volumes/{ANOTHER}", {**CONFIRMED, "ids": [ANOTHER]}),
    Write("snapshots/delete/", f"DELETE /snapshots/{SNAPSHOT}", {**CONFIRMED, "ids": [SNAPSHOT]}),
    Write("backups/delete/", f"DELETE /backups/{BACKUP}", {**CONFIRMED, "ids": [BACKUP]}),
    Write("disks/create-snapshots/", "POST /snapshots", {**NAMED, "key": "k", "ids": [ANOTHER]}),
]
BOOTABLE = Write(f"disks/{DISK}/bootable/", f"POST /volumes/{DISK}/action", {"bootable": "true"})
EVERY_WRONG = pytest.mark.parametrize("wrong", WRONG, ids=str)


@pytest.fixture(autouse=True)
def _one_of_each(cloud: FakeCloud) -> None:
    cloud.volumes = [volume(1, name="data"), volume(2)]
    cloud.snapshots = [snapshot(1001)]
    cloud.backups = [backup(2001, data_timestamp=ago(days=1))]


def written(cloud: FakeCloud) -> list[str]:
    """What Cinder was asked to change."""
    return [one for one in cloud.asked() if not one.startswith(("GET", "HEAD"))]


def form_of(client: Client, write: Write) -> dict[str, Any]:
    """What the opened dialog sends, once typed into."""
    return sent_by(client.get(write.url, headers=HTMX), **write.typed)


def test_the_table_has_every_dialog() -> None:
    assert {one.path for one in (*FORMS, *MANY, BOOTABLE)} == {view.path for view in VIEWS if view.posts}


@EVERY_WRONG
@pytest.mark.parametrize("write", FORMS, ids=str)
def test_it_says_what_the_cloud_said_and_keeps_what_was_typed(
    cloud: FakeCloud, signed_in: Client, write: Write, wrong: Wrong
) -> None:
    sent = form_of(signed_in, write)
    write.goes_wrong(cloud, **wrong.http)
    for headers in BOTH_WAYS:
        sent["key"] = f"with {len(headers)} headers"
        cloud.forget()
        answer = signed_in.post(write.url, sent, headers=headers)
        assert answer.status_code == 422
        assert wrong.told_by_write(answer)
        assert written(cloud) == [write.asks]
        kept = sent_by(answer)
        assert {name: kept.get(name) for name in write.typed} == write.typed
        # What may have been done is not done again by sending the same form, as an impatient person does.
        assert (kept["key"] != sent["key"]) == wrong.unknown
    signed_in.post(write.url, sent, headers=HTMX)
    assert len(written(cloud)) == (1 if wrong.unknown else 2)
    assert cloud.requests(ELSEWHERE) == []


@pytest.mark.parametrize("wrong", [one for one in WRONG if one.name in {"403", "404", "429", "500", "HTML"}], ids=str)
@pytest.mark.parametrize("write", FORMS, ids=str)
def test_it_keeps_what_was_typed_where_nothing_can_be_read_either(
    cloud: FakeCloud, signed_in: Client, write: Write, wrong: Wrong
) -> None:
    """What is needed to do it can't be read, or to show the dialog again."""
    sent = form_of(signed_in, write)
    write.goes_wrong(cloud, **wrong.http)
    let_all_reads_fail(cloud, wrong.http)
    cloud.forget()
    answer = signed_in.post(write.url, sent, headers=HTMX)
    assert answer.status_code == 422
    assert wrong.told_by_write(answer) if written(cloud) else wrong.told_by(answer)
    assert written(cloud) in ([], [write.asks])
    kept = sent_by(answer)
    assert {name: kept.get(name) for name in write.typed} == write.typed


def fits(write: Write, wrong: Wrong) -> bool:
    """Whether it is a failure at all: what is gone already was to be deleted anyway."""
    return wrong.name != "404" or not write.asks.startswith("DELETE")


CASES = [pytest.param(write, wrong, id=f"{write}-{wrong}") for write in MANY for wrong in WRONG if fits(write, wrong)]


@pytest.mark.parametrize(("write", "wrong"), CASES)
def test_it_tells_each_ones_failure(cloud: FakeCloud, signed_in: Client, write: Write, wrong: Wrong) -> None:
    write.goes_wrong(cloud, **wrong.http)
    # Cinder says 202 to a deletion: whoever says 200 is somebody else, who has not passed it on.
    not_passed_on = write.asks.startswith("DELETE") and wrong.http["status_code"] == 200
    for headers in BOTH_WAYS:
        cloud.forget()
        answer = signed_in.post(write.url, {**write.typed, "key": f"with {len(headers)} headers"}, headers=headers)
        assert answer.status_code == 200
        assert written(cloud) == [write.asks]
        assert wrong.told_by(answer) if not_passed_on else wrong.told_by_write(answer)
        assert "being deleted" not in words(answer)
        assert "being created" not in words(answer)
    assert cloud.requests(ELSEWHERE) == []


@EVERY_WRONG
def test_it_says_what_came_of_making_it_bootable(cloud: FakeCloud, signed_in: Client, wrong: Wrong) -> None:
    """That acts at once, without a form to come back to."""
    BOOTABLE.goes_wrong(cloud, **wrong.http)
    for headers in BOTH_WAYS:
        cloud.forget()
        answer = signed_in.post(BOOTABLE.url, BOOTABLE.typed, headers=headers)
        assert answer.status_code == (504 if wrong.unknown else wrong.status)
        assert wrong.told_by_write(answer)
        assert written(cloud) == [BOOTABLE.asks]


@pytest.mark.parametrize("write", [*FORMS, *MANY, BOOTABLE], ids=str)
def test_it_asks_to_sign_in_and_keeps_what_was_typed(cloud: FakeCloud, signed_in: Client, write: Write) -> None:
    sent = {**form_of(signed_in, write), **write.typed}
    write.goes_wrong(cloud, **SIGN_IN_AGAIN.http)
    cloud.forget()
    page = signed_in.post(write.url, sent)
    assert page.status_code == 401
    assert SIGN_IN_AGAIN.says in words(page)
    assert written(cloud) == [write.asks]
    carried = re.search(r'name="carried" value="([^"]+)"', text_of(page))
    assert carried
    again = {"user_name": "ann", "password": PASSWORD, "domain": "Default", "carried": carried[1]}
    onward = signed_in.post("/sign-in/", again)
    kept = text_of(signed_in.get(onward["Location"]))
    assert not [typed for name, typed in write.typed.items() if name in TYPED and escape(typed) not in kept]
