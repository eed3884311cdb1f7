"""Creating, changing and deleting disks, and rolling them back."""

from typing import Any

import pytest

from dashboard.cloud.errors import Broken, Conflict, LacksSomething, NotFound, OverQuota, Refused
from dashboard.cloud.keystone import Cloud
from tests.support.cloud_rows import an_id, fault, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from volumes.cinder import disks, snapshots
from volumes.cinder.disks import NewDisk

DISK = an_id(1)
SNAPSHOT = an_id(1001)


@pytest.mark.parametrize("body", [{}, {"volume": None}, {"volume": []}, {"snapshot": {}}], ids=repr)
def test_it_takes_no_answer_without_one_for_a_disk(cloud: FakeCloud, here: Cloud, body: object) -> None:
    cloud.http.get(cloud.at(f"/volumes/{DISK}"), json=body)
    with pytest.raises(Broken):
        disks.find(here, DISK)


def test_it_leaves_to_the_cloud_what_was_not_chosen(cloud: FakeCloud, here: Cloud) -> None:
    made = disks.create(here, NewDisk("", 5))
    assert cloud.requests()[-1].json() == {"volume": {"size": 5}}
    assert (made.title, made.size, made.status_code) == (made.id, 5, "creating")


def test_it_sends_all_that_was_chosen(cloud: FakeCloud, here: Cloud) -> None:
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
    ("version", "can"),
    [
        ("3.0", ""),
        ("3.39", ""),
        ("3.40", "roll back"),
        ("3.41", "roll back"),
        ("3.42", "roll back, resize attached"),
        ("3.46", "roll back, resize attached"),
        ("3.47", "roll back, resize attached, restore"),
        ("3.71", "roll back, resize attached, restore"),
    ],
)
def test_it_knows_what_the_cloud_is_too_old_for(cloud: FakeCloud, here: Cloud, version: str, can: str) -> None:
    cloud.microversion = version
    assert disks.can_roll_back(here) is ("roll back" in can)
    assert disks.can_resize_attached(here) is ("resize attached" in can)
    assert disks.can_restore(here) is ("restore" in can)


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
    with pytest.raises(LacksSomething):
        disks.roll_back(here, an_id(5), SNAPSHOT)


def test_it_grows(cloud: FakeCloud, here: Cloud) -> None:
    cloud.volumes = [volume(1, size=10, status="in-use")]
    disks.resize(here, DISK, 11)
    assert cloud.requests()[-1].json() == {"os-extend": {"new_size": 11}}
    assert disks.find(here, DISK).status_code == "extending"


def test_it_passes_on_why_it_cannot_grow(cloud: FakeCloud, here: Cloud) -> None:
    cloud.volumes = [volume(1, size=10, status="in-use"), volume(2, size=10)]
    cloud.microversion = "3.41"
    with pytest.raises(Refused, match="currently in-use"):
        disks.resize(here, DISK, 11)
    with pytest.raises(Refused, match="greater than current size"):
        disks.resize(here, an_id(2), 10)
    cloud.limits = {"maxTotalVolumeGigabytes": 11}
    with pytest.raises(OverQuota):
        disks.resize(here, an_id(2), 12)


@pytest.mark.parametrize(("migrate", "policy"), [(False, "never"), (True, "on-demand")])
def test_it_changes_the_type(cloud: FakeCloud, here: Cloud, migrate: bool, policy: str) -> None:
    cloud.volumes = [volume(1)]
    disks.change_type(here, DISK, "ceph-hdd", migrate=migrate)
    assert cloud.requests()[-1].json() == {"os-retype": {"new_type": "ceph-hdd", "migration_policy": policy}}
    assert disks.find(here, DISK).status_code == "retyping"


def test_it_passes_on_why_it_cannot_have_another_type(cloud: FakeCloud, here: Cloud) -> None:
    cloud.volumes = [volume(1)]
    with pytest.raises(LacksSomething, match="moonstone"):
        disks.change_type(here, DISK, "moonstone", migrate=True)
    with pytest.raises(Refused):
        disks.change_type(here, DISK, "ceph-ssd", migrate=True)


@pytest.mark.parametrize("bootable", [True, False])
def test_it_makes_bootable_or_not(cloud: FakeCloud, here: Cloud, bootable: bool) -> None:
    cloud.volumes = [volume(1, bootable=str(not bootable).lower())]
    disks.set_bootable(here, DISK, bootable)
    assert cloud.requests()[-1].json() == {"os-set_bootable": {"bootable": bootable}}
    assert disks.find(here, DISK).bootable is bootable


