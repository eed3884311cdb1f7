"""Polling: a table asks for changes of its rows in transition."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.contrib import messages as toasts
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django_htmx.http import HTMX_STOP_POLLING, trigger_client_event

from dashboard.cloud.ids import CLOUD_ID
from dashboard.cloud.optional import optional
from dashboard.cloud.parallel import together
from dashboard.web import events
from volumes.cinder import disks, messages
from volumes.cinder.values import short_ids_of
from volumes.lists.address import PAGE_SIZES
from volumes.lists.table import counted_snapshots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.web.requests import CloudRequest
    from volumes.cinder.values import Disk, Page
    from volumes.kinds import Kind
    from volumes.lists.rows import Row, Shown

DELETING = "deleting"


def changes(request: CloudRequest, kind: Kind[Shown], page: Page[Shown] | None, *, wide: bool = False) -> HttpResponse:
    """Respond with 204 if nothing changed, else with the changed rows; with 286 once no row is in transition.

    `page` was read in one request. A row that is no longer on it is read by itself, to distinguish a deletion from a
    move to another page. `page` is None if reading it would take many requests, as a search does; then every row is
    read by itself. A `wide` table shows the disk of each row.
    """
    before = _seen_before(request)
    records_by_id = {record.id: record for record in page.rows} if page else {}
    missing_ids = [record_id for record_id in before if record_id not in records_by_id]
    records_by_id |= kind.door.find_many(request.cloud, missing_ids)
    rows = [kind.row(records_by_id[record_id]) for record_id in before if record_id in records_by_id]
    changed = [row for row in rows if row.busy != before[row.shown.id]]
    gone = [record_id for record_id in missing_ids if record_id not in records_by_id]
    if not changed and not gone:
        return HttpResponse(status=204)
    back = [row.shown for row in changed if _came_back(row, before[row.shown.id])]
    context = {
        "rows": _with_details(request, kind, changed, back),
        "short_ids": short_ids_of(page.rows) if page else {},
        "gone": gone,
        "back": {record.id: "yes" for record in back},
        "kind": kind,
        "wide": wide,
        "total": page.total if page and not _has_neighbours(page) else None,
    }
    settled = not any(row.shown.status.in_transition for row in rows)
    response = render(request, "lists/_changes.html", context, status=HTMX_STOP_POLLING if settled else 200)
    if gone:
        trigger_client_event(response, events.GONE)
    if gone and settled:
        # The whole list is read again: the next page's rows move up, and the number of all rows has changed.
        trigger_client_event(response, kind.changed_event, after="settle")
    if back:
        _add_messages(request, response, back)
    return response


def _has_neighbours(page: Page[Shown]) -> bool:
    """Return whether the list has other pages: a link there repeats the total, so that both change together."""
    return page.next_marker is not None or page.previous_marker is not None


def _came_back(row: Row[Shown], before: str) -> bool:
    """Return whether the cloud accepted a deletion but did not complete it."""
    return before.startswith(DELETING) and row.shown.status_code != DELETING


def _with_details(
    request: CloudRequest, kind: Kind[Shown], changed: Sequence[Row[Shown]], back: Sequence[Shown]
) -> list[Row[Shown]]:
    """Return the rows with their disks, snapshot counts, and the messages about failures."""
    failed_ids = [row.shown.id for row in changed if row.shown.status.tone == "bad"] + [record.id for record in back]
    disk_ids = {row.shown.id: row.shown.owner_disk_id for row in changed}
    owner_ids = [disk_id for disk_id in dict.fromkeys(disk_ids.values()) if disk_id]
    no_disks: dict[str, Disk] = {}
    counted_ids = [row.shown.id for row in changed] if kind.counts_snapshots else []
    disks_by_id, messages_by_id, counts_by_id = together(
        optional(partial(disks.find_many, request.cloud, owner_ids), no_disks),
        optional(partial(messages.newest_by_id, request.cloud, kind.message_type, failed_ids), {}),
        partial(counted_snapshots, request.cloud, counted_ids),
    )
    return [
        kind.row(
            row.shown,
            message=messages_by_id.get(row.shown.id),
            disk=disks_by_id.get(disk_ids[row.shown.id]),
            counted=counts_by_id.get(row.shown.id),
        )
        for row in changed
    ]


def _add_messages(request: CloudRequest, response: HttpResponse, back: Sequence[Shown]) -> None:
    message = _("“%(name)s” could not be deleted after all: its row says why.")
    for record in back:
        toasts.error(request, message % {"name": record.inline_title})
    trigger_client_event(response, events.MESSAGES, after="settle")


def _seen_before(request: CloudRequest) -> dict[str, str]:
    """Return the state of each row in transition as the page shows it, in the format of `Row.busy`, by id."""
    items = request.GET.get("seen", "").split(",")[: max(PAGE_SIZES)]
    pairs = (item.split(":", 1) for item in items if ":" in item)
    return {record_id: state for record_id, state in pairs if CLOUD_ID.fullmatch(record_id)}
