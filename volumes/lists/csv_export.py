"""Lists as CSV files for spreadsheet programs, whose cells stay text."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from volumes.lists.columns import Column

# What spreadsheet programs and their imports pass over before they look at a cell's first sign: white space, control
# characters, marks without a width, quotes
UNSEEN = r'[\s"\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2060\ufeff]*'
# What makes a formula of a cell: at its beginning, and where a program that splits at other signs than commas, as
# Excel does in many languages, sees another cell begin
FORMULA = re.compile(rf"(^|[;\t\r\n])(?={UNSEEN}[=+\-@\t\r\n＝＋－＠﹦﹢﹣﹫])")


def plain(text: str) -> str:
    """Return a text so that no spreadsheet program takes it, or a part of it, for a formula: with an apostrophe."""
    return FORMULA.sub(r"\1'", text)


def as_moment(when: datetime | None) -> str:
    """Return a time in UTC as ISO 8601 has it, to the second; empty where there is none."""
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if when else ""


def as_properties(properties: Mapping[str, str]) -> str:
    """Return properties on one line."""
    return "; ".join(f"{key}={value}" for key, value in properties.items())


def as_boolean(yes: bool) -> str:
    """Return true or false as programs write it."""
    return "true" if yes else "false"


def as_csv(columns: Sequence[Column], rows: Iterable[Any], note: str = "") -> bytes:
    """Return rows as a CSV file: UTF-8 with the mark by which spreadsheet programs know it, headed in one's language.

    Columns without a CSV value are left out. A `note` is the last line.
    """
    exported = [(column.csv_title or column.label, column.csv_value) for column in columns if column.csv_value]
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow([str(title) for title, _value in exported])
    for row in rows:
        values = [value(row) for _title, value in exported]
        writer.writerow([plain(value) if isinstance(value, str) else value for value in values])
    if note:
        writer.writerow([note])
    # What Cinder sent may be no Unicode; a sign in its place is better than no file.
    return written.getvalue().encode("utf-8-sig", errors="replace")
