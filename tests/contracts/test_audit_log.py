"""The audit log: a line for each change in the cloud, and for signing in and out."""

import json
import re
from typing import Any

import pytest
import requests
from django.test import Client

from tests.support.actions import DISK, EVERY_ACTION, SNAPSHOT, posts
from tests.support.canned import HTMX
from tests.support.changes import CHANGES, EVERY_CHANGE, ONE_DISK, ONE_SNAPSHOT, SECRET, Change
from tests.support.cloud_rows import REQUEST_ID, USER, backup, fault, snapshot, volume
from tests.support.fake_cloud import FAULT_HEADERS, PROJECT, FakeCloud
from tests.support.pages import HERE, sent_by, words
from tests.support.views import WRITING

WHO = {
    "user_id": USER,
    "user_name": "ann",
    "project_id": PROJECT,
    "project_name": "Project one",
    "region": "RegionOne",
}
# Values that a dialog proposes
PROPOSED = {"disk_type", "name", "size"}
WRITES = re.compile(r"/(action|metadata|snapshots|volumes|backups|[0-9a-f-]{36})(\?.*)?$")


# Cinder's schema repeats the whole value when it refuses it (cinder/api/validation/validators.py).
REPEATED = "Invalid input for field/attribute metadata. Value: {'key': 'our-private-value'}. our-private is odd"
CUT_OFF: dict[str, Any] = {"exc": requests.ReadTimeout}


def refusal(name: str, code: int, text: str) -> dict[str, Any]:
    """A fault of Cinder's, as requests_mock takes it."""
    return {"status_code": code, "json": fault(name, code, text), "headers": FAULT_HEADERS}


# Cinder's answer, the outcome in the log, and the name of the error
FAILURES: list[tuple[dict[str, Any], str, str]] = [
    (refusal("conflictingRequest", 409, "Busy."), "refused", "Conflict"),
    (refusal("forbidden", 403, "Policy."), "refused", "NotAllowed"),
    (CUT_OFF, "unknown", "OutcomeUnknown"),
    ({"exc": requests.ConnectTimeout}, "not sent", "Unreachable"),
    # Last, because it ends the session
    ({"status_code": 401}, "refused", "SignInRequired"),
]
# One for each method of writing: POST, PUT, and an action
BY_EACH_WAY = [one for one in CHANGES if one.action in {"snapshot.create", "snapshot.edit", "disk.resize"}]


@pytest.fixture(autouse=True)
def _stocked(cloud: FakeCloud) -> None:
    cloud.volumes = [volume(1, name="data", metadata={"x": "y"})]
    cloud.snapshots = [snapshot(1001, name="earlier")]
    cloud.backups = [backup(2001, name="kept")]


def parsed(lines: list[str]) -> list[dict[str, Any]]:
    assert all("\n" not in one for one in lines)
    return [json.loads(one) for one in lines]


def form_of(client: Client, url: str, **typed: str) -> dict[str, str]:
    return sent_by(client.get(url, headers=HTMX), **typed)


def writes(cloud: FakeCloud) -> list[Any]:
    return [one for one in cloud.requests() if one.method != "GET"]


def fail(cloud: FakeCloud, **answer: Any) -> None:
    for method in (cloud.http.post, cloud.http.put, cloud.http.delete):
        method(WRITES, **answer)


def test_the_tables_have_every_dialog() -> None:
    kinds = ("disks/delete/", "snapshots/delete/", "backups/delete/", "disks/create-snapshots/")
    many = {f"{HERE}/{kind}run/" for kind in kinds}
    assert {one.url for one in CHANGES} | many == {one.url for one in WRITING}


def test_the_table_has_every_action() -> None:
    assert {one.dialog for one in CHANGES} == {action for action in EVERY_ACTION if posts(action)}
    assert [one for one in EVERY_ACTION if not posts(one) and not one.audit_name.endswith(".delete")] == []


