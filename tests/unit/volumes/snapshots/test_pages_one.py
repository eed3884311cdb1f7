"""One snapshot's own page, and what is loaded into it afterwards."""

import pytest
import requests
from django.test import Client

from tests.support.canned import HTMX
from tests.support.cloud_rows import REQUEST_ID, ago, an_id, message, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import HERE, Answered, Page, command, facts, opens_dialog, text_of, triggers, words

ONE = an_id(1001)
OF_DISK = f"{HERE}/disks/{an_id(1)}/snapshots/"
URL = f"{HERE}/snapshots/{ONE}/"
MORE = f"{URL}more/"


@pytest.fixture(autouse=True)
def _a_snapshot(cloud: FakeCloud) -> None:
    cloud.volumes = [volume(1, name="data", volume_type="EF-NVMe")]
    cloud.snapshots = [snapshot(1001, name="before", description="the update", size=7, metadata={"b": "2", "a": "<1>"})]


def is_watched(answer: Answered) -> bool:
    """Whether the page polls for changes."""
    one = Page(answer).by_id("one")
    assert one
    return "load delay:2s" in triggers(one)


def reasons(answer: Answered) -> dict[str, str]:
    """The reasons why buttons of the page are greyed."""
    buttons = Page(answer).find_all("button")
    return {button.name: button.description for button in buttons if button["aria-disabled"] == "true"}


def test_it_shows_all_of_it(cloud: FakeCloud, signed_in: Client) -> None:
    answer = signed_in.get(URL)
    page = Page(answer)
    assert page.has("heading", "Snapshot before")
    assert facts(answer) == {
        "Status": "Available",
        "ID": ONE,
        "Disk": f"data LL NVMe {an_id(1)}",
        "Size": "7 GB",
        "Created": "2 Mar 2026 10:00",
        "Updated": "—",
        "Description": "the update",
        "Properties": "b=2 a=<1>",
    }
    assert page.find("link", "data")["href"] == OF_DISK
    assert command(answer) == f"openstack volume snapshot show {ONE}"
    assert cloud.asked() == [f"GET /snapshots/{ONE}", f"GET /volumes/{an_id(1)}"]


def test_it_offers_what_the_menu_does(signed_in: Client) -> None:
    answer = signed_in.get(URL)
    for url in (f"{URL}create-disk/", f"{URL}edit/", f"{OF_DISK}{ONE}/roll-back/", f"{OF_DISK}{ONE}/create-backup/"):
        assert opens_dialog(answer, url), url
    delete = Page(answer).find("button", "Delete snapshot")
    assert (delete["href"], delete["hx-get"]) == (f"{URL}delete/?own_page", f"{URL}delete/?own_page")
    assert delete["hx-target"] == "#dialog"


def test_it_greys_what_is_not_possible(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots[0]["status"] = "error_deleting"
    greyed = reasons(signed_in.get(URL))
    assert greyed["Delete snapshot"].startswith("Deleting it has failed before")
    assert greyed["Create disk"] == "A disk can be created only from a snapshot that is available."
    assert "Edit snapshot" not in greyed


def test_it_greys_everything_for_readers(reader: Client) -> None:
    answer = reader.get(URL)
    entries = ["Create disk", "Create backup", "Edit snapshot", "Roll back disk", "Delete snapshot"]
    assert reasons(answer) == dict.fromkeys(entries, "Your role in this project is read-only.")
    assert Page(answer).select('[hx-post], [hx-target="#dialog"]') == []


def test_it_looks_again_only_while_something_goes_on(cloud: FakeCloud, signed_in: Client) -> None:
    assert not is_watched(signed_in.get(URL))
    cloud.snapshots[0] |= {"status": "creating", "updated_at": ago(minutes=5)}
    answer = signed_in.get(URL)
    assert is_watched(answer)
    assert facts(answer)["Status"] == "Creating, for 5 minutes"


@pytest.mark.parametrize("status", [404, 500])
def test_it_shows_a_snapshot_whose_disk_it_cannot_show(cloud: FakeCloud, signed_in: Client, status: int) -> None:
    cloud.http.get(cloud.at(f"/volumes/{an_id(1)}"), status_code=status)
    answer = signed_in.get(URL)
    assert answer.status_code == 200
    assert facts(answer)["Disk"] == f"{an_id(1)[:8]} {an_id(1)}"


def test_it_asks_to_sign_in_when_the_token_ends_between_the_two(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at(f"/volumes/{an_id(1)}"), status_code=401)
    assert signed_in.get(URL)["Location"].startswith("/sign-in/")


def test_it_survives_a_snapshot_that_lacks_everything(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [{"id": ONE}]
    answer = signed_in.get(URL)
    assert answer.status_code == 200
    assert facts(answer)["Disk"] == "—"
    assert cloud.asked() == [f"GET /snapshots/{ONE}"]


def test_it_names_its_group(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots[0]["group_snapshot_id"] = "g-1"
    assert facts(signed_in.get(URL))["Group snapshot"] == "g-1"


def test_it_tells_more(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(3, name="clone", snapshot_id=ONE), volume(2, snapshot_id=an_id(1002)), *cloud.volumes]
    cloud.messages = [
        message(3001, about=ONE, user_message="It is <busy>.", created_at="2026-03-01T10:00:00.000000"),
        message(3002, about=ONE, user_message="Later.", created_at="2026-03-02T10:00:00.000000"),
        message(3003, about=an_id(1), user_message="Another's."),
    ]
    part = signed_in.get(MORE, headers=HTMX)
    assert [heading.text for heading in Page(part).find_all("heading")] == [
        "Disks made from it",
        "Messages of the cloud",
    ]
    assert [item.text for item in Page(part).find_all("listitem")] == [
        "clone 10 GB · 1 Mar 2026 10:00",
        f"2 Mar 2026 10:00 Later. Request id: {REQUEST_ID}",
        f"1 Mar 2026 10:00 It is <busy>. Request id: {REQUEST_ID}",
    ]
    assert "<busy>" not in text_of(part)
    assert sorted(cloud.asked()) == ["GET /messages", "GET /volumes/detail"]


def test_it_tells_that_there_is_no_more(signed_in: Client) -> None:
    assert words(signed_in.get(MORE, headers=HTMX)) == "Disks made from it None."


def test_it_does_not_say_none_where_it_could_not_look_at_all(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.largest_limit = 2
    cloud.volumes = [volume(number) for number in range(30, 0, -1)]
    told = "Disks made from it None among the newest 10,000 disks."
    assert words(signed_in.get(MORE, headers=HTMX)) == told
    assert cloud.asked().count("GET /volumes/detail") == 10


def test_it_never_takes_a_failure_for_nothing(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at("/volumes/detail"), exc=requests.ConnectTimeout)
    part = signed_in.get(MORE, headers=HTMX)
    assert part.status_code == 200
    assert "The cloud's disks couldn't be read." in words(part)
    assert "None." not in words(part)


@pytest.mark.parametrize("status", [403, 404, 500])
def test_it_shows_the_disks_made_from_it_without_messages(cloud: FakeCloud, signed_in: Client, status: int) -> None:
    cloud.http.get(cloud.at("/messages"), status_code=status)
    assert "None." in words(signed_in.get(MORE, headers=HTMX))
