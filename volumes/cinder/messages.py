"""What Cinder tells its users of what failed: the reason of a status "error"."""

from collections.abc import Collection
from datetime import UTC, datetime

from cinderclient import api_versions

from dashboard.cloud.keystone import Cloud
from volumes.cinder import readers
from volumes.cinder.client import get, rows, version
from volumes.cinder.values import Message

# From here on there are messages, and from there they can be sorted and filtered (cinder/api/microversions.py,
# MESSAGES and MESSAGES_PAGINATION).
MESSAGES = api_versions.APIVersion("3.3")
FILTERS = api_versions.APIVersion("3.5")
MOST = 1000
LONG_AGO = datetime.min.replace(tzinfo=UTC)

# What messages are about (cinder/message/message_field.py, Resource)
DISK = "VOLUME"
SNAPSHOT = "VOLUME_SNAPSHOT"
BACKUP = "VOLUME_BACKUP"


def newest(cloud: Cloud, resource_type: str, ids: Collection[str]) -> dict[str, Message]:
    """Return the newest message of each of these DISKs, SNAPSHOTs or BACKUPs that has one, by id.

    Costs one request, for the project's newest 1,000 messages; none where there are no ids, or no messages in the
    cloud's version.
    """
    found: dict[str, Message] = {}
    for message in _read(cloud, {"resource_type": resource_type}) if ids else ():
        if message.resource_id in ids:
            found.setdefault(message.resource_id, message)
    return found


def of(cloud: Cloud, resource_id: str) -> list[Message]:
    """Return the messages of one disk, snapshot or backup, the newest first: one request."""
    told = _read(cloud, {"resource_uuid": resource_id})
    return [message for message in told if message.resource_id == resource_id]


def _read(cloud: Cloud, filters: dict[str, str | int]) -> list[Message]:
    if version(cloud) < MESSAGES:
        return []
    parameters = {**filters, "limit": MOST, "sort": "created_at:desc"} if version(cloud) >= FILTERS else {}
    told = [readers.message(row) for row in rows(get(cloud, "/messages", parameters), "messages")]
    # The oldest versions don't sort.
    return sorted(told, key=lambda message: message.created_at or LONG_AGO, reverse=True)