@EVERY_CHANGE
def test_it_tells_of_every_change(cloud: FakeCloud, signed_in: Client, audited: list[str], change: Change) -> None:
    sent = form_of(signed_in, change.url, **change.typed)
    cloud.forget()
    answer = signed_in.post(change.url, sent, headers=HTMX)
    assert answer.status_code == 204
    [line] = parsed(audited)
    [write] = writes(cloud)
    ours = answer["X-Request-Id"]
    assert re.fullmatch(r"req-[0-9a-f-]{36}", ours)
    assert write.headers["X-OpenStack-Request-ID"] == ours
    rows = {"disk": cloud.volumes, "snapshot": cloud.snapshots, "backup": cloud.backups}[
        change.action.partition(".")[0]
    ]
    made = {"id": rows[0]["id"], "cloud_request_id": REQUEST_ID}
    expected = {"action": change.action, "outcome": "accepted", "request_id": ours, **WHO, **made, **change.told}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line.pop("time"))
    # The log also contains the values that the dialog proposed.
    assert {name: value for name, value in line.items() if name in expected or name not in PROPOSED} == expected
    assert "our-private" not in audited[0]


def test_it_tells_both_changes_of_one_dialog(cloud: FakeCloud, signed_in: Client, audited: list[str]) -> None:
    url = f"{ONE_SNAPSHOT}edit/"
    answer = signed_in.post(url, form_of(signed_in, url, name="after", **SECRET), headers=HTMX)
    assert [one["action"] for one in parsed(audited)] == ["snapshot.edit", "snapshot.set-properties"]
    assert {one["request_id"] for one in parsed(audited)} == {answer["X-Request-Id"]}
    assert "our-private" not in "".join(audited)
    assert len(writes(cloud)) == 2


@pytest.mark.parametrize(("kind", "path"), [("disk", "volumes"), ("snapshot", "snapshots"), ("backup", "backups")])
def test_it_tells_of_each_deletion(
    cloud: FakeCloud, signed_in: Client, audited: list[str], kind: str, path: str
) -> None:
    """Several deletions run in separate threads, and still belong to one request."""
    cloud.volumes = [volume(number) for number in (1, 2, 3)]
    cloud.snapshots = [snapshot(number, disk=9) for number in (1001, 1002, 1003)]
    cloud.backups = [backup(number) for number in (2001, 2002, 2003)]
    ids = [one["id"] for one in {"disk": cloud.volumes, "snapshot": cloud.snapshots, "backup": cloud.backups}[kind]]
    url = f"{HERE}/{path.replace('volumes', 'disks')}/delete/run/"
    answer = signed_in.post(url, {"ids": ids}, headers=HTMX)
    lines = parsed(audited)
    assert sorted(one["id"] for one in lines) == sorted(ids)
    assert {(one["action"], one["outcome"], one["cloud_request_id"], one["user_name"]) for one in lines} == {
        (f"{kind}.delete", "accepted", REQUEST_ID, "ann")
    }
    assert {one["request_id"] for one in lines} == {answer["X-Request-Id"]}
    assert {one.headers["X-OpenStack-Request-ID"] for one in writes(cloud)} == {answer["X-Request-Id"]}


def test_it_tells_which_disk_took_its_snapshots_along(signed_in: Client, audited: list[str]) -> None:
    sent = {"with_snapshots": [DISK], "cascade": "1"}
    signed_in.post(f"{HERE}/disks/delete/run/", sent, headers=HTMX)
    [line] = parsed(audited)
    assert (line["action"], line["id"], line["outcome"]) == ("disk.delete", DISK, "accepted")
    assert line["with_snapshots"] is True


def test_it_tells_of_each_of_several_snapshots(cloud: FakeCloud, signed_in: Client, audited: list[str]) -> None:
    cloud.volumes = [volume(1, name="data"), volume(2, name="logs")]
    url = f"{HERE}/disks/create-snapshots/run/"
    ids = [one["id"] for one in cloud.volumes]
    part = signed_in.post(url.removesuffix("run/"), {"ids": ids}, headers=HTMX)
    signed_in.post(url, {**sent_by(part, name="{disk}_x", description="our-private-words"), "ids": ids}, headers=HTMX)
    assert [(one["action"], one["disk_id"], one["name"]) for one in parsed(audited)] == [
        ("snapshot.create", ids[0], "data_x"),
        ("snapshot.create", ids[1], "logs_x"),
    ]
    assert "our-private" not in "".join(audited)


