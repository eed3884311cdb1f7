"""The quota, and the options for a new disk."""

import pytest

from dashboard.cloud.errors import Broken
from dashboard.cloud.keystone import Cloud
from tests.support.cloud_rows import an_id, disk_type, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.spoilt import SPOILT
from volumes.cinder import choices, quota
from volumes.cinder.limits import Allowance, DiskType


def test_it_tells_the_quota_by_one_request(cloud: FakeCloud, here: Cloud) -> None:
    cloud.volumes, cloud.snapshots = [volume(1), volume(2)], [snapshot(1001)]
    cloud.limits = {"maxTotalSnapshots": 1, "maxTotalBackups": -1}
    told = quota.of_project(here)
    assert cloud.asked() == ["GET /", "GET /limits"]
    assert (told.disks, told.snapshots, told.gigabytes) == (Allowance(2, 1000), Allowance(1, 1), Allowance(30, 1000))
    assert (told.snapshots.left, told.backups.left) == (0, None)


@pytest.mark.parametrize("body", [{}, {"limits": None}, {"limits": {}}, {"limits": {"absolute": []}}], ids=repr)
def test_it_takes_no_answer_without_limits_for_unlimited(cloud: FakeCloud, here: Cloud, body: object) -> None:
    cloud.http.get(cloud.at("/limits"), json=body)
    with pytest.raises(Broken):
        quota.of_project(here)


def test_it_tells_the_disk_types(cloud: FakeCloud, here: Cloud) -> None:
    cloud.types = [disk_type(4001, "fast", description="very"), disk_type(4002, ""), disk_type(4003, "slow")]
    assert choices.disk_types(here) == [DiskType(an_id(4001), "fast", "very"), DiskType(an_id(4003), "slow", "")]
    assert cloud.asked() == ["GET /", "GET /types"]


def test_it_tells_the_zones_that_are_up(cloud: FakeCloud, here: Cloud) -> None:
    cloud.zones = {"east": True, "west": False, "north": True}
    assert choices.zones(here) == ["east", "north"]
    assert cloud.asked() == ["GET /", "GET /os-availability-zone"]


def test_it_survives_zones_that_lack_everything(cloud: FakeCloud, here: Cloud) -> None:
    whole = {"zoneName": "north", "zoneState": {"available": True}}
    spoilt = [spoil(whole) for way, spoil in SPOILT.items() if way != "an unknown status"]
    rows = [None, *spoilt, {"zoneName": None}, {"zoneName": "east"}, {"zoneName": "west", "zoneState": "up"}]
    cloud.http.get(cloud.at("/os-availability-zone"), json={"availabilityZoneInfo": [*rows, whole]})
    assert choices.zones(here) == ["north"]


def test_it_survives_types_that_lack_everything(cloud: FakeCloud, here: Cloud) -> None:
    spoilt = [spoil(disk_type(4001, "fast")) for spoil in SPOILT.values()]
    cloud.http.get(cloud.at("/types"), json={"volume_types": [None, 7, *spoilt, disk_type(4003, "slow")]})
    names = [one.name for one in choices.disk_types(here)]
    assert "" not in names
    assert names[-1] == "slow"


@pytest.mark.parametrize("body", [{}, {"volume_types": None}, {"availabilityZoneInfo": {}}], ids=repr)
def test_it_takes_no_answer_without_a_list_for_an_empty_one(cloud: FakeCloud, here: Cloud, body: object) -> None:
    cloud.http.get(cloud.at("/types"), json=body)
    cloud.http.get(cloud.at("/os-availability-zone"), json=body)
    with pytest.raises(Broken):
        choices.disk_types(here)
    with pytest.raises(Broken):
        choices.zones(here)
