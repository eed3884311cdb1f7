"""The columns and tables of the lists, and the columns that several lists share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from volumes.lists.csv_export import as_moment, as_properties

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import _StrPromise

    # Returns the value of a CSV cell for a disk, snapshot or backup
    CsvValue = Callable[[Any], str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a list, on its page and in its CSV file.

    `name` is the sort key in the query string; the CSS class of the cells is ``col-`` followed by it, and
    templates/lists/rows.jinja writes them. `sort` is Cinder's column to sort by, empty if the list can't be sorted by
    the column. `csv_value` returns the CSV cell's value, None if the column is not exported. `csv_title` is the title
    in the CSV file if it differs from `label`.
    """

    name: str
    label: _StrPromise
    sort: str = ""
    csv_title: _StrPromise | None = None
    csv_value: CsvValue | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The columns of one list: `shown` on its page and `exported` to its CSV file, in these orders.

    `caption` is the table's accessible name. `empty` is the template shown instead of a table without rows.
    `of_one_disk` are the columns on a page with the rows of one disk, empty if there is no such page. `optional` are
    columns that the user can add.
    """

    caption: _StrPromise
    empty: str
    shown: tuple[Column, ...]
    exported: tuple[Column, ...]
    of_one_disk: tuple[Column, ...] = ()
    optional: tuple[Column, ...] = ()

    @property
    def sorts(self) -> dict[str, str]:
        """Cinder's sort column for each sort key in the query string."""
        return {column.name: column.sort for column in (*self.shown, *self.exported) if column.sort}

    def columns(self, *, wide: bool) -> tuple[Column, ...]:
        """Return the columns of a page; `wide` means that its rows belong to several disks."""
        return self.shown if wide or not self.of_one_disk else self.of_one_disk

    def offered(self, *, wide: bool) -> tuple[Column, ...]:
        """Return the columns from which the user can choose."""
        return (*self.columns(wide=wide), *self.optional)


# CSV files contain Cinder's values, such as a status, untranslated, because programs read the files too.
# Excel takes a file that begins with "ID" for another format than CSV.
ID = Column(name="id", label=_("ID"), csv_title=_("Id"), csv_value=lambda row: row.id)
STATUS = Column(name="status", label=_("Status"), csv_value=lambda row: row.status_code)
DESCRIPTION = Column(name="description", label=_("Description"), csv_value=lambda row: row.description)
CREATED = Column(
    name="created_at",
    label=_("Created"),
    sort="created_at",
    csv_title=_("Created (UTC)"),
    csv_value=lambda row: as_moment(row.created_at),
)
DISK = Column(
    name="disk",
    label=_("Disk"),
    csv_title=_("Disk id"),
    csv_value=lambda row: row.disk_id,
)
PROPERTIES = Column(
    name="properties",
    label=_("Properties"),
    csv_value=lambda row: as_properties(row.properties),
)


def name_column() -> Column:
    """Return the name column; its cells also show the status and what went wrong."""
    return Column(name="name", label=_("Name"), sort="display_name", csv_value=lambda row: row.name)


def size_column(sort: str) -> Column:
    """Return the size column; Cinder's sort column for it differs between lists."""
    return Column(
        name="size",
        label=_("Size"),
        sort=sort,
        csv_title=_("Size (GiB)"),
        csv_value=lambda row: row.size,
    )
