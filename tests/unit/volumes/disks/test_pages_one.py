"""One disk's own page: what it shows, and what is loaded into it afterwards."""

import pytest
import requests
from django.test import Client

from tests.support.canned import HTMX, SignIn
from tests.support.cloud_rows import REQUEST_ID, USER, Answer, ago, an_id, message, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import (
    HERE,
    Answered,
    Page,
    command,
    facts,
    is_whole,
    leads_to,
    loads,
    text_of,
    triggers,
    words,
)

ONE = an_id(1)
URL = f"{HERE}/disks/{ONE}/"
MORE = f"{URL}more/"
READS = "Your role in this project is read-only."
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


def is_watched(answer: Answered) -> bool:
    """Whether the page polls for changes."""
    one = Page(answer).by_id("one")
    assert one
    return "load delay:2s" in triggers(one)


def test_it_shows_all_of_it(cloud: FakeCloud, signed_in: Client) -> None:
    page = signed_in.get(URL)
    assert Page(page).has("heading", "Disk data")
    assert facts(page) == {
        "Status": "In use",
        "ID": ONE,
        "Size": "7 GB",
        "Type": "ceph-ssd",
        "Availability zone": "nova",
        "Bootable": "Yes",
        "Encrypted": "Yes",
        "Attached to": f"{an_id(5000)} /dev/vdb, 7 Mar 2026 10:00",
        "Multi-attach": "Yes",
        "Made from": "—",
        "Created": "1 Mar 2026 10:00",
        "Updated": "8 Mar 2026 10:00",
        "Description": "the <base>",
        "Group": an_id(8000),
        "Properties": "b=2 a=<1> Edit properties",
    }
    moments = [time["datetime"][:19] for time in Page(page).find_all("time")]
    assert moments == ["2026-03-07T10:00:00", "2026-03-01T10:00:01", "2026-03-08T10:00:00"]
    assert "<base>" not in text_of(page)
    assert USER not in words(page)
    assert cloud.asked() == [f"GET /volumes/{ONE}"]


def test_it_lets_one_copy_the_ids(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, **FULL, snapshot_id=an_id(7000))]
    buttons = [button.name for button in Page(signed_in.get(URL)).find_all("button")]
    copying = [name for name in buttons if name.startswith("Copy ")]
    assert copying == [f"Copy {one}" for one in (ONE, an_id(5000), an_id(7000), an_id(8000))]


MADE_FROM: list[tuple[Answer, str, str]] = [
    ({"snapshot_id": an_id(1001)}, f"Snapshot: {an_id(1001)}", f"snapshots/{an_id(1001)}/"),
    ({"source_volid": an_id(2)}, f"Disk: {an_id(2)}", f"disks/{an_id(2)}/"),
    ({"volume_image_metadata": {"image_name": "<Debian> 13"}}, "Image: <Debian> 13", ""),
    (
        {"snapshot_id": an_id(1001), "volume_image_metadata": {"image_name": "Debian"}},
        f"Snapshot: {an_id(1001)}",
        f"snapshots/{an_id(1001)}/",
    ),
    # An invalid id can't be part of an address.
    ({"snapshot_id": "snapshot-1"}, "—", ""),
    ({"source_volid": "../../x"}, "—", ""),
    ({"source_volid": 7}, "—", ""),
]


def test_it_tells_what_it_was_made_from(cloud: FakeCloud, signed_in: Client) -> None:
    for changes, told, linked in MADE_FROM:
        cloud.volumes = [volume(1, **FULL, **changes)]
        page = signed_in.get(URL)
        assert facts(page)["Made from"] == told
        assert "<Debian>" not in text_of(page)
        # No other fact has a link.
        links = [link["href"] for one in Page(page).find_all("definition") for link in one.find_all("link")]
        assert links == ([f"{HERE}/{linked}"] if linked else []), changes


def test_it_has_two_tabs(signed_in: Client) -> None:
    for url in (URL, f"{URL}snapshots/"):
        tabs = Page(signed_in.get(url)).find("navigation", "Pages of this disk").find_all("link")
        leading = {tab.name: tab["href"] for tab in tabs}
        assert leading == {"General information": URL, "Disk snapshots": f"{URL}snapshots/"}
        assert [tab["href"] for tab in tabs if tab["aria-current"] == "page"] == [url]


def test_it_tells_the_command_and_leads_to_its_properties(signed_in: Client) -> None:
    page = signed_in.get(URL)
    assert command(page) == f"openstack volume show {ONE}"
    button = Page(page).find("button", "Edit properties")
    properties = f"{URL}properties/"
    assert (button["href"], button["hx-get"], button["hx-target"]) == (properties, properties, "#dialog")


def test_it_offers_a_reader_nothing_that_writes(cloud: FakeCloud, reader: Client) -> None:
    cloud.volumes = [volume(1)]
    page = Page(reader.get(URL))
    greyed = [button for button in page.find_all("button") if button["aria-disabled"] == "true"]
    assert [button.description for button in greyed] == [READS] * 8
    assert not page.has("button", "Edit properties")
    assert page.select('[hx-post], [hx-target="#dialog"]') == []


