"""Lists as CSV files: what they contain, and that no spreadsheet program runs what a user wrote."""

import csv
import io
import json
import re
from typing import Any

import pytest
import requests
from django.test import Client

from tests.support.canned import HTMX
from tests.support.cloud_rows import Answer, an_id, backup, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import HERE, Page, is_whole

DISKS, SNAPSHOTS, BACKUPS = f"{HERE}/disks/", f"{HERE}/snapshots/", f"{HERE}/backups/"
OF_DISK = f"{DISKS}{an_id(1)}/snapshots/"
FILES = {
    DISKS: "disks",
    SNAPSHOTS: "snapshots",
    BACKUPS: "backups",
    OF_DISK: f"snapshots-{an_id(1)}",
}
EVERY = pytest.mark.parametrize("url", FILES)
BOM = b"\xef\xbb\xbf"


def lines(answer: Any) -> list[list[str]]:
    """The lines of a file, including the header."""
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def column(answer: Any, title: str) -> list[str]:
    header, *rows = lines(answer)
    return [row[header.index(title)] for row in rows]


def file_name(answer: Any) -> str:
    found = re.fullmatch(r'attachment; filename="([a-z0-9-]+\.csv)"', answer["Content-Disposition"])
    assert found
    return found[1]


def export_link(answer: Any) -> str:
    """The target of a page's link to the file."""
    return Page(answer).find("link", "Export CSV")["href"]


def fill(cloud: FakeCloud, count: int, **changes: Any) -> None:
    numbers = range(count, 0, -1)
    cloud.volumes = [volume(number, **changes) for number in numbers]
    cloud.snapshots = [snapshot(20_000 + number, **changes) for number in numbers]
    cloud.backups = [backup(40_000 + number, **changes) for number in numbers]


@pytest.fixture(autouse=True)
def _one_of_each(cloud: FakeCloud) -> None:
    fill(cloud, 1)


def test_it_tells_all_of_a_disk(cloud: FakeCloud, signed_in: Client) -> None:
    attached = [{"server_id": an_id(5000), "device": "/dev/vdb"}, {"server_id": an_id(5001), "device": "/dev/vdb"}]
    changes: Answer = {"name": "Данные, новые", "status": "in-use", "bootable": "true", "attachments": attached}
    cloud.volumes = [volume(1, **changes, metadata={"a": "1", "б": "x=y"})]
    answer = signed_in.get(f"{DISKS}export/")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.content.startswith(BOM)
    assert lines(answer) == [
        [
            *("Id", "Name", "Status", "Size (GiB)", "Type", "Availability zone", "Bootable", "Attached to"),
            *("Created (UTC)", "Properties"),
        ],
        [
            *(an_id(1), "Данные, новые", "in-use", "10", "ceph-ssd", "nova", "true"),
            *(f"{an_id(5000)} /dev/vdb; {an_id(5001)} /dev/vdb", "2026-03-01T10:00:01Z", "a=1; б=x=y"),
        ],
    ]


