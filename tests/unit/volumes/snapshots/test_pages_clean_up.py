"""Two small dialogs of the project's snapshots: cleaning up by age, and choosing a disk to create a snapshot of."""

import pytest
from django.test import Client

from tests.support.canned import HTMX
from tests.support.cloud_rows import ago, an_id, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import HERE, Page, names, options, sent_by, words

LIST = f"{HERE}/snapshots/"
CLEAN_UP = f"{LIST}clean-up/"
CHOOSE = f"{LIST}create/"


def test_it_asks_by_which_age_to_clean_up(cloud: FakeCloud, signed_in: Client) -> None:
    part = signed_in.get(CLEAN_UP, headers=HTMX)
    form = Page(part).find("dialog", "Clean up").find("form")
    assert (form["method"], form["action"]) == ("get", LIST)
    assert form.field("Older than (days)").value == "30"
    assert form.field("Keep the newest … of each disk").value == "1"
    assert sent_by(part) == {"select": "all", "per_page": "100", "older_than": "30", "beyond_newest": "1"}
    assert cloud.asked() == []


def test_it_selects_what_it_says(cloud: FakeCloud, signed_in: Client) -> None:
    """The newest of all stays, not the newest of the old ones; the list gets the dialog's own values."""
    cloud.snapshots = [snapshot(1000 + age, name=f"{age} days", created_at=ago(days=age)) for age in (1, 40, 50)]
    sent = sent_by(signed_in.get(CLEAN_UP, headers=HTMX))
    part = signed_in.get(LIST, sent, headers=HTMX)
    assert names(part) == ["40 days", "50 days"]
    assert [box["value"] for box in Page(part).find_all("checkbox") if "checked" in box] == [an_id(1040), an_id(1050)]


def test_it_takes_an_empty_field_for_no_condition(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [snapshot(1000 + age, name=f"{age} days", created_at=ago(days=age)) for age in (1, 40, 50)]
    sent = sent_by(signed_in.get(CLEAN_UP, headers=HTMX), older_than="")
    assert names(signed_in.get(LIST, sent, headers=HTMX)) == ["40 days", "50 days"]
    sent |= {"older_than": "45", "beyond_newest": ""}
    assert names(signed_in.get(LIST, sent, headers=HTMX)) == ["50 days"]


def test_it_offers_the_disks_that_can_have_a_snapshot(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [
        volume(1, name="Zebra"),
        volume(2, name="ant", status="in-use"),
        volume(3, status="error"),
        volume(4, name="<b>"),
    ]
    part = signed_in.get(CHOOSE, headers=HTMX)
    assert Page(part).field("Disk")["name"] == "disk"
    assert options(part, "disk") == ["<b>, 10 GB", "ant, 10 GB", "Zebra, 10 GB"]
    assert cloud.asked() == ["GET /volumes/detail"]
    assert "newest 1,000" not in words(part)


def test_it_goes_on_to_the_chosen_disk(cloud: FakeCloud, signed_in: Client) -> None:
    answer = signed_in.get(CHOOSE, {"disk": an_id(1)})
    assert answer["Location"] == f"{HERE}/disks/{an_id(1)}/create-snapshot/"
    assert cloud.asked() == []


@pytest.mark.parametrize("bad", ["", "x", "//evil.test", f"{an_id(1)}/../..", f"{an_id(1)}\n"])
def test_it_goes_nowhere_else(cloud: FakeCloud, signed_in: Client, bad: str) -> None:
    cloud.volumes = [volume(1)]
    assert signed_in.get(CHOOSE, {"disk": bad}, headers=HTMX).status_code == 200
    assert cloud.asked() == ["GET /volumes/detail"]


def test_it_says_when_there_are_more_disks_than_it_offers(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(number) for number in range(21, 0, -1)]
    cloud.largest_limit = 20
    part = signed_in.get(CHOOSE, headers=HTMX)
    assert len(options(part, "disk")) == 20
    # One more than it offers
    assert cloud.query()["limit"] == "1001"
    assert "These are the newest 1,000 disks." in words(part)


def test_it_says_when_there_is_no_disk_for_it(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, status="creating")]
    page = Page(signed_in.get(CHOOSE, headers=HTMX))
    assert "No disk allows a snapshot at the moment." in page.text
    assert not page.has("button", "Continue")
    assert page.find("button", "Cancel")["href"] == LIST
