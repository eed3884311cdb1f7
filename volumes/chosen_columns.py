"""Which columns of a list the user has chosen. A cookie for each list stores them, as they belong to the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dashboard.web.cookies import read_cookie, set_cookie
from dashboard.web.dialog_responses import dialog
from dashboard.web.safe_urls import safe_url
from volumes.backups.columns import BACKUP_TABLE
from volumes.disks.columns import DISK_TABLE
from volumes.snapshots.columns import SNAPSHOT_TABLE

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from dashboard.web.requests import CloudRequest
    from volumes.lists.columns import Column

TABLES = {"disks": DISK_TABLE, "snapshots": SNAPSHOT_TABLE, "backups": BACKUP_TABLE}
COOKIE_SECONDS = 365 * 24 * 3600
# A comma would put quotes around the cookie's value.
SEPARATOR = "."


def columns_for(request: HttpRequest, name: str, *, wide: bool) -> tuple[Column, ...]:
    """Return the columns of a list that this browser shows; `wide` means that its rows belong to several disks.

    The name column is always the first.
    """
    table = TABLES[name]
    stored = read_cookie(request, _cookie(name, wide=wide))
    if not stored:
        return table.columns(wide=wide)
    chosen = stored.split(SEPARATOR)
    first, *others = table.offered(wide=wide)
    return (first, *(column for column in others if column.name in chosen))


@require_http_methods(["GET", "HEAD", "POST"])
def choose_columns(request: CloudRequest) -> HttpResponse:
    """Show the dialog for the columns of a list, or store the chosen ones and redirect back to the list."""
    sent = request.POST if request.method == "POST" else request.GET
    name, wide, back = sent.get("list", "disks"), bool(sent.get("wide")), safe_url(request, sent.get("next", ""))
    if name not in TABLES:
        raise Http404
    first, *offered = TABLES[name].offered(wide=wide)
    if request.method == "POST":
        chosen = [first, *(column for column in offered if column.name in sent.getlist("columns"))]
        response = redirect(back)
        value = SEPARATOR.join(column.name for column in chosen)
        set_cookie(response, _cookie(name, wide=wide), value, COOKIE_SECONDS)
        return response
    shown = columns_for(request, name, wide=wide)
    context = {"title": _("Columns"), "list": name, "wide": wide, "back": back, "offered": offered, "shown": shown}
    return dialog(request, "lists/columns.html", context)


def _cookie(name: str, *, wide: bool) -> str:
    return f"columns_{name}" if wide or not TABLES[name].of_one_disk else f"columns_{name}_of_disk"
