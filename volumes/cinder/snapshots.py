"""Snapshots of disks."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from types import MappingProxyType

from cinderclient import api_versions

from dashboard.cloud.errors import NotFound, Refused
from dashboard.cloud.keystone import Cloud
from dashboard.cloud.parallel import each
from volumes.cinder import client, listing, readers
from volumes.cinder.client import post, put
from volumes.cinder.listing import MAX_SINGLE_READS, SEARCH_REQUESTS, SEARCH_ROWS, Query, Resource
from volumes.cinder.values import DELETABLE_STATUSES, Page, Snapshot
from volumes.cinder.versions import version

SNAPSHOTS = Resource("snapshots", readers.snapshot)

# The microversion from which a snapshot of an attached disk needs no "force", and Cinder refuses that field
WITHOUT_FORCE = api_versions.APIVersion("3.66")

# Valid keys of properties (cinder/api/schemas/snapshot_metadata.py). At creation Cinder accepts "/" too, but then
# refuses every replacement that still contains it.
PROPERTY_KEY = re.compile("[A-Za-z0-9_:. -]{1,255}")

# The statuses of snapshots from which a disk can't be restored
LOST_STATUSES = frozenset({"error", "error_deleting", "deleting"})


@dataclass(frozen=True, slots=True)
class Summary:
    """A summary of one disk's snapshots.

    `count`, `gigabytes` (GiB) and `oldest`, the time of the oldest, include snapshots in any status. `newest` is the
    time of the newest snapshot that has not failed and is not being deleted, or None. `undeletable` is the number of
    snapshots that can't be deleted together with their disk now, because of their status or because they belong to a
    group snapshot (cinder/volume/api.py, delete; cinder/db/api.py, volume_has_undeletable_snapshots_filter).
    """

    count: int
    newest: datetime | None
    oldest: datetime | None
    gigabytes: int
    undeletable: int


def page(cloud: Cloud, query: Query[Snapshot], disk_id: str = "") -> Page[Snapshot]:
    """Return a page of the project's snapshots, or of one disk's: one request, more for a search."""
    return listing.page(cloud, SNAPSHOTS, _of_disk(query, disk_id))


def count(cloud: Cloud, query: Query[Snapshot], disk_id: str = "") -> int | None:
    """Return the number of snapshots that match; None if the cloud doesn't count: one request."""
    return listing.count(cloud, SNAPSHOTS, _of_disk(query, disk_id))


def _of_disk(query: Query[Snapshot], disk_id: str) -> Query[Snapshot]:
    return replace(query, filters={**query.filters, "volume_id": disk_id}) if disk_id else query


def names_of(cloud: Cloud, disk_id: str) -> frozenset[str]:
    """Return the names of a disk's newest 1,000 snapshots: one request."""
    return listing.names_of(cloud, SNAPSHOTS, disk_id)


def find(cloud: Cloud, snapshot_id: str) -> Snapshot:
    """Return one snapshot.

    Raises:
        NotFound: the project has no such snapshot.
        CloudError: the cloud failed.
    """
    return readers.snapshot(client.find(cloud, f"/snapshots/{snapshot_id}", "snapshot"))


def find_or_none(cloud: Cloud, snapshot_id: str) -> Snapshot | None:
    """Return one snapshot, or None if it doesn't exist."""
    try:
        return find(cloud, snapshot_id)
    except NotFound:
        return None


def find_many(cloud: Cloud, ids: Sequence[str], created_since: datetime | None = None) -> dict[str, Snapshot]:
    """Return the existing ones of these snapshots by id (see listing.find_many for `created_since` and the requests).

    Raises:
        CloudError: the cloud failed.
    """
    return listing.find_many(cloud, SNAPSHOTS, ids, find_or_none, created_since)


def newest_of(cloud: Cloud, disk_id: str) -> Snapshot | None:
    """Return the disk's newest snapshot in any status, or None: one request.

    Cinder rolls back to this one. Of several snapshots from the same second Cinder may choose another, because its
    query doesn't order them further (cinder/db/api.py, snapshot_get_latest_for_volume).
    """
    rows = page(cloud, Query(per_page=1), disk_id).rows
    return rows[0] if rows else None


def summaries(cloud: Cloud, disk_ids: Collection[str]) -> tuple[dict[str, Summary], bool]:
    """Return summaries by disk id from the project's newest 1,000 snapshots, and whether it has no others: one request.

    If it has others, the counts are lower bounds, `newest` is still right, and a disk without a summary may have
    snapshots too.

    Raises:
        CloudError: the cloud refused or failed.
    """
    newest = page(cloud, Query(per_page=SEARCH_ROWS))
    return _summarized(newest.rows, disk_ids), newest.next_marker is None and not newest.unreadable


