"""Snapshots of disks."""

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from cinderclient import api_versions

from dashboard.errors import NotFound, OutcomeUnknown, Refused
from dashboard.keystone import Cloud
from volumes.cinder import client, listing, values
from volumes.cinder.client import get, inner, post, put, version
from volumes.cinder.listing import SEARCH_ROWS, Query, Resource
from volumes.cinder.values import Page, Snapshot

SNAPSHOTS = Resource("snapshots", values.snapshot)

# From here on a snapshot of an attached disk needs no "force", and Cinder refuses the word.
WITHOUT_FORCE = api_versions.APIVersion("3.66")

# What a property's key may be (cinder/api/schemas/snapshot_metadata.py). At creation Cinder takes "/" too, but then
# refuses every replacement that has it still.
PROPERTY_KEY = re.compile("[A-Za-z0-9_:. -]{1,255}")


def page(cloud: Cloud, query: Query[Snapshot], disk_id: str = "") -> Page[Snapshot]:
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
    return values.snapshot(inner(get(cloud, f"/snapshots/{snapshot_id}"), "snapshot"))


def find_or_none(cloud: Cloud, snapshot_id: str) -> Snapshot | None:
    """Return one snapshot, None where it is gone."""
    try:
        return find(cloud, snapshot_id)
    except NotFound:
        return None


def newest_of(cloud: Cloud, disk_id: str) -> Snapshot | None:
    """Return the disk's newest snapshot in any status, None where it has none: one request.

    That is the one to which Cinder rolls back. Of several made in the same second it may choose another, for where it
    looks, nothing else orders them (cinder/db/api.py, snapshot_get_latest_for_volume).
    """
    found = page(cloud, Query(per_page=1), disk_id).rows
    return found[0] if found else None


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
    return values.snapshot(inner(made, "snapshot", OutcomeUnknown))


def rename(cloud: Cloud, snapshot_id: str, name: str, description: str) -> Snapshot:
    """Give a snapshot another name and description; both may be empty.

    Raises:
        NotFound: the project has no such snapshot.
        OutcomeUnknown: the answer didn't come.
        CloudError: the cloud refused or failed.
    """
    wanted = {"name": name, "description": description}
    made = put(cloud, f"/snapshots/{snapshot_id}", {"snapshot": wanted})
    return values.snapshot(inner(made, "snapshot", OutcomeUnknown))


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
