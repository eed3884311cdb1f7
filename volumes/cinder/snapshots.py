"""Snapshots of disks."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from types import MappingProxyType

from cinderclient import api_versions

from dashboard.cloud.errors import NotFound, OutcomeUnknown, Refused
from dashboard.cloud.keystone import Cloud
from dashboard.cloud.parallel import each
from volumes.cinder import client, listing, readers
from volumes.cinder.client import get, inner, post, put, version
from volumes.cinder.listing import FEW, SEARCH_REQUESTS, SEARCH_ROWS, Query, Resource
from volumes.cinder.values import DELETABLE_STATUSES, Page, Snapshot

SNAPSHOTS = Resource("snapshots", readers.snapshot)

# From here on a snapshot of an attached disk needs no "force", and Cinder refuses the word.
WITHOUT_FORCE = api_versions.APIVersion("3.66")

# What a property's key may be (cinder/api/schemas/snapshot_metadata.py). At creation Cinder takes "/" too, but then
# refuses every replacement that has it still.
PROPERTY_KEY = re.compile("[A-Za-z0-9_:. -]{1,255}")

# A snapshot in one of these is nothing to go back to.
LOST_STATUSES = frozenset({"error", "error_deleting", "deleting"})


@dataclass(frozen=True, slots=True)
class Summary:
    """What there is of one disk's snapshots.

    `count` and `gigabytes` (GiB) are of all of them, in any status, and so is `oldest`, when the oldest was made.
    `newest` is when the newest was made to which one could go back: None where all have failed or are being deleted.
    `undeletable` tells how many don't go together with their disk at this moment: something is going on with them, or
    they belong to a group snapshot (cinder/volume/api.py, delete; cinder/db/api.py,
    volume_has_undeletable_snapshots_filter).
    """

    count: int
    newest: datetime | None
    oldest: datetime | None
    gigabytes: int
    undeletable: int


def page(cloud: Cloud, query: Query[Snapshot], disk_id: str = "") -> Page[Snapshot]:
    """Return a page of the project's snapshots, or of one disk's: one request, a search more."""
    if disk_id:
        query = replace(query, filters={**query.filters, "volume_id": disk_id})
    return listing.page(cloud, SNAPSHOTS, query)


def names_of(cloud: Cloud, disk_id: str) -> frozenset[str]:
    """Return the names that a disk's newest 1,000 snapshots have: one request."""
    return listing.names_of(cloud, SNAPSHOTS, disk_id)


def find(cloud: Cloud, snapshot_id: str) -> Snapshot:
    """Return one snapshot.

    Raises:
        NotFound: the project has no such snapshot.
        CloudError: the cloud failed.
    """
    return readers.snapshot(inner(get(cloud, f"/snapshots/{snapshot_id}"), "snapshot"))


def find_or_none(cloud: Cloud, snapshot_id: str) -> Snapshot | None:
    """Return one snapshot, None where it is gone."""
    try:
        return find(cloud, snapshot_id)
    except NotFound:
        return None


def find_many(cloud: Cloud, ids: Sequence[str]) -> dict[str, Snapshot]:
    """Return those of these snapshots that exist, by id; more than a few are read from the list first.

    Raises:
        CloudError: the cloud failed.
    """
    return listing.find_many(cloud, SNAPSHOTS, ids, find_or_none)


def newest_of(cloud: Cloud, disk_id: str) -> Snapshot | None:
    """Return the disk's newest snapshot in any status, None where it has none: one request.

    That is the one to which Cinder rolls back. Of several made in the same second it may choose another, for where it
    looks, nothing else orders them (cinder/db/api.py, snapshot_get_latest_for_volume).
    """
    found = page(cloud, Query(per_page=1), disk_id).rows
    return found[0] if found else None


def summaries(cloud: Cloud, disk_ids: Collection[str]) -> tuple[dict[str, Summary], bool]:
    """Return what the project's newest 1,000 snapshots tell of these disks, and whether these are all: one request.

    Where they are all, a disk that is missing has no snapshots. Else nothing is known of it, and the others have at
    least as many, and of the same `newest`.

    Raises:
        CloudError: the cloud refused or failed.
    """
    found = page(cloud, Query(per_page=SEARCH_ROWS))
    return _summarized(found.rows, disk_ids), found.next_marker is None


def of_each(cloud: Cloud, disk_ids: Collection[str]) -> tuple[dict[str, Summary], bool]:
    """Return what there is of the snapshots of each of these disks that has some, and whether that is all.

    Up to 20 disks cost one request each, for their newest 1,000; more of them up to 10, for the project's newest
    10,000.

    Raises:
        CloudError: the cloud refused or failed.
    """
    if len(disk_ids) > FEW:
        rows, complete = listing.everything(cloud, SNAPSHOTS)
        return _summarized(rows, disk_ids), complete
    pages = each(partial(page, cloud, Query(per_page=SEARCH_ROWS)), disk_ids)
    rows = [row for one in pages for row in one.rows]
    return _summarized(rows, disk_ids), all(one.next_marker is None for one in pages)


