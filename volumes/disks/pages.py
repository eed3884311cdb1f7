"""The list of disks, and the page of one disk."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dashboard.cloud.errors import NotFound
from dashboard.cloud.optional import optional
from dashboard.cloud.parallel import together
from dashboard.web.dialogs import READ_ONLY
from dashboard.web.partials import leave_for, wants_partial
from volumes import capacity, commands, nova
from volumes.cinder import choices, disks, messages
from volumes.cinder.listing import MAX_ROWS
from volumes.disks.columns import DISK_TABLE
from volumes.kinds import DISKS
from volumes.lists import exports, filters, polling, table
from volumes.lists.address import ListAddress
from volumes.lists.filters import DISK_FILTERS
from volumes.statuses import choices as statuses_to_choose

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse, QueryDict

    from dashboard.web.requests import CloudRequest
    from volumes.cinder.listing import Query
    from volumes.cinder.values import Disk, Page

# The statuses offered in the filter: those in which a disk can stay for long
STATUSES = ("available", "in-use", "creating", "deleting", "error", "error_deleting", "error_extending", "maintenance")

# Cinder reports the resize of an attached disk as done before Nova has applied it, so a failure message may appear
# later. The page of a disk that changed this recently therefore loads the messages several times.
RECENT = timedelta(minutes=1)
LOOKS_FOR_MESSAGES = 5


@require_safe
def disk_list(request: CloudRequest) -> HttpResponse:
    """Show a page of the project's disks."""
    address = ListAddress.from_request(request, DISK_TABLE.sorts, DISK_FILTERS)
    page = page_at(request, address)
    changes_url = reverse("disk-changes", kwargs={"project": request.cloud.slug})
    context = {
        **table.context_of(request, DISKS, address, page, changes_url=changes_url),
        "statuses": statuses_to_choose(STATUSES),
        "create_refusal": READ_ONLY if request.cloud.read_only else None,
    }
    return table.answer(request, "disks/page.html", "lists/_table.html", context)


@require_safe
def disk_changes(request: CloudRequest) -> HttpResponse:
    """Return the changes of the disks in transition on a page."""
    address = ListAddress.from_request(request, DISK_TABLE.sorts, DISK_FILTERS)
    return polling.changes(request, DISKS, None if address.narrowed else page_at(request, address))


def query_at(request: CloudRequest, address: ListAddress) -> Query[Disk]:
    """Return the query for the parameters of a list."""
    return address.query(DISK_TABLE.sorts, list(filters.disk_conditions(request.cloud, address)))


def page_at(request: CloudRequest, address: ListAddress) -> Page[Disk]:
    """Return the page of the project's disks for the parameters of a list."""
    return disks.page(request.cloud, query_at(request, address))


def matching(request: CloudRequest, query: QueryDict, max_rows: int, _disk_id: str) -> Page[Disk]:
    """Return the first `max_rows` disks that match the query string of a list."""
    address = ListAddress.from_query_string(query, DISK_TABLE.sorts, DISK_FILTERS)
    return page_at(request, address.first_rows(max_rows))


def count(request: CloudRequest, query: QueryDict, _disk_id: str) -> int | None:
    """Return the number of disks that match the query string of a list; None if the cloud doesn't count them."""
    address = ListAddress.from_query_string(query, DISK_TABLE.sorts, DISK_FILTERS)
    return disks.count(request.cloud, query_at(request, address))


@require_safe
def capacity_bar(request: CloudRequest) -> HttpResponse:
    """Show what the project uses of its quota, for the head of a page."""
    return render(request, "disks/_capacity.html", {"capacity": capacity.of_project(request.cloud)})


@require_safe
def instance_names(request: CloudRequest) -> HttpResponse:
    """Return the names of the instances that the disks on a page are attached to."""
    server_ids = table.ids_in(request, "ids")
    return render(request, "disks/_instances.html", {"names": nova.names(request.cloud, server_ids).items()})


@require_safe
def filter_choices(request: CloudRequest) -> HttpResponse:
    """Return the types and zones for the choices of the filters."""
    types, zones = together(
        optional(partial(choices.disk_types, request.cloud), []), optional(partial(choices.zones, request.cloud), [])
    )
    return render(request, "disks/_filter_choices.html", {"types": types, "zones": zones})


@require_safe
def disk_page(request: CloudRequest, disk_id: str) -> HttpResponse:
    """Show one disk: one request. Details load afterwards. If the disk is gone when polled, htmx opens the list."""
    try:
        disk = disks.find(request.cloud, disk_id)
    except NotFound:
        if wants_partial(request):
            return leave_for(reverse("disks", kwargs={"project": request.cloud.slug}))
        raise
    context = {
        "kind": DISKS,
        "disk": disk,
        "instances_url": table.instances_url(request, [disk]),
        "row": DISKS.row(disk),
        "looks": LOOKS_FOR_MESSAGES if _is_recent(disk.updated_at) else 0,
        "command": commands.show_disk(disk_id),
    }
    return render(request, "disks/one.html", context)


@require_safe
def disk_more(request: CloudRequest, disk_id: str) -> HttpResponse:
    """Show Cinder's messages about a disk. The `looks` parameter counts how often they are still to be loaded."""
    looks = request.GET.get("looks", "")
    remaining = int(looks) - 1 if looks in map(str, range(1, LOOKS_FOR_MESSAGES + 1)) else 0
    read_messages = optional(partial(messages.of_resource, request.cloud, disk_id), None)()
    context = {"kind": DISKS, "messages": read_messages, "disk_id": disk_id, "looks": remaining}
    return render(request, "disks/_more.html", context)


def _is_recent(changed: datetime | None) -> bool:
    """Return whether a disk changed recently; the cloud's clock may be slightly ahead of this server's."""
    return changed is not None and abs(timezone.now() - changed) < RECENT


@require_safe
def disks_export(request: CloudRequest) -> HttpResponse:
    """Export the disks that match the query string of the list."""
    return exports.csv_file(DISK_TABLE, "disks", matching(request, request.GET, MAX_ROWS, ""))
