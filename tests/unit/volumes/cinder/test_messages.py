"""Cinder's messages about failures."""

import pytest

from dashboard.cloud.errors import Broken
from dashboard.cloud.keystone import Cloud
from tests.support.cloud_rows import an_id, message
from tests.support.fake_cloud import FakeCloud
from tests.support.spoilt import SPOILT
from volumes.cinder import messages

FIRST, SECOND, THIRD = an_id(1), an_id(2), an_id(3)


@pytest.fixture(autouse=True)
def _told(cloud: FakeCloud) -> None:
    """The newest message comes first; the oldest is about a snapshot with the id of a disk, which never happens."""
    cloud.messages = [
        message(3004, about=SECOND, user_message="second"),
        message(3003, about=FIRST, user_message="first, newer"),
        message(3002, about=FIRST, user_message="first, older"),
        message(3001, about=THIRD, kind="VOLUME_SNAPSHOT", user_message="of a snapshot"),
    ]


def test_it_finds_the_newest_of_each(cloud: FakeCloud, here: Cloud) -> None:
    told = messages.newest_by_id(here, messages.DISK, [FIRST, SECOND, THIRD])
    assert {key: one.text for key, one in told.items()} == {FIRST: "first, newer", SECOND: "second"}
    assert cloud.asked() == ["GET /", "GET /messages"]
    assert cloud.query() == {"resource_type": "VOLUME", "limit": "1000", "sort": "created_at:desc"}


def test_it_finds_only_what_was_asked_for(here: Cloud) -> None:
    assert list(messages.newest_by_id(here, messages.DISK, {SECOND})) == [SECOND]
    assert list(messages.newest_by_id(here, messages.SNAPSHOT, [THIRD])) == [THIRD]
    assert messages.newest_by_id(here, messages.BACKUP, [THIRD]) == {}


def test_it_asks_nothing_about_nothing(cloud: FakeCloud, here: Cloud) -> None:
    assert messages.newest_by_id(here, messages.DISK, []) == {}
    assert cloud.asked() == []


def test_it_finds_all_of_one(cloud: FakeCloud, here: Cloud) -> None:
    assert [one.text for one in messages.of_resource(here, FIRST)] == ["first, newer", "first, older"]
    assert cloud.asked() == ["GET /", "GET /messages"]
    assert cloud.query()["resource_uuid"] == FIRST


def test_it_sorts_and_chooses_itself_where_cinder_does_not(cloud: FakeCloud, here: Cloud) -> None:
    cloud.microversion = "3.4"
    cloud.messages.reverse()
    assert messages.newest_by_id(here, messages.DISK, [FIRST])[FIRST].text == "first, newer"
    assert cloud.query() == {}
    assert [one.text for one in messages.of_resource(here, FIRST)] == ["first, newer", "first, older"]


@pytest.mark.parametrize("version", ["3.0", "3.2"])
def test_it_knows_where_there_are_none(cloud: FakeCloud, here: Cloud, version: str) -> None:
    cloud.microversion = version
    assert messages.newest_by_id(here, messages.DISK, [FIRST]) == {}
    assert messages.of_resource(here, FIRST) == []
    assert "GET /messages" not in cloud.asked()


def test_it_survives_messages_that_lack_everything(cloud: FakeCloud, here: Cloud) -> None:
    spoilt = [spoil(message(about=SECOND)) for spoil in SPOILT.values()]
    rows = [None, 1, *spoilt, {"resource_uuid": FIRST}, message(about=FIRST, user_message="dated")]
    cloud.http.get(cloud.at("/messages"), json={"messages": rows})
    assert messages.newest_by_id(here, messages.DISK, [FIRST])[FIRST].text == "dated"
    assert [one.text for one in messages.of_resource(here, FIRST)] == ["dated", ""]


@pytest.mark.parametrize("body", [{}, {"messages": None}, {"messages": {}}], ids=repr)
def test_it_takes_no_answer_without_a_list_for_an_empty_one(cloud: FakeCloud, here: Cloud, body: object) -> None:
    cloud.http.get(cloud.at("/messages"), json=body)
    with pytest.raises(Broken):
        messages.of_resource(here, FIRST)
