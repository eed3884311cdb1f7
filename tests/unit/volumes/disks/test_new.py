"""Creating an empty disk, a disk from a chosen source, and a clone."""

from typing import Any

import pytest
import requests
from django.test import Client

from tests.support.canned import HTMX
from tests.support.cloud_rows import REQUEST_ID, an_id, fault, snapshot, volume
from tests.support.fake_cloud import FAULT_HEADERS, PROJECT, FakeCloud
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
    text_of,
    triggered,
    words,
)

DISKS = f"{HERE}/disks/"
URL = f"{DISKS}create/"
AGAIN = f"{URL}?again"
CLONE = f"{DISKS}{an_id(1)}/clone/"
BOTH = pytest.mark.parametrize("url", [URL, CLONE])
TYPED = {"name": "new", "description": "why", "disk_type": "ceph-hdd", "zone": "south"}


@pytest.fixture(autouse=True)
def _sources(cloud: FakeCloud) -> None:
    cloud.volumes = [
        volume(1, name="data", size=40, volume_type="ceph-ssd", availability_zone="north"),
        volume(2, name="broken", status="error"),
        volume(3, name="<used>", status="in-use", size=3),
    ]
    cloud.snapshots = [
        snapshot(1001, name="before", size=12),
        snapshot(1002, name="unready", status="creating"),
        snapshot(1003, name="", size=7),
    ]
    cloud.zones = {"north": True, "south": True}


def created(cloud: FakeCloud) -> list[Any]:
    return [one.json()["volume"] for one in cloud.requests() if one.method == "POST"]


def form_of(client: Client, url: str = URL, **changes: str) -> dict[str, str]:
    return sent_by(client.get(url, headers=HTMX), **changes)


def test_it_proposes_an_empty_disk(cloud: FakeCloud, signed_in: Client) -> None:
    part = signed_in.get(URL, headers=HTMX)
    sent = sent_by(part)
    assert (sent["name"], sent["source"], sent["disk_type"], sent["zone"]) == ("", "empty", "", "")
    assert options(part, "source") == ["Empty disk", "Disk snapshot", "Disk"]
    assert options(part, "disk_type") == ["The cloud's default", "ceph-hdd", "ceph-ssd"]
    assert options(part, "zone") == ["The cloud's default", "north", "south"]
    assert "source_id" not in sent
    assert sorted(cloud.asked()) == [
        "GET /limits",
        "GET /os-availability-zone",
        f"GET /os-quota-sets/{PROJECT}",
        "GET /types",
    ]


@BOTH
def test_it_is_a_page_too(signed_in: Client, url: str) -> None:
    page = signed_in.get(url)
    name = "Clone disk" if url == CLONE else "Create disk"
    dialog = Page(page).find("dialog", name)
    assert dialog.has("heading", name)
    assert dialog.find("button", "Cancel")["href"] == DISKS
    assert "HX-Request" in page["Vary"]
    assert is_whole(page)
    assert not is_whole(signed_in.get(url, headers=HTMX))


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ({"size": "5"}, {"size": 5}),
        (
            {**TYPED, "size": "100"},
            {
                "name": "new",
                "description": "why",
                "size": 100,
                "volume_type": "ceph-hdd",
                "availability_zone": "south",
            },
        ),
        # The source was chosen before the user went back to an empty disk
        ({"size": "5", "source_id": an_id(1001)}, {"size": 5}),
        ({"size": "12", "source": "snapshot", "source_id": an_id(1001)}, {"size": 12, "snapshot_id": an_id(1001)}),
        ({"size": "40", "source": "disk", "source_id": an_id(1)}, {"size": 40, "source_volid": an_id(1)}),
    ],
    ids=str,
)
def test_it_creates(cloud: FakeCloud, signed_in: Client, typed: dict[str, str], sent: dict[str, Any]) -> None:
    answer = signed_in.post(URL, form_of(signed_in, **typed), headers=HTMX)
    assert answer.status_code == 204
    assert triggered(answer) == {"disks-changed", "messages", "dialog-done"}
    assert created(cloud) == [sent]
    assert "is being created." in words(signed_in.get("/toasts/"))


