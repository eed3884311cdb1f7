"""Lists as CSV files: all that match, not only a page of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from volumes.lists.csv_export import as_csv

if TYPE_CHECKING:
    from volumes.cinder.values import Page
    from volumes.lists.columns import Table


def csv_file(table: Table, name: str, page: Page[Any]) -> HttpResponse:
    """Answer with a file. All is read before its first byte: a cloud that fails halfway gives no half a file."""
    note = _what_lacks(page)
    headers = {"Content-Disposition": f'attachment; filename="{name}{"-incomplete" if note else ""}.csv"'}
    content = as_csv(table.exported, page.rows, note)
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


def _what_lacks(page: Page[Any]) -> str:
    """Return why it isn't all that matches; empty where it is."""
    if page.undecided:
        return _("Incomplete: the project has too many snapshots to look through. Ask for fewer days.")
    if page.stopped_after is None:
        return ""
    told = _("Incomplete: reading stopped after %(count)s entries. Narrow the list to get the rest.")
    return told % {"count": page.stopped_after}
