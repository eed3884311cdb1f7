"""Finding disks: the filters of the Disks page, alone and together, on a stock cloud and within the bound."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from tests.support.canned import HTMX
from tests.support.fake_cloud import Answer, FakeCloud, ago, an_id, snapshot, volume
from tests.support.pages import HERE, link, names, options, text_of, words

URL = f"{HERE}/disks/"
ATTACHED: Answer = {"status": "in-use", "attachments": [{"server_id": an_id(5000), "device": "/dev/vdb"}]}


@pytest.fixture
def _some(cloud: FakeCloud) -> None:
    cloud.volumes = [
        volume(5, name="five", **ATTACHED),
        volume(4, name="four", status="error", availability_zone="south"),
        volume(3, name="three", bootable="true"),
        volume(2, name="two", volume_type="ceph-hdd", bootable="true", availability_zone="south"),
        volume(1, name="one", volume_type=None, availability_zone=None),
    ]


@pytest.mark.usefixtures("_some")
@pytest.mark.parametrize(
    ("query", "found", "asked"),
    [
        ("status=error", ["four"], {"status": "error"}),
        ("status=in-use", ["five"], {"status": "in-use"}),
        ("type=ceph-hdd", ["two"], {}),
        ("type=ceph", [], {}),
        ("zone=south", ["four", "two"], {"availability_zone": "south"}),
        ("bootable=yes", ["three", "two"], {"bootable": "true"}),
        ("bootable=no", ["five", "four", "one"], {"bootable": "false"}),
        ("attached=yes", ["five"], {}),
        ("attached=no", ["four", "three", "two", "one"], {}),
        ("bootable=yes&zone=south", ["two"], {"bootable": "true", "availability_zone": "south"}),
        ("bootable=yes&type=ceph-ssd&attached=no&q=thr", ["three"], {"bootable": "true"}),
        ("zone=south&sort=name", ["two", "four"], {"availability_zone": "south", "sort": "display_name:asc"}),
        # What makes no sense is no filter.
        ("status=moonstruck", ["five", "four", "three", "two", "one"], {}),
        ("bootable=maybe&attached=1", ["five", "four", "three", "two", "one"], {}),
    ],
)
def test_it_filters(cloud: FakeCloud, signed_in: Client, query: str, found: list[str], asked: dict[str, str]) -> None:
    page = signed_in.get(f"{URL}?{query}")
    assert names(page) == found
    assert cloud.asked() == ["GET /volumes/detail"]
    ours = {"limit", "sort", "with_count"} - set(asked)
    assert {name: value for name, value in cloud.query().items() if name not in ours} == asked


@pytest.mark.parametrize(
    ("sort", "asked"),
    [
        ("name", "display_name:asc"),
        ("-name", "display_name:desc"),
        ("bootable", "bootable:asc"),
        # Cinder answers 500 to a sort by the type's name.
        ("type", "volume_type_id:asc"),
        ("-size", "size:desc"),
        ("attached", "attach_status:asc"),
        ("-created_at", "created_at:desc"),
        ("volume_type", "created_at:desc"),
        ("", "created_at:desc"),
    ],
)
def test_every_column_sorts(cloud: FakeCloud, signed_in: Client, sort: str, asked: str) -> None:
    cloud.volumes = [volume(1)]
    page = text_of(signed_in.get(URL, {"sort": sort}))
    assert cloud.query()["sort"] == asked
    assert len(re.findall(r'<th[^>]*>\s*<a href="\?sort=', page)) == 5


@pytest.mark.usefixtures("_some")
@pytest.mark.parametrize("query", ["bootable=yes", "zone=south", "status=error"])
def test_it_filters_also_where_the_cloud_does_not(cloud: FakeCloud, signed_in: Client, query: str) -> None:
    stock = names(signed_in.get(f"{URL}?{query}"))
    cloud.filters["volume"] = []
    # What the cloud offers is asked for once an hour.
    cache.clear()
    assert names(signed_in.get(f"{URL}?{query}")) == stock
    assert stock
    assert set(cloud.query()) == {"limit", "sort"}


@pytest.mark.usefixtures("_some")
@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("type=<moon>", "No disk passes these filters: type <moon>."),
        ("bootable=yes&attached=yes", "No disk passes these filters: bootable: yes, attached: yes."),
        ("zone=east&status=error", "No disk passes these filters: status Error, availability zone east."),
        ("no_snapshot_for=7&q=nowhere", "No disk whose name or id contains “nowhere” passes these filters: no"),
    ],
)
def test_it_says_what_was_filtered_by_in_vain(signed_in: Client, query: str, told: str) -> None:
    page = signed_in.get(f"{URL}?{query}")
    assert told in words(page)
    assert "<moon>" not in text_of(page)
    assert "No disks yet" not in words(page)


@pytest.mark.usefixtures("_some")
def test_it_shows_what_is_filtered_by(signed_in: Client) -> None:
    text = text_of(signed_in.get(f"{URL}?type=ceph-ssd&bootable=no&no_snapshot_for=30"))
    assert '<details class="filters" open>' in text
    assert 'value="ceph-ssd"' in text
    assert 'value="30"' in text
    assert '<option value="no" selected>' in text
    assert '<details class="filters">' in text_of(signed_in.get(URL))


def test_it_turns_the_pages_of_what_it_found(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(number, volume_type="a" if number % 2 else "b") for number in range(90, 0, -1)]
    first = signed_in.get(f"{URL}?type=a")
    assert "45 in all" in words(first)
    second = signed_in.get(URL + link(first, "next"))
    third = signed_in.get(URL + link(second, "next"))
    found = [*names(first), *names(second), *names(third)]
    assert found == [f"disk-{number}" for number in range(89, 0, -2)]
    assert names(signed_in.get(URL + link(third, "prev"))) == names(second)


def test_it_says_where_it_stopped(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.largest_limit = 3
    cloud.volumes = [volume(number, volume_type="a" if number == 1 else "b") for number in range(40, 0, -1)]
    page = signed_in.get(f"{URL}?type=a")
    assert names(page) == []
    assert "The search stopped after 30 entries." in words(page)
    assert len(cloud.asked()) == 10


def made(number: int, disk: int, **since: float) -> Answer:
    return snapshot(number, disk=disk, created_at=ago(**since))


@pytest.mark.usefixtures("_some")
def test_it_finds_disks_without_a_recent_snapshot(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [
        # Nothing to go back to
        {**made(1009, 5, hours=1), "status": "error"},
        {**made(1008, 4, hours=2), "status": "deleting"},
        made(1007, 1, days=6),
        made(1006, 2, days=8),
        made(1005, 1, days=40),
        made(1004, 3, days=40),
    ]
    assert names(signed_in.get(f"{URL}?no_snapshot_for=7")) == ["five", "four", "three", "two"]
    assert names(signed_in.get(f"{URL}?no_snapshot_for=9")) == ["five", "four", "three"]
    assert names(signed_in.get(f"{URL}?no_snapshot_for=41")) == ["five", "four"]
    cloud.forget()
    assert names(signed_in.get(f"{URL}?no_snapshot_for=7&bootable=yes&sort=name")) == ["two", "three"]
    assert sorted(cloud.asked()) == ["GET /snapshots/detail", "GET /volumes/detail"]


@pytest.mark.usefixtures("_some")
def test_it_counts_a_snapshot_that_is_being_made(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [{**made(1001, 5, minutes=1), "status": "creating"}]
    assert names(signed_in.get(f"{URL}?no_snapshot_for=1")) == ["four", "three", "two", "one"]


@pytest.mark.usefixtures("_some")
def test_it_reads_no_more_snapshots_than_it_must(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.largest_limit = 10
    cloud.snapshots = [made(1100 - number, 5, hours=number) for number in range(60)]
    assert names(signed_in.get(f"{URL}?no_snapshot_for=1")) == ["four", "three", "two", "one"]
    assert cloud.asked().count("GET /snapshots/detail") == 3


@pytest.mark.usefixtures("_some")
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_it_says_when_it_could_not_reach_back_so_far(
    cloud: FakeCloud, signed_in: Client, headers: dict[str, str]
) -> None:
    """Of none of the others is known that it has no snapshot; that none passes isn't known either."""
    cloud.largest_limit = 5
    cloud.snapshots = [made(1100 - number, 5, minutes=number) for number in range(60)]
    page = signed_in.get(f"{URL}?no_snapshot_for=7", headers=headers)
    assert cloud.asked().count("GET /snapshots/detail") == 10
    assert names(page) == []
    assert "No disk passes these filters" not in words(page)
    assert "No disks yet" not in words(page)
    assert "too many snapshots" in words(page)


@pytest.mark.usefixtures("_some")
def test_it_fails_where_the_snapshots_cannot_be_read(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at("/snapshots/detail"), status_code=500)
    page = signed_in.get(f"{URL}?no_snapshot_for=7")
    assert page.status_code == 502
    assert "No disk passes" not in words(page)


def test_it_tells_which_types_and_zones_there_are(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.zones = {"nova": True, "<south>": True, "down": False}
    part = signed_in.get(f"{URL}filter-choices/", headers=HTMX)
    text = text_of(part)
    assert '<option value="ceph-hdd">' in text
    assert '<option value="&lt;south&gt;">' in text
    assert '<option value="down">' not in text
    assert sorted(cloud.asked()) == ["GET /os-availability-zone", "GET /types"]


def test_it_offers_its_filters(signed_in: Client) -> None:
    page = signed_in.get(URL)
    assert options(page, "bootable")[1:] == ["Yes", "No"]
    assert options(page, "attached")[1:] == ["Yes", "No"]
    assert "In use" in options(page, "status")
    for name in ("type", "zone", "no_snapshot_for"):
        assert f'name="{name}"' in text_of(page)
