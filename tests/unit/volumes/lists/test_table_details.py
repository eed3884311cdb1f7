"""What is loaded into the rows of a list later: their disks, and Cinder's messages about failures."""

import pytest
from django.test import Client

from tests.support.canned import HTMX, SignIn
from tests.support.cloud_rows import REQUEST_ID, an_id, backup, message, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import HERE, Page, failures, text_of, words

URL = f"{HERE}/snapshots/details/"


def ids(*numbers: int) -> str:
    return ",".join(an_id(number) for number in numbers)


def cell(disk: int) -> str:
    """The cells of a disk's snapshots or backups that name the disk."""
    return f"innerHTML:[data-disk='{an_id(disk)}'] .col-disk"


def test_it_brings_the_disks_into_their_cells(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(2, name="<two>"), volume(1, name="one")]
    part = signed_in.get(URL, {"disks": ids(1, 2, 77)}, headers=HTMX)
    brought = Page(part).select('[hx-swap-oob^="innerHTML:"]')
    assert [(one["hx-swap-oob"], [link["href"] for link in one.find_all("link")], one.text) for one in brought] == [
        (f"innerHTML:[data-disk='{an_id(1)}'] .col-disk", [f"{HERE}/disks/{an_id(1)}/snapshots/"], "one"),
        (f"innerHTML:[data-disk='{an_id(2)}'] .col-disk", [f"{HERE}/disks/{an_id(2)}/snapshots/"], "<two>"),
        # The project has no such disk: the page of it would not exist.
        (f"innerHTML:[data-disk='{an_id(77)}'] .col-disk", [], f"another project's disk {an_id(77)[:8]}"),
    ]
    assert "<two>" not in text_of(part)
    assert sorted(cloud.asked()) == [f"GET /volumes/{an_id(number)}" for number in (1, 2, 77)]


def test_it_marks_what_does_not_last(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(2, volume_type="LL-NVMe-1"), volume(1, volume_type="ceph-ssd")]
    part = signed_in.get(URL, {"disks": ids(1, 2)})
    assert words(part) == "disk-1 disk-2 LL NVMe"
    marked = [one["hx-swap-oob"] for one in Page(part).select("[hx-swap-oob]") if one.text == "LL NVMe"]
    assert marked == [f"innerHTML:[data-disk='{an_id(2)}'] .marks"]


def test_the_rows_have_the_places_that_it_fills(cloud: FakeCloud, signed_in: Client) -> None:
    """htmx looks for them by these selectors, see the tests above."""
    cloud.snapshots, cloud.backups = [snapshot(1001, disk=1)], [backup(2001, disk=1)]
    for kind, row_id in (("snapshots", an_id(1001)), ("backups", an_id(2001))):
        part = Page(signed_in.get(f"{HERE}/{kind}/", headers=HTMX))
        for place in (
            f"[data-disk='{an_id(1)}'] .col-disk",
            f"[data-disk='{an_id(1)}'] .marks",
            f"#row-{row_id} .failure",
        ):
            assert len(part.select(place)) == 1, place


@pytest.mark.parametrize(
    ("kind", "resource"), [("disks", "VOLUME"), ("snapshots", "VOLUME_SNAPSHOT"), ("backups", "VOLUME_BACKUP")]
)
def test_it_says_in_cinders_words_what_went_wrong(
    cloud: FakeCloud, signed_in: Client, kind: str, resource: str
) -> None:
    cloud.messages = [
        message(3001, about=an_id(7), kind=resource, user_message="Old.", created_at="2026-03-01T10:00:00.000000"),
        message(3002, about=an_id(7), kind=resource, user_message="No <room>."),
        message(3003, about=an_id(9), kind=resource, user_message="Another's."),
    ]
    part = signed_in.get(f"{HERE}/{kind}/details/", {"failed": ids(7, 8)}, headers=HTMX)
    assert failures(part) == {an_id(7): f"No <room>. Request id: {REQUEST_ID}"}
    # This marks that everything was loaded.
    told = Page(part).by_id("details")
    assert told
    assert (told["hx-swap-oob"], "awaited" in told["class"]) == ("true", False)
    assert cloud.asked() == ["GET /messages"]
    assert cloud.query()["resource_type"] == resource


def test_it_asks_nothing_where_there_is_nothing_to_ask(cloud: FakeCloud, signed_in: Client) -> None:
    nonsense: list[dict[str, str]] = [{}, {"disks": ""}, {"disks": ",x,../..", "failed": "\0,1"}]
    for sent in nonsense:
        answer = signed_in.get(URL, sent, headers=HTMX)
        assert (answer.status_code, words(answer)) == (200, ""), sent
    assert cloud.asked() == []


def test_it_reads_the_list_where_there_are_many(cloud: FakeCloud, signed_in: Client) -> None:
    """It answers for at most as many disks as a page can have."""
    cloud.volumes = [volume(number) for number in range(1, 202)]
    for how_many, told, requests in ((20, 20, 20), (21, 21, 1), (201, 100, 1)):
        cloud.forget()
        part = signed_in.get(URL, {"disks": ids(*range(1, how_many + 1))}, headers=HTMX)
        assert (len(Page(part).find_all("link")), len(cloud.asked())) == (told, requests)


def test_it_asks_one_by_one_for_what_the_list_does_not_reach(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.largest_limit = 30
    cloud.volumes = [volume(number) for number in range(1, 41)]
    part = signed_in.get(URL, {"disks": ids(*range(10, 41))}, headers=HTMX)
    assert len(Page(part).find_all("link")) == 31
    assert len(cloud.asked()) == 1 + 10


def test_it_keeps_the_short_ids_if_the_cloud_fails(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at(f"/volumes/{an_id(1)}"), status_code=500)
    part = signed_in.get(URL, {"disks": ids(1)}, headers=HTMX)
    assert part.status_code == 200
    assert Page(part).select('[hx-swap-oob^="innerHTML:"]') == []


@pytest.mark.parametrize("status", [403, 404, 500])
def test_it_names_the_disks_without_messages_that_may_not_be_read(
    cloud: FakeCloud, signed_in: Client, status: int
) -> None:
    cloud.volumes = [volume(1, name="one")]
    cloud.http.get(cloud.at("/messages"), status_code=status)
    assert words(signed_in.get(URL, {"disks": ids(1), "failed": ids(1001)}, headers=HTMX)) == "one"


def test_it_asks_an_old_cloud_for_no_messages(cloud: FakeCloud, enter: SignIn) -> None:
    cloud.microversion = "3.2"
    client = enter()
    assert client.get(URL, {"failed": ids(1)}).status_code == 200
    assert cloud.asked() == []
