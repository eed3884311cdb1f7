"""What the dialog for a snapshot contains besides the name: properties, consequences, quota, LL NVMe."""

from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.support.canned import HTMX
from tests.support.cloud_rows import REQUEST_ID, an_id, fault, volume
from tests.support.fake_cloud import FAULT_HEADERS, FakeCloud
from tests.support.pages import HERE, Answered, Page, alerts, field_errors, kept, opens_dialog, sent_by, text_of, words

DISK = an_id(1)
URL = f"{HERE}/disks/{DISK}/create-snapshot/"


@pytest.fixture(autouse=True)
def _a_disk(cloud: FakeCloud) -> None:
    cloud.volumes = [volume(1, name="data", size=10)]


def created(cloud: FakeCloud) -> list[Any]:
    return [one.json()["snapshot"] for one in cloud.requests() if one.method == "POST"]


def focused(answer: Answered) -> list[str]:
    """The fields with autofocus."""
    return [field["name"] for field in Page(answer).select("[autofocus]")]


def test_it_sends_the_properties(cloud: FakeCloud, signed_in: Client) -> None:
    lines = "team = red \r\n\r\nnote=a=b, c\r\nempty="
    assert signed_in.post(URL, {"name": "x", "properties": lines, "key": "k"}).status_code == 302
    assert created(cloud)[0]["metadata"] == {"team": "red", "note": "a=b, c", "empty": ""}


def test_it_sends_no_properties_where_there_are_none(cloud: FakeCloud, signed_in: Client) -> None:
    signed_in.post(URL, {"name": "x", "properties": " \r\n ", "key": "k"})
    assert "metadata" not in created(cloud)[0]


def test_it_writes_a_description_on_one_line(cloud: FakeCloud, signed_in: Client) -> None:
    """Cinder accepts no line breaks."""
    signed_in.post(URL, {"name": " x ", "description": "before\r\nthe update\r\n", "key": "k"})
    assert created(cloud) == [{"volume_id": DISK, "name": "x", "description": "before the update"}]


WRONG_LINES = {
    "team": "Line 1: the “=”",
    "a=1\n\n =2": "Line 3: the key",
    "a=1\nb=2\na=3": "Line 3: duplicate key “a”.",
    f"a=1\n{'k' * 256}=1": "Line 2: keys and values have at most 255 characters.",
    f"k={'v' * 256}": "Line 1: keys and values have at most 255 characters.",
    "a/b=1": "Line 1: a key can't contain “/”.",
    "ключ=1": "Line 1: a key can contain only Latin letters",
    "a\nb=1\n<c>": "Line 1: the “=” between key and value is missing. Line 3: the “=”",
}


def test_it_names_the_line_that_is_wrong(cloud: FakeCloud, signed_in: Client) -> None:
    for lines, told in WRONG_LINES.items():
        answer = signed_in.post(URL, {"name": "x", "properties": lines, "key": "k"}, headers=HTMX)
        assert answer.status_code == 422
        assert told in field_errors(answer)["properties"]
        assert "<c>" not in text_of(answer)
    page = signed_in.post(URL, {"name": "x", "properties": "team", "key": "k"})
    assert page.status_code == 422
    assert field_errors(page)["properties"].startswith("Line 1: the “=”")
    assert created(cloud) == []


def test_it_names_the_sign_that_no_description_can_hold(cloud: FakeCloud, signed_in: Client) -> None:
    signs = {"a 🦊": "“🦊” (U+1F98A)", "a\u200bb": "(U+200B)", "a\tb": "(U+0009)", "\ue000": "(U+E000)"}
    for text, told in signs.items():
        answer = signed_in.post(URL, {"name": "x", "description": text, "key": "k"}, headers=HTMX)
        assert answer.status_code == 422
        assert told in field_errors(answer)["description"]
    assert created(cloud) == []


def test_it_takes_words_of_any_language(cloud: FakeCloud, signed_in: Client) -> None:
    text = "До обновления — «важно» 備份 é\xa0½"
    signed_in.post(URL, {"name": "🦊", "description": text, "key": "k"})
    assert (created(cloud)[0]["name"], created(cloud)[0]["description"]) == ("🦊", text)


def test_it_keeps_what_was_typed(signed_in: Client) -> None:
    typed = {"name": "my <name>", "description": "why\nnot", "properties": "a=1\nwrong", "key": "k"}
    answer = signed_in.post(URL, typed, headers=HTMX)
    assert focused(answer) == ["properties"]
    assert kept(answer, typed) == typed
    assert set(field_errors(answer)) == {"properties"}


