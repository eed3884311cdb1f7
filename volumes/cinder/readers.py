"""Conversion of Cinder's answers to values. Any field except the id may be missing."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import Any

from dashboard.cloud.ids import CLOUD_ID
from volumes.cinder.limits import Allowance, DiskType, Quota, TypeQuota
from volumes.cinder.values import Attachment, Backup, Disk, Message, Snapshot


def disk(row: dict[str, Any]) -> Disk:
    """Convert a volume of Cinder's API."""
    return Disk(
        **_record(row),
        type_name=_text(row, "volume_type"),
        zone=_text(row, "availability_zone"),
        bootable=_flag(row, "bootable"),
        attachments=tuple(
            Attachment(_text(item, "server_id"), _text(item, "device"), _time(item, "attached_at"))
            for item in _items(row, "attachments")
            if isinstance(item, dict)
        ),
        snapshot_id=_an_id(row, "snapshot_id"),
        source_disk_id=_an_id(row, "source_volid"),
        encrypted=_flag(row, "encrypted"),
        multiattach=_flag(row, "multiattach"),
        # Before microversion 3.13 groups were in the second field.
        group_id=_text(row, "group_id") or _text(row, "consistencygroup_id"),
        # The first field is shown to administrators only, whatever the policies say.
        migration_status=_text(row, "migration_status") or _text(row, "os-vol-mig-status-attr:migstat"),
        image_name=_text(_object(row, "volume_image_metadata"), "image_name"),
        user_id=_text(row, "user_id"),
    )


def snapshot(row: dict[str, Any]) -> Snapshot:
    """Convert a snapshot of Cinder's API."""
    return Snapshot(**_record(row), disk_id=_an_id(row, "volume_id"), group_snapshot_id=_text(row, "group_snapshot_id"))


def backup(row: dict[str, Any]) -> Backup:
    """Convert a backup of Cinder's API."""
    return Backup(
        **_record(row),
        disk_id=_an_id(row, "volume_id"),
        snapshot_id=_text(row, "snapshot_id"),
        is_incremental=_flag(row, "is_incremental"),
        has_dependents=_flag(row, "has_dependent_backups"),
        fail_reason=_text(row, "fail_reason"),
        zone=_text(row, "availability_zone"),
        data_at=_time(row, "data_timestamp"),
    )


def message(row: dict[str, Any]) -> Message:
    """Convert a user message of Cinder's API."""
    return Message(
        id=_text(row, "id"),
        resource_id=_text(row, "resource_uuid"),
        text=_text(row, "user_message"),
        request_id=_text(row, "request_id"),
        level=_text(row, "message_level"),
        created_at=_time(row, "created_at"),
    )


def quota(absolute: dict[str, Any]) -> Quota:
    """Convert the "absolute" part of the limits of Cinder's API; missing quotas are unused and unlimited."""
    return Quota(
        disks=_allowance(absolute, "Volumes"),
        snapshots=_allowance(absolute, "Snapshots"),
        gigabytes=_allowance(absolute, "VolumeGigabytes", used="Gigabytes"),
        backups=_allowance(absolute, "Backups"),
        backup_gigabytes=_allowance(absolute, "BackupGigabytes"),
    )


def quota_of_types(quota_set: dict[str, Any]) -> dict[str, TypeQuota]:
    """Convert the parts of a quota set of Cinder's API that concern one disk type each, by the type's name."""
    prefix = "gigabytes_"
    names = [key.removeprefix(prefix) for key in quota_set if key.startswith(prefix) and key != prefix]
    return {
        name: TypeQuota(
            disks=_allowance_of_type(quota_set, f"volumes_{name}"),
            snapshots=_allowance_of_type(quota_set, f"snapshots_{name}"),
            gigabytes=_allowance_of_type(quota_set, f"{prefix}{name}"),
        )
        for name in names
    }


def properties(metadata: dict[str, Any]) -> dict[str, str]:
    """Convert metadata of Cinder's API."""
    return {str(key): _text(metadata, key) for key in metadata}


def disk_type(row: dict[str, Any]) -> DiskType:
    """Convert a volume type of Cinder's API."""
    return DiskType(_text(row, "id"), _text(row, "name"), _text(row, "description"))


def _record(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": _text(row, "id"),
        "name": _text(row, "name"),
        "description": _text(row, "description"),
        "status_code": _text(row, "status"),
        "size": _number(row, "size"),
        "properties": _properties(row),
        "created_at": _time(row, "created_at"),
        "updated_at": _time(row, "updated_at"),
    }


def total_size(summary: dict[str, Any]) -> int | None:
    """Return the size in a summary of disks in GiB; None if there is none."""
    return _limit(summary, "total_size")


def _allowance(absolute: dict[str, Any], name: str, used: str = "") -> Allowance:
    return Allowance(_number(absolute, f"total{used or name}Used"), _limit(absolute, f"maxTotal{name}"))


def _allowance_of_type(quota_set: dict[str, Any], name: str) -> Allowance:
    values = _object(quota_set, name)
    # Resources that are being created are "reserved". They count, as they do in Cinder
    # (cinder/db/api.py, quota_reserve).
    return Allowance(_number(values, "in_use") + _number(values, "reserved"), _limit(values, "limit"))


def _limit(row: dict[str, Any], key: str) -> int | None:
    """Return a limit, or None; Cinder writes -1 for no limit (cinder/quota.py)."""
    allowed = row.get(key)
    return allowed if isinstance(allowed, int) and allowed >= 0 else None


def _properties(row: dict[str, Any]) -> dict[str, str]:
    return properties(_object(row, "metadata"))


def _text(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    return "" if value is None else str(value)


def _an_id(row: dict[str, Any], key: str) -> str:
    """Return an id that is valid in a URL; empty if the answer has none."""
    value = _text(row, key)
    return value if CLOUD_ID.fullmatch(value) else ""


def _flag(row: dict[str, Any], key: str) -> bool:
    return _text(row, key).lower() == "true"


def _items(row: dict[str, Any], key: str) -> list[Any]:
    value = row.get(key)
    return value if isinstance(value, list) else []


def _object(row: dict[str, Any], key: str) -> dict[str, Any]:
    value = row.get(key)
    return value if isinstance(value, dict) else {}


def _number(row: dict[str, Any], key: str) -> int:
    value = row.get(key)
    return value if isinstance(value, int) else 0


def _time(row: dict[str, Any], key: str) -> datetime | None:
    """Return a time in UTC, or None if it is missing or malformed. Cinder's times are in UTC without an offset.

    Times in the first and last year that Python knows are malformed too: they have no equivalent in some time zones.
    """
    try:
        moment = datetime.fromisoformat(_text(row, key))
        utc = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return utc if MINYEAR < utc.year < MAXYEAR else None
