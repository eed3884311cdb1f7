"""What a change uses of the quotas of the project and of disk types."""

from volumes.cinder.limits import Allowance, Quota, TypeQuota
from volumes.quota_lines import Need, lines

ENDLESS = Allowance(5, None)
PROJECT = Quota(
    disks=Allowance(9, 10),
    snapshots=Allowance(1, 100),
    gigabytes=Allowance(900, 1000),
    backups=ENDLESS,
    backup_gigabytes=ENDLESS,
)
TYPES = {
    "ssd": TypeQuota(disks=ENDLESS, snapshots=Allowance(1, 1), gigabytes=Allowance(10, 30)),
    "hdd": TypeQuota(disks=Allowance(0, 0), snapshots=ENDLESS, gigabytes=ENDLESS),
}


def shown(*needs: Need, together: bool = True) -> list[tuple[str, int, bool]]:
    found = lines(PROJECT, TYPES, needs, together=together)
    return [(str(line.label), line.needed, line.is_short) for line in found]


def test_a_snapshot_counts_against_the_project_and_its_type() -> None:
    assert shown(Need("ssd", snapshots=1, gigabytes=20)) == [
        ("Snapshots", 1, False),
        ("Gigabytes", 20, False),
        ("Snapshots of type ssd", 1, True),
        ("Gigabytes of type ssd", 20, False),
    ]


def test_several_add_up() -> None:
    needs = [Need("ssd", snapshots=1, gigabytes=15), Need("ssd", snapshots=1, gigabytes=15), Need("hdd", snapshots=1)]
    assert shown(*needs) == [
        ("Snapshots", 3, False),
        ("Gigabytes", 30, False),
        ("Snapshots of type ssd", 2, True),
        ("Gigabytes of type ssd", 30, True),
    ]


def test_alternatives_do_not_add_up() -> None:
    needs = [Need("ssd", disks=1, gigabytes=5), Need("hdd", disks=1, gigabytes=5), Need("unlimited", disks=1)]
    assert shown(*needs, together=False) == [
        ("Disks", 1, False),
        ("Gigabytes", 5, False),
        ("Gigabytes of type ssd", 5, False),
        ("Disks of type hdd", 1, True),
    ]


def test_it_shows_nothing_that_could_not_be_read() -> None:
    assert lines(None, None, [Need("ssd", snapshots=1)]) == []
    assert [line.label for line in lines(None, TYPES, [Need("ssd", snapshots=1)])] == ["Snapshots of type ssd"]
