"""Disks, which Cinder calls volumes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cinderclient import api_versions

from dashboard.cloud.errors import NotFound, Refused
from dashboard.cloud.keystone import Cloud
from volumes.cinder import client, listing, readers
from volumes.cinder.client import act, get, inner, post, put
from volumes.cinder.listing import Query, Resource
from volumes.cinder.values import Disk, Page
from volumes.cinder.versions import version

VOLUMES = Resource("volumes", readers.disk)

# The microversions from which a disk can be rolled back to a snapshot, and created from a backup
# (cinder/api/microversions.py, VOLUME_REVERT and VOLUME_CREATE_FROM_BACKUP)
CAN_ROLL_BACK = api_versions.APIVersion("3.40")
CAN_RESTORE = api_versions.APIVersion("3.47")
# The microversion from which an attached disk can grow (VOLUME_EXTEND_INUSE)
CAN_RESIZE_ATTACHED = api_versions.APIVersion("3.42")

# The microversion from which Cinder sums up the disks (VOLUME_SUMMARY)
CAN_SUM_UP = api_versions.APIVersion("3.12")

# Valid keys of properties (cinder/api/schemas/volume_metadata.py). Unlike a snapshot's, they can contain "/".
PROPERTY_KEY = re.compile("[A-Za-z0-9_:. /-]{1,255}")


@dataclass(frozen=True, slots=True)
class NewDisk:
    """The parameters of a new disk: `size` in GiB; for empty values the cloud uses its defaults.

    At most one of `snapshot_id`, `source_disk_id` and `backup_id` is set: the source of the data.
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
    """Return a page of the project's disks: one request, more for a search."""
    return listing.page(cloud, VOLUMES, query)


def count(cloud: Cloud, query: Query[Disk]) -> int | None:
    """Return the number of the project's disks that match; None if the cloud doesn't count: one request."""
    return listing.count(cloud, VOLUMES, query)


def total_size(cloud: Cloud) -> int | None:
    """Return the size of all the project's disks in GiB; None if this Cinder doesn't sum up: one request.

    Raises:
        CloudError: the cloud refused or failed.
    """
    if version(cloud) < CAN_SUM_UP:
        return None
    return readers.total_size(inner(get(cloud, "/volumes/summary"), "volume-summary"))


def find(cloud: Cloud, disk_id: str) -> Disk:
    """Return one disk.

    Raises:
        NotFound: the project has no such disk.
        CloudError: the cloud failed.
    """
    return readers.disk(client.find(cloud, f"/volumes/{disk_id}", "volume"))


def unknown(disk_id: str) -> Disk:
    """Return a disk with nothing but an id, for pages that are shown while the cloud fails."""
    return readers.disk({"id": disk_id})


def find_or_missing(cloud: Cloud, disk_id: str) -> Disk:
    """Return one disk; if the project has no such disk, one with nothing but the id that `is_missing`.

    Raises:
        CloudError: the cloud failed.
    """
    return find_or_none(cloud, disk_id) or missing(disk_id)


def missing(disk_id: str) -> Disk:
    """Return a disk that was deleted or belongs to another project, with nothing but the id."""
    return replace(unknown(disk_id), is_missing=True)


def find_or_none(cloud: Cloud, disk_id: str) -> Disk | None:
    """Return one disk, or None if it doesn't exist."""
    try:
        return find(cloud, disk_id)
    except NotFound:
        return None


def find_many(cloud: Cloud, ids: Sequence[str], created_since: datetime | None = None) -> dict[str, Disk]:
    """Return the existing ones of these disks by id (see listing.find_many for `created_since` and the requests).

    Raises:
        CloudError: the cloud failed.
    """
    return listing.find_many(cloud, VOLUMES, ids, find_or_none, created_since)


def everything(cloud: Cloud) -> tuple[list[Disk], bool]:
    """Return the newest 10,000 disks, and whether there are no others: up to 10 requests.

    Cinder's default configuration doesn't let members filter disks by the snapshot from which they were created
    (etc/cinder/resource_filters.json), so all are read to find those.

    Raises:
        CloudError: the cloud refused or failed.
    """
    return listing.everything(cloud, VOLUMES)


def create(cloud: Cloud, new_disk: NewDisk) -> Disk:
    """Request a new disk.

    Raises:
        OverQuota: the project's quota is used up.
        Refused: the source isn't available or is larger than the disk, or the type or zone can't be used.
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud refused or failed.
    """
    content = {
        "name": new_disk.name,
        "description": new_disk.description,
        "size": new_disk.size,
        "volume_type": new_disk.type_name,
        "availability_zone": new_disk.zone,
        "snapshot_id": new_disk.snapshot_id,
        "source_volid": new_disk.source_disk_id,
        "backup_id": new_disk.backup_id,
    }
    sent = {name: value for name, value in content.items() if value}
    return readers.disk(post(cloud, "/volumes", {"volume": sent}))