def disks_with_snapshot_since(cloud: Cloud, moment: datetime) -> tuple[frozenset[str], bool]:
    """Return the ids of the disks with a snapshot from `moment` or later to which one could go back.

    Reads the project's snapshots, the newest first, until they are older: up to 10 requests of 1,000. The second tells
    whether that sufficed; where it didn't, disks may be missing.

    Raises:
        CloudError: the cloud refused or failed.
    """
    found: set[str] = set()
    for rows, last in _newest_first(cloud):
        recent = [row for row in rows if row.created_at and row.created_at >= moment]
        found.update(row.disk_id for row in recent if row.status_code not in LOST_STATUSES)
        if last or len(recent) < len(rows):
            return frozenset(found), True
    return frozenset(found), False


def _newest_first(cloud: Cloud) -> Iterator[tuple[tuple[Snapshot, ...], bool]]:
    """Yield the rows of each request, and whether they were the last; it ends early where the way on is lost."""
    query: Query[Snapshot] = Query(per_page=SEARCH_ROWS)
    for _ in range(SEARCH_REQUESTS):
        found = page(cloud, query)
        if found.marker_gone:
            return
        yield found.rows, found.next_marker is None
        if found.next_marker is None:
            return
        query = replace(query, marker=found.next_marker)


def _summarized(rows: Iterable[Snapshot], disk_ids: Collection[str]) -> dict[str, Summary]:
    of_disks: dict[str, list[Snapshot]] = {}
    wanted = frozenset(disk_ids)
    for row in rows:
        if row.disk_id in wanted:
            of_disks.setdefault(row.disk_id, []).append(row)
    return {disk_id: _summary(of_disk) for disk_id, of_disk in of_disks.items()}


def _summary(rows: Collection[Snapshot]) -> Summary:
    made = [row.created_at for row in rows if row.created_at]
    kept = [row.created_at for row in rows if row.created_at and row.status_code not in LOST_STATUSES]
    return Summary(
        count=len(rows),
        newest=max(kept, default=None),
        oldest=min(made, default=None),
        gigabytes=sum(row.size for row in rows),
        undeletable=sum(row.status_code not in DELETABLE_STATUSES or bool(row.group_snapshot_id) for row in rows),
    )


def create(
    cloud: Cloud, disk_id: str, name: str, description: str, properties: Mapping[str, str] = MappingProxyType({})
) -> Snapshot:
    """Ask for a snapshot of a disk, also of one that is attached.

    Raises:
        OverQuota: the project's quota is used up.
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud refused or failed.
    """
    wanted: dict[str, object] = {"volume_id": disk_id, "name": name, "description": description}
    if version(cloud) < WITHOUT_FORCE:
        wanted["force"] = True
    if properties:
        wanted["metadata"] = dict(properties)
    made = post(cloud, "/snapshots", {"snapshot": wanted})
    return readers.snapshot(inner(made, "snapshot", OutcomeUnknown))


def rename(cloud: Cloud, snapshot_id: str, name: str, description: str) -> Snapshot:
    """Give a snapshot another name and description; both may be empty.

    Raises:
        NotFound: the project has no such snapshot.
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud refused or failed.
    """
    wanted = {"name": name, "description": description}
    made = put(cloud, f"/snapshots/{snapshot_id}", {"snapshot": wanted})
    return readers.snapshot(inner(made, "snapshot", OutcomeUnknown))


def replace_properties(cloud: Cloud, snapshot_id: str, properties: Mapping[str, str]) -> None:
    """Let a snapshot have these properties and no others, at one stroke.

    While it is still being made this is lost: at the end Cinder saves the properties again that it was made with.

    Raises:
        NotFound: the project has no such snapshot.
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud refused or failed.
    """
    put(cloud, f"/snapshots/{snapshot_id}/metadata", {"metadata": dict(properties)})


def delete(cloud: Cloud, snapshot_id: str) -> None:
    """Ask for a snapshot's deletion. One that is gone, or being deleted already, is no error.

    Raises:
        Refused: Cinder won't delete it in its state.
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud failed.
    """
    try:
        client.delete(cloud, f"/snapshots/{snapshot_id}")
    except NotFound:
        return
    except Refused:
        now = find_or_none(cloud, snapshot_id)
        if now is not None and now.status_code != "deleting":
            raise
