"""What there is to choose from for a new disk."""

from dashboard.cloud.keystone import Cloud
from volumes.cinder import readers
from volumes.cinder.client import get, rows
from volumes.cinder.limits import DiskType


def disk_types(cloud: Cloud) -> list[DiskType]:
    """Return the disk types that the project can use, in the cloud's order: one request.

    Raises:
        CloudError: the cloud refused or failed.
    """
    read = [readers.disk_type(row) for row in rows(get(cloud, "/types"), "volume_types")]
    return [one for one in read if one.name]


def zones(cloud: Cloud) -> list[str]:
    """Return the names of the availability zones that are up: one request.

    Raises:
        CloudError: the cloud refused or failed.
    """
    found = rows(get(cloud, "/os-availability-zone"), "availabilityZoneInfo")
    return [str(row["zoneName"]) for row in found if row.get("zoneName") and _is_up(row.get("zoneState"))]


def _is_up(state: object) -> bool:
    return isinstance(state, dict) and state.get("available") is True