@EVERY_CHANGE
def test_it_tells_of_a_change_that_failed(
    cloud: FakeCloud, signed_in: Client, audited: list[str], change: Change
) -> None:
    sent = form_of(signed_in, change.url, **change.typed)
    refusal = {"status_code": 400, "json": fault("badRequest", 400, REPEATED), "headers": FAULT_HEADERS}
    for key, answer, outcome in (("first", refusal, "refused"), ("second", CUT_OFF, "unknown")):
        audited.clear()
        fail(cloud, **answer)
        failed = signed_in.post(change.url, {**sent, "key": key}, headers=HTMX)
        [line] = parsed(audited)
        assert (line["action"], line["outcome"]) == (change.action, outcome)
        assert line | change.told == line, outcome
        assert "our-private" not in audited[0], outcome
        if answer is refusal:
            # The page shows the whole reason; the log leaves out values that Cinder repeats.
            assert "our-private is odd" in words(failed)
            assert line["reason"] == "Invalid input for field/attribute metadata."


@pytest.mark.parametrize("change", BY_EACH_WAY, ids=str)
def test_it_tells_what_came_of_it(cloud: FakeCloud, signed_in: Client, audited: list[str], change: Change) -> None:
    sent = form_of(signed_in, change.url, **change.typed)
    for answer, outcome, error in FAILURES:
        audited.clear()
        fail(cloud, **answer)
        assert signed_in.post(change.url, {**sent, "key": error}, headers=HTMX).status_code != 204
        [line] = parsed(audited)
        assert (line["action"], line["outcome"], line["error"]) == (change.action, outcome, error)
        assert line | change.told == line, error
        assert line.get("cloud_request_id", "") == (REQUEST_ID if "headers" in answer else ""), error
        if "json" in answer:
            assert line["reason"] == next(iter(answer["json"].values()))["message"]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (refusal("badRequest", 400, "No."), "refused"),
        ({"status_code": 400}, "unknown"),
        ({"exc": requests.ReadTimeout}, "unknown"),
    ],
)
def test_it_tells_of_a_deletion_that_failed(
    cloud: FakeCloud, signed_in: Client, audited: list[str], answer: dict[str, Any], outcome: str
) -> None:
    fail(cloud, **answer)
    signed_in.post(f"{HERE}/snapshots/delete/run/", {"ids": [SNAPSHOT]}, headers=HTMX)
    [line] = parsed(audited)
    assert (line["action"], line["id"], line["outcome"]) == ("snapshot.delete", SNAPSHOT, outcome)


def test_it_tells_nothing_of_reading(cloud: FakeCloud, signed_in: Client, audited: list[str]) -> None:
    paths = ["disks/", "disks/changes/", "snapshots/", "backups/", f"disks/{DISK}/", f"disks/{DISK}/resize/"]
    for path in (*paths, "disks/capacity/"):
        assert signed_in.get(f"{HERE}/{path}").status_code in {200, 204, 286}, path
    cloud.http.get(re.compile(cloud.at("/")), status_code=500)
    for path in (*paths, "disks/capacity/"):
        signed_in.get(f"{HERE}/{path}")
    assert audited == []


def test_it_tells_once_what_was_sent_twice(signed_in: Client, audited: list[str]) -> None:
    url = f"{ONE_DISK}create-snapshot/"
    sent = form_of(signed_in, url, name="before")
    for _ in range(2):
        signed_in.post(url, sent, headers=HTMX)
    assert len(audited) == 1


def test_it_stays_on_one_line_whatever_a_name_holds(cloud: FakeCloud, signed_in: Client, audited: list[str]) -> None:
    url = f"{ONE_DISK}create-snapshot/"
    name = 'a\u2028b","outcome":"x\x85\x1b[2J д'
    signed_in.post(url, form_of(signed_in, url, name=name), headers=HTMX)
    assert audited[0].isascii()
    assert audited[0].isprintable()
    [line] = parsed(audited)
    assert line["name"] == cloud.snapshots[0]["name"]
    assert line["outcome"] == "accepted"


def test_it_stays_on_one_line_whatever_the_cloud_says(cloud: FakeCloud, signed_in: Client, audited: list[str]) -> None:
    url = f"{ONE_DISK}resize/"
    sent = form_of(signed_in, url, size="20")
    fail(cloud, **refusal("conflictingRequest", 409, 'No.\r\n{"action": "sign-in"}'))
    signed_in.post(url, sent, headers=HTMX)
    assert [one["action"] for one in parsed(audited)] == ["disk.resize"]
    assert audited[0].isprintable()
