"""Disks: Cinder's volumes."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from cinderclient import api_versions

from dashboard.cloud.errors import CloudError, NotFound, OutcomeUnknown, Refused, SignInRequired
from dashboard.cloud.keystone import Cloud
from volumes.cinder import client, listing, readers
from volumes.cinder.client import act, get, inner, post, put, version
from volumes.cinder.listing import Query, Resource
from volumes.cinder.values import Disk, Page

VOLUMES = Resource("volumes", readers.disk)

# From here on a disk can be rolled back to a snapshot, and made from a backup (cinder/api/microversions.py,
# VOLUME_REVERT and VOLUME_CREATE_FROM_BACKUP).
CAN_ROLL_BACK = api_versions.APIVersion("3.40")
CAN_RESTORE = api_versions.APIVersion("3.47")
# From here on an attached disk can grow too (VOLUME_EXTEND_INUSE).
CAN_RESIZE_ATTACHED = api_versions.APIVersion("3.42")

# What a property's key may be (cinder/api/schemas/volume_metadata.py): more than a snapshot's, for "/" can stay too.
PROPERTY_KEY = re.compile("[A-Za-z0-9_:. /-]{1,255}")


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
    return readers.disk(inner(get(cloud, f"/volumes/{disk_id}"), "volume"))


def unknown(disk_id: str) -> Disk:
    """Return a disk of which only the id is known, for a form that comes back while the cloud is down."""
    return readers.disk({"id": disk_id})


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


def find_many(cloud: Cloud, ids: Sequence[str]) -> dict[str, Disk]:
    """Return what there is of these disks, by id: a few one by one, many from the newest 1,000 and the rest one by one.

    Raises:
        CloudError: the cloud failed.
    """
    return listing.find_many(cloud, VOLUMES, ids, find_or_none)


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
    return readers.disk(inner(made, "volume", OutcomeUnknown))


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
    _act(cloud, disk_id, "revert", {"snapshot_id": snapshot_id})


def can_resize_attached(cloud: Cloud) -> bool:
    """Tell whether the cloud lets attached disks grow."""
    return bool(version(cloud) >= CAN_RESIZE_ATTACHED)


def resize(cloud: Cloud, disk_id: str, size: int) -> None:
    """Ask for a disk's growth to `size` GiB. An attached one needs a cloud with `can_resize_attached`.

    The bytes stay. It can fail later: then the disk is in "error_extending", or in its old status and size again, and a
    message tells why. An attached disk has grown even where its instance couldn't be told of it, and a message says so.

    Raises:
        Refused: `size` isn't more than it has, or more than disks of its type may have; or the disk isn't at rest.
        OverQuota: the project's quota is used up, or it allows no disk of that size.
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud refused or failed.
    """
    _act(cloud, disk_id, "os-extend", {"new_size": size})


def change_type(cloud: Cloud, disk_id: str, type_name: str, *, migrate: bool) -> None:
    """Ask for another type of a disk; `migrate` allows that its bytes move to other storage for it.

    It can fail later, and then says so nowhere: the disk has its old type and status again, without a message (cinder/
    scheduler/manager.py and cinder/volume/manager.py, retype).

    Raises:
        Refused: the disk isn't at rest, has that type already, or is too small or too big for it.
        NotFound: the project has no such disk, or the cloud no such type.
        OverQuota: the project's quota of that type is used up.
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud refused or failed.
    """
    policy = "on-demand" if migrate else "never"
    _act(cloud, disk_id, "os-retype", {"new_type": type_name, "migration_policy": policy})


def set_bootable(cloud: Cloud, disk_id: str, bootable: bool) -> None:
    """Mark a disk as one that an instance can start from, or not.

    Raises:
        Refused: the disk is in maintenance.
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud refused or failed.
    """
    _act(cloud, disk_id, "os-set_bootable", {"bootable": bootable})


def _act(cloud: Cloud, disk_id: str, action: str, content: Mapping[str, object]) -> None:
    act(cloud, f"/volumes/{disk_id}/action", {action: content})


def rename(cloud: Cloud, disk_id: str, name: str, description: str) -> Disk:
    """Give a disk another name and description; both may be empty.

    Raises:
        NotFound: the project has no such disk.
        Refused: the disk is in maintenance.
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud refused or failed.
    """
    wanted = {"name": name, "description": description}
    made = put(cloud, f"/volumes/{disk_id}", {"volume": wanted})
    return readers.disk(inner(made, "volume", OutcomeUnknown))


def own_properties(cloud: Cloud, disk_id: str) -> dict[str, str]:
    """Return the properties of a disk that people gave it: what is to be edited; one request.

    Among a disk's `properties` Cinder also shows "readonly" and "attached_mode" of its own, even in the place of
    others with these keys (cinder/api/api_utils.py, add_visible_admin_metadata). To send those back would keep them.

    Raises:
        NotFound: the project has no such disk.
        CloudError: the cloud failed.
    """
    return readers.properties(inner(get(cloud, f"/volumes/{disk_id}/metadata"), "metadata"))


def replace_properties(cloud: Cloud, disk_id: str, properties: Mapping[str, str]) -> None:
    """Let a disk have these properties and no others, at one stroke.

    Raises:
        NotFound: the project has no such disk.
        Refused: the disk is in maintenance or is being uploaded, or Cinder takes no such properties.
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud refused or failed.
    """
    put(cloud, f"/volumes/{disk_id}/metadata", {"metadata": dict(properties)})


def delete(cloud: Cloud, disk_id: str, *, cascade: bool = False) -> None:
    """Ask for a disk's deletion, with `cascade` its snapshots' too. One gone or being deleted already is no error.

    Where one of the snapshots belongs to a group snapshot, Cinder refuses `cascade` only after it has set the disk to
    "error_deleting", and leaves it there (cinder/volume/api.py, delete): look at `snapshots.of_each` first.

    Raises:
        Refused: Cinder won't delete it in its state, or it has snapshots, or with `cascade` they can't all go.
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud failed.
    """
    try:
        client.delete(cloud, f"/volumes/{disk_id}" + ("?cascade=true" if cascade else ""))
    except NotFound:
        return
    except Refused:
        now = find_or_none(cloud, disk_id)
        if now is not None and now.status_code != "deleting":
            raise