def test_it_renames(cloud: FakeCloud, here: Cloud) -> None:
    cloud.volumes = [volume(1, metadata={"kept": "yes"})]
    changed = disks.rename(here, DISK, "", "зачем")
    assert cloud.requests()[-1].json() == {"volume": {"name": "", "description": "зачем"}}
    assert (changed.title, changed.description, changed.properties) == (DISK, "зачем", {"kept": "yes"})


@pytest.mark.parametrize("properties", [{"a": "b", "c/d": ""}, {}])
def test_it_replaces_all_properties(cloud: FakeCloud, here: Cloud, properties: dict[str, str]) -> None:
    cloud.volumes = [volume(1, metadata={"old": "yes"})]
    disks.replace_properties(here, DISK, properties)
    assert cloud.requests()[-1].json() == {"metadata": properties}
    assert disks.find(here, DISK).properties == properties


def test_it_knows_the_properties_that_people_gave_it(cloud: FakeCloud, here: Cloud) -> None:
    cloud.volumes = [volume(1, metadata={"a": "b"})]
    # Cinder adds values of its own when it shows the disk itself
    shown = {"volume": volume(1, metadata={"a": "b", "readonly": "True"})}
    cloud.http.get(cloud.at(f"/volumes/{DISK}"), json=shown)
    assert disks.find(here, DISK).properties == {"a": "b", "readonly": "True"}
    assert disks.own_properties(here, DISK) == {"a": "b"}
    with pytest.raises(NotFound):
        disks.own_properties(here, an_id(5))


@pytest.mark.parametrize("body", [{}, {"metadata": None}, {"metadata": []}], ids=repr)
def test_it_takes_no_answer_without_properties_for_none(cloud: FakeCloud, here: Cloud, body: object) -> None:
    cloud.http.get(cloud.at(f"/volumes/{DISK}/metadata"), json=body)
    with pytest.raises(Broken):
        disks.own_properties(here, DISK)


def test_it_knows_the_keys_that_properties_may_have() -> None:
    for key in ("a", "a b", "a.b:c-d_e", "a/b", "9", "k" * 255):
        assert disks.PROPERTY_KEY.fullmatch(key), key
    for key in ("", "k" * 256, "ключ", "a=b", "a,b", "a\n"):
        assert not disks.PROPERTY_KEY.fullmatch(key), key


def test_it_deletes(cloud: FakeCloud, here: Cloud) -> None:
    cloud.volumes, cloud.snapshots = [volume(1)], [snapshot(1001, disk=2)]
    disks.delete(here, DISK)
    assert cloud.asked() == ["GET /", f"DELETE /volumes/{DISK}"]
    assert cloud.query() == {}
    assert disks.find(here, DISK).status_code == "deleting"
    assert snapshots.find(here, SNAPSHOT).status_code == "available"


def test_it_deletes_a_disk_with_its_snapshots(cloud: FakeCloud, here: Cloud) -> None:
    cloud.volumes, cloud.snapshots = [volume(1)], [snapshot(1002, status="error"), snapshot(1001)]
    with pytest.raises(Refused, match="have snapshots"):
        disks.delete(here, DISK)
    disks.delete(here, DISK, cascade=True)
    assert cloud.query() == {"cascade": "true"}
    assert disks.find(here, DISK).status_code == "deleting"
    assert {snapshots.find(here, an_id(one)).status_code for one in (1001, 1002)} == {"deleting"}


@pytest.mark.parametrize("cascade", [True, False])
@pytest.mark.parametrize("there", [[], [volume(1, status="deleting")]], ids=["gone", "being deleted"])
def test_it_deletes_what_is_going_or_gone(
    cloud: FakeCloud, here: Cloud, there: list[dict[str, Any]], cascade: bool
) -> None:
    cloud.volumes = there
    disks.delete(here, DISK, cascade=cascade)


def test_it_deletes_what_goes_while_it_is_refused(cloud: FakeCloud, here: Cloud) -> None:
    cloud.http.delete(cloud.at(f"/volumes/{DISK}"), status_code=400, json=fault("badRequest", 400, "No."))
    disks.delete(here, DISK)


@pytest.mark.parametrize("changes", [{"attachments": [{}]}, {"group_id": "g-1"}, {"status": "extending"}], ids=repr)
def test_it_passes_on_why_it_cannot_be_deleted(cloud: FakeCloud, here: Cloud, changes: dict[str, Any]) -> None:
    cloud.volumes = [volume(1, **changes)]
    for cascade in (True, False):
        with pytest.raises(Refused):
            disks.delete(here, DISK, cascade=cascade)
