"""One disk's own page: what it tells, and what is loaded into it afterwards."""

import re

import pytest
import requests
from django.test import Client

from tests.support.canned import HTMX, SignIn
from tests.support.fake_cloud import REQUEST_ID, USER, Answer, FakeCloud, ago, an_id, message, snapshot, volume
from tests.support.pages import HERE, command, text_of, words

ONE = an_id(1)
URL = f"{HERE}/disks/{ONE}/"
MORE = f"{URL}more/"
FULL: Answer = {
    "name": "data",
    "description": "the <base>",
    "status": "in-use",
    "size": 7,
    "bootable": "true",
    "encrypted": True,
    "multiattach": True,
    "group_id": an_id(8000),
    "metadata": {"b": "2", "a": "<1>"},
    "attachments": [{"server_id": an_id(5000), "device": "/dev/vdb", "attached_at": "2026-03-07T10:00:00.000000"}],
    "updated_at": "2026-03-08T10:00:00.000000",
}


@pytest.fixture(autouse=True)
def _a_disk(cloud: FakeCloud) -> None:
    cloud.volumes = [volume(1, **FULL)]


def test_it_shows_all_of_it(cloud: FakeCloud, signed_in: Client) -> None:
    page = signed_in.get(URL)
    told = words(page)
    for fact in (
        "Disk data",
        "Status In use",
        f"Id {ONE}",
        "Size 7 GB",
        "Type ceph-ssd",
        "Availability zone nova",
        "Bootable Yes",
        "Encrypted Yes",
        "Several instances at once Yes",
        "Made from —",
        "Description the <base>",
        f"Group {an_id(8000)}",
        "Properties b=2 a=<1>",
    ):
        assert fact in told
    assert re.search(rf"Attached to {an_id(5000)} .*?/dev/vdb, ", told)
    for moment in ("2026-03-01T10:00:01", "2026-03-07T10:00:00", "2026-03-08T10:00:00"):
        assert f'<time datetime="{moment}' in text_of(page)
    assert "<base>" not in text_of(page)
    assert USER not in told
    assert cloud.asked() == [f"GET /volumes/{ONE}"]


@pytest.mark.parametrize("source", ["snapshot_id", "source_volid"])
def test_it_lets_one_copy_the_ids(cloud: FakeCloud, signed_in: Client, source: str) -> None:
    cloud.volumes = [volume(1, **FULL, **{source: an_id(7000)})]
    text = text_of(signed_in.get(URL))
    for one in (ONE, an_id(5000), an_id(7000), an_id(8000)):
        assert f'aria-label="Copy {one}"' in text
    # Only what it was made from leads elsewhere.
    assert len(re.findall(r'<span class="copyable"><code><a ', text)) == 1


@pytest.mark.parametrize(
    ("changes", "told", "linked"),
    [
        ({"snapshot_id": an_id(1001)}, f"Made from Snapshot: {an_id(1001)}", f"snapshots/{an_id(1001)}/"),
        ({"source_volid": an_id(2)}, f"Made from Disk: {an_id(2)}", f"disks/{an_id(2)}/"),
        ({"volume_image_metadata": {"image_name": "<Debian> 13"}}, "Made from Image: <Debian> 13", ""),
        (
            {"snapshot_id": an_id(1001), "volume_image_metadata": {"image_name": "Debian"}},
            f"Made from Snapshot: {an_id(1001)}",
            f"snapshots/{an_id(1001)}/",
        ),
        # What is no id can't be an address.
        ({"snapshot_id": "snapshot-1"}, "Made from — Created", ""),
        ({"source_volid": "../../x"}, "Made from — Created", ""),
        ({"source_volid": 7}, "Made from — Created", ""),
    ],
    ids=str,
)
def test_it_tells_what_it_was_made_from(
    cloud: FakeCloud, signed_in: Client, changes: Answer, told: str, linked: str
) -> None:
    cloud.volumes[0] |= changes
    page = signed_in.get(URL)
    assert page.status_code == 200
    assert told in words(page)
    assert "<Debian>" not in text_of(page)
    links = re.findall(rf'href="{HERE}/([^"]*)"', text_of(page).partition("Made from")[2].partition("Created")[0])
    assert links == ([linked] if linked else [])


def test_it_has_two_tabs(signed_in: Client) -> None:
    for url, current in ((URL, URL), (f"{URL}snapshots/", f"{URL}snapshots/")):
        text = text_of(signed_in.get(url))
        tabs = text.partition('<nav class="tabs"')[2].partition("</nav>")[0]
        assert re.findall(r'<a href="([^"]*)"', tabs) == [URL, f"{URL}snapshots/"]
        assert f'<a href="{current}" aria-current="page">' in tabs
        assert tabs.count("aria-current") == 1
        assert words(tabs.partition(">")[2]) == "General information Disk snapshots"


def test_it_tells_the_command(signed_in: Client) -> None:
    assert command(signed_in.get(URL)) == f"openstack volume show {ONE}"


def test_it_leads_to_its_properties(signed_in: Client) -> None:
    assert f'href="{URL}properties/" hx-get="{URL}properties/" hx-target="#dialog"' in text_of(signed_in.get(URL))


