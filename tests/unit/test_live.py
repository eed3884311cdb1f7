"""Live status: what the poller of a table gets."""

import pytest
import requests
from django.test import Client

from tests.unit.conftest import HTMX
from tests.unit.fakes import PROJECT, Answer, FakeCloud, ago, an_id, snapshot, volume

DISKS = f"/p/{PROJECT}/disks/changes/"
SNAPSHOTS = f"/p/{PROJECT}/disks/{an_id(1)}/snapshots/changes/"


def seen(**statuses: str) -> dict[str, str]:
    """What the page has seen, by the number of each row: `_1="creating"`."""
    return {"seen": ",".join(f"{an_id(int(key[1:]))}:{status}" for key, status in statuses.items())}


def busy(number: int, status: str = "creating", **since: float) -> Answer:
    return volume(number, status=status, updated_at=ago(**since))


def test_it_has_nothing_to_say_while_nothing_changes(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [busy(1), volume(2)]
    answer = signed_in.get(DISKS, seen(_1="creating"), headers=HTMX)
    assert answer.status_code == 204
    assert answer.content == b""
    assert cloud.asked() == ["GET /volumes/detail"]


def test_it_sends_the_changed_rows_only(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1), busy(2), volume(3)]
    answer = signed_in.get(DISKS, seen(_1="creating", _2="creating"), headers=HTMX)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert text.count("<tr ") == 1
    assert f'<tr id="row-{an_id(1)}" hx-swap-oob="true">' in text


def test_it_ends_once_all_has_settled(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1), volume(2, status="error")]
    assert signed_in.get(DISKS, seen(_1="creating", _2="deleting"), headers=HTMX).status_code == 286


def test_it_removes_what_is_gone(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(2)]
    answer = signed_in.get(DISKS, seen(_1="deleting"), headers=HTMX)
    assert answer.status_code == 286
    assert f'<tr id="row-{an_id(1)}" hx-swap-oob="delete">' in answer.content.decode()
    assert cloud.asked() == ["GET /volumes/detail", f"GET /volumes/{an_id(1)}"]


def test_it_does_not_remove_what_has_only_left_the_page(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(number) for number in range(30, 0, -1)]
    text = signed_in.get(DISKS, seen(_1="creating"), headers=HTMX).content.decode()
    assert 'hx-swap-oob="delete"' not in text
    assert f'id="row-{an_id(1)}" hx-swap-oob="true"' in text


def test_it_reads_the_page_that_is_shown(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1)]
    signed_in.get(DISKS, {"sort": "name", "per_page": "50", **seen(_1="creating")}, headers=HTMX)
    assert cloud.query(0)["sort"] == "display_name:asc"
    assert cloud.query(0)["limit"] == "51"


def test_it_tells_of_a_disks_snapshots(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [snapshot(1001)]
    answer = signed_in.get(SNAPSHOTS, seen(_1001="creating"), headers=HTMX)
    assert answer.status_code == 286
    assert f'id="row-{an_id(1001)}"' in answer.content.decode()
    assert cloud.query(0)["volume_id"] == an_id(1)


@pytest.mark.parametrize("nonsense", ["", ",", "x", "x:y", ":", f"{an_id(1)}", "a:b:c," * 3000, "\0:\0"])
def test_it_survives_nonsense(cloud: FakeCloud, signed_in: Client, nonsense: str) -> None:
    cloud.volumes = [volume(1)]
    assert signed_in.get(DISKS, {"seen": nonsense}, headers=HTMX).status_code == 204


def test_it_asks_for_no_more_rows_than_a_page_has(cloud: FakeCloud, signed_in: Client) -> None:
    many = ",".join(f"{an_id(number)}:deleting" for number in range(1, 500))
    signed_in.get(DISKS, {"seen": many}, headers=HTMX)
    assert len(cloud.asked()) <= 101


def test_it_never_takes_a_failure_for_gone(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at(f"/volumes/{an_id(1)}"), status_code=500)
    answer = signed_in.get(DISKS, seen(_1="deleting"), headers=HTMX)
    assert answer.status_code == 502
    assert b'hx-swap-oob="delete"' not in answer.content


def test_it_says_when_the_cloud_is_down(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at("/volumes/detail"), exc=requests.ConnectTimeout)
    answer = signed_in.get(DISKS, seen(_1="deleting"), headers=HTMX)
    assert answer.status_code == 503
    assert answer["HX-Reswap"] == "none"


def test_it_shows_a_row_in_transition_as_busy(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [busy(1), volume(2)]
    text = signed_in.get(f"/p/{PROJECT}/disks/").content.decode()
    assert text.count("data-busy=") == 1
    assert f'id="row-{an_id(1)}" data-busy="creating"' in text


@pytest.mark.parametrize(("url", "path"), [(DISKS, "volumes"), (SNAPSHOTS, "snapshots")])
def test_it_does_not_search_again_for_every_poll(cloud: FakeCloud, signed_in: Client, url: str, path: str) -> None:
    cloud.volumes = cloud.snapshots = [volume(1), volume(2)]
    answer = signed_in.get(url, {"q": "disk", **seen(_1="creating")}, headers=HTMX)
    assert answer.status_code == 286
    assert f'id="row-{an_id(1)}" hx-swap-oob="true"' in answer.content.decode()
    assert cloud.asked() == [f"GET /{path}/{an_id(1)}"]
