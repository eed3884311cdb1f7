"""The Disks page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.views.decorators.http import require_safe

from dashboard.http import page_or_partial
from volumes.cinder import disks
from volumes.lists import DISK_SORTS, ListAddress
from volumes.rows import DISKS
from volumes.views import lists, live

if TYPE_CHECKING:
    from django.http import HttpResponse

    from volumes.requests import CloudRequest


@require_safe
def disk_list(request: CloudRequest) -> HttpResponse:
    """Show a page of the project's disks."""
    address = ListAddress.of(request, DISK_SORTS)
    page = disks.page(request.cloud, address.query(DISK_SORTS))
    changes_url = reverse("disk-changes", kwargs={"project": request.cloud.slug})
    context = lists.context_of(request, DISKS, address, page, changes_url=changes_url)
    return page_or_partial(request, "disks/page.html", "disks/_table.html", context)


@require_safe
def disk_changes(request: CloudRequest) -> HttpResponse:
    """Tell what has become of the disks in transition on a page."""
    address = ListAddress.of(request, DISK_SORTS)
    return live.changes(
        request, DISKS, None if address.narrowed else disks.page(request.cloud, address.query(DISK_SORTS))
    )
