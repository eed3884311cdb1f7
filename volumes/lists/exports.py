"""Export of lists as CSV files: everything that matches, not only one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from volumes.lists.csv_export import as_csv

if TYPE_CHECKING:
    from volumes.cinder.values import Page
    from volumes.lists.columns import Table


def csv_file(table: Table, name: str, page: Page[Any]) -> HttpResponse:
    """Return a CSV file as the response. All rows are read beforehand, so a failure gives no partial file."""
    note = _incomplete_note(page)
    headers = {"Content-Disposition": f'attachment; filename="{name}{"-incomplete" if note else ""}.csv"'}
    content = as_csv(table.exported, page.rows, note)
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


def _incomplete_note(page: Page[Any]) -> str:
    """Return why the page lacks some of the matching rows; empty if it is complete."""
    if page.undecided:
        return _("Incomplete: the project has too many snapshots to check them all. Enter fewer days.")
    if page.unreadable:
        message = ngettext(
            "Incomplete: %(count)s entry of the cloud's answer can't be read.",
            "Incomplete: %(count)s entries of the cloud's answer can't be read.",
            page.unreadable,
        )
        return message % {"count": page.unreadable}
    if page.stopped_after is None:
        return ""
    message = _("Incomplete: reading stopped after %(count)s entries. Narrow the list to get the rest.")
    return message % {"count": page.stopped_after}
