"""Creating and changing snapshots."""

import pytest

from dashboard.cloud.errors import Broken, LacksSomething
from dashboard.cloud.keystone import Cloud
from tests.support.cloud_rows import an_id, snapshot
from tests.support.fake_cloud import FakeCloud
from volumes.cinder import snapshots

DISK = an_id(1)
SNAPSHOT = an_id(1001)


def test_it_makes_a_snapshot_with_its_properties(cloud: FakeCloud, here: Cloud) -> None:
    made = snapshots.create(here, DISK, "Имя", "Описание", {"owner": "Анна"})
    assert cloud.requests()[-1].json() == {
        "snapshot": {"volume_id": DISK, "name": "Имя", "description": "Описание", "metadata": {"owner": "Анна"}}
    }
    assert (made.name, made.description, made.properties) == ("Имя", "Описание", {"owner": "Анна"})
    assert made.status_code == "creating"


def test_it_sends_no_properties_where_there_are_none(cloud: FakeCloud, here: Cloud) -> None:
    assert snapshots.create(here, DISK, "x", "").properties == {}
    assert cloud.requests()[-1].json()["snapshot"].keys() == {"volume_id", "name", "description"}


@pytest.mark.parametrize(("version", "forced"), [("3.0", True), ("3.65", True), ("3.66", False), ("3.71", False)])
def test_it_forces_only_where_cinder_wants_it(cloud: FakeCloud, here: Cloud, version: str, forced: bool) -> None:
    cloud.microversion = version
    snapshots.create(here, DISK, "x", "")
    assert cloud.requests()[-1].json()["snapshot"].get("force", False) is forced


def test_it_renames(cloud: FakeCloud, here: Cloud) -> None:
    cloud.snapshots = [snapshot(1001, metadata={"kept": "yes"})]
    changed = snapshots.rename(here, SNAPSHOT, "", "why")
    assert cloud.requests()[-1].json() == {"snapshot": {"name": "", "description": "why"}}
    assert (changed.name, changed.description, changed.properties) == ("", "why", {"kept": "yes"})


@pytest.mark.parametrize("properties", [{"a": "b"}, {}])
def test_it_replaces_all_properties(cloud: FakeCloud, here: Cloud, properties: dict[str, str]) -> None:
    cloud.snapshots = [snapshot(1001, metadata={"old": "yes"})]
    snapshots.replace_properties(here, SNAPSHOT, properties)
    assert cloud.requests()[-1].json() == {"metadata": properties}
    assert snapshots.find(here, SNAPSHOT).properties == properties


def test_it_changes_none_that_is_gone(here: Cloud) -> None:
    with pytest.raises(LacksSomething):
        snapshots.rename(here, SNAPSHOT, "x", "")
    with pytest.raises(LacksSomething):
        snapshots.replace_properties(here, SNAPSHOT, {})


def test_it_knows_the_newest_in_any_status(cloud: FakeCloud, here: Cloud) -> None:
    cloud.snapshots = [snapshot(1003, disk=2), snapshot(1002, status="error"), snapshot(1001)]
    newest = snapshots.newest_of(here, DISK)
    assert newest is not None
    assert newest.id == an_id(1002)
    assert cloud.asked() == ["GET /", "GET /snapshots/detail"]
    query = cloud.query()
    assert (query["volume_id"], query["sort"], query["limit"]) == (DISK, "created_at:desc", "2")
    assert snapshots.newest_of(here, an_id(3)) is None


@pytest.mark.parametrize("body", [{}, {"snapshot": None}, {"snapshot": [1]}, {"volume": {}}], ids=repr)
def test_it_takes_no_answer_without_one_for_a_snapshot(cloud: FakeCloud, here: Cloud, body: object) -> None:
    cloud.http.get(cloud.at(f"/snapshots/{SNAPSHOT}"), json=body)
    with pytest.raises(Broken):
        snapshots.find(here, SNAPSHOT)


def test_it_knows_the_keys_that_properties_may_have() -> None:
    for key in ("a", "a b", "a.b:c-d_e", "9", "k" * 255):
        assert snapshots.PROPERTY_KEY.fullmatch(key), key
    for key in ("", "k" * 256, "a/b", "ключ", "a=b", "a\n"):
        assert not snapshots.PROPERTY_KEY.fullmatch(key), key