def test_it_shows_the_errors_of_all_fields_at_once(cloud: FakeCloud, signed_in: Client) -> None:
    wrong = {"name": "x" * 256, "description": "y" * 256, "properties": "z", "key": "k"}
    answer = signed_in.post(URL, wrong, headers=HTMX)
    assert set(field_errors(answer)) == {"name", "description", "properties"}
    assert len(Page(answer).select("[aria-invalid=true]")) == 3
    assert focused(answer) == ["name"]
    assert created(cloud) == []


def test_it_says_what_a_snapshot_prevents(signed_in: Client) -> None:
    assert "While the disk has snapshots it can be deleted only together with them" in words(
        signed_in.get(URL, headers=HTMX)
    )


QUOTAS = [
    ({"maxTotalSnapshots": 10, "totalSnapshotsUsed": 4}, "Snapshots: 4 of 10 used", ""),
    ({"maxTotalVolumeGigabytes": 50, "totalGigabytesUsed": 40}, "Gigabytes: 40 of 50 used", ""),
    ({"maxTotalSnapshots": 4, "totalSnapshotsUsed": 4}, "", "leaves no room: Snapshots: 4 of 4 used."),
    ({"maxTotalSnapshots": 4, "totalSnapshotsUsed": 6}, "", "leaves no room: Snapshots: 6 of 4 used."),
    ({"maxTotalVolumeGigabytes": 49, "totalGigabytesUsed": 40}, "", "leaves no room: Gigabytes: 40 of 49 used."),
]


def test_it_says_what_the_quota_leaves(cloud: FakeCloud, signed_in: Client) -> None:
    for limits, told, alert in QUOTAS:
        cloud.limits = limits
        part = signed_in.get(URL, headers=HTMX)
        assert told in words(part)
        assert alert in alerts(part)
        assert bool(alert) == bool(alerts(part))
        assert Page(part).has("button", "Create snapshot")


def test_it_says_nothing_of_a_quota_without_limits(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.limits = {"maxTotalSnapshots": -1, "maxTotalVolumeGigabytes": -1}
    assert "used" not in words(signed_in.get(URL, headers=HTMX))


@pytest.mark.parametrize("path", ["/limits", "/snapshots"])
def test_it_opens_also_where_what_is_only_good_to_know_fails(cloud: FakeCloud, signed_in: Client, path: str) -> None:
    for status in (403, 500):
        cloud.http.get(cloud.at(path), status_code=status)
        page = signed_in.get(URL, headers=HTMX)
        assert page.status_code == 200
        assert sent_by(page)["name"].startswith("data_snapshot_")


def test_it_says_that_a_413_is_the_quota(cloud: FakeCloud, signed_in: Client) -> None:
    body = fault("overLimit", 413, "SnapshotLimitExceeded: 10 allowed")
    cloud.http.post(cloud.at("/snapshots"), status_code=413, json=body, headers=FAULT_HEADERS)
    answer = signed_in.post(URL, {"name": "x", "key": "k"}, headers=HTMX)
    assert answer.status_code == 422
    told = alerts(answer)
    assert told.startswith("The project's quota doesn't allow this. SnapshotLimitExceeded: 10 allowed")
    assert REQUEST_ID in told


def test_it_warns_of_snapshots_that_do_not_last(cloud: FakeCloud, signed_in: Client, settings: Settings) -> None:
    instead = f"{HERE}/disks/{DISK}/create-backup/"
    assert "don't last" not in words(signed_in.get(URL, headers=HTMX))
    cloud.volumes = [volume(1, volume_type="EF-NVMe")]
    page = signed_in.get(URL, headers=HTMX)
    assert "Snapshots of LL NVMe disks don't last. They are deleted when the instance migrates" in words(page)
    assert Page(page).find("button", "Create backup instead")["hx-get"] == instead
    assert opens_dialog(page, instead)
    settings.BACKUPS = False
    page = signed_in.get(URL, headers=HTMX)
    assert "don't last" in words(page)
    assert "Create backup instead" not in words(page)
    assert instead not in text_of(page)


def test_it_warns_also_when_the_form_comes_back(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, volume_type="ef-nvme", status="in-use")]
    told = words(signed_in.post(URL, {"name": "x", "properties": "wrong", "key": "k"}))
    assert "don't last" in told
    assert "crash-consistent" in told
    assert "Snapshots: 0 of 1,000 used" in told
