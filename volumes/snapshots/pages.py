"""The lists of a disk's and of the project's snapshots, and the page of one snapshot."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.cloud.errors import NotFound
from dashboard.cloud.ids import CLOUD_ID
from dashboard.cloud.optional import optional
from dashboard.cloud.parallel import together
from dashboard.web.dialog_responses import dialog
from dashboard.web.dialogs import READ_ONLY
from dashboard.web.partials import leave_for, wants_partial
from volumes.cinder import disks, messages, snapshots
from volumes.cinder.listing import MAX_ROWS, Query
from volumes.cinder.values import short_ids_of
from volumes.kinds import SNAPSHOTS
from volumes.lists import exports, filters, polling, table
from volumes.lists.address import ListAddress
from volumes.lists.filters import SNAPSHOT_FILTERS
from volumes.snapshots.columns import SNAPSHOT_TABLE
from volumes.statuses import choices

if TYPE_CHECKING:
    from django.http import HttpResponse, QueryDict

    from dashboard.web.requests import CloudRequest
    from volumes.cinder.values import Disk, Page, Snapshot

# The statuses offered in the filter: those in which a snapshot can stay for long
STATUSES = ("available", "creating", "deleting", "error", "error_deleting")


@require_safe
def disk_snapshots(request: CloudRequest, disk_id: str) -> HttpResponse:
    """Show a page of one disk's snapshots: two requests, for the disk and for the list."""
    address = ListAddress.from_request(request, SNAPSHOT_TABLE.sorts)
    disk, page = together(
        partial(disks.find, request.cloud, disk_id),
        partial(snapshots.page, request.cloud, address.query(SNAPSHOT_TABLE.sorts), disk_id),
    )
    changes_url = reverse("disk-snapshot-changes", kwargs={"project": request.cloud.slug, "disk_id": disk_id})
    context = {
        **table.context_of(request, SNAPSHOTS, address, page, changes_url=changes_url, disk=disk),
        "disk": disk,
        "create_refusal": READ_ONLY if request.cloud.read_only else disk.refusal_to_snapshot,
    }
    return table.answer(request, "snapshots/of_disk.html", "lists/_table.html", context)


@require_safe
def disk_snapshot_changes(request: CloudRequest, disk_id: str) -> HttpResponse:
    """Return the changes of the snapshots in transition on a page of one disk's list."""
    address = ListAddress.from_request(request, SNAPSHOT_TABLE.sorts)
    page = None if address.narrowed else snapshots.page(request.cloud, address.query(SNAPSHOT_TABLE.sorts), disk_id)
    return polling.changes(request, SNAPSHOTS, page)


@require_safe
def snapshot_list(request: CloudRequest) -> HttpResponse:
    """Show a page of the project's snapshots."""
    address = ListAddress.from_request(request, SNAPSHOT_TABLE.sorts, SNAPSHOT_FILTERS)
    changes_url = reverse("snapshot-changes", kwargs={"project": request.cloud.slug})
    context = {
        **table.context_of(request, SNAPSHOTS, address, page_at(request, address), changes_url=changes_url),
        "wide": True,
        "statuses": choices(STATUSES),
        "create_refusal": READ_ONLY if request.cloud.read_only else None,
    }
    return table.answer(request, "snapshots/page.html", "lists/_table.html", context)


@require_safe
def snapshot_changes(request: CloudRequest) -> HttpResponse:
    """Return the changes of the snapshots in transition on a page of the project's list."""
    address = ListAddress.from_request(request, SNAPSHOT_TABLE.sorts, SNAPSHOT_FILTERS)
    return polling.changes(request, SNAPSHOTS, None if address.narrowed else page_at(request, address), wide=True)


def query_at(request: CloudRequest, address: ListAddress) -> Query[Snapshot]:
    """Return the query for the parameters of a list."""
    conditions = [*filters.snapshot_conditions(address), *table.disk_conditions(request, address)]
    return address.query(SNAPSHOT_TABLE.sorts, conditions)


def page_at(request: CloudRequest, address: ListAddress, disk_id: str = "") -> Page[Snapshot]:
    """Return the page of the project's or one disk's snapshots for the parameters of a list."""
    return snapshots.page(request.cloud, query_at(request, address), disk_id)


