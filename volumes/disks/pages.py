"""The Disks page, and one disk's own."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dashboard.cloud.errors import NotFound
from dashboard.cloud.parallel import together
from dashboard.web.dialogs import READ_ONLY
from dashboard.web.partials import leave_for, wants_partial
from volumes import commands, nova
from volumes.cinder import choices, disks, messages, quota
from volumes.cinder.listing import MOST_ROWS
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
    from volumes.cinder.values import Disk, Page

# What one may filter by: the statuses in which a disk stays for long
STATUSES = ("available", "in-use", "creating", "deleting", "error", "error_deleting", "error_extending", "maintenance")

# A resize of an attached disk has ended when Cinder tells Nova of it; what comes of that is told later still.
LATELY = timedelta(minutes=1)
LOOKS_FOR_MESSAGES = 5


@require_safe
def disk_list(request: CloudRequest) -> HttpResponse:
    """Show a page of the project's disks."""
    address = ListAddress.from_request(request, DISK_TABLE.sorts, DISK_FILTERS)
    page = page_at(request, address)
    changes_url = reverse("disk-changes", kwargs={"project": request.cloud.slug})
    context = {
        **table.context_of(request, DISKS, address, page, changes_url=changes_url),
        "instances_url": table.instances_url(request, page.rows),
        "statuses": statuses_to_choose(STATUSES),
        "create_refusal": READ_ONLY if request.cloud.read_only else None,
    }
    return table.answer(request, "disks/page.html", "lists/_table.html", context)


@require_safe
def disk_changes(request: CloudRequest) -> HttpResponse:
    """Tell what has become of the disks in transition on a page."""
    address = ListAddress.from_request(request, DISK_TABLE.sorts, DISK_FILTERS)
    return polling.changes(request, DISKS, None if address.narrowed else page_at(request, address))


def page_at(request: CloudRequest, address: ListAddress) -> Page[Disk]:
    """Return the page of the project's disks that an address means."""
    conditions = filters.disk_conditions(request.cloud, address)
    return disks.page(request.cloud, address.query(DISK_TABLE.sorts, list(conditions)))


def matching(request: CloudRequest, query: QueryDict, max_rows: int, _disk_id: str) -> Page[Disk]:
    """Return the first so many disks that match the query string of a list."""
    address = ListAddress.from_query_string(query, DISK_TABLE.sorts, DISK_FILTERS)
    return page_at(request, address.first_rows(max_rows))


@require_safe
def quota_bars(request: CloudRequest) -> HttpResponse:
    """Show what the project uses of its quota, for the head of a page."""
    return render(request, "disks/_quota.html", {"quota": quota.of(request.cloud)})


@require_safe
def instance_names(request: CloudRequest) -> HttpResponse:
    """Tell what the instances are called that disks on a page are attached to."""
    wanted = table.ids_in(request, "ids")
    return render(request, "disks/_instances.html", {"names": nova.names(request.cloud, wanted).items()})


@require_safe
def filter_choices(request: CloudRequest) -> HttpResponse:
    """Tell which types and zones there are to filter by."""
    types, zones = together(partial(choices.disk_types, request.cloud), partial(choices.zones, request.cloud))
    return render(request, "disks/_filter_choices.html", {"types": types, "zones": zones})


@require_safe
def disk_page(request: CloudRequest, disk_id: str) -> HttpResponse:
    """Show one disk: one request. What others tell of it loads afterwards; while the page watches it, it may go."""
    try:
        disk = disks.find(request.cloud, disk_id)
    except NotFound:
        if wants_partial(request):
            return leave_for(reverse("disks", kwargs={"project": request.cloud.slug}))
        raise
    context = {
        "disk": disk,
        "instances_url": table.instances_url(request, [disk]),
        "row": DISKS.row(disk),
        "looks": LOOKS_FOR_MESSAGES if _is_recent(disk.updated_at) else 0,
        "command": commands.show_disk(disk_id),
    }
    return render(request, "disks/one.html", context)


@require_safe
def disk_more(request: CloudRequest, disk_id: str) -> HttpResponse:
    """Show what other requests tell of a disk: Cinder's messages, which some more `looks` seek in a while."""
    looks = request.GET.get("looks", "")
    left = int(looks) - 1 if looks in map(str, range(1, LOOKS_FOR_MESSAGES + 1)) else 0
    context = {"messages": messages.of(request.cloud, disk_id), "disk_id": disk_id, "looks": left}
    return render(request, "disks/_more.html", context)


def _is_recent(changed: datetime | None) -> bool:
    """Tell whether a disk changed a moment ago, by a clock that may be a little ahead of ours."""
    return changed is not None and abs(timezone.now() - changed) < LATELY


@require_safe
def disks_export(request: CloudRequest) -> HttpResponse:
    """Send the disks that match the query string of their list."""
    return exports.csv_file(DISK_TABLE, "disks", matching(request, request.GET, MOST_ROWS, ""))
