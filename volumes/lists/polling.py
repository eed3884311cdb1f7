"""Live status: a table asks what has become of its rows in transition."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.contrib import messages as toasts
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django_htmx.http import HTMX_STOP_POLLING, trigger_client_event

from dashboard.cloud.ids import CLOUD_ID
from dashboard.cloud.parallel import together
from dashboard.web import events
from volumes.cinder import disks, messages
from volumes.lists.address import PAGE_SIZES
from volumes.lists.table import counted_snapshots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.web.requests import CloudRequest
    from volumes.cinder.values import Page
    from volumes.kinds import Kind
    from volumes.lists.rows import Row, Shown

DELETING = "deleting"


def changes(request: CloudRequest, kind: Kind[Shown], page: Page[Shown] | None, *, wide: bool = False) -> HttpResponse:
    """Answer 204 where nothing changed, else with the changed rows; with 286 once all has settled.

    The page is read in one request; only a row that left it is asked for by itself, to tell deleted from moved. Where
    reading the page would take many requests, as a search does, it is None, and every row is asked for by itself.
    A `wide` table shows of which disk each row is.
    """
    before = _seen_before(request)
    now = {one.id: one for one in page.rows} if page else {}
    missing = [one for one in before if one not in now]
    now |= kind.door.find_many(request.cloud, missing)
    rows = [kind.row(now[one]) for one in before if one in now]
    changed = [row for row in rows if row.busy != before[row.shown.id]]
    gone = [one for one in missing if one not in now]
    if not changed and not gone:
        return HttpResponse(status=204)
    back = [row.shown for row in changed if _came_back(row, before[row.shown.id])]
    context = {
        "rows": _with_details(request, kind, changed, back),
        "gone": gone,
        "back": {one.id for one in back},
        "kind": kind,
        "wide": wide,
        "total": page.total if page else None,
    }
    settled = not any(row.shown.status.in_transition for row in rows)
    response = render(request, "lists/_changes.html", context, status=HTMX_STOP_POLLING if settled else 200)
    if gone:
        trigger_client_event(response, events.GONE)
    if back:
        _tell(request, response, back)
    return response


def _came_back(row: Row[Shown], before: str) -> bool:
    """Tell whether the cloud accepted a deletion and then didn't do it."""
    return before.startswith(DELETING) and row.shown.status_code != DELETING


def _with_details(
    request: CloudRequest, kind: Kind[Shown], changed: Sequence[Row[Shown]], back: Sequence[Shown]
) -> list[Row[Shown]]:
    """Return the rows again, with the messages of what failed, and their disks."""
    failed = [row.shown.id for row in changed if row.shown.status.tone == "bad"] + [one.id for one in back]
    disk_of = {row.shown.id: row.shown.owner_disk_id for row in changed}
    counting = [row.shown.id for row in changed] if kind.counts_snapshots else []
    of_disks, told, counted = together(
        partial(disks.find_many, request.cloud, [one for one in dict.fromkeys(disk_of.values()) if one]),
        partial(messages.newest, request.cloud, kind.message_type, failed),
        partial(counted_snapshots, request.cloud, counting),
    )
    return [
        kind.row(
            row.shown,
            message=told.get(row.shown.id),
            disk=of_disks.get(disk_of[row.shown.id]),
            counted=counted.get(row.shown.id),
        )
        for row in changed
    ]


def _tell(request: CloudRequest, response: HttpResponse, back: Sequence[Shown]) -> None:
    for one in back:
        toasts.error(request, _("“%(name)s” could not be deleted after all: its row says why.") % {"name": one.title})
    trigger_client_event(response, events.MESSAGES, after="settle")


def _seen_before(request: CloudRequest) -> dict[str, str]:
    pairs = (one.split(":", 1) for one in request.GET.get("seen", "").split(",")[: max(PAGE_SIZES)] if ":" in one)
    return {one: status for one, status in pairs if CLOUD_ID.fullmatch(one)}
