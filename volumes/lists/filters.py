"""The filters of the lists: how their values are read, and which rows they keep."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from volumes import statuses
from volumes.cinder import snapshots
from volumes.cinder.listing import Condition, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.values import Disk, Snapshot
    from volumes.lists.address import Filters, ListAddress

MAX_DIGITS = 4
DISTANT_PAST = datetime.min.replace(tzinfo=UTC)


def a_status(text: str) -> str:
    """Return the text if it is a known status, else an empty one."""
    return text if statuses.is_known(text) else ""


def a_number(text: str) -> str:
    """Return the text as a whole number from 1 to 9999, else an empty one."""
    return str(int(text)) if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS and int(text) else ""


def any_text(text: str) -> str:
    """Return the text unchanged."""
    return text


def yes_or_no(text: str) -> str:
    """Return the text if it is ``yes`` or ``no``, else an empty one."""
    return text if text in {"yes", "no"} else ""


SNAPSHOT_FILTERS: Filters = {
    "status": a_status,
    "disk": any_text,
    "property": any_text,
    "older_than": a_number,
    "beyond_newest": a_number,
}
DISK_FILTERS: Filters = {
    "status": a_status,
    "type": any_text,
    "zone": any_text,
    "bootable": yes_or_no,
    "attached": yes_or_no,
    "no_snapshot_for": a_number,
}
BACKUP_FILTERS: Filters = {"status": a_status, "disk": any_text}


def snapshot_conditions(address: ListAddress) -> Iterator[Condition[Snapshot]]:
    """Yield the conditions for the filters of a list of snapshots, except the filter by disk."""
    filters = address.filters
    if "status" in filters:
        yield with_status(filters["status"])
    if "property" in filters:
        yield with_property(filters["property"])
    # This counts the newest snapshots among those with the status and property, of any age.
    if "beyond_newest" in filters:
        yield beyond_newest(int(filters["beyond_newest"]))
    if "older_than" in filters:
        yield older_than(int(filters["older_than"]))


def disk_conditions(cloud: Cloud, address: ListAddress) -> Iterator[Condition[Disk]]:
    """Yield the conditions for the filters of a list of disks."""
    filters = address.filters
    if "status" in filters:
        yield with_status(filters["status"])
    if "type" in filters:
        yield Condition(lambda rows: [row for row in rows if row.type_name == filters["type"]])
    if "zone" in filters:
        zone = filters["zone"]
        yield Condition(lambda rows: [row for row in rows if row.zone == zone], "availability_zone", zone)
    if "bootable" in filters:
        yield bootable(yes=filters["bootable"] == "yes")
    if "attached" in filters:
        yes = filters["attached"] == "yes"
        yield Condition(lambda rows: [row for row in rows if bool(row.attachments) == yes])
    if "no_snapshot_for" in filters:
        yield without_snapshot_for(cloud, int(filters["no_snapshot_for"]))


def bootable(*, yes: bool) -> Condition[Disk]:
    """Keep disks that are bootable, or those that are not."""
    return Condition(lambda rows: [row for row in rows if row.bootable == yes], "bootable", str(yes).lower())


def without_snapshot_for(cloud: Cloud, days: int) -> Condition[Disk]:
    """Keep disks without a snapshot from the last `days` days; costs up to 10 more requests.

    The result is undecided if the requests don't reach back that far, because any disk may then have a snapshot that
    was not read.
    """

    def narrow(rows: list[Disk]) -> list[Disk] | None:
        recent_disk_ids, complete = snapshots.disks_with_snapshot_since(cloud, datetime.now(UTC) - timedelta(days=days))
        return [row for row in rows if row.id not in recent_disk_ids] if complete else None

    return Condition(narrow)


def with_status(code: str) -> Condition[Row]:
    """Keep rows with this status."""
    return Condition(lambda rows: [row for row in rows if row.status_code == code], "status", code)


def with_name(name: str) -> Condition[Row]:
    """Keep rows with exactly this name, in any Unicode normalisation."""
    wanted = unicodedata.normalize("NFC", name)
    return Condition(
        lambda rows: [row for row in rows if unicodedata.normalize("NFC", row.name) == wanted],
        "name" if name.isascii() else "",
        name,
    )


def of_disks(disk_ids: Sequence[str]) -> Condition[Row]:
    """Keep the snapshots or backups of these disks. Cinder uses only the last of several ``volume_id`` parameters."""
    return Condition(
        lambda rows: [row for row in rows if row.owner_disk_id in disk_ids],
        "volume_id" if len(disk_ids) == 1 else "",
        "".join(disk_ids[:1]),
    )


def with_property(text: str) -> Condition[Row]:
    """Keep rows with a property: exactly ``key=value``, or ``key`` with any value.

    Cinder's own filter takes a Python dict as text and matches only whole pairs (cinder/api/v3/snapshots.py).
    """
    key, equals, value = (part.strip() for part in text.partition("="))
    if not equals:
        return Condition(lambda rows: [row for row in rows if key in row.properties])
    return Condition(
        lambda rows: [row for row in rows if row.properties.get(key) == value], "metadata", repr({key: value})
    )


def older_than(days: int) -> Condition[Row]:
    """Keep rows created more than `days` days ago."""
    before = datetime.now(UTC) - timedelta(days=days)
    return Condition(lambda rows: [row for row in rows if row.created_at and row.created_at < before])


def beyond_newest(count: int) -> Condition[Snapshot]:
    """Keep snapshots older than the newest `count` available snapshots of their disk.

    Snapshots in other statuses are not counted, because a disk can't be restored from a failed one.
    """
    return Condition(lambda rows: _older_than_newest(rows, count))


def _older_than_newest(rows: list[Snapshot], count: int) -> list[Snapshot]:
    times_by_disk: dict[str, list[datetime]] = defaultdict(list)
    for row in rows:
        if row.status_code == "available" and row.created_at:
            times_by_disk[row.disk_id].append(row.created_at)
    limits = {
        disk_id: sorted(times, reverse=True)[:count][-1]
        for disk_id, times in times_by_disk.items()
        if len(times) > count
    }
    return [row for row in rows if row.created_at and row.created_at < limits.get(row.disk_id, DISTANT_PAST)]