def of_each(cloud: Cloud, disk_ids: Collection[str]) -> tuple[dict[str, Summary], bool]:
    """Return summaries for the disks that have snapshots, by disk id, and whether all snapshots were read.

    Up to 20 disks cost one request each, for their newest 1,000 snapshots. More disks cost up to 10 requests, for the
    project's newest 10,000 snapshots.

    Raises:
        CloudError: the cloud refused or failed.
    """
    if len(disk_ids) > MAX_SINGLE_READS:
        rows, complete = listing.everything(cloud, SNAPSHOTS)
        return _summarized(rows, disk_ids), complete
    pages = each(partial(page, cloud, Query(per_page=SEARCH_ROWS)), disk_ids)
    rows = [row for disk_page in pages for row in disk_page.rows]
    complete = all(disk_page.next_marker is None and not disk_page.unreadable for disk_page in pages)
    return _summarized(rows, disk_ids), complete


def disks_with_snapshot_since(cloud: Cloud, moment: datetime) -> tuple[frozenset[str], bool]:
    """Return the ids of disks with a snapshot from `moment` or later, and whether none is missing.

    Snapshots in LOST_STATUSES don't count. The project's snapshots are read from the newest on until they are older
    than `moment`, with up to 10 requests of 1,000 snapshots. If these don't suffice, disks may be missing.

    Raises:
        CloudError: the cloud refused or failed.
    """
    disk_ids: set[str] = set()
    for result in _newest_first(cloud):
        recent = [row for row in result.rows if row.created_at and row.created_at >= moment]
        disk_ids.update(row.disk_id for row in recent if row.status_code not in LOST_STATUSES)
        if result.unreadable:
            break
        if result.next_marker is None or len(recent) < len(result.rows):
            return frozenset(disk_ids), True
    return frozenset(disk_ids), False


def _newest_first(cloud: Cloud) -> Iterator[Page[Snapshot]]:
    """Yield the page of each request; stop early if the marker no longer exists."""
    query: Query[Snapshot] = Query(per_page=SEARCH_ROWS)
    for _ in range(SEARCH_REQUESTS):
        result = page(cloud, query)
        if result.marker_gone:
            return
        yield result
        if result.next_marker is None:
            return
        query = replace(query, marker=result.next_marker)


def _summarized(rows: Iterable[Snapshot], disk_ids: Collection[str]) -> dict[str, Summary]:
    rows_by_disk: dict[str, list[Snapshot]] = {}
    wanted_ids = frozenset(disk_ids)
    for row in rows:
        if row.disk_id in wanted_ids:
            rows_by_disk.setdefault(row.disk_id, []).append(row)
    return {disk_id: _summary(disk_rows) for disk_id, disk_rows in rows_by_disk.items()}


def _summary(rows: Collection[Snapshot]) -> Summary:
    all_times = [row.created_at for row in rows if row.created_at]
    usable_times = [row.created_at for row in rows if row.created_at and row.status_code not in LOST_STATUSES]
    return Summary(
        count=len(rows),
        newest=max(usable_times, default=None),
        oldest=min(all_times, default=None),
        gigabytes=sum(row.size for row in rows),
        undeletable=sum(row.status_code not in DELETABLE_STATUSES or bool(row.group_snapshot_id) for row in rows),
    )


def create(
    cloud: Cloud, disk_id: str, name: str, description: str, properties: Mapping[str, str] = MappingProxyType({})
) -> Snapshot:
    """Request a snapshot of a disk, which may be attached.

    Raises:
        OverQuota: the project's quota is used up.
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud refused or failed.
    """
    content: dict[str, object] = {"volume_id": disk_id, "name": name, "description": description}
    if version(cloud) < WITHOUT_FORCE:
        content["force"] = True
    if properties:
        content["metadata"] = dict(properties)
    return readers.snapshot(post(cloud, "/snapshots", {"snapshot": content}))


def rename(cloud: Cloud, snapshot_id: str, name: str, description: str) -> Snapshot:
    """Set the name and description of a snapshot; both may be empty.

    Raises:
        LacksSomething: the project has no such snapshot.
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud refused or failed.
    """
    content = {"name": name, "description": description}
    return readers.snapshot(put(cloud, f"/snapshots/{snapshot_id}", {"snapshot": content}))


def replace_properties(cloud: Cloud, snapshot_id: str, properties: Mapping[str, str]) -> None:
    """Replace all properties of a snapshot in one request.

    While the snapshot is being created the change is lost, because Cinder finally saves the original properties again.

    Raises:
        LacksSomething: the project has no such snapshot.
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud refused or failed.
    """
    put(cloud, f"/snapshots/{snapshot_id}/metadata", {"metadata": dict(properties)})


def delete(cloud: Cloud, snapshot_id: str) -> None:
    """Request the deletion of a snapshot. It is no error if the snapshot is gone or being deleted already.

    Raises:
        Refused: the snapshot's status forbids it, or its disk belongs to another project now.
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud failed.
    """
    try:
        client.delete(cloud, f"/snapshots/{snapshot_id}")
    except Refused:
        snapshot = find_or_none(cloud, snapshot_id)
        if snapshot is not None and snapshot.status_code != "deleting":
            raise
