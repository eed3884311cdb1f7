"""Creating a backup of a disk or of a snapshot, in full or incremental."""

from typing import Any

import pytest
import requests
from django.test import Client

from tests.support.canned import HTMX
from tests.support.cloud_rows import REQUEST_ID, Answer, ago, an_id, backup, fault, snapshot, volume
from tests.support.fake_cloud import FAULT_HEADERS, FakeCloud
from tests.support.pages import HERE, Page, alerts, field_errors, is_whole, kept, sent_by, triggered, words

DISK, ONE = an_id(1), an_id(1001)
OF_DISK = f"{HERE}/disks/{DISK}/create-backup/"
OF_SNAPSHOT = f"{HERE}/disks/{DISK}/snapshots/{ONE}/create-backup/"
BOTH = pytest.mark.parametrize("url", [OF_DISK, OF_SNAPSHOT])


@pytest.fixture(autouse=True)
def _a_disk_and_its_snapshot(cloud: FakeCloud) -> None:
    cloud.volumes = [volume(1, name="data")]
    cloud.snapshots = [snapshot(1001, name="before", created_at=ago(days=2))]


def created(cloud: FakeCloud) -> list[Any]:
    return [one.json()["backup"] for one in cloud.requests() if one.method == "POST"]


def form_of(client: Client, url: str, **changes: str) -> dict[str, str]:
    return sent_by(client.get(url, headers=HTMX), **changes)


@pytest.mark.parametrize(("url", "title"), [(OF_DISK, "data_backup_"), (OF_SNAPSHOT, "before_backup_")])
def test_it_proposes_a_name_that_is_not_taken(cloud: FakeCloud, signed_in: Client, url: str, title: str) -> None:
    sent = form_of(signed_in, url)
    assert sent["name"].startswith(title)
    assert "incremental" not in sent
    cloud.backups.append(backup(2009, name=sent["name"]))
    assert form_of(signed_in, url)["name"] == f"{sent['name']}_2"


@BOTH
def test_it_is_a_page_too(signed_in: Client, url: str) -> None:
    page = signed_in.get(url)
    dialog = Page(page).find("dialog", "Create backup")
    assert dialog.has("heading", "Create backup")
    assert dialog.find("button", "Cancel")["href"] == f"{HERE}/backups/"
    assert is_whole(page)
    assert "HX-Request" in page["Vary"]


@pytest.mark.parametrize(
    ("url", "status", "wanted"),
    [
        (OF_DISK, "available", {}),
        (OF_DISK, "in-use", {"force": True}),
        (OF_SNAPSHOT, "available", {"snapshot_id": ONE}),
        (OF_SNAPSHOT, "in-use", {"snapshot_id": ONE}),
    ],
)
def test_it_creates(cloud: FakeCloud, signed_in: Client, url: str, status: str, wanted: dict[str, object]) -> None:
    """Only a backup of the attached disk itself needs the force flag."""
    cloud.volumes[0]["status"] = status
    answer = signed_in.post(url, form_of(signed_in, url, name=" kept ", description="a\r\nb"), headers=HTMX)
    assert answer.status_code == 204
    assert created(cloud) == [{"volume_id": DISK, "name": "kept", "description": "a b", **wanted}]
    assert triggered(answer) == {"backups-changed", "messages", "dialog-done"}
    assert "Backup “kept” is being created. The Backups page shows its progress." in words(signed_in.get("/toasts/"))


