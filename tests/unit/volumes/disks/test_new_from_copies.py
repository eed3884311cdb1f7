"""Creating a disk from a snapshot, and from a backup."""

from typing import Any

import pytest
import requests
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.support.canned import HTMX
from tests.support.cloud_rows import REQUEST_ID, an_id, backup, fault, not_found, snapshot, volume
from tests.support.fake_cloud import FAULT_HEADERS, FakeCloud
from tests.support.pages import (
    HERE,
    Page,
    alerts,
    command,
    field_errors,
    is_whole,
    kept,
    options,
    sent_by,
    triggered,
    words,
)

CLONE = f"{HERE}/snapshots/{an_id(1001)}/create-disk/"
RESTORE = f"{HERE}/backups/{an_id(2001)}/create-disk/"
SOURCE_OF = {
    CLONE: {"snapshot_id": an_id(1001)},
    RESTORE: {"backup_id": an_id(2001), "volume_type": "ceph-ssd", "availability_zone": "north"},
}
DEFAULT = "The cloud's default"
BOTH = pytest.mark.parametrize("url", [CLONE, RESTORE])
# The beginning of a dialog's note about what couldn't be read
MISSED = "Some of the data for this dialog couldn't be read."


@pytest.fixture(autouse=True)
def _sources(cloud: FakeCloud) -> None:
    cloud.volumes = [volume(1, name="data", volume_type="ceph-ssd", availability_zone="north")]
    cloud.snapshots = [snapshot(1001, name="before", size=12)]
    cloud.backups = [backup(2001, name="kept", size=12)]
    cloud.zones = {"north": True, "south": True, "down": False}


def today() -> str:
    return f"{timezone.localdate():%d-%m-%Y}"


def created(cloud: FakeCloud) -> list[Any]:
    return [one.json()["volume"] for one in cloud.requests() if one.method == "POST"]


def form_of(client: Client, url: str, **changes: str) -> dict[str, str]:
    return sent_by(client.get(url, headers=HTMX), **changes)


def test_it_proposes_a_disk_like_the_snapshots(cloud: FakeCloud, signed_in: Client) -> None:
    part = signed_in.get(CLONE, headers=HTMX)
    sent = sent_by(part)
    assert (sent["name"], sent["size"], sent["disk_type"], sent["zone"]) == (f"data_{today()}", "12", "", "")
    assert options(part, "source") == ["Disk snapshot"]
    assert options(part, "disk_type") == ["ceph-ssd", "ceph-hdd"]
    assert options(part, "zone") == ["north", "south"]
    assert MISSED not in words(part)
    assert len(cloud.asked()) == 6


def test_it_proposes_a_disk_like_the_one_backed_up(cloud: FakeCloud, signed_in: Client) -> None:
    """Unlike with a snapshot, Cinder restores a backup to its default type and zone unless the request names others."""
    part = signed_in.get(RESTORE, headers=HTMX)
    sent = sent_by(part)
    assert (sent["name"], sent["size"]) == (f"data_{today()}", "12")
    assert (sent["disk_type"], sent["zone"]) == ("ceph-ssd", "north")
    assert options(part, "source") == ["Backup"]
    assert options(part, "disk_type") == [DEFAULT, "ceph-hdd", "ceph-ssd"]
    assert options(part, "zone") == [DEFAULT, "north", "south"]
    assert MISSED not in words(part)
    assert "--type ceph-ssd --availability-zone north" in command(part)
    assert len(cloud.asked()) == 6


def test_it_proposes_no_type_and_zone_that_the_cloud_no_longer_has(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, volume_type="of old", availability_zone="down")]
    sent = sent_by(signed_in.get(RESTORE, headers=HTMX))
    assert (sent["disk_type"], sent["zone"]) == ("", "")


@BOTH
def test_it_is_a_page_too(signed_in: Client, url: str) -> None:
    page = signed_in.get(url)
    dialog = Page(page).find("dialog", "Create disk")
    assert dialog.has("heading", "Create disk")
    assert dialog.find("button", "Cancel")["href"] == f"{HERE}/disks/"
    assert "HX-Request" in page["Vary"]
    assert is_whole(page)


@BOTH
def test_it_names_the_disk_after_its_source_if_the_disk_has_no_name(
    cloud: FakeCloud, signed_in: Client, url: str
) -> None:
    cloud.volumes = [volume(1, name="")]
    name = {CLONE: cloud.snapshots, RESTORE: cloud.backups}[url][0]["name"]
    assert sent_by(signed_in.get(url, headers=HTMX))["name"] == f"{name}_{today()}"


SENT: list[tuple[dict[str, str], dict[str, object]]] = [
    ({"name": ""}, {}),
    ({"name": " copy ", "description": "of\r\n🦊"}, {"name": "copy", "description": "of 🦊"}),
    ({"name": "", "size": "20", "disk_type": "ceph-hdd"}, {"size": 20, "volume_type": "ceph-hdd"}),
    ({"name": "", "zone": "south"}, {"availability_zone": "south"}),
]