def matching(request: CloudRequest, query: QueryDict, max_rows: int, disk_id: str) -> Page[Snapshot]:
    """Return the first `max_rows` snapshots that match the query string of a list."""
    address = ListAddress.from_query_string(query, SNAPSHOT_TABLE.sorts, SNAPSHOT_FILTERS)
    return page_at(request, address.first_rows(max_rows), disk_id)


def count(request: CloudRequest, query: QueryDict, disk_id: str) -> int | None:
    """Return the number of snapshots that match the query string of a list; None if the cloud doesn't count them."""
    address = ListAddress.from_query_string(query, SNAPSHOT_TABLE.sorts, SNAPSHOT_FILTERS)
    return snapshots.count(request.cloud, query_at(request, address), disk_id)


@require_safe
def snapshot_page(request: CloudRequest, snapshot_id: str) -> HttpResponse:
    """Show one snapshot: one request, and one for its disk. If it is gone when polled, htmx opens the list."""
    try:
        snapshot = snapshots.find(request.cloud, snapshot_id)
    except NotFound:
        if wants_partial(request):
            return leave_for(reverse("snapshots", kwargs={"project": request.cloud.slug}))
        raise
    disk = disks.unknown(snapshot.disk_id)
    if snapshot.disk_id:
        disk = optional(partial(disks.find_or_missing, request.cloud, snapshot.disk_id), disk)()
        snapshot = replace(snapshot, disk_is_elsewhere=disk.is_missing)
    context = {"kind": SNAPSHOTS, "snapshot": snapshot, "disk": disk, "row": SNAPSHOTS.row(snapshot, disk=disk)}
    return render(request, "snapshots/one.html", context)


@require_safe
def snapshot_more(request: CloudRequest, snapshot_id: str) -> HttpResponse:
    """Show details that need more requests: Cinder's messages, and the disks created from the snapshot."""
    resource_messages, read = together(
        optional(partial(messages.of_resource, request.cloud, snapshot_id), None),
        optional(partial(disks.everything, request.cloud), None),
    )
    all_disks, complete = read or ((), False)
    context = {
        "kind": SNAPSHOTS,
        "messages": resource_messages,
        "disks": [disk for disk in all_disks if disk.snapshot_id == snapshot_id] if read else None,
        "complete": complete,
    }
    return render(request, "snapshots/_more.html", context)


@require_safe
def clean_up(request: CloudRequest) -> HttpResponse:
    """Ask for the age of the snapshots to clean up; the list then shows and selects them."""
    return dialog(request, "snapshots/clean_up.html", {"title": _("Clean up")})


@require_safe
def choose_disk(request: CloudRequest) -> HttpResponse:
    """Ask for the disk of a new snapshot."""
    chosen = request.GET.get("disk", "")
    if CLOUD_ID.fullmatch(chosen):
        return redirect("create-snapshot", project=request.cloud.slug, disk_id=chosen)
    page: Page[Disk] = disks.page(request.cloud, Query(per_page=1000))
    usable_disks = [disk for disk in page.rows if not disk.refusal_to_snapshot]
    offered = sorted(usable_disks, key=lambda disk: disk.title.casefold())
    context = {
        "title": _("Create snapshot"),
        "disks": offered,
        "short_ids": short_ids_of(offered),
        "more": page.next_marker is not None,
    }
    return dialog(request, "snapshots/choose_disk.html", context)


@require_safe
def snapshots_export(request: CloudRequest) -> HttpResponse:
    """Export the project's snapshots that match the query string of the list."""
    return exports.csv_file(SNAPSHOT_TABLE, "snapshots", matching(request, request.GET, MAX_ROWS, ""))


@require_safe
def disk_snapshots_export(request: CloudRequest, disk_id: str) -> HttpResponse:
    """Export one disk's snapshots that match the query string of the list; 404 if the disk is gone."""
    _disk, page = together(
        partial(disks.find, request.cloud, disk_id),
        partial(matching, request, request.GET, MAX_ROWS, disk_id),
    )
    return exports.csv_file(SNAPSHOT_TABLE, f"snapshots-{disk_id}", page)