def test_it_tells_all_of_a_snapshot(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [snapshot(1001, description='two\nlines, "quoted"', metadata={"a": "1"})]
    for url in (SNAPSHOTS, OF_DISK):
        assert lines(signed_in.get(f"{url}export/")) == [
            ["Id", "Name", "Disk id", "Status", "Size (GiB)", "Created (UTC)", "Description", "Properties"],
            [
                *(an_id(1001), "snapshot-1001", an_id(1), "available", "10", "2026-03-02T10:00:41Z"),
                *('two\nlines, "quoted"', "a=1"),
            ],
        ]


def test_it_tells_all_of_a_backup(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.backups = [backup(2001, snapshot_id=an_id(1001), is_incremental=True, created_at=None)]
    header, row = lines(signed_in.get(f"{BACKUPS}export/"))
    assert dict(zip(header, row, strict=True)) == {
        "Id": an_id(2001),
        "Name": "backup-2001",
        "Disk id": an_id(1),
        "Snapshot id": an_id(1001),
        "Status": "available",
        "Size (GiB)": "10",
        "Incremental": "true",
        "Created (UTC)": "",
        "Description": "",
        "Properties": "",
    }


def test_its_header_is_in_the_language_of_the_person(signed_in: Client) -> None:
    header = lines(signed_in.get(f"{DISKS}export/", headers={"Accept-Language": "ru"}))[0]
    assert "Статус" in header
    assert "Status" not in header


@EVERY
def test_it_holds_all_there_are(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    """The file contains more than one page, and more than the answer to one request."""
    fill(cloud, 130, volume_id=an_id(1))
    cloud.largest_limit = 50
    answer = signed_in.get(f"{url}export/")
    assert file_name(answer) == f"{FILES[url]}.csv"
    names = column(answer, "Name")
    assert len(names) == len(set(names)) == 130
    listed = [one for one in cloud.requests() if "/detail" in one.url]
    assert [one.qs["limit"] for one in listed] == [["1000"]] * 3


def test_it_is_a_header_where_there_is_nothing(cloud: FakeCloud, signed_in: Client) -> None:
    fill(cloud, 0)
    assert len(lines(signed_in.get(f"{DISKS}export/"))) == 1


def test_it_says_where_reading_stopped(cloud: FakeCloud, signed_in: Client) -> None:
    """It stops after ten requests of a thousand rows; an operator's lower limit means fewer rows."""
    fill(cloud, 101, volume_id=an_id(1))
    cloud.volumes, cloud.largest_limit = [volume(1)], 10
    answer = signed_in.get(f"{OF_DISK}export/")
    assert file_name(answer) == f"{FILES[OF_DISK]}-incomplete.csv"
    *_rows, last = lines(answer)
    assert last == ["Incomplete: reading stopped after 100 entries. Narrow the list to get the rest."]
    assert len(lines(answer)) == 1 + 100 + 1
    assert cloud.asked().count("GET /snapshots/detail") == 10


def test_it_says_when_a_filter_could_not_be_decided(cloud: FakeCloud, signed_in: Client) -> None:
    fill(cloud, 101)
    cloud.largest_limit = 10
    cloud.volumes = [volume(1)]
    answer = signed_in.get(f"{DISKS}export/?no_snapshot_for=9999")
    assert file_name(answer) == "disks-incomplete.csv"
    [_header, told] = lines(answer)
    assert told == ["Incomplete: the project has too many snapshots to check them all. Enter fewer days."]


@EVERY
def test_it_holds_what_the_list_shows(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    fill(cloud, 30, volume_id=an_id(1))
    for one in (cloud.volumes, cloud.snapshots, cloud.backups):
        one[5]["name"] = "a & б"
        one[7]["name"] = "b & б"
    found = signed_in.get(url, {"q": "& б", "sort": "name", "per_page": "50"}, headers=HTMX)
    assert export_link(found).startswith(f"{url}export/?")
    assert sorted(column(signed_in.get(export_link(found)), "Name")) == ["a & б", "b & б"]
    sorts = {one.qs["sort"][0].partition(":")[2] for one in cloud.requests() if "/detail" in one.url}
    assert sorts == {"asc"}
    # Not only the present page
    marker = (cloud.volumes if url == DISKS else cloud.backups if url == BACKUPS else cloud.snapshots)[20]["id"]
    second = signed_in.get(f"{url}?marker={marker}", headers=HTMX)
    assert len(column(signed_in.get(export_link(second)), "Name")) == 30


def test_it_is_narrowed_by_filters(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, status="error"), volume(2), volume(3, bootable="true")]
    assert column(signed_in.get(f"{DISKS}export/?bootable=yes"), "Name") == ["disk-3"]
    found = signed_in.get(f"{DISKS}?status=error", headers=HTMX)
    assert column(signed_in.get(export_link(found)), "Name") == ["disk-1"]
    assert column(signed_in.get(f"{DISKS}export/?q=nothing"), "Name") == []


def test_it_is_not_offered_by_an_empty_list(cloud: FakeCloud, signed_in: Client) -> None:
    fill(cloud, 0)
    for url in (DISKS, SNAPSHOTS, BACKUPS):
        assert not Page(signed_in.get(url, headers=HTMX)).has("link", "Export CSV"), url
    cloud.volumes = [volume(1)]
    assert not Page(signed_in.get(OF_DISK, headers=HTMX)).has("link", "Export CSV")


@pytest.mark.parametrize(("url", "kind"), [(DISKS, "volumes"), (OF_DISK, "snapshots")])
def test_it_is_no_half_file_when_the_cloud_fails_halfway(
    cloud: FakeCloud, signed_in: Client, url: str, kind: str
) -> None:
    fill(cloud, 30, volume_id=an_id(1))
    rows = {kind: getattr(cloud, kind)[:10], f"{kind}_links": [{"rel": "next", "href": "x"}]}
    cloud.http.get(cloud.at(f"/{kind}/detail"), [{"json": rows}, {"exc": requests.ReadTimeout("slow")}])
    answer = signed_in.get(f"{url}export/")
    assert answer.status_code == 503
    assert "Content-Disposition" not in answer
    assert is_whole(answer)


def test_it_is_open_to_readers(reader: Client) -> None:
    for url in FILES:
        assert len(lines(reader.get(export_link(reader.get(url, headers=HTMX))))) == 2, url


def test_it_writes_nothing_to_the_audit_log(signed_in: Client, audited: list[str]) -> None:
    signed_in.get(f"{DISKS}export/")
    assert audited == []


def test_it_is_not_there_for_backups_where_these_are_off(signed_in: Client, settings: Any) -> None:
    settings.BACKUPS = False
    assert signed_in.get(f"{BACKUPS}export/").status_code == 404


def test_it_keeps_every_cell_from_being_a_formula(cloud: FakeCloud, signed_in: Client) -> None:
    text = " ＝1"
    fill(cloud, 1, name=text, description=text, metadata={"=a": text}, availability_zone=text, volume_type=text)
    for url, columns in (
        (DISKS, ("Name", "Type", "Availability zone")),
        (SNAPSHOTS, ("Name", "Description")),
        (BACKUPS, ("Name", "Description")),
    ):
        answer = signed_in.get(f"{url}export/")
        assert [column(answer, title) for title in columns] == [[f"'{text}"]] * len(columns)
        assert column(answer, "Properties") == [f"'=a={text}"]
        assert column(answer, "Size (GiB)") == ["10"]


def test_it_replaces_what_is_no_unicode(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at("/volumes/detail"), text=json.dumps({"volumes": [volume(1, name="a\ud800b")]}))
    assert column(signed_in.get(f"{DISKS}export/"), "Name") == ["a\ufffdb"]
