"""Disks, snapshots, backups, messages and types in the JSON of Cinder's API reference."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

USER = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
REQUEST_ID = "req-0f0f0f0f-1111-4222-8333-444444444444"

Answer = dict[str, Any]


def an_id(number: int = 0) -> str:
    """An id in Cinder's format: always the same for a number, a new one without a number."""
    return str(uuid.UUID(int=number, version=4)) if number else str(uuid.uuid4())


def ago(**since: float) -> str:
    """The time before now, in Cinder's format: `ago(minutes=5)`."""
    return (datetime.now(UTC) - timedelta(**since)).replace(tzinfo=None).isoformat(timespec="microseconds")


def volume(number: int = 1, **changes: Any) -> Answer:
    return {
        "id": an_id(number),
        "name": f"disk-{number}",
        "description": None,
        "status": "available",
        "size": 10,
        "volume_type": "ceph-ssd",
        "availability_zone": "nova",
        "bootable": "false",
        "attachments": [],
        "snapshot_id": None,
        "source_volid": None,
        "encrypted": False,
        "multiattach": False,
        "group_id": None,
        "user_id": USER,
        "created_at": f"2026-03-01T10:00:{number % 60:02}.000000",
        "updated_at": None,
        "metadata": {},
        **changes,
    }


def snapshot(number: int = 1001, disk: int = 1, **changes: Any) -> Answer:
    return {
        "id": an_id(number),
        "name": f"snapshot-{number}",
        "description": None,
        "status": "available",
        "size": 10,
        "volume_id": an_id(disk),
        "created_at": f"2026-03-02T10:00:{number % 60:02}.000000",
        "updated_at": None,
        "metadata": {},
        "group_snapshot_id": None,
        **changes,
    }


def backup(number: int = 2001, disk: int = 1, **changes: Any) -> Answer:
    made_at = f"2026-03-03T10:00:{number % 60:02}.000000"
    return {
        "id": an_id(number),
        "name": f"backup-{number}",
        "description": None,
        "status": "available",
        "size": 10,
        "volume_id": an_id(disk),
        "snapshot_id": None,
        "availability_zone": "nova",
        "container": "backups",
        "object_count": 3,
        "fail_reason": None,
        "is_incremental": False,
        "has_dependent_backups": False,
        "created_at": made_at,
        "updated_at": None,
        "data_timestamp": made_at,
        "metadata": {},
        **changes,
    }


def message(number: int = 3001, about: str = "", kind: str = "VOLUME", **changes: Any) -> Answer:
    """A user message about the resource with that id."""
    return {
        "id": an_id(number),
        "event_id": f"{kind}_{kind}_001_003",
        "user_message": "schedule allocate volume:Could not find any available weighted backend.",
        "message_level": "ERROR",
        "resource_type": kind,
        "resource_uuid": about or an_id(1),
        "request_id": REQUEST_ID,
        "created_at": f"2026-03-04T10:00:{number % 60:02}.000000",
        "guaranteed_until": "2026-04-04T10:00:00.000000",
        **changes,
    }


def disk_type(number: int, name: str, **changes: Any) -> Answer:
    return {
        "id": an_id(number),
        "name": name,
        "description": None,
        "is_public": True,
        "extra_specs": {},
        **changes,
    }


def fault(name: str, code: int, message: str) -> Answer:
    """The body of Cinder's errors."""
    return {name: {"code": code, "message": message}}


def not_found(text: str = "The resource could not be found.") -> Answer:
    """Cinder's answer about something that doesn't exist, as requests_mock takes it."""
    headers = {"x-openstack-request-id": REQUEST_ID}
    return {"status_code": 404, "json": fault("itemNotFound", 404, text), "headers": headers}


def unknown_to_keystone(text: str = "Could not find it.") -> Answer:
    """Keystone's answer about something that it doesn't know, as requests_mock takes it."""
    return {"status_code": 404, "json": {"error": {"code": 404, "message": text, "title": "Not Found"}}}
