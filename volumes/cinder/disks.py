"""Disks: Cinder's volumes."""

from dashboard.errors import Broken, CloudError, NotFound, SignInRequired
from dashboard.keystone import Cloud
from volumes.cinder import listing, values
from volumes.cinder.client import get
from volumes.cinder.listing import Query, Resource
from volumes.cinder.values import Disk, Page

VOLUMES = Resource("volumes", values.disk)


def page(cloud: Cloud, query: Query) -> Page[Disk]:
    """Return a page of the project's disks: one request, a search more."""
    return listing.page(cloud, VOLUMES, query)


def find(cloud: Cloud, disk_id: str) -> Disk:
    """Return one disk.

    Raises:
        NotFound: the project has no such disk.
        CloudError: the cloud failed.
    """
    row = get(cloud, f"/volumes/{disk_id}").get("volume")
    if not isinstance(row, dict):
        raise Broken("an answer without volume")
    return values.disk(row)


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
