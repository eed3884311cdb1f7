"""What a column of a list is, and the columns that several lists have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from volumes.lists.csv_export import as_moment, as_properties

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import _StrPromise

    # What of a disk, snapshot or backup stands in a cell of a CSV file
    CsvValue = Callable[[Any], str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a list: on its page, in its address and in its CSV file.

    `name` is its sort key in the address, and after ``col-`` the CSS class of its cells; `sort` Cinder's column to
    sort by, empty where one can't sort; `cell` the template that draws its ``<td>``, empty where it is not on the
    page; `csv_value` what its CSV file has, none where it has no such column, under the title `csv_title`, which is
    the label unless it differs.
    """

    name: str
    label: _StrPromise
    sort: str = ""
    cell: str = ""
    csv_title: _StrPromise | None = None
    csv_value: CsvValue | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The columns of one list in the orders of its page and of its CSV file.

    `caption` is the name of the table; `empty` the template of what stands in its place where it has no rows;
    `of_one_disk` the columns on a page where all rows are of the same disk, none where there is no such page.
    """

    caption: _StrPromise
    empty: str
    shown: tuple[Column, ...]
    exported: tuple[Column, ...]
    of_one_disk: tuple[Column, ...] = ()

    @property
    def sorts(self) -> dict[str, str]:
        """What a sort in the address is in Cinder's words."""
        return {column.name: column.sort for column in (*self.shown, *self.exported) if column.sort}

    def columns(self, *, wide: bool) -> tuple[Column, ...]:
        """Return the columns of a page; `wide` where its rows are of several disks."""
        return self.shown if wide or not self.of_one_disk else self.of_one_disk


# What is Cinder's, such as a status, stands in a CSV file as Cinder sends it: programs read it too.
ID = Column(name="id", label=_("Id"), csv_value=lambda row: row.id)
STATUS = Column(name="status", label=_("Status"), csv_value=lambda row: row.status_code)
DESCRIPTION = Column(name="description", label=_("Description"), csv_value=lambda row: row.description)
CREATED = Column(
    name="created_at",
    label=_("Created"),
    sort="created_at",
    cell="lists/cells/created_at.html",
    csv_title=_("Created (UTC)"),
    csv_value=lambda row: as_moment(row.created_at),
)
DISK = Column(
    name="disk",
    label=_("Disk"),
    cell="lists/cells/disk.html",
    csv_title=_("Disk id"),
    csv_value=lambda row: row.disk_id,
)
PROPERTIES = Column(
    name="properties",
    label=_("Properties"),
    cell="lists/cells/properties.html",
    csv_value=lambda row: as_properties(row.properties),
)


def name_column(cell: str) -> Column:
    """Return the column of names, whose cells also hold what else there is to say of a row."""
    return Column(name="name", label=_("Name"), sort="display_name", cell=cell, csv_value=lambda row: row.name)


def size_column(sort: str) -> Column:
    """Return the column of sizes, which Cinder has under different names."""
    return Column(
        name="size",
        label=_("Size"),
        sort=sort,
        cell="lists/cells/size.html",
        csv_title=_("Size (GiB)"),
        csv_value=lambda row: row.size,
    )
