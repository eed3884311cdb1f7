"""Snapshots of disks."""

from dataclasses import replace

from cinderclient import api_versions

from dashboard.errors import Broken, NotFound, OutcomeUnknown, Refused
from dashboard.keystone import Cloud
from volumes.cinder import client, listing, values
from volumes.cinder.client import get, post, version
from volumes.cinder.listing import SEARCH_ROWS, Query, Resource
from volumes.cinder.values import Page, Snapshot

SNAPSHOTS = Resource("snapshots", values.snapshot)

# From here on a snapshot of an attached disk needs no "force", and Cinder refuses the word.
WITHOUT_FORCE = api_versions.APIVersion("3.66")


def page(cloud: Cloud, query: Query, disk_id: str = "") -> Page[Snapshot]:
    """Return a page of the project's snapshots, or of one disk's: one request, a search more."""
    if disk_id:
        query = replace(query, filters={**query.filters, "volume_id": disk_id})
    return listing.page(cloud, SNAPSHOTS, query)


def names_of(cloud: Cloud, disk_id: str) -> frozenset[str]:
    """Return the names that a disk's newest 1,000 snapshots have: one request."""
    parameters: dict[str, str | int] = {"volume_id": disk_id, "limit": SEARCH_ROWS}
    rows = get(cloud, "/snapshots", parameters).get("snapshots")
    return frozenset(str(row.get("name") or "") for row in rows or () if isinstance(row, dict))


def find(cloud: Cloud, snapshot_id: str) -> Snapshot:
    """Return one snapshot.

    Raises:
        NotFound: the project has no such snapshot.
        CloudError: the cloud failed.
    """
    row = get(cloud, f"/snapshots/{snapshot_id}").get("snapshot")
    if not isinstance(row, dict):
        raise Broken("an answer without snapshot")
    return values.snapshot(row)


def find_or_none(cloud: Cloud, snapshot_id: str) -> Snapshot | None:
    """Return one snapshot, None where it is gone."""
    try:
        return find(cloud, snapshot_id)
    except NotFound:
        return None


def create(cloud: Cloud, disk_id: str, name: str, description: str) -> Snapshot:
    """Ask for a snapshot of a disk, also of one that is attached.

    Raises:
        OverQuota: the project's quota is used up.
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud refused or failed.
    """
    force = {} if version(cloud) >= WITHOUT_FORCE else {"force": True}
    wanted = {"volume_id": disk_id, "name": name, "description": description, **force}
    made = post(cloud, "/snapshots", {"snapshot": wanted}).get("snapshot")
    if not isinstance(made, dict):
        raise OutcomeUnknown("an answer without snapshot")
    return values.snapshot(made)


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
