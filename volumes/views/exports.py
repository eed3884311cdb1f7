"""Lists as CSV files: all that match, not only a page of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.cloud.parallel import together
from volumes.backups.columns import BACKUP_TABLE
from volumes.cinder.disks import find as find_disk
from volumes.cinder.listing import MOST_ROWS
from volumes.disks.columns import DISK_TABLE
from volumes.lists.csv_export import as_csv
from volumes.snapshots.columns import SNAPSHOT_TABLE
from volumes.views import backups as backup_views
from volumes.views import disks as disk_views
from volumes.views import snapshots as snapshot_views

if TYPE_CHECKING:
    from dashboard.web.requests import CloudRequest
    from volumes.cinder.values import Page
    from volumes.lists.columns import Table


@require_safe
def disks(request: CloudRequest) -> HttpResponse:
    """Send the disks that match the query string of their list."""
    return _file(DISK_TABLE, "disks", disk_views.matching(request, request.GET, MOST_ROWS, ""))


@require_safe
def snapshots(request: CloudRequest) -> HttpResponse:
    """Send the project's snapshots that match the query string of their list."""
    return _file(SNAPSHOT_TABLE, "snapshots", snapshot_views.matching(request, request.GET, MOST_ROWS, ""))


@require_safe
def disk_snapshots(request: CloudRequest, disk_id: str) -> HttpResponse:
    """Send one disk's snapshots that match the query string of their list; a disk that is gone has no list."""
    _found, page = together(
        partial(find_disk, request.cloud, disk_id),
        partial(snapshot_views.matching, request, request.GET, MOST_ROWS, disk_id),
    )
    return _file(SNAPSHOT_TABLE, f"snapshots-{disk_id}", page)


@backup_views.offered
@require_safe
def backups(request: CloudRequest) -> HttpResponse:
    """Send the project's backups that match the query string of their list."""
    return _file(BACKUP_TABLE, "backups", backup_views.matching(request, request.GET, MOST_ROWS, ""))


def _file(table: Table, name: str, page: Page[Any]) -> HttpResponse:
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
