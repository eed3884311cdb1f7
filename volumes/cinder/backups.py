"""Backups of disks and snapshots."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import takewhile
from operator import itemgetter

from dashboard.cloud.errors import NotFound, Refused
from dashboard.cloud.keystone import Cloud
from volumes.cinder import client, listing, readers
from volumes.cinder.client import post
from volumes.cinder.listing import SEARCH_ROWS, Query, Resource
from volumes.cinder.values import DELETABLE_STATUSES, Backup, Page

BACKUPS = Resource("backups", readers.backup)

# A part of the reason with which Cinder refuses to delete the base of other backups (cinder/backup/api.py, API.delete)
HAS_INCREMENTS = "incremental backups exist"


def page(cloud: Cloud, query: Query[Backup]) -> Page[Backup]:
    """Return a page of the project's backups: one request, more for a search."""
    return listing.page(cloud, BACKUPS, query)


def count(cloud: Cloud, query: Query[Backup]) -> int | None:
    """Return the number of the project's backups that match; None if the cloud doesn't count: one request."""
    return listing.count(cloud, BACKUPS, query)


def find(cloud: Cloud, backup_id: str) -> Backup:
    """Return one backup.

    Raises:
        NotFound: the project has no such backup.
        CloudError: the cloud failed.
    """
    return readers.backup(client.find(cloud, f"/backups/{backup_id}", "backup"))


def find_or_none(cloud: Cloud, backup_id: str) -> Backup | None:
    """Return one backup, or None if it doesn't exist."""
    try:
        return find(cloud, backup_id)
    except NotFound:
        return None


def find_many(cloud: Cloud, ids: Sequence[str], created_since: datetime | None = None) -> dict[str, Backup]:
    """Return the existing ones of these backups by id (see listing.find_many for `created_since` and the requests).

    Raises:
        CloudError: the cloud failed.
    """
    return listing.find_many(cloud, BACKUPS, ids, find_or_none, created_since)


def names_of(cloud: Cloud, disk_id: str) -> frozenset[str]:
    """Return the names of a disk's newest 1,000 backups: one request."""
    return listing.names_of(cloud, BACKUPS, disk_id)


def everything(cloud: Cloud) -> tuple[list[Backup], bool]:
    """Return the newest 10,000 backups, and whether there are no others: up to 10 requests.

    Raises:
        CloudError: the cloud refused or failed.
    """
    return listing.everything(cloud, BACKUPS)


def increments_of(backup: Backup, candidates: Iterable[Backup]) -> list[Backup]:
    """Return the backups that are based on this one, directly or through others.

    Cinder doesn't tell the base of an increment. It takes the available backup of the disk with the newest data
    (cinder/backup/api.py, API.create), so these are the increments with newer data, up to the next full backup.
    """
    if backup.data_at is None:
        return []
    same_disk = [other for other in candidates if other.disk_id == backup.disk_id]
    newer = [(other.data_at, other) for other in same_disk if other.data_at and other.data_at > backup.data_at]
    in_order = [other for _data_at, other in sorted(newer, key=itemgetter(0))]
    return list(takewhile(lambda other: other.is_incremental, in_order))


def waits_for_increments(cloud: Cloud, backup_id: str, selected_ids: Collection[str], reason: str) -> bool:
    """Return whether a backup can be deleted soon that Cinder refuses to delete with this `reason`: up to 3 requests.

    That is so if Cinder refuses because of its increments, and each of them is being deleted, is among the selected
    ones and will be deleted, or is gone since.

    Raises:
        CloudError: the cloud refused or failed.
    """
    if HAS_INCREMENTS not in reason.casefold():
        return False
    backup = find(cloud, backup_id)
    rows = page(cloud, Query(per_page=SEARCH_ROWS, filters={"volume_id": backup.disk_id})).rows
    increments = increments_of(backup, rows)
    if not increments:
        # They may have gone between the two requests.
        return not find(cloud, backup_id).has_dependents
    return all(
        increment.status_code == "deleting"
        or (increment.id in selected_ids and increment.status_code in DELETABLE_STATUSES)
        for increment in increments
    )


def base_of(cloud: Cloud, disk_id: str, before: datetime | None = None) -> Backup | None:
    """Return the backup on which an incremental backup of the disk would be based, or None: one request.

    That is the available backup with the newest data. For a backup of a snapshot, the data must be from before the
    snapshot's creation, which is given as `before` (cinder/backup/api.py, API.create).
    """
    available = {"volume_id": disk_id, "status": "available"}
    query: Query[Backup] = Query(column="data_timestamp", per_page=SEARCH_ROWS if before else 1, filters=available)
    return next((backup for backup in page(cloud, query).rows if _is_older(backup, before)), None)


def _is_older(backup: Backup, before: datetime | None) -> bool:
    return before is None or (backup.data_at is not None and backup.data_at < before)


def service_works(cloud: Cloud) -> bool | None:
    """Return whether the cloud runs a backup service, judged by the newest 20 backups: one request.

    None means unknown. Cinder doesn't let members list its services.
    """
    newest = page(cloud, Query()).rows
    if any(backup.status_code == "available" for backup in newest):
        return True
    return False if any(backup.no_service for backup in newest) else None


def create(
    cloud: Cloud, disk_id: str, snapshot_id: str, name: str, description: str, *, incremental: bool, attached: bool
) -> Backup:
    """Request a backup of a disk, or of its snapshot if `snapshot_id` isn't empty.

    Cinder's answer has only an id and a name. The other fields of the returned backup are those of the request, and
    its size is 0.

    If no backup service runs, the backup fails. A failed backup of a snapshot leaves the snapshot in "backing-up", and
    its disk in the status that it had before its last backup, or in none: Cinder restores the disk's previous status,
    although it had not changed it, and not that of the snapshot (cinder/scheduler/manager.py, create_backup).

    Raises:
        Refused: the status of the disk or snapshot forbids it, or an incremental backup has no base.
        OverQuota: the project's quota is used up.
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud refused or failed.
    """
    content: dict[str, object] = {"volume_id": disk_id, "name": name, "description": description}
    if incremental:
        content["incremental"] = True
    if snapshot_id:
        content["snapshot_id"] = snapshot_id
    elif attached:
        # Only a backup of the attached disk itself must be forced (cinder/backup/api.py, API.create).
        content["force"] = True
    created = post(cloud, "/backups", {"backup": content})
    return readers.backup({**content, "status": "creating", "is_incremental": incremental, **created})


def delete(cloud: Cloud, backup_id: str) -> None:
    """Request the deletion of a backup. It is no error if the backup is gone or being deleted already.

    Raises:
        Refused: the backup's status forbids it, increments are based on it, or the cloud runs no backup service that
            could delete it, for which Cinder responds "not found".
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud failed.
    """
    try:
        client.delete(cloud, f"/backups/{backup_id}")
    except Refused:
        backup = find_or_none(cloud, backup_id)
        if backup is not None and backup.status_code != "deleting":
            raise
