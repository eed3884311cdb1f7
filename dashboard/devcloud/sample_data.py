"""The sample's disks and snapshots, with one of every kind that pages must handle."""

from collections.abc import Mapping
from dataclasses import dataclass, field

WEB = "5f0c1c5e-8a3d-4d0b-9a53-0f6c3b1d7a11"
DATABASE = "c2a9d0f4-1b7e-4c62-8f3e-6d5b9e2a4c22"
GAME = "e81b7d36-92c4-4f5a-b7d0-3a1f8c6e5d33"


@dataclass(frozen=True, slots=True)
class SampleSnapshot:
    """A snapshot to create, and its apparent age."""

    name: str
    age_days: float = 0
    description: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SampleDisk:
    """A disk to create (`size` in GiB), and the ID of the instance it is attached to."""

    name: str
    size: int
    type: str = "ceph-ssd"
    description: str = ""
    age_days: float = 0
    bootable: bool = False
    instance: str = ""
    device: str = ""
    snapshots: tuple[SampleSnapshot, ...] = ()


def _nightly(disk: str, *ages: float) -> tuple[SampleSnapshot, ...]:
    return tuple(SampleSnapshot(f"{disk}_nightly_{number}", age) for number, age in enumerate(ages, 1))


_BEFORE_UPGRADE = SampleSnapshot(
    "before upgrade to 17",
    12.4,
    "Taken with the database stopped; keep until the upgrade has proven itself.",
    {"owner": "database team", "ticket": "OPS-4711", "retain-until": "2027-01-31"},
)

DEMO = (
    SampleDisk(
        "web-root",
        20,
        age_days=400,
        bootable=True,
        instance=WEB,
        device="/dev/vda",
        snapshots=_nightly("web-root", 30, 14, 7, 1),
    ),
    SampleDisk(
        "web-data",
        50,
        description="Uploads of the shop",
        age_days=398,
        instance=WEB,
        device="/dev/vdb",
        snapshots=_nightly("web-data", 95, 60, 3, 2, 0.3),
    ),
    SampleDisk(
        "postgres",
        40,
        "high-iops",
        "Main database",
        210,
        instance=DATABASE,
        device="/dev/vdb",
        snapshots=(_BEFORE_UPGRADE, *_nightly("postgres", 2, 1)),
    ),
    SampleDisk(
        "game-cache",
        10,
        "ef-nvme",
        "LL NVMe: its snapshots go when the instance migrates",
        45,
        instance=GAME,
        device="/dev/vdb",
        snapshots=(SampleSnapshot("before the tournament", 5),),
    ),
    SampleDisk("debian-12-rescue", 8, "ceph-hdd", age_days=150, bootable=True),
    SampleDisk("", 5, "ceph-hdd", age_days=33),
    SampleDisk(
        "Архив бухгалтерии",
        30,
        "ceph-hdd",
        "Документы за прошлые годы",
        520,
        snapshots=(SampleSnapshot("Закрытие квартала", 80, "После сверки"),),
    ),
    SampleDisk("long-" + "name-" * 50, 1, "ceph-hdd", "As long as a name can be", 3),
    SampleDisk("telescope-images", 60_000, "ceph-hdd", "More than the storage can hold", 0.2),
    SampleDisk("build-cache", 15, age_days=20),
    SampleDisk("logs", 25, "ceph-hdd", age_days=370, snapshots=_nightly("logs", 360, 180)),
    SampleDisk("scratch", 2, age_days=1),
)

STAGING = (
    SampleDisk("staging-root", 10, age_days=90, bootable=True, snapshots=_nightly("staging", 8, 1)),
    SampleDisk("staging-data", 20, "ceph-hdd", age_days=90),
)
