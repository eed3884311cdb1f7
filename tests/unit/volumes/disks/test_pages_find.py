"""Finding disks: the filters of the Disks page, alone and combined, on a stock cloud and within the limit."""

import pytest
from django.test import Client

from tests.support.canned import HTMX, SignIn
from tests.support.cloud_rows import Answer, ago, an_id, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import HERE, Page, active_chips, link, names, options, text_of, words

URL = f"{HERE}/disks/"
ATTACHED: Answer = {"status": "in-use", "attachments": [{"server_id": an_id(5000), "device": "/dev/vdb"}]}
ALL = ["five", "four", "three", "two", "one"]


@pytest.fixture
def _some(cloud: FakeCloud) -> None:
    cloud.volumes = [
        volume(5, name="five", **ATTACHED),
        volume(4, name="four", status="error", availability_zone="south"),
        volume(3, name="three", bootable="true"),
        volume(2, name="two", volume_type="ceph-hdd", bootable="true", availability_zone="south"),
        volume(1, name="one", volume_type=None, availability_zone=None),
    ]


# The query of the address, the disks that are found, and the query to the cloud
FILTERS = [
    ("status=error", ["four"], {"status": "error"}),
    ("type=ceph-hdd", ["two"], {}),
    ("type=ceph", [], {}),
    ("zone=south", ["four", "two"], {"availability_zone": "south"}),
    ("bootable=yes", ["three", "two"], {"bootable": "true"}),
    ("bootable=no", ["five", "four", "one"], {"bootable": "false"}),
    ("attached=yes", ["five"], {}),
    ("attached=no", ["four", "three", "two", "one"], {}),
    ("bootable=yes&type=ceph-ssd&attached=no&q=thr", ["three"], {"bootable": "true"}),
    ("zone=south&sort=name", ["two", "four"], {"availability_zone": "south", "sort": "display_name:asc"}),
    # Invalid values don't filter.
    ("status=moonstruck", ALL, {}),
    ("bootable=maybe&attached=1", ALL, {}),
]


@pytest.mark.usefixtures("_some")
def test_it_filters(cloud: FakeCloud, signed_in: Client) -> None:
    for query, found, asked in FILTERS:
        cloud.forget()
        assert names(signed_in.get(f"{URL}?{query}", headers=HTMX)) == found, query
        assert cloud.asked() == ["GET /volumes/detail"], query
        ours = {"limit", "sort"} - set(asked)
        assert {name: value for name, value in cloud.query().items() if name not in ours} == asked, query


# Types sort by their id: Cinder answers 500 to a sort by the type's name.
SORTS = {
    "name": "display_name:asc",
    "-name": "display_name:desc",
    "bootable": "bootable:asc",
    "type": "volume_type_id:asc",
    "-size": "size:desc",
    "attached": "attach_status:asc",
    "-created_at": "created_at:desc",
    "volume_type": "created_at:desc",
    "": "created_at:desc",
}


def test_it_sorts_in_cinders_words(cloud: FakeCloud, signed_in: Client) -> None:
    for sort, asked in SORTS.items():
        signed_in.get(URL, {"sort": sort}, headers=HTMX)
        assert cloud.query()["sort"] == asked, sort


def test_it_sorts_by_every_column(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1)]
    columns = Page(signed_in.get(URL, headers=HTMX)).find_all("columnheader")
    sorts = {column.name: column.find("link")["href"] for column in columns}
    assert sorts == {
        "Name": "?sort=name",
        "Bootable": "?sort=bootable",
        "Type": "?sort=type",
        "Size": "?sort=size",
        "Attached to": "?sort=attached",
    }


@pytest.mark.usefixtures("_some")
def test_it_filters_also_where_the_cloud_does_not(cloud: FakeCloud, enter: SignIn) -> None:
    cloud.filters["volume"] = []
    client = enter()
    for query, found in (("bootable=yes&zone=south", ["two"]), ("status=error", ["four"])):
        assert names(client.get(f"{URL}?{query}", headers=HTMX)) == found, query
        assert set(cloud.query()) == {"limit", "sort"}, query


@pytest.mark.usefixtures("_some")
def test_it_says_what_was_filtered_by_in_vain(signed_in: Client) -> None:
    for query, told in (
        ("type=<moon>", "No disk matches these filters: type <moon>."),
        ("bootable=yes&attached=yes", "No disk matches these filters: bootable: yes, attached: yes."),
        ("zone=east&status=error", "No disk matches these filters: status Error, availability zone east."),
        ("no_snapshot_for=7&q=nowhere", "No disk whose name contains “nowhere” matches these filters: no"),
    ):
        part = signed_in.get(f"{URL}?{query}", headers=HTMX)
        assert told in words(part)
        assert "<moon>" not in text_of(part)
        assert "No disks yet" not in words(part)


@pytest.mark.usefixtures("_some")
def test_it_shows_what_is_filtered_by(signed_in: Client) -> None:
    answer = signed_in.get(f"{URL}?type=ceph-ssd&bootable=no&no_snapshot_for=30")
    page = Page(answer)
    assert active_chips(answer) == ["type ceph-ssd", "bootable: no", "no snapshot for 30 days"]
    shown = ("Type", "Bootable", "No snapshot for (days)", "Status", "Availability zone", "Attached")
    assert [page.field(label).value for label in shown] == ["ceph-ssd", "no", "30", "", "", ""]


