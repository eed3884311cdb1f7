"""Disks: Cinder's volumes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cinderclient import api_versions

from dashboard.errors import CloudError, NotFound, OutcomeUnknown, SignInRequired
from dashboard.keystone import Cloud
from volumes.cinder import listing, values
from volumes.cinder.client import act, get, inner, post, version
from volumes.cinder.listing import Query, Resource
from volumes.cinder.values import Disk, Page

VOLUMES = Resource("volumes", values.disk)

# From here on a disk can be rolled back to a snapshot, and made from a backup (cinder/api/microversions.py,
# VOLUME_REVERT and VOLUME_CREATE_FROM_BACKUP).
CAN_ROLL_BACK = api_versions.APIVersion("3.40")
CAN_RESTORE = api_versions.APIVersion("3.47")


@dataclass(frozen=True, slots=True)
class NewDisk:
    """A disk that somebody wants: `size` in GiB; what is empty is left to the cloud.

    At most one of `snapshot_id`, `source_disk_id` and `backup_id` says what it is to be made from.
    """

    name: str
    size: int
    description: str = ""
    type_name: str = ""
    zone: str = ""
    snapshot_id: str = ""
    source_disk_id: str = ""
    backup_id: str = ""


def page(cloud: Cloud, query: Query[Disk]) -> Page[Disk]:
    """Return a page of the project's disks: one request, a search more."""
    return listing.page(cloud, VOLUMES, query)


def find(cloud: Cloud, disk_id: str) -> Disk:
    """Return one disk.

    Raises:
        NotFound: the project has no such disk.
        CloudError: the cloud failed.
    """
    return values.disk(inner(get(cloud, f"/volumes/{disk_id}"), "volume"))


def unknown(disk_id: str) -> Disk:
    """Return a disk of which only the id is known, for a form that comes back while the cloud is down."""
    return values.disk({"id": disk_id})


def find_or_unknown(cloud: Cloud, disk_id: str) -> Disk:
    """Return one disk; where the cloud can't show it, one of which only the id is known.

    Raises:
        SignInRequired: the session has ended.
    """
    try:
        return find(cloud, disk_id)
    except SignInRequired:
        raise
    except CloudError:
        return unknown(disk_id)


def find_or_none(cloud: Cloud, disk_id: str) -> Disk | None:
    """Return one disk, None where it is gone."""
    try:
        return find(cloud, disk_id)
    except NotFound:
        return None


def find_all(cloud: Cloud, ids: Sequence[str]) -> dict[str, Disk]:
    """Return what there is of these disks, by id: a few one by one, many from the newest 1,000 and the rest one by one.

    Raises:
        CloudError: the cloud failed.
    """
    return listing.find_all(cloud, VOLUMES, ids, find_or_none)


def made_from(cloud: Cloud, snapshot_ids: Collection[str]) -> tuple[list[Disk], bool]:
    """Return the disks that were made from these snapshots, and whether all disks were read: up to 10 requests.

    A stock Cinder lets members filter by no snapshot (etc/cinder/resource_filters.json), so the newest 10,000 are read.

    Raises:
        CloudError: the cloud failed.
    """
    rows, complete = listing.everything(cloud, VOLUMES)
    return [disk for disk in rows if disk.snapshot_id in snapshot_ids], complete


def create(cloud: Cloud, wanted: NewDisk) -> Disk:
    """Ask for a new disk.

    Raises:
        OverQuota: the project's quota is used up.
        Refused: what it is to be made from isn't available or is bigger, or the type or zone can't be had.
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud refused or failed.
    """
    asked = {
        "name": wanted.name,
        "description": wanted.description,
        "size": wanted.size,
        "volume_type": wanted.type_name,
        "availability_zone": wanted.zone,
        "snapshot_id": wanted.snapshot_id,
        "source_volid": wanted.source_disk_id,
        "backup_id": wanted.backup_id,
    }
    made = post(cloud, "/volumes", {"volume": {name: value for name, value in asked.items() if value}})
    return values.disk(inner(made, "volume", OutcomeUnknown))


def can_roll_back(cloud: Cloud) -> bool:
    """Tell whether the cloud can roll a disk back to a snapshot at all."""
    return bool(version(cloud) >= CAN_ROLL_BACK)


def can_restore(cloud: Cloud) -> bool:
    """Tell whether the cloud can make a disk from a backup in one request."""
    return bool(version(cloud) >= CAN_RESTORE)


def roll_back(cloud: Cloud, disk_id: str, snapshot_id: str) -> None:
    """Ask for a disk's state of its newest snapshot; what was written since is lost.

    Look with `values.rollback_refusal` first: not every refusal of Cinder's leaves the disk as it was.

    Raises:
        Refused: it isn't the newest snapshot, or the disk was resized since.
        Conflict: the disk isn't available, or the snapshot isn't.
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud refused or failed.
    """
    act(cloud, f"/volumes/{disk_id}/action", {"revert": {"snapshot_id": snapshot_id}})