def can_roll_back(cloud: Cloud) -> bool:
    """Return whether the cloud's version supports rolling back a disk."""
    return bool(version(cloud) >= CAN_ROLL_BACK)


def can_restore(cloud: Cloud) -> bool:
    """Return whether the cloud's version supports creating a disk from a backup in one request."""
    return bool(version(cloud) >= CAN_RESTORE)


def roll_back(cloud: Cloud, disk_id: str, snapshot_id: str) -> None:
    """Request that a disk be rolled back to its newest snapshot; data written since then is lost.

    Check `rollback.rollback_refusal` first, because some refusals by Cinder leave the disk in another status.

    Raises:
        Refused: a newer snapshot exists, or the disk was resized after this one.
        Conflict: the disk or the snapshot isn't available.
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud refused or failed.
    """
    _act(cloud, disk_id, "revert", {"snapshot_id": snapshot_id})


def can_resize_attached(cloud: Cloud) -> bool:
    """Return whether the cloud's version supports resizing attached disks."""
    return bool(version(cloud) >= CAN_RESIZE_ATTACHED)


def resize(cloud: Cloud, disk_id: str, size: int) -> None:
    """Request that a disk grow to `size` GiB; an attached disk requires `can_resize_attached`.

    The data is kept. If it fails later, the disk is in "error_extending", or in its old status with its old size, and a
    message gives the reason. An attached disk grows even if Nova can't notify its instance; a message says so.

    Raises:
        Refused: `size` is not larger than before or exceeds the type's limit, or the disk's status forbids it.
        OverQuota: the project's quota is used up, or doesn't allow a disk of that size.
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud refused or failed.
    """
    _act(cloud, disk_id, "os-extend", {"new_size": size})


def change_type(cloud: Cloud, disk_id: str, type_name: str, *, migrate: bool) -> None:
    """Request another type for a disk; `migrate` allows moving its data to other storage.

    If it fails later, that is not reported: the disk has its old type and status again, without a message (cinder/
    scheduler/manager.py and cinder/volume/manager.py, retype).

    Raises:
        Refused: the disk's status forbids it, it has that type already, or its size is outside the type's limits.
        LacksSomething: the project has no such disk, or no such type.
        OverQuota: the project's quota of that type is used up.
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud refused or failed.
    """
    policy = "on-demand" if migrate else "never"
    _act(cloud, disk_id, "os-retype", {"new_type": type_name, "migration_policy": policy})


def set_bootable(cloud: Cloud, disk_id: str, bootable: bool) -> None:
    """Set whether an instance can start from a disk.

    Raises:
        Refused: the disk is in maintenance.
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud refused or failed.
    """
    _act(cloud, disk_id, "os-set_bootable", {"bootable": bootable})


def _act(cloud: Cloud, disk_id: str, action: str, content: Mapping[str, object]) -> None:
    act(cloud, f"/volumes/{disk_id}/action", {action: content})


def rename(cloud: Cloud, disk_id: str, name: str, description: str) -> Disk:
    """Set the name and description of a disk; both may be empty.

    Raises:
        LacksSomething: the project has no such disk.
        Refused: the disk is in maintenance.
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud refused or failed.
    """
    content = {"name": name, "description": description}
    return readers.disk(put(cloud, f"/volumes/{disk_id}", {"volume": content}))


def own_properties(cloud: Cloud, disk_id: str) -> dict[str, str]:
    """Return the properties of a disk that users set, for editing: one request.

    A disk's `properties` also include Cinder's own "readonly" and "attached_mode", which even hide properties of users
    with these keys (cinder/api/api_utils.py, add_visible_admin_metadata). Sending those back would store them.

    Raises:
        NotFound: the project has no such disk.
        CloudError: the cloud failed.
    """
    return readers.properties(inner(get(cloud, f"/volumes/{disk_id}/metadata"), "metadata"))


def replace_properties(cloud: Cloud, disk_id: str, properties: Mapping[str, str]) -> None:
    """Replace all properties of a disk in one request.

    Raises:
        LacksSomething: the project has no such disk.
        Refused: the disk is in maintenance or is being uploaded, or a key or value is invalid.
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud refused or failed.
    """
    put(cloud, f"/volumes/{disk_id}/metadata", {"metadata": dict(properties)})


def delete(cloud: Cloud, disk_id: str, *, cascade: bool = False) -> None:
    """Request the deletion of a disk, with `cascade` together with its snapshots.

    It is no error if the disk is gone or being deleted already. If one of the snapshots belongs to a group snapshot,
    Cinder refuses `cascade` only after it has set the disk to "error_deleting", where it stays (cinder/volume/api.py,
    delete), so check `snapshots.of_each` first.

    Raises:
        Refused: the disk's status forbids it, it has snapshots, or with `cascade` a snapshot can't be deleted.
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud failed.
    """
    try:
        client.delete(cloud, f"/volumes/{disk_id}" + ("?cascade=true" if cascade else ""))
    except Refused:
        disk = find_or_none(cloud, disk_id)
        if disk is not None and disk.status_code != "deleting":
            raise