def test_it_offers_its_filters(signed_in: Client) -> None:
    answer = signed_in.get(URL)
    assert active_chips(answer) == []
    assert options(answer, "bootable") == options(answer, "attached") == ["Any", "Yes", "No"]
    assert "In use" in options(answer, "status")
    page = Page(answer)
    labels = ("Status", "Type", "Availability zone", "Bootable", "Attached", "No snapshot for (days)")
    fields = [page.field(label) for label in labels]
    assert [field["name"] for field in fields] == ["status", "type", "zone", "bootable", "attached", "no_snapshot_for"]
    assert {field["form"] for field in fields} == {"search"}


def test_it_turns_the_pages_of_what_it_found(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(number, volume_type="a" if number % 2 else "b") for number in range(46, 0, -1)]
    first = signed_in.get(f"{URL}?type=a", headers=HTMX)
    assert "23 disks found" in words(first)
    second = signed_in.get(URL + link(first, "next"), headers=HTMX)
    assert [*names(first), *names(second)] == [f"disk-{number}" for number in range(45, 0, -2)]
    assert names(signed_in.get(URL + link(second, "prev"), headers=HTMX)) == names(first)


def test_it_says_where_it_stopped(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.largest_limit = 3
    cloud.volumes = [volume(number, volume_type="a" if number == 1 else "b") for number in range(40, 0, -1)]
    part = signed_in.get(f"{URL}?type=a", headers=HTMX)
    assert names(part) == []
    assert "The search stopped after 30 entries." in words(part)
    assert len(cloud.asked()) == 10


def made(number: int, disk: int, **since: float) -> Answer:
    return snapshot(number, disk=disk, created_at=ago(**since))


@pytest.mark.usefixtures("_some")
def test_it_finds_disks_without_a_recent_snapshot(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [
        # Not usable for a roll-back
        {**made(1009, 5, hours=1), "status": "error"},
        {**made(1008, 4, hours=2), "status": "deleting"},
        made(1007, 1, days=6),
        made(1006, 2, days=8),
        made(1005, 1, days=40),
        made(1004, 3, days=40),
    ]
    for query, found in (
        ("no_snapshot_for=7", ["five", "four", "three", "two"]),
        ("no_snapshot_for=9", ["five", "four", "three"]),
        ("no_snapshot_for=41", ["five", "four"]),
        ("no_snapshot_for=7&bootable=yes&sort=name", ["two", "three"]),
    ):
        cloud.forget()
        assert names(signed_in.get(f"{URL}?{query}", headers=HTMX)) == found, query
        assert sorted(cloud.asked()) == ["GET /snapshots/detail", "GET /volumes/detail"]


@pytest.mark.usefixtures("_some")
def test_it_counts_a_snapshot_that_is_being_made(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [{**made(1001, 5, minutes=1), "status": "creating"}]
    assert names(signed_in.get(f"{URL}?no_snapshot_for=1", headers=HTMX)) == ["four", "three", "two", "one"]


@pytest.mark.usefixtures("_some")
def test_it_reads_no_more_snapshots_than_it_must(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.largest_limit = 10
    cloud.snapshots = [made(1100 - number, 5, hours=number) for number in range(60)]
    assert names(signed_in.get(f"{URL}?no_snapshot_for=1", headers=HTMX)) == ["four", "three", "two", "one"]
    assert cloud.asked().count("GET /snapshots/detail") == 3


@pytest.mark.usefixtures("_some")
def test_it_says_when_it_could_not_reach_back_so_far(cloud: FakeCloud, signed_in: Client) -> None:
    """No other disk is known to have no snapshot, and it is also unknown whether any disk matches."""
    cloud.largest_limit = 5
    cloud.snapshots = [made(1100 - number, 5, minutes=number) for number in range(60)]
    part = signed_in.get(f"{URL}?no_snapshot_for=7", headers=HTMX)
    assert cloud.asked().count("GET /snapshots/detail") == 10
    assert names(part) == []
    assert "Diskboard can't find the disks without a snapshot for 7 days: the project has too many snapshots" in words(
        part
    )
    assert "No disk matches these filters" not in words(part)
    assert "No disks yet" not in words(part)


@pytest.mark.usefixtures("_some")
def test_it_fails_where_the_snapshots_cannot_be_read(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at("/snapshots/detail"), status_code=500)
    part = signed_in.get(f"{URL}?no_snapshot_for=7", headers=HTMX)
    assert part.status_code == 502
    assert "No disk passes" not in words(part)


def test_it_tells_which_types_and_zones_there_are(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.zones = {"nova": True, "<south>": True, "down": False}
    part = Page(signed_in.get(f"{URL}filter-choices/", headers=HTMX))
    types, zones = part.by_id("types"), part.by_id("zones")
    assert types
    assert zones
    assert {one.value for one in types.find_all("option")} == {"ceph-hdd", "ceph-ssd"}
    assert {one.value for one in zones.find_all("option")} == {"<south>", "nova"}
    assert sorted(cloud.asked()) == ["GET /os-availability-zone", "GET /types"]