def test_it_offers_a_reader_nothing_that_writes(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.roles = ["reader"]
    cloud.volumes = [volume(1)]
    text = text_of(sign_in().get(URL))
    assert f"{URL}properties/" not in text
    assert "hx-post" not in text
    assert text.count('title="Your role in this project may only read."') == 8


@pytest.mark.parametrize(
    ("status", "since", "watched"),
    [("available", 0, False), ("error", 9, False), ("extending", 0, True), ("deleting", 9, True)],
)
def test_it_looks_again_only_while_something_goes_on(
    cloud: FakeCloud, signed_in: Client, status: str, since: int, *, watched: bool
) -> None:
    cloud.volumes[0] |= {"status": status, "updated_at": ago(minutes=since, seconds=5)}
    page = signed_in.get(URL)
    assert ("load delay:2s" in text_of(page)) is watched
    assert ("for 9 minutes" in words(page).replace("\xa0", " ")) == (watched and since == 9)


def test_it_is_left_when_the_disk_goes_meanwhile(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = []
    part = signed_in.get(URL, headers=HTMX)
    assert (part.status_code, part["HX-Redirect"]) == (204, f"{HERE}/disks/")
    assert signed_in.get(URL).status_code == 404
    boosted = signed_in.get(URL, headers={**HTMX, "HX-Boosted": "true"})
    assert boosted.status_code == 404


def test_it_is_not_left_when_the_cloud_is_down(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at(f"/volumes/{ONE}"), exc=requests.ConnectTimeout)
    part = signed_in.get(URL, headers=HTMX)
    assert part.status_code == 503
    assert "HX-Redirect" not in part


@pytest.mark.parametrize(
    "row",
    [
        {"id": ONE},
        dict.fromkeys(volume(1)) | {"id": ONE},
        volume(1, attachments=[None, "x", {"server_id": None}, {"server_id": "<x>"}]),
        volume(1, size="big", metadata=["x"], volume_image_metadata="x", created_at="yesterday"),
        volume(1, name=["x"], status=None, bootable=None),
    ],
    ids=str,
)
def test_it_survives_a_disk_that_lacks_everything(cloud: FakeCloud, signed_in: Client, row: Answer) -> None:
    cloud.volumes = [row]
    page = signed_in.get(URL)
    assert page.status_code == 200
    assert ONE in words(page)
    assert "<x>" not in text_of(page)


def test_it_marks_what_does_not_last(cloud: FakeCloud, signed_in: Client) -> None:
    assert "LL NVMe" not in words(signed_in.get(URL))
    cloud.volumes[0]["volume_type"] = "ll-nvme-1"
    assert "Type ll-nvme-1 LL NVMe" in words(signed_in.get(URL))


def test_it_loads_the_messages_afterwards(cloud: FakeCloud, signed_in: Client) -> None:
    assert f'hx-get="{MORE}" hx-trigger="load" data-quiet' in text_of(signed_in.get(URL))
    cloud.messages = [
        message(3002, about=ONE, user_message="No <room>."),
        message(3003, about=an_id(9), user_message="Another's."),
        message(3001, about=ONE, user_message="Too slow."),
    ]
    part = signed_in.get(MORE, headers=HTMX)
    told = words(part)
    assert told.startswith("Messages of the cloud")
    assert "No <room>." in told
    assert "Too slow." in told
    assert REQUEST_ID in told
    assert "Another's." not in told
    assert "<room>" not in text_of(part)
    assert '<time datetime="2026-03-04T10:00:' in text_of(part)
    assert "<html" not in text_of(part)


@pytest.mark.parametrize(
    ("seconds", "looks"),
    [(5, True), (-5, True), (120, False), (-120, False), (None, False)],
    ids=["just now", "by a clock ahead", "a while ago", "by a wrong clock", "never"],
)
def test_it_looks_for_messages_that_come_late(
    cloud: FakeCloud, signed_in: Client, seconds: int | None, *, looks: bool
) -> None:
    cloud.volumes[0]["updated_at"] = None if seconds is None else ago(seconds=seconds)
    asked = "?looks=5" if looks else ""
    assert f'hx-get="{MORE}{asked}" hx-trigger="load" data-quiet' in text_of(signed_in.get(URL))


@pytest.mark.parametrize(
    ("looks", "left"),
    [("5", "4"), ("2", "1"), ("1", ""), ("0", ""), ("-1", ""), ("6", ""), ("99999999", ""), ("5.0", ""), ("\x00", "")],
)
def test_it_looks_for_late_messages_a_few_times(signed_in: Client, looks: str, left: str) -> None:
    part = text_of(signed_in.get(MORE, {"looks": looks}, headers=HTMX))
    assert re.findall(rf'hx-get="{MORE}\?looks=(.)" hx-trigger="load delay:4s" hx-target="#more"', part) == list(left)
    assert ("looks=" in part) is bool(left)


def test_it_has_nothing_more_to_tell(signed_in: Client) -> None:
    part = signed_in.get(MORE, headers=HTMX)
    assert part.status_code == 200
    assert words(part) == ""


def test_it_never_takes_a_failure_for_nothing(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at("/messages"), status_code=500)
    part = signed_in.get(MORE, headers=HTMX)
    assert part.status_code == 502
    assert part["HX-Reswap"] == "none"


def test_it_has_no_messages_on_an_old_cloud(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.microversion = "3.2"
    client = sign_in()
    assert words(client.get(MORE)) == ""
    assert cloud.asked() == []


def test_its_snapshots_are_named_after_it(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [snapshot(1001)]
    page = signed_in.get(f"{URL}snapshots/")
    assert "Snapshots of disk data" in words(page)
    assert f'href="{HERE}/disks/"' in text_of(page)
