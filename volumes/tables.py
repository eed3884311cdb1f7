"""Lists as CSV files for spreadsheet programs: their columns, and cells that stay text."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from django.utils.functional import _StrPromise

    # What heads a column, and what of a disk, snapshot or backup stands in it
    Column = tuple[_StrPromise, Callable[[Any], str | int]]

# What spreadsheet programs and their imports pass over before they look at a cell's first sign: white space, control
# characters, marks without a width, quotes
UNSEEN = r'[\s"\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2060\ufeff]*'
# What makes a formula of a cell: at its beginning, and where a program that splits at other signs than commas, as
# Excel does in many languages, sees another cell begin
FORMULA = re.compile(rf"(^|[;\t\r\n])(?={UNSEEN}[=+\-@\t\r\n＝＋－＠﹦﹢﹣﹫])")


def plain(text: str) -> str:
    """Return a text so that no spreadsheet program takes it, or a part of it, for a formula: with an apostrophe."""
    return FORMULA.sub(r"\1'", text)


def moment(when: datetime | None) -> str:
    """Return a time in UTC as ISO 8601 has it, to the second; empty where there is none."""
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if when else ""


def _properties(properties: Mapping[str, str]) -> str:
    return "; ".join(f"{key}={value}" for key, value in properties.items())


def _yes_no(yes: bool) -> str:
    return "true" if yes else "false"


# What is Cinder's, such as a status, stands in the cells as Cinder sends it: a file is read by programs too.
ID: Column = (_("Id"), lambda row: row.id)
NAME: Column = (_("Name"), lambda row: row.name)
DISK_ID: Column = (_("Disk id"), lambda row: row.disk_id)
STATUS: Column = (_("Status"), lambda row: row.status_code)
SIZE: Column = (_("Size (GiB)"), lambda row: row.size)
ZONE: Column = (_("Availability zone"), lambda row: row.zone)
CREATED: Column = (_("Created (UTC)"), lambda row: moment(row.created_at))
DESCRIPTION: Column = (_("Description"), lambda row: row.description)
PROPERTIES: Column = (_("Properties"), lambda row: _properties(row.properties))

COLUMNS: dict[str, tuple[Column, ...]] = {
    "disks": (
        ID,
        NAME,
        STATUS,
        SIZE,
        (_("Type"), lambda disk: disk.type_name),
        ZONE,
        (_("Bootable"), lambda disk: _yes_no(disk.bootable)),
        (_("Attached to"), lambda disk: " ".join(one.server_id for one in disk.attachments)),
        CREATED,
        PROPERTIES,
    ),
    "snapshots": (ID, NAME, DISK_ID, STATUS, SIZE, CREATED, DESCRIPTION, PROPERTIES),
    "backups": (
        ID,
        NAME,
        DISK_ID,
        (_("Snapshot id"), lambda backup: backup.snapshot_id),
        STATUS,
        SIZE,
        (_("Incremental"), lambda backup: _yes_no(backup.is_incremental)),
        CREATED,
        DESCRIPTION,
        PROPERTIES,
    ),
}


def as_csv(columns: Sequence[Column], rows: Iterable[Any], note: str = "") -> bytes:
    """Return rows as a CSV file: UTF-8 with the mark by which spreadsheet programs know it, headed in one's language.

    A `note` is its last line.
    """
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow([str(title) for title, _value in columns])
    for row in rows:
        values = [value(row) for _title, value in columns]
        writer.writerow([plain(value) if isinstance(value, str) else value for value in values])
    if note:
        writer.writerow([note])
    # What Cinder sent may be no Unicode; a sign in its place is better than no file.
    return written.getvalue().encode("utf-8-sig", errors="replace")