@BOTH
def test_it_sends_what_differs(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    form = form_of(signed_in, url)
    for number, (typed, sent) in enumerate(SENT):
        answer = signed_in.post(url, {**form, **typed, "key": f"key-{number}"}, headers=HTMX)
        assert answer.status_code == 204
        assert created(cloud)[number:] == [{"size": 12, **SOURCE_OF[url], **sent}]
        assert triggered(answer) == {"disks-changed", "messages", "dialog-done"}
        assert "is being created." in words(signed_in.get("/toasts/"))


@BOTH
def test_it_goes_to_the_disks_without_a_script_and_acts_once(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    sent = form_of(signed_in, url)
    assert [signed_in.post(url, sent)["Location"] for _ in range(2)] == [f"{HERE}/disks/"] * 2
    assert len(created(cloud)) == 1


REFUSED = [
    *(("size", one) for one in ("11", "", "x", "0", "-1", "1.5", str(2**31))),
    ("name", "x" * 256),
    ("description", "x" * 256),
    ("disk_type", "x" * 256),
    ("source", "disk"),
]


@BOTH
def test_it_refuses_what_cinder_would(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    sent = form_of(signed_in, url, name="copy")
    for field, typed in REFUSED:
        answer = signed_in.post(url, {**sent, field: typed}, headers=HTMX)
        assert answer.status_code == 422, f"{field} is {typed}"
        assert set(field_errors(answer)) == {field}
    assert created(cloud) == []


@BOTH
def test_it_names_the_smallest_size(signed_in: Client, url: str) -> None:
    answer = signed_in.post(url, form_of(signed_in, url, size="11", name="copy"), headers=HTMX)
    assert field_errors(answer) == {"size": "It must be at least 12 GB, the size of its source."}
    assert (sent_by(answer)["size"], sent_by(answer)["name"]) == ("11", "copy")


@BOTH
def test_it_says_when_nothing_can_be_made_of_it(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    cloud.snapshots[0]["status"] = cloud.backups[0]["status"] = "error"
    part = signed_in.get(url, headers=HTMX)
    assert "that is available." in alerts(part)
    assert sent_by(part) == {}


@pytest.mark.parametrize(
    ("url", "version", "told"), [(RESTORE, "3.46", "too old"), (RESTORE, "3.47", ""), (CLONE, "3.0", "")]
)
def test_it_knows_what_old_clouds_can(cloud: FakeCloud, signed_in: Client, url: str, version: str, told: str) -> None:
    cloud.microversion = version
    cache.clear()
    part = signed_in.get(url, headers=HTMX)
    assert told in alerts(part)
    assert bool(told) == bool(alerts(part))


QUOTAS: list[tuple[dict[str, int], str]] = [
    ({"maxTotalVolumes": 5, "totalVolumesUsed": 5}, "leaves no room: Disks: 5 of 5 used."),
    ({"maxTotalVolumeGigabytes": 20, "totalGigabytesUsed": 9}, "leaves no room: Gigabytes: 9 of 20 used."),
    ({"maxTotalVolumeGigabytes": 21, "totalGigabytesUsed": 9}, ""),
    ({"maxTotalVolumes": -1}, ""),
]


@BOTH
def test_it_says_when_the_quota_leaves_no_room(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    for limits, told in QUOTAS:
        cloud.limits = limits
        page = signed_in.get(url, headers=HTMX)
        assert told in alerts(page)
        assert bool(told) == bool(alerts(page))


@pytest.mark.parametrize(("url", "refusal"), [(CLONE, 403), (RESTORE, 404)])
@pytest.mark.parametrize("path", ["/types", "/os-availability-zone", "/limits", f"/volumes/{an_id(1)}"])
def test_it_opens_without_what_is_only_good_to_know(
    cloud: FakeCloud, signed_in: Client, url: str, refusal: int, path: str
) -> None:
    # What isn't for this person, or isn't there at all, isn't missed.
    cloud.http.get(cloud.at(path), **(not_found() if refusal == 404 else {"status_code": refusal}))
    part = signed_in.get(url, headers=HTMX)
    assert part.status_code == 200
    assert MISSED not in words(part)
    cloud.http.get(cloud.at(path), status_code=500)
    part = signed_in.get(url, headers=HTMX)
    assert part.status_code == 200
    # The disk is needed only to propose a type and a zone.
    told = f"{MISSED} The cloud has an internal problem at the moment." in words(part)
    assert told is not path.startswith("/volumes/")
    assert signed_in.post(url, sent_by(part, name="copy")).status_code == 302
    assert created(cloud)[0]["name"] == "copy"


def test_it_opens_for_a_backup_whose_disk_is_gone(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = []
    assert options(signed_in.get(RESTORE, headers=HTMX), "disk_type") == ["—", "ceph-hdd", "ceph-ssd"]


@BOTH
def test_it_shows_a_refusal_and_keeps_what_was_typed(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    typed = form_of(signed_in, url, name="copy", disk_type="ceph-hdd", zone="south", size="30")
    for status, headers in ((400, {}), (403, HTMX), (413, HTMX)):
        body = fault("computeFault", status, "Not <today>.")
        cloud.http.post(cloud.at("/volumes"), status_code=status, json=body, headers=FAULT_HEADERS)
        answer = signed_in.post(url, typed, headers=headers)
        assert answer.status_code == 422
        # A used up quota is reported at the size field.
        told = field_errors(answer)["size"] if status == 413 else alerts(answer)
        assert "Not <today>." in told
        assert REQUEST_ID in told
        assert kept(answer, typed) == typed


@BOTH
def test_it_keeps_what_was_typed_while_the_cloud_is_down(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    typed = form_of(signed_in, url, name="copy", disk_type="ceph-hdd", zone="south", size="30")
    cloud.forget()
    cloud.http.register_uri("POST", cloud.at("/volumes"), exc=requests.ConnectTimeout)
    answer = signed_in.post(url, typed, headers=HTMX)
    assert answer.status_code == 422
    assert kept(answer, typed) == typed
    assert cloud.asked() == ["POST /volumes"]


@BOTH
def test_it_offers_a_reader_no_form(reader: Client, url: str) -> None:
    part = reader.get(url, headers=HTMX)
    assert alerts(part) == "Your role in this project is read-only."
    assert sent_by(part) == {}