def test_it_looks_again_only_while_something_goes_on(cloud: FakeCloud, signed_in: Client) -> None:
    for status, minutes, watched, told in (
        ("available", 0, False, "Available"),
        ("error", 9, False, "Error"),
        ("extending", 0, True, "Resizing"),
        ("deleting", 9, True, "Deleting, for 9 minutes"),
    ):
        cloud.volumes[0] |= {"status": status, "updated_at": ago(minutes=minutes, seconds=5)}
        page = signed_in.get(URL)
        assert (is_watched(page), facts(page)["Status"]) == (watched, told)


def test_it_is_left_when_the_disk_goes_meanwhile(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = []
    part = signed_in.get(URL, headers=HTMX)
    assert (part.status_code, leads_to(part)) == (204, f"{HERE}/disks/")
    assert signed_in.get(URL).status_code == 404
    boosted = signed_in.get(URL, headers={**HTMX, "HX-Boosted": "true"})
    assert boosted.status_code == 404


def test_it_is_not_left_when_the_cloud_is_down(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at(f"/volumes/{ONE}"), exc=requests.ConnectTimeout)
    part = signed_in.get(URL, headers=HTMX)
    assert part.status_code == 503
    assert leads_to(part) == ""


def test_it_survives_a_disk_that_lacks_everything(cloud: FakeCloud, signed_in: Client) -> None:
    for row in (
        {"id": ONE},
        dict.fromkeys(volume(1)) | {"id": ONE},
        volume(1, attachments=[None, "x", {"server_id": None}, {"server_id": "<x>"}]),
        volume(1, size="big", metadata=["x"], volume_image_metadata="x", created_at="yesterday"),
        volume(1, name=["x"], status=None, bootable=None),
    ):
        cloud.volumes = [row]
        page = signed_in.get(URL)
        assert page.status_code == 200, row
        assert facts(page)["ID"] == ONE
        assert "<x>" not in text_of(page)


def test_it_marks_what_does_not_last(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes[0]["volume_type"] = "ll-nvme-1"
    assert facts(signed_in.get(URL))["Type"] == "ll-nvme-1 LL NVMe"


def test_it_loads_the_messages_afterwards(cloud: FakeCloud, signed_in: Client) -> None:
    assert MORE in loads(signed_in.get(URL))
    cloud.messages = [
        message(3002, about=ONE, user_message="No <room>."),
        message(3003, about=an_id(9), user_message="Another's."),
        message(3001, about=ONE, user_message="Too slow."),
    ]
    part = signed_in.get(MORE, headers=HTMX)
    assert Page(part).has("heading", "Messages of the cloud")
    assert [item.text for item in Page(part).find_all("listitem")] == [
        f"4 Mar 2026 10:00 No <room>. Request id: {REQUEST_ID}",
        f"4 Mar 2026 10:00 Too slow. Request id: {REQUEST_ID}",
    ]
    assert "<room>" not in text_of(part)
    assert not is_whole(part)


def test_it_looks_for_messages_that_come_late(cloud: FakeCloud, signed_in: Client) -> None:
    """It also does so with a clock that is slightly ahead; after a while no more messages come."""
    for seconds, looks in ((5, True), (-5, True), (120, False), (-120, False), (None, False)):
        cloud.volumes[0]["updated_at"] = None if seconds is None else ago(seconds=seconds)
        assert loads(signed_in.get(URL)) == [f"{MORE}?looks=5" if looks else MORE], seconds


def test_it_looks_for_late_messages_a_few_times(signed_in: Client) -> None:
    for looks, left in (
        ("5", "4"),
        ("1", ""),
        ("0", ""),
        ("-1", ""),
        ("6", ""),
        ("9" * 8, ""),
        ("5.0", ""),
        ("\0", ""),
    ):
        later = Page(signed_in.get(MORE, {"looks": looks}, headers=HTMX)).select("[hx-get]")
        asked = [(one["hx-get"], triggers(one), one["hx-target"]) for one in later]
        assert asked == ([(f"{MORE}?looks={left}", {"load delay:4s"}, "#more")] if left else []), looks


def test_it_has_nothing_more_to_tell(signed_in: Client) -> None:
    part = signed_in.get(MORE, headers=HTMX)
    assert part.status_code == 200
    assert words(part) == ""


def test_it_never_takes_a_failure_for_nothing(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at("/messages"), status_code=500)
    part = signed_in.get(MORE, headers=HTMX)
    assert part.status_code == 200
    assert words(part) == "The cloud's messages couldn't be read."


def test_it_has_no_messages_on_an_old_cloud(cloud: FakeCloud, enter: SignIn) -> None:
    cloud.microversion = "3.2"
    client = enter()
    assert words(client.get(MORE, headers=HTMX)) == ""
    assert cloud.asked() == []


def test_it_names_its_snapshots_after_it(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [snapshot(1001)]
    page = Page(signed_in.get(f"{URL}snapshots/"))
    assert page.has("heading", "Snapshots of disk data")
    assert page.find("navigation", "Breadcrumb").find("link", "Disks")["href"] == f"{HERE}/disks/"
