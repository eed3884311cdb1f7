"""The disk types and availability zones that a new disk can have."""

from dashboard.cloud.keystone import Cloud
from volumes.cinder import readers
from volumes.cinder.client import get, rows
from volumes.cinder.limits import DiskType


def disk_types(cloud: Cloud) -> list[DiskType]:
    """Return the disk types that the project can use, in the cloud's order: one request.

    Raises:
        CloudError: the cloud refused or failed.
    """
    types = [readers.disk_type(row) for row in rows(get(cloud, "/types"), "volume_types")]
    return [disk_type for disk_type in types if disk_type.name]


def zones(cloud: Cloud) -> list[str]:
    """Return the names of the availability zones that are up: one request.

    Raises:
        CloudError: the cloud refused or failed.
    """
    zone_rows = rows(get(cloud, "/os-availability-zone"), "availabilityZoneInfo")
    return [str(row["zoneName"]) for row in zone_rows if row.get("zoneName") and _is_up(row.get("zoneState"))]


def _is_up(state: object) -> bool:
    return isinstance(state, dict) and state.get("available") is True
