"""Backups of disks and snapshots."""

from collections.abc import Sequence
from datetime import datetime

from dashboard.cloud.errors import NotFound, OutcomeUnknown, Refused
from dashboard.cloud.keystone import Cloud
from volumes.cinder import client, listing, readers
from volumes.cinder.client import get, inner, post
from volumes.cinder.listing import SEARCH_ROWS, Query, Resource
from volumes.cinder.values import Backup, Page

BACKUPS = Resource("backups", readers.backup)


def page(cloud: Cloud, query: Query[Backup]) -> Page[Backup]:
    """Return a page of the project's backups: one request, a search more."""
    return listing.page(cloud, BACKUPS, query)


def find(cloud: Cloud, backup_id: str) -> Backup:
    """Return one backup.

    Raises:
        NotFound: the project has no such backup.
        CloudError: the cloud failed.
    """
    return readers.backup(inner(get(cloud, f"/backups/{backup_id}"), "backup"))


def find_or_none(cloud: Cloud, backup_id: str) -> Backup | None:
    """Return one backup, None where it is gone."""
    try:
        return find(cloud, backup_id)
    except NotFound:
        return None


def find_many(cloud: Cloud, ids: Sequence[str]) -> dict[str, Backup]:
    """Return those of these backups that exist, by id; more than a few are read from the list first.

    Raises:
        CloudError: the cloud failed.
    """
    return listing.find_many(cloud, BACKUPS, ids, find_or_none)


def names_of(cloud: Cloud, disk_id: str) -> frozenset[str]:
    """Return the names that a disk's newest 1,000 backups have: one request."""
    return listing.names_of(cloud, BACKUPS, disk_id)


def base_of(cloud: Cloud, disk_id: str, before: datetime | None = None) -> Backup | None:
    """Return the backup on which an incremental one of the disk would be based, None where there is none: one request.

    That is the available one with the newest bytes; for a backup of a snapshot, of those with bytes from `before` the
    snapshot was made (cinder/backup/api.py, API.create).
    """
    available = {"volume_id": disk_id, "status": "available"}
    query: Query[Backup] = Query(column="data_timestamp", per_page=SEARCH_ROWS if before else 1, filters=available)
    return next((one for one in page(cloud, query).rows if _is_older(one, before)), None)


def _is_older(backup: Backup, before: datetime | None) -> bool:
    return before is None or (backup.data_at is not None and backup.data_at < before)


def service_works(cloud: Cloud) -> bool | None:
    """Tell whether the cloud runs a backup service, as far as the newest 20 backups show it: one request.

    None where they show nothing. Members can't ask Cinder for its services.
    """
    newest = page(cloud, Query()).rows
    if any(one.status_code == "available" for one in newest):
        return True
    return False if any(one.no_service for one in newest) else None


def create(
    cloud: Cloud, disk_id: str, snapshot_id: str, name: str, description: str, *, incremental: bool, attached: bool
) -> Backup:
    """Ask for a backup of a disk, or of its snapshot where `snapshot_id` isn't empty.

    Cinder's answer is no more than id and name: the rest is as it was asked for, and the size 0.

    Where no backup service runs, the backup fails. One of a snapshot then leaves the snapshot in "backing-up" and its
    disk in the status it had before its last backup, or in none: Cinder puts back a status that it hadn't changed, and
    not the one that it had (cinder/scheduler/manager.py, create_backup).

    Raises:
        Refused: the disk or snapshot isn't at rest, or there is nothing on which an incremental one could be based.
        OverQuota: the project's quota is used up.
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud refused or failed.
    """
    wanted: dict[str, object] = {"volume_id": disk_id, "name": name, "description": description}
    if incremental:
        wanted["incremental"] = True
    if snapshot_id:
        wanted["snapshot_id"] = snapshot_id
    elif attached:
        # Only a backup of the attached disk itself must be forced (cinder/backup/api.py, API.create).
        wanted["force"] = True
    made = inner(post(cloud, "/backups", {"backup": wanted}), "backup", OutcomeUnknown)
    return readers.backup({**wanted, "status": "creating", "is_incremental": incremental, **made})


def delete(cloud: Cloud, backup_id: str) -> None:
    """Ask for a backup's deletion. One that is gone, or being deleted already, is no error.

    Raises:
        Refused: Cinder won't delete it in its state, increments are based on it, or the cloud runs no backup service
            that could delete it, which Cinder calls not found.
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud failed.
    """
    try:
        client.delete(cloud, f"/backups/{backup_id}")
    except (NotFound, Refused) as error:
        now = find_or_none(cloud, backup_id)
        if now is None or now.status_code == "deleting":
            return
        if isinstance(error, NotFound):
            raise Refused(error.reason, error.request_id) from error
        raise
