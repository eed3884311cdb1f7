"""Making disks, and rolling them back."""

import pytest

from dashboard.errors import Conflict, NotFound, Refused
from dashboard.keystone import Cloud
from tests.unit.fakes import FakeCloud, an_id, snapshot, volume
from volumes.cinder import disks
from volumes.cinder.disks import NewDisk

DISK = an_id(1)
SNAPSHOT = an_id(1001)


def test_it_leaves_to_the_cloud_what_nobody_wants(cloud: FakeCloud, here: Cloud) -> None:
    made = disks.create(here, NewDisk("", 5))
    assert cloud.requests()[-1].json() == {"volume": {"size": 5}}
    assert (made.title, made.size, made.status_code) == (made.id, 5, "creating")


def test_it_sends_all_that_is_wanted(cloud: FakeCloud, here: Cloud) -> None:
    wanted = NewDisk("Диск", 20, description="why", type_name="fast", zone="nova", snapshot_id=SNAPSHOT)
    made = disks.create(here, wanted)
    assert cloud.requests()[-1].json() == {
        "volume": {
            "name": "Диск",
            "size": 20,
            "description": "why",
            "volume_type": "fast",
            "availability_zone": "nova",
            "snapshot_id": SNAPSHOT,
        }
    }
    assert (made.name, made.type_name, made.zone, made.snapshot_id) == ("Диск", "fast", "nova", SNAPSHOT)


def test_it_says_what_a_disk_is_made_from(cloud: FakeCloud, here: Cloud) -> None:
    disks.create(here, NewDisk("x", 1, source_disk_id=DISK))
    assert cloud.requests()[-1].json()["volume"]["source_volid"] == DISK
    disks.create(here, NewDisk("x", 1, backup_id=an_id(2001)))
    assert cloud.requests()[-1].json()["volume"]["backup_id"] == an_id(2001)


@pytest.mark.parametrize(
    ("version", "rolls_back", "restores"),
    [
        ("3.0", False, False),
        ("3.39", False, False),
        ("3.40", True, False),
        ("3.46", True, False),
        ("3.47", True, True),
        ("3.71", True, True),
    ],
)
def test_it_knows_what_the_cloud_is_too_old_for(
    cloud: FakeCloud, here: Cloud, version: str, rolls_back: bool, restores: bool
) -> None:
    cloud.microversion = version
    assert disks.can_roll_back(here) is rolls_back
    assert disks.can_restore(here) is restores


def test_it_rolls_back(cloud: FakeCloud, here: Cloud) -> None:
    cloud.volumes, cloud.snapshots = [volume(1)], [snapshot(1001)]
    disks.roll_back(here, DISK, SNAPSHOT)
    assert cloud.requests()[-1].json() == {"revert": {"snapshot_id": SNAPSHOT}}
    assert disks.find(here, DISK).status_code == "reverting"


def test_it_passes_on_why_it_cannot_be_rolled_back(cloud: FakeCloud, here: Cloud) -> None:
    cloud.volumes, cloud.snapshots = [volume(1, status="in-use")], [snapshot(1002), snapshot(1001)]
    with pytest.raises(Refused, match="not the latest one"):
        disks.roll_back(here, DISK, SNAPSHOT)
    with pytest.raises(Conflict, match="must be 'available'"):
        disks.roll_back(here, DISK, an_id(1002))
    with pytest.raises(NotFound):
        disks.roll_back(here, an_id(5), SNAPSHOT)