@BOTH
def test_it_may_have_no_name_and_is_made_once(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    sent = form_of(signed_in, url, name="")
    assert [signed_in.post(url, sent)["Location"] for _ in range(2)] == [f"{HERE}/backups/"] * 2
    assert [one["name"] for one in created(cloud)] == [""]


def test_it_says_what_an_attached_disk_means(cloud: FakeCloud, signed_in: Client) -> None:
    told = "attached to a running instance"
    assert told not in words(signed_in.get(OF_DISK, headers=HTMX))
    cloud.volumes[0]["status"] = "in-use"
    assert told in words(signed_in.get(OF_DISK, headers=HTMX))
    assert told not in words(signed_in.get(OF_SNAPSHOT, headers=HTMX))


@pytest.mark.parametrize(
    ("url", "made", "based"),
    [
        (OF_DISK, {"data_timestamp": ago(days=1)}, True),
        (OF_SNAPSHOT, {"data_timestamp": ago(days=3)}, True),
        # The backup contains newer bytes than the snapshot.
        (OF_SNAPSHOT, {"data_timestamp": ago(days=1)}, False),
        (OF_DISK, {"status": "error"}, False),
        (OF_DISK, {"volume_id": an_id(2)}, False),
    ],
)
def test_it_offers_an_increment_where_there_is_a_base(
    cloud: FakeCloud, signed_in: Client, url: str, made: dict[str, Any], based: bool
) -> None:
    cloud.backups = [backup(2001, name="base", **made)]
    part = signed_in.get(url, headers=HTMX)
    assert ("Keeps only what changed since base" in words(part)) is based
    assert ("The first backup is always full" in words(part)) is not based
    assert ("disabled" in Page(part).field("Incremental")) is not based


@BOTH
def test_it_makes_an_increment(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    cloud.backups = [backup(2001, data_timestamp=ago(days=3))]
    signed_in.post(url, form_of(signed_in, url, incremental="on"), headers=HTMX)
    assert created(cloud)[0]["incremental"] is True


@pytest.mark.parametrize(
    ("url", "field", "wrong"),
    [
        (OF_DISK, "name", "x" * 256),
        (OF_DISK, "description", "x" * 256),
        (OF_DISK, "description", "🦊"),
        (OF_DISK, "name", "a\0b"),
        (OF_SNAPSHOT, "name", "x" * 256),
    ],
)
def test_it_refuses_what_cinder_would(cloud: FakeCloud, signed_in: Client, url: str, field: str, wrong: str) -> None:
    cloud.backups = [backup(2001, data_timestamp=ago(days=3))]
    typed = form_of(signed_in, url, incremental="on", **{field: wrong})
    answer = signed_in.post(url, typed, headers=HTMX)
    assert answer.status_code == 422
    assert set(field_errors(answer)) == {field}
    # A browser replaces NUL by U+FFFD.
    assert sent_by(answer) == {**typed, field: wrong.replace("\0", "\ufffd")}
    assert created(cloud) == []


@pytest.mark.parametrize(
    ("url", "kind", "status", "refused"),
    [
        (OF_DISK, "volumes", "error", True),
        (OF_DISK, "volumes", "backing-up", True),
        (OF_SNAPSHOT, "snapshots", "error", True),
        (OF_SNAPSHOT, "snapshots", "creating", True),
        (OF_SNAPSHOT, "volumes", "error", False),
    ],
)
def test_it_says_why_none_can_be_made(
    cloud: FakeCloud, signed_in: Client, url: str, kind: str, status: str, *, refused: bool
) -> None:
    getattr(cloud, kind)[0]["status"] = status
    part = signed_in.get(url, headers=HTMX)
    assert ("A backup can be created only while the" in alerts(part)) is refused
    assert ("name" in sent_by(part)) is not refused


@pytest.mark.parametrize(
    ("url", "limits", "told"),
    [
        (OF_DISK, {"maxTotalBackups": 5, "totalBackupsUsed": 5}, "leaves no room: Backups: 5 of 5 used."),
        (OF_DISK, {"maxTotalBackupGigabytes": 9}, "leaves no room: Gigabytes of backups: 0 of 9 used."),
        (OF_DISK, {"maxTotalBackupGigabytes": 10}, ""),
        (OF_SNAPSHOT, {"maxTotalBackupGigabytes": 9}, "leaves no room: Gigabytes of backups: 0 of 9 used."),
    ],
)
def test_it_says_when_the_quota_leaves_no_room(
    cloud: FakeCloud, signed_in: Client, url: str, limits: dict[str, int], told: str
) -> None:
    cloud.limits = limits
    page = signed_in.get(url, headers=HTMX)
    assert told in alerts(page)
    assert bool(told) == bool(alerts(page))


@BOTH
def test_it_shows_a_refusal_and_keeps_what_was_typed(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    sent = form_of(signed_in, url, name="typed", description="by hand")
    for status, headers in ((400, {}), (403, HTMX), (413, HTMX)):
        body = fault("computeFault", status, "Not <today>.")
        cloud.http.post(cloud.at("/backups"), status_code=status, json=body, headers=FAULT_HEADERS)
        answer = signed_in.post(url, sent, headers=headers)
        assert answer.status_code == 422
        assert "Not <today>." in alerts(answer)
        assert REQUEST_ID in alerts(answer)
        assert kept(answer, sent) == sent


def test_it_keeps_that_it_was_to_be_an_increment(cloud: FakeCloud, signed_in: Client) -> None:
    """The base was deleted meanwhile: the box stays checked, and can be unchecked."""
    cloud.backups = [backup(2001)]
    typed = form_of(signed_in, OF_DISK, incremental="on")
    cloud.backups = []
    body = fault("badRequest", 400, "No backups available to do an incremental backup.")
    cloud.http.post(cloud.at("/backups"), status_code=400, json=body)
    answer = signed_in.post(OF_DISK, typed, headers=HTMX)
    assert "No backups available" in alerts(answer)
    assert sent_by(answer)["incremental"] == "on"


NO_SERVICE = "This cloud has no working backup service: its operator has to set one up."
HARM = "Without one, the snapshot and its disk stay in “Backing up”"


def none_there(number: int = 2001) -> Answer:
    return backup(number, status="error", fail_reason="Service not found for creating backup.")


@pytest.mark.parametrize(
    ("backups", "alert", "note"),
    [
        ([none_there()], NO_SERVICE, False),
        ([none_there(2002), backup(2001)], "", False),
        ([backup(2001, status="error", fail_reason="The disk is full.")], "", True),
        ([], "", True),
    ],
)
def test_it_says_what_shows_of_the_clouds_backup_service(
    cloud: FakeCloud, signed_in: Client, backups: list[Answer], alert: str, *, note: bool
) -> None:
    """A disk is safe to try; for a snapshot, Cinder accepts the backup and never releases the snapshot."""
    cloud.backups = backups
    of_disk, of_snapshot = signed_in.get(OF_DISK, headers=HTMX), signed_in.get(OF_SNAPSHOT, headers=HTMX)
    assert alerts(of_disk) == alerts(of_snapshot) == alert
    assert "name" in sent_by(of_disk)
    assert ("name" in sent_by(of_snapshot)) is not bool(alert)
    assert HARM not in words(of_disk)
    assert (HARM in words(of_snapshot)) is note


@BOTH
def test_it_does_not_act_again_where_it_may_have_acted(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    cloud.http.post(cloud.at("/backups"), exc=requests.ReadTimeout)
    sent = form_of(signed_in, url)
    assert "may have been made" in alerts(signed_in.post(url, sent, headers=HTMX))
    signed_in.post(url, sent, headers=HTMX)
    assert len(created(cloud)) == 1


def test_it_makes_nothing_where_it_cannot_see_whether_the_disk_is_attached(cloud: FakeCloud, signed_in: Client) -> None:
    sent = form_of(signed_in, OF_DISK)
    cloud.http.get(cloud.at(f"/volumes/{DISK}"), exc=requests.ConnectTimeout)
    answer = signed_in.post(OF_DISK, sent, headers=HTMX)
    assert answer.status_code == 422
    assert sent_by(answer) == sent
    assert created(cloud) == []


def test_it_does_not_ask_for_the_disk_of_a_snapshot(cloud: FakeCloud, signed_in: Client) -> None:
    """It makes no difference whether the disk is attached."""
    sent = form_of(signed_in, OF_SNAPSHOT)
    cloud.forget()
    assert signed_in.post(OF_SNAPSHOT, sent, headers=HTMX).status_code == 204
    assert cloud.asked() == ["POST /backups"]


@BOTH
def test_it_opens_without_what_is_only_good_to_know(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    for path in ("/limits", "/backups/detail"):
        cloud.http.get(cloud.at(path), status_code=500)
        assert signed_in.post(url, form_of(signed_in, url)).status_code == 302
    assert len(created(cloud)) == 2


@BOTH
def test_it_offers_a_reader_no_form(reader: Client, url: str) -> None:
    part = reader.get(url, headers=HTMX)
    assert alerts(part) == "Your role in this project is read-only."
    assert sent_by(part) == {}
