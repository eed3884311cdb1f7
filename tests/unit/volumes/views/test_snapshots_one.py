"""One snapshot's own page, and what is loaded into it afterwards."""

import pytest
import requests
from django.test import Client

from tests.support.canned import SignIn
from tests.support.fake_cloud import REQUEST_ID, FakeCloud, ago, an_id, message, snapshot, volume
from tests.support.pages import HERE, command, opens_dialog, text_of, words

ONE = an_id(1001)
URL = f"{HERE}/snapshots/{ONE}/"
MORE = f"{URL}more/"


@pytest.fixture(autouse=True)
def _a_snapshot(cloud: FakeCloud) -> None:
    cloud.volumes = [volume(1, name="data", volume_type="EF-NVMe")]
    cloud.snapshots = [snapshot(1001, name="before", description="the update", size=7, metadata={"b": "2", "a": "<1>"})]


def test_it_shows_all_of_it(cloud: FakeCloud, signed_in: Client) -> None:
    page = signed_in.get(URL)
    told = words(page)
    for fact in ("Snapshot before", "Status Available", f"Id {ONE}", "Size 7 GB", "Description the update"):
        assert fact in told
    assert "Properties b=2 a=<1>" in told
    assert "Disk data LL NVMe" in told
    assert f'href="{HERE}/disks/{an_id(1)}/snapshots/"' in text_of(page)
    assert cloud.asked() == [f"GET /snapshots/{ONE}", f"GET /volumes/{an_id(1)}"]


def test_it_tells_the_command(signed_in: Client) -> None:
    assert command(signed_in.get(URL)) == f"openstack volume snapshot show {ONE}"


def test_it_offers_what_the_menu_does(signed_in: Client) -> None:
    text = text_of(signed_in.get(URL))
    for part in ("create-disk/", "edit/"):
        assert opens_dialog(text, f"{URL}{part}")
    # Its deletion ends this page too.
    assert f'href="{URL}delete/?key=' in text
    assert f'hx-get="{URL}delete/"' not in text
    for part in ("roll-back/", "create-backup/"):
        assert f'href="{HERE}/disks/{an_id(1)}/snapshots/{ONE}/{part}?key=' in text


def test_it_greys_what_is_not_possible(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots[0]["status"] = "error_deleting"
    told = words(signed_in.get(URL))
    assert "Deleting it has failed before" in told
    assert "A disk can be created only from a snapshot that is available." in told


def test_it_greys_everything_for_readers(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.roles = ["reader"]
    text = text_of(sign_in().get(URL))
    assert text.count('aria-disabled="true"') == 5
    assert 'hx-target="#dialog"' not in text


def test_it_looks_again_only_while_something_goes_on(cloud: FakeCloud, signed_in: Client) -> None:
    assert "load delay:2s" not in text_of(signed_in.get(URL))
    cloud.snapshots[0] |= {"status": "creating", "updated_at": ago(minutes=5)}
    page = signed_in.get(URL)
    assert "load delay:2s" in text_of(page)
    assert "Status Creating, for 5 minutes" in words(page)


@pytest.mark.parametrize("status", [404, 403, 500])
def test_it_shows_a_snapshot_whose_disk_it_cannot_show(cloud: FakeCloud, signed_in: Client, status: int) -> None:
    cloud.http.get(cloud.at(f"/volumes/{an_id(1)}"), status_code=status)
    page = signed_in.get(URL)
    assert page.status_code == 200
    assert f"Disk {an_id(1)[:8]} {an_id(1)} Size" in words(page)


def test_it_asks_to_sign_in_when_the_token_ends_between_the_two(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at(f"/volumes/{an_id(1)}"), status_code=401)
    assert signed_in.get(URL)["Location"].startswith("/sign-in/")


def test_it_survives_a_snapshot_that_lacks_everything(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [{"id": ONE}]
    page = signed_in.get(URL)
    assert page.status_code == 200
    assert "Disk — Size" in words(page)
    assert cloud.asked() == [f"GET /snapshots/{ONE}"]


def test_it_names_its_group(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots[0]["group_snapshot_id"] = "g-1"
    assert "Group snapshot g-1" in words(signed_in.get(URL))


def test_it_tells_more(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(3, name="clone", snapshot_id=ONE), volume(2, snapshot_id=an_id(1002)), *cloud.volumes]
    cloud.messages = [
        message(3001, about=ONE, user_message="It is <busy>.", created_at="2026-03-01T10:00:00.000000"),
        message(3002, about=ONE, user_message="Later.", created_at="2026-03-02T10:00:00.000000"),
        message(3003, about=an_id(1), user_message="Another's."),
    ]
    part = signed_in.get(MORE)
    told = words(part)
    assert "Disks made from it clone 10 GB" in told
    assert "disk-2" not in told
    assert told.index("Later.") < told.index("It is <busy>.")
    assert f"Request id: {REQUEST_ID}" in told
    assert "Another's" not in told
    assert "<busy>" not in text_of(part)
    assert sorted(cloud.asked()) == ["GET /messages", "GET /volumes/detail"]


def test_it_tells_that_there_is_no_more(signed_in: Client) -> None:
    assert words(signed_in.get(MORE)) == "Disks made from it None."


def test_it_does_not_say_none_where_it_could_not_look_at_all(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.largest_limit = 2
    cloud.volumes = [volume(number) for number in range(30, 0, -1)]
    assert words(signed_in.get(MORE)) == "Disks made from it None among the newest 10,000 disks."
    assert cloud.asked().count("GET /volumes/detail") == 10


@pytest.mark.parametrize("path", ["/messages", "/volumes/detail"])
def test_it_never_takes_a_failure_for_nothing(cloud: FakeCloud, signed_in: Client, path: str) -> None:
    cloud.http.get(cloud.at(path), exc=requests.ConnectTimeout)
    part = signed_in.get(MORE)
    assert part.status_code == 503
    assert "None." not in words(part)
