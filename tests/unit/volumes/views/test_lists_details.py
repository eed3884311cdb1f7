"""What is loaded into the rows of a list after it: their disks, and Cinder's messages about what failed."""

import pytest
from django.test import Client

from tests.support.canned import HTMX, SignIn
from tests.support.fake_cloud import REQUEST_ID, FakeCloud, an_id, message, volume
from tests.support.pages import HERE, text_of, words

URL = f"{HERE}/snapshots/details/"


def ids(*numbers: int) -> str:
    return ",".join(an_id(number) for number in numbers)


def test_it_brings_the_disks_into_their_cells(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(2, name="<two>"), volume(1, name="one")]
    text = text_of(signed_in.get(URL, {"disks": ids(1, 2)}, headers=HTMX))
    assert text.index(f'<span hx-swap-oob="innerHTML:.disk-{an_id(1)}">') < text.index(f"disk-{an_id(2)}")
    assert f'<a href="{HERE}/disks/{an_id(1)}/snapshots/">one</a>' in text
    assert "&lt;two&gt;" in text
    assert sorted(cloud.asked()) == [f"GET /volumes/{an_id(1)}", f"GET /volumes/{an_id(2)}"]


def test_it_leaves_the_short_id_of_a_disk_that_is_gone(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1)]
    text = text_of(signed_in.get(URL, {"disks": ids(1, 77)}))
    assert f'<a href="{HERE}/disks/{an_id(77)}/snapshots/">{an_id(77)[:8]}</a>' in text
    assert ">disk-1</a>" in text


def test_it_marks_what_does_not_last(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(2, volume_type="LL-NVMe-1"), volume(1, volume_type="ceph-ssd")]
    assert words(signed_in.get(URL, {"disks": ids(1, 2)})) == "disk-1 disk-2 LL NVMe"


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
    assert words(part) == f"No <room>. Request id: {REQUEST_ID}"
    assert f'<span class="failure" id="failure-{an_id(7)}" hx-swap-oob="true">' in text_of(part)
    assert '<span id="details" hidden hx-swap-oob="true"></span>' in text_of(part)
    assert cloud.asked() == ["GET /messages"]
    assert cloud.query()["resource_type"] == resource


@pytest.mark.parametrize("nonsense", [{}, {"disks": ""}, {"disks": ",x,../..", "failed": "\0,1"}], ids=str)
def test_it_asks_nothing_where_there_is_nothing_to_ask(
    cloud: FakeCloud, signed_in: Client, nonsense: dict[str, str]
) -> None:
    answer = signed_in.get(URL, nonsense)
    assert answer.status_code == 200
    assert words(answer) == ""
    assert cloud.asked() == []


@pytest.mark.parametrize(("how_many", "requests"), [(20, 20), (21, 1), (100, 1), (500, 1)])
def test_it_reads_the_list_where_there_are_many(
    cloud: FakeCloud, signed_in: Client, how_many: int, requests: int
) -> None:
    cloud.volumes = [volume(number) for number in range(1, 501)]
    told = words(signed_in.get(URL, {"disks": ids(*range(1, how_many + 1))}))
    assert len(told.split()) == min(how_many, 100)
    assert len(cloud.asked()) == requests


def test_it_asks_one_by_one_for_what_the_list_does_not_reach(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.largest_limit = 30
    cloud.volumes = [volume(number) for number in range(1, 41)]
    told = words(signed_in.get(URL, {"disks": ids(*range(10, 41))}))
    assert len(told.split()) == 31
    assert len(cloud.asked()) == 1 + 10


@pytest.mark.parametrize(
    ("query", "path"), [({"disks": ids(1)}, f"/volumes/{an_id(1)}"), ({"failed": ids(1)}, "/messages")]
)
def test_it_says_when_the_cloud_fails(cloud: FakeCloud, signed_in: Client, query: dict[str, str], path: str) -> None:
    cloud.http.get(cloud.at(path), status_code=500)
    part = signed_in.get(URL, query, headers=HTMX)
    assert part.status_code == 502
    assert part["HX-Reswap"] == "none"


def test_it_asks_an_old_cloud_for_no_messages(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.microversion = "3.2"
    client = sign_in()
    assert client.get(URL, {"failed": ids(1)}).status_code == 200
    assert cloud.asked() == []
