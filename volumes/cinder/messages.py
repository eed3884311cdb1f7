"""Cinder's user messages about failures, such as the reason for the status "error"."""

from collections.abc import Collection
from datetime import UTC, datetime

from cinderclient import api_versions

from dashboard.cloud.keystone import Cloud
from volumes.cinder import readers
from volumes.cinder.client import get, rows
from volumes.cinder.values import Message
from volumes.cinder.versions import version

# The microversions from which messages exist, and can be sorted and filtered (cinder/api/microversions.py, MESSAGES and
# MESSAGES_PAGINATION).
MESSAGES = api_versions.APIVersion("3.3")
FILTERS = api_versions.APIVersion("3.5")
MAX_MESSAGES = 1000
DISTANT_PAST = datetime.min.replace(tzinfo=UTC)

# The types of resources in messages (cinder/message/message_field.py, Resource)
DISK = "VOLUME"
SNAPSHOT = "VOLUME_SNAPSHOT"
BACKUP = "VOLUME_BACKUP"


def newest_by_id(cloud: Cloud, resource_type: str, ids: Collection[str]) -> dict[str, Message]:
    """Return the newest message about each of these resources by id, without resources that have none.

    `resource_type` is DISK, SNAPSHOT or BACKUP. It costs one request, for the project's newest 1,000 messages, or none
    if `ids` is empty or the cloud's version has no messages.
    """
    messages: dict[str, Message] = {}
    for message in _read(cloud, {"resource_type": resource_type}) if ids else ():
        if message.resource_id in ids:
            messages.setdefault(message.resource_id, message)
    return messages


def of_resource(cloud: Cloud, resource_id: str) -> list[Message]:
    """Return the messages about one disk, snapshot or backup, the newest first: one request."""
    messages = _read(cloud, {"resource_uuid": resource_id})
    return [message for message in messages if message.resource_id == resource_id]


def _read(cloud: Cloud, filters: dict[str, str | int]) -> list[Message]:
    if version(cloud) < MESSAGES:
        return []
    parameters = {**filters, "limit": MAX_MESSAGES, "sort": "created_at:desc"} if version(cloud) >= FILTERS else {}
    messages = [readers.message(row) for row in rows(get(cloud, "/messages", parameters), "messages")]
    # Below FILTERS Cinder doesn't sort them.
    return sorted(messages, key=lambda message: message.created_at or DISTANT_PAST, reverse=True)
