"""The Disks page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.views.decorators.http import require_safe

from dashboard.http import page_or_partial
from volumes.cinder import disks
from volumes.lists import DISK_SORTS, PAGE_SIZES, ListAddress
from volumes.rows import DISKS
from volumes.views import live

if TYPE_CHECKING:
    from django.http import HttpResponse

    from volumes.requests import CloudRequest


@require_safe
def disk_list(request: CloudRequest) -> HttpResponse:
    """Show a page of the project's disks."""
    address = ListAddress.of(request, DISK_SORTS)
    page = disks.page(request.cloud, address.query(DISK_SORTS))
    context = {
        "page": page,
        "rows": [DISKS.row(request.cloud, disk) for disk in page.rows],
        "address": address,
        "page_sizes": PAGE_SIZES,
        "poll_url": _poll_url(request, address),
    }
    return page_or_partial(request, "disks/page.html", "disks/_table.html", context)


@require_safe
def disk_changes(request: CloudRequest) -> HttpResponse:
    """Tell what has become of the disks in transition on a page."""
    address = ListAddress.of(request, DISK_SORTS)
    page = None if address.text else disks.page(request.cloud, address.query(DISK_SORTS))
    return live.changes(request, DISKS, page, disks.find_or_none)


def _poll_url(request: CloudRequest, address: ListAddress) -> str:
    return reverse("disk-changes", kwargs={"project": request.cloud.slug}) + address.here
