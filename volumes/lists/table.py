"""What every list shows besides its rows, and what is loaded after it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_htmx.http import replace_url

from dashboard.cloud.ids import CLOUD_ID
from dashboard.cloud.parallel import together
from dashboard.web.partials import page_or_partial
from volumes.cinder import disks, messages, snapshots
from volumes.cinder.listing import SEARCH_ROWS, Query
from volumes.lists.address import PAGE_SIZES, PER_PAGE, page_size
from volumes.lists.filters import of_disks, with_name
from volumes.lists.rows import SnapshotCount

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from dashboard.cloud.keystone import Cloud
    from dashboard.web.requests import CloudRequest
    from volumes.cinder.listing import Condition
    from volumes.cinder.values import Disk, Page
    from volumes.kinds import Kind
    from volumes.lists.address import ListAddress
    from volumes.lists.rows import Shown

# How long a page size is remembered: a year
REMEMBERED_SECONDS = 365 * 24 * 3600


def context_of(
    request: CloudRequest,
    kind: Kind[Shown],
    address: ListAddress,
    page: Page[Shown],
    *,
    changes_url: str,
    disk: Disk | None = None,
) -> dict[str, Any]:
    """Return the context of a table's template. `disk` is given where all rows are of the same one."""
    here = {"project": request.cloud.slug}
    export_url = (
        reverse("disk-snapshots-export", kwargs={**here, "disk_id": disk.id})
        if disk
        else reverse(f"{kind.name}-export", kwargs=here)
    )
    return {
        "kind": kind,
        "page": page,
        "rows": [kind.row(record, disk=disk) for record in page.rows],
        "address": address,
        "page_sizes": PAGE_SIZES,
        "poll_url": changes_url + address.here,
        "export_url": export_url + address.link(),
        "details_url": _details_url(request, kind, page.rows, with_disks=disk is None),
    }


def answer(request: CloudRequest, page: str, table: str, context: dict[str, Any]) -> HttpResponse:
    """Render a list as the template `page`, or only its `table` for htmx; remember the page size the address names."""
    response = page_or_partial(request, page, table, context)
    # A refresh brings along what the search box says: typed while the session had ended, say.
    if request.htmx.trigger == "table" and _text_in(request.htmx.current_url) != context["address"].text:
        replace_url(response, request.path + context["address"].here)
    size = page_size(request.GET.get(PER_PAGE, ""))
    # A link that selects all that match brings its own size along: nobody chose that for the other lists.
    if size and not context["address"].select_all:
        response.set_cookie(
            PER_PAGE,
            str(size),
            max_age=REMEMBERED_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def _text_in(url: str | None) -> str:
    return QueryDict(urlsplit(url or "").query).get("q", "")


def _details_url(request: CloudRequest, kind: Kind[Shown], rows: Sequence[Shown], *, with_disks: bool) -> str:
    """Return where to ask for what Cinder didn't tell with the rows; empty where there is nothing to ask."""
    of_disks = dict.fromkeys(row.owner_disk_id for row in rows) if with_disks else {}
    wanted = {
        "counted": ",".join(row.id for row in rows) if kind.counts_snapshots else "",
        "disks": ",".join(one for one in of_disks if CLOUD_ID.fullmatch(one)),
        "failed": ",".join(row.id for row in rows if row.status.tone == "bad"),
    }
    kept = {name: ids for name, ids in wanted.items() if ids}
    url = reverse(f"{kind.name}-details", kwargs={"project": request.cloud.slug})
    return f"{url}?{urlencode(kept, safe=',')}" if kept else ""


def disk_conditions(request: CloudRequest, address: ListAddress) -> list[Condition[Any]]:
    """Return what the filter by disk asks for: its id, or its name, which one more request finds."""
    wanted = address.filters.get("disk", "")
    if not wanted:
        return []
    if CLOUD_ID.fullmatch(wanted):
        return [of_disks([wanted])]
    named = disks.page(request.cloud, Query(per_page=SEARCH_ROWS, conditions=(with_name(wanted),)))
    return [of_disks([disk.id for disk in named.rows])]


@require_safe
def details(request: CloudRequest, kind: Kind[Any]) -> HttpResponse:
    """Tell what belongs into the rows of a list: their disks, and Cinder's messages about what failed."""
    of_disks, failed = ids_in(request, "disks"), ids_in(request, "failed")
    found, told, counted = together(
        partial(disks.find_many, request.cloud, of_disks),
        partial(messages.newest, request.cloud, kind.message_type, failed),
        partial(counted_snapshots, request.cloud, ids_in(request, "counted")),
    )
    shown = [found.get(one) or disks.unknown(one) for one in of_disks]
    return render(
        request, "lists/_details.html", {"disks": shown, "messages": told.values(), "counted": counted.items()}
    )


def counted_snapshots(cloud: Cloud, disk_ids: Sequence[str]) -> dict[str, SnapshotCount]:
    """Return how many snapshots each of these disks has, as far as one request shows; none where there are no disks."""
    if not disk_ids:
        return {}
    found, all_seen = snapshots.summaries(cloud, disk_ids)
    return {disk_id: SnapshotCount(found.get(disk_id), all_seen) for disk_id in disk_ids}


def instances_url(request: CloudRequest, rows: Sequence[Disk]) -> str:
    """Return where to ask for the names of the instances that hold these disks; empty where nobody knows them."""
    ids = dict.fromkeys(attachment.server_id for row in rows for attachment in row.attachments)
    known = [one for one in ids if CLOUD_ID.fullmatch(one)][: max(PAGE_SIZES)]
    if not known or not request.cloud.endpoint.compute_url:
        return ""
    return f"{reverse('instance-names', kwargs={'project': request.cloud.slug})}?ids={','.join(known)}"


def ids_in(request: CloudRequest, name: str) -> list[str]:
    """Return the ids that a query string tells under a name, by commas."""
    ids = dict.fromkeys(request.GET.get(name, "").split(","))
    return [one for one in ids if CLOUD_ID.fullmatch(one)][: max(PAGE_SIZES)]
