"""Lists as CSV files that spreadsheet programs don't interpret as formulas."""

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

# Characters that spreadsheet programs ignore before the first significant character of a cell: white space, control
# characters, zero-width characters and quotes
UNSEEN = r'[\s"\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2060\ufeff]*'
# The beginnings of a formula: at the start of the cell, and after any separator, because Excel splits at semicolons or
# tabs in many locales and then sees another cell there
FORMULA = re.compile(rf"(^|[;\t\r\n])(?={UNSEEN}[=+\-@\t\r\n＝＋－＠﹦﹢﹣﹫])")


def plain(text: str) -> str:
    """Return the text with an apostrophe before each part that a spreadsheet program could read as a formula."""
    return FORMULA.sub(r"\1'", text)


def as_moment(when: datetime | None) -> str:
    """Return a time as ISO 8601 in UTC, to the second; empty for None."""
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if when else ""


def as_properties(properties: Mapping[str, str]) -> str:
    """Return properties as ``key=value`` pairs on one line."""
    return "; ".join(f"{key}={value}" for key, value in properties.items())


def as_boolean(yes: bool) -> str:
    """Return ``true`` or ``false``."""
    return "true" if yes else "false"


def as_csv(columns: Sequence[Column], rows: Iterable[Any], note: str = "") -> bytes:
    """Return rows as a CSV file in UTF-8 with a byte order mark, which spreadsheet programs need to detect UTF-8.

    The titles are translated. Columns without a CSV value are left out. A `note` becomes the last line.
    """
    exported = [(column.csv_title or column.label, column.csv_value) for column in columns if column.csv_value]
    content = io.StringIO()
    writer = csv.writer(content)
    writer.writerow([str(title) for title, _value in exported])
    for row in rows:
        values = [value(row) for _title, value in exported]
        writer.writerow([plain(value) if isinstance(value, str) else value for value in values])
    if note:
        writer.writerow([note])
    return content.getvalue().encode("utf-8-sig")