@BOTH
def test_it_goes_to_the_disks_without_a_script_and_acts_once(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    sent = form_of(signed_in, url, size="50")
    assert [signed_in.post(url, sent)["Location"] for _ in range(2)] == [DISKS, DISKS]
    assert len(created(cloud)) == 1


@pytest.mark.parametrize(
    ("kind", "offered"),
    [
        ("snapshot", ["—", "before, 12 GB", f"{an_id(1003)}, 7 GB"]),
        ("disk", ["—", "data, 40 GB", "<used>, 3 GB"]),
    ],
)
def test_it_offers_what_a_disk_can_be_made_of(
    cloud: FakeCloud, signed_in: Client, kind: str, offered: list[str]
) -> None:
    """It keeps the typed values."""
    typed = form_of(signed_in, **TYPED, size="5", source=kind)
    cloud.forget()
    part = signed_in.post(AGAIN, typed, headers=HTMX)
    assert part.status_code == 200
    assert options(part, "source_id") == offered
    assert "<used>" not in text_of(part)
    assert kept(part, typed) == typed
    assert field_errors(part) == {}
    assert cloud.asked().count(f"GET /{kind.replace('disk', 'volume')}s/detail") == 1
    assert created(cloud) == []


def test_it_proposes_the_size_of_what_was_chosen(signed_in: Client) -> None:
    form = form_of(signed_in, **TYPED)
    of_snapshot, of_disk = ("snapshot", an_id(1001)), ("disk", an_id(1))
    for (kind, source_id), typed, size in (
        (of_snapshot, "", "12"),
        (of_snapshot, "5", "12"),
        (of_snapshot, "20", "20"),
        (of_snapshot, "many", "12"),
        (of_disk, "1", "40"),
    ):
        sent = {**form, "source": kind, "source_id": source_id, "size": typed}
        wanted = {**TYPED, "source": kind, "source_id": source_id, "size": size}
        assert kept(signed_in.post(AGAIN, sent, headers=HTMX), wanted) == wanted


def test_it_knows_the_smallest_size_of_what_was_chosen(cloud: FakeCloud, signed_in: Client) -> None:
    sent = form_of(signed_in, source="snapshot", source_id=an_id(1001))
    chosen = sent_by(signed_in.post(AGAIN, sent, headers=HTMX), size="11")
    answer = signed_in.post(URL, chosen, headers=HTMX)
    assert field_errors(answer) == {"size": "It must be at least 12 GB, the size of its source."}
    assert created(cloud) == []
    emptied = sent_by(signed_in.post(AGAIN, {**chosen, "source": "empty"}, headers=HTMX), size="11")
    assert signed_in.post(URL, emptied, headers=HTMX).status_code == 204
    assert created(cloud) == [{"size": 11}]


def test_it_forgets_a_source_that_is_none_of_the_kind(cloud: FakeCloud, signed_in: Client) -> None:
    """The source that was chosen for the other kind is sent too when the kind changes."""
    form = form_of(signed_in, **TYPED, size="5")
    for kind, stale in (("disk", an_id(1001)), ("snapshot", an_id(1)), ("disk", an_id(99))):
        sent = {**form, "source": kind, "source_id": stale}
        part = signed_in.post(AGAIN, sent, headers=HTMX)
        assert part.status_code == 200
        assert kept(part, sent) == {**sent, "source_id": ""}
    assert created(cloud) == []


def test_it_asks_for_a_source(cloud: FakeCloud, signed_in: Client) -> None:
    form = form_of(signed_in, **TYPED, size="5")
    offered = {"snapshot": "before, 12 GB", "disk": "data, 40 GB"}
    wrong = [("snapshot", ""), ("disk", ""), ("snapshot", "x"), ("disk", "../volumes"), ("disk", "\0")]
    for kind, source_id in [*wrong, ("snapshot", "None")]:
        sent = {**form, "source": kind, "source_id": source_id}
        assert signed_in.post(AGAIN, sent, headers=HTMX).status_code == 200
        answer = signed_in.post(URL, sent, headers=HTMX)
        assert answer.status_code == 422
        assert "source_id" in field_errors(answer)
        assert offered[kind] in options(answer, "source_id")
        assert kept(answer, TYPED) == TYPED
    assert created(cloud) == []


def test_it_knows_no_other_sources(cloud: FakeCloud, signed_in: Client) -> None:
    form = form_of(signed_in, size="5")
    for kind in ("", "backup", "moon"):
        sent = {**form, "source": kind, "source_id": an_id(2001)}
        assert signed_in.post(AGAIN, sent, headers=HTMX).status_code == 200
        answer = signed_in.post(URL, sent, headers=HTMX)
        assert answer.status_code == 422
        assert "source" in field_errors(answer)
    assert created(cloud) == []


REFUSED = [
    *(("size", one) for one in ("", "x", "0", "-1", "1.5", str(2**31))),
    ("name", "x" * 256),
    ("name", "a\0b"),
]


@BOTH
def test_it_refuses_what_cinder_would(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    sent = form_of(signed_in, url, size="50")
    for field, typed in REFUSED:
        answer = signed_in.post(url, {**sent, field: typed}, headers=HTMX)
        assert answer.status_code == 422, f"{field} is {typed}"
        assert list(field_errors(answer)) == [field]
    assert created(cloud) == []


@BOTH
def test_it_shows_a_refusal_and_keeps_what_was_typed(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    sent = form_of(signed_in, url, name="new", size="50")
    for status, headers in ((400, {}), (403, HTMX), (404, HTMX), (413, HTMX)):
        body = fault("computeFault", status, "Not <today>.")
        cloud.http.post(cloud.at("/volumes"), status_code=status, json=body, headers=FAULT_HEADERS)
        answer = signed_in.post(url, sent, headers=headers)
        assert answer.status_code == 422
        # A used up quota is reported at the size field.
        told = field_errors(answer)["size"] if status == 413 else alerts(answer)
        assert "Not <today>." in told
        assert REQUEST_ID in told
        assert kept(answer, sent) == sent


@BOTH
def test_it_does_not_create_again_where_it_may_have_created(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    cloud.http.post(cloud.at("/volumes"), exc=requests.ReadTimeout)
    sent = form_of(signed_in, url, size="50")
    answer = signed_in.post(url, sent, headers=HTMX)
    assert "may have been made" in alerts(answer)
    assert sent_by(answer)["key"] != sent["key"]
    signed_in.post(url, sent, headers=HTMX)
    assert len(created(cloud)) == 1


QUOTAS: list[tuple[dict[str, int], str]] = [
    ({"maxTotalVolumes": 5, "totalVolumesUsed": 5}, "leaves no room: Disks: 5 of 5 used."),
    ({"maxTotalVolumeGigabytes": 9, "totalGigabytesUsed": 9}, "leaves no room: Gigabytes: 9 of 9 used."),
    ({"maxTotalVolumes": -1, "maxTotalVolumeGigabytes": -1}, ""),
    ({}, ""),
]


@BOTH
def test_it_says_when_the_quota_leaves_no_room(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    for limits, told in QUOTAS:
        cloud.limits = limits
        page = signed_in.get(url, headers=HTMX)
        assert told in alerts(page)
        assert bool(told) == bool(alerts(page))


def test_it_tells_the_quota_of_each_type(cloud: FakeCloud, signed_in: Client) -> None:
    """It shows the types that have a limit and that the project can use, and warns about those without room."""
    cloud.type_limits = {"gigabytes_ceph-ssd": 100, "volumes_ceph-ssd": 3, "volumes_ceph-hdd": 0}
    told = words(signed_in.get(URL, headers=HTMX))
    assert "Gigabytes of type ceph-ssd: 82 of 100 used" in told
    assert "leaves no room: Disks of type ceph-ssd: 3 of 3 used." in told
    assert "leaves no room: Disks of type ceph-hdd: 0 of 0 used." in told
    assert "Gigabytes of type ceph-hdd" not in told


def test_it_asks_for_no_more_than_one_answer_of_the_quota_of_types(cloud: FakeCloud, signed_in: Client) -> None:
    signed_in.get(URL, headers=HTMX)
    assert len([one for one in cloud.asked() if "os-quota-sets" in one]) == 1
    assert len(cloud.asked()) == 4


@pytest.mark.parametrize("path", ["/types", "/os-availability-zone", "/limits", f"/os-quota-sets/{PROJECT}"])
def test_it_opens_without_what_is_only_good_to_know(cloud: FakeCloud, signed_in: Client, path: str) -> None:
    for status in (403, 404, 500):
        cloud.http.get(cloud.at(path), status_code=status)
        part = signed_in.get(URL, headers=HTMX)
        assert part.status_code == 200
    assert signed_in.post(URL, sent_by(part, size="5")).status_code == 302
    assert created(cloud) == [{"size": 5}]


def test_it_opens_where_the_sources_cannot_be_listed(cloud: FakeCloud, signed_in: Client) -> None:
    sent = form_of(signed_in, **TYPED, size="12", source="snapshot", source_id=an_id(1001))
    cloud.http.get(cloud.at("/snapshots/detail"), status_code=500)
    part = signed_in.post(AGAIN, sent, headers=HTMX)
    assert part.status_code == 200
    assert sent_by(part)["source_id"] == an_id(1001)
    # It doesn't claim that the project has no snapshots. The fields that are replaced are beside these words.
    missed = Page(part).by_id("missed")
    assert missed
    assert missed.find("status").text.startswith("Some of the data for this dialog couldn't be read.")
    [again] = [one for one in Page(part).select("[hx-post]") if one["hx-post"] == AGAIN]
    assert set(again["hx-select-oob"].split(",")) == {"#id_smallest", "#id_type_needed", "#missed"}


def test_it_keeps_its_source_while_the_cloud_is_down(cloud: FakeCloud, signed_in: Client) -> None:
    sent = form_of(signed_in, **TYPED, size="12", source="snapshot", source_id=an_id(1001))
    cloud.http.post(cloud.at("/volumes"), exc=requests.ConnectTimeout)
    answer = signed_in.post(URL, sent, headers=HTMX)
    assert answer.status_code == 422
    assert kept(answer, sent) == sent


@BOTH
def test_it_offers_a_reader_no_form(reader: Client, url: str) -> None:
    part = reader.get(url, headers=HTMX)
    assert alerts(part) == "Your role in this project is read-only."
    assert sent_by(part) == {}


@pytest.mark.parametrize(
    ("name", "proposed"), [("data", "data_clone"), ("", f"{an_id(1)}_clone"), ("x" * 255, f"{'x' * 249}_clone")]
)
def test_it_proposes_a_clone(cloud: FakeCloud, signed_in: Client, name: str, proposed: str) -> None:
    cloud.volumes[0]["name"] = name
    sent = form_of(signed_in, CLONE)
    assert (sent["name"], sent["size"]) == (proposed, "40")
    assert sorted(cloud.asked()) == ["GET /limits", f"GET /os-quota-sets/{PROJECT}", f"GET /volumes/{an_id(1)}"]


@pytest.mark.parametrize("status", ["available", "in-use"])
def test_it_clones(cloud: FakeCloud, signed_in: Client, status: str) -> None:
    cloud.volumes[0]["status"] = status
    answer = signed_in.post(CLONE, form_of(signed_in, CLONE, name="copy", size="41"), headers=HTMX)
    assert answer.status_code == 204
    assert triggered(answer) == {"disks-changed", "messages", "dialog-done"}
    assert created(cloud) == [{"name": "copy", "size": 41, "source_volid": an_id(1)}]
    assert "Disk “copy” is being created." in words(signed_in.get("/toasts/"))


def test_it_makes_no_clone_that_is_smaller(cloud: FakeCloud, signed_in: Client) -> None:
    answer = signed_in.post(CLONE, form_of(signed_in, CLONE, size="39"), headers=HTMX)
    assert field_errors(answer) == {"size": "It must be at least 40 GB, the size of its source."}
    assert created(cloud) == []


def test_it_says_when_it_cannot_be_cloned(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes[0]["status"] = "maintenance"
    part = signed_in.get(CLONE, headers=HTMX)
    assert alerts(part) == "Only a disk that is available or in use can be cloned."
    assert sent_by(part) == {}


def test_it_keeps_what_was_typed_of_a_clone_while_the_cloud_is_down(cloud: FakeCloud, signed_in: Client) -> None:
    sent = form_of(signed_in, CLONE, name="copy", size="41")
    cloud.forget()
    cloud.http.post(cloud.at("/volumes"), exc=requests.ConnectTimeout)
    answer = signed_in.post(CLONE, sent, headers=HTMX)
    assert answer.status_code == 422
    assert kept(answer, sent) == sent
    assert cloud.asked() == ["POST /volumes"]


def test_it_tells_the_command(signed_in: Client) -> None:
    told = command(signed_in.get(CLONE, headers=HTMX))
    assert told == f"openstack volume create --size 40 --source {an_id(1)} data_clone"
    sent = form_of(signed_in, name="new", size="5", source="disk", source_id=an_id(1))
    told = words(signed_in.post(f"{URL}?command", sent, headers=HTMX))
    assert told == f"openstack volume create --size 5 --source {an_id(1)} new"
