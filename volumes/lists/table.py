"""The parts that all lists share: the context of the table, the response, and details loaded afterwards."""

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
from dashboard.cloud.optional import optional
from dashboard.cloud.parallel import together
from dashboard.web.partials import page_or_partial
from volumes.cinder import disks, messages, snapshots
from volumes.cinder.listing import SEARCH_ROWS, Query
from volumes.cinder.values import short_ids_of
from volumes.lists.address import PAGE_SIZES, PER_PAGE, page_size
from volumes.lists.filters import of_disks, with_name
from volumes.lists.rows import SnapshotCount

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpResponse

    from dashboard.cloud.keystone import Cloud
    from dashboard.web.requests import CloudRequest
    from volumes.cinder.listing import Condition
    from volumes.cinder.snapshots import Summary
    from volumes.cinder.values import Disk, Page
    from volumes.kinds import Kind
    from volumes.lists.address import ListAddress
    from volumes.lists.rows import Shown

# The number of instances that a row shows (templates/disks/_attachments.html)
INSTANCES_PER_ROW = 3
# The lifetime of the page size cookie: one year
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
    """Return the context of a table's template. `disk` is given if all rows belong to the same disk."""
    url_parameters = {"project": request.cloud.slug}
    export_url = (
        reverse("disk-snapshots-export", kwargs={**url_parameters, "disk_id": disk.id})
        if disk
        else reverse(f"{kind.name}-export", kwargs=url_parameters)
    )
    return {
        "kind": kind,
        "page": page,
        "rows": [kind.row(record, disk=disk) for record in page.rows],
        "short_ids": short_ids_of(page.rows),
        "address": address,
        "page_sizes": PAGE_SIZES,
        "poll_url": changes_url + address.here,
        "export_url": export_url + address.link(),
        "details_url": _details_url(request, kind, page.rows, with_disks=disk is None),
    }


def answer(request: CloudRequest, page: str, table: str, context: dict[str, Any]) -> HttpResponse:
    """Render the template `page`, or only `table` for htmx, and store a page size from the query string."""
    response = page_or_partial(request, page, table, context)
    # A refresh includes the text in the search box, which may have been typed while the session had ended.
    if request.htmx.trigger == "table" and _text_in(request.htmx.current_url) != context["address"].text:
        replace_url(response, request.path + context["address"].here)
    size = page_size(request.GET.get(PER_PAGE, ""))
    # The page size in a link that selects everything was not chosen by the user.
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
    """Return the search text in the browser's URL; empty if the header holds no URL."""
    try:
        query = urlsplit(url or "").query
    except ValueError:
        return ""
    return QueryDict(query).get("q", "")


def _details_url(request: CloudRequest, kind: Kind[Shown], rows: Sequence[Shown], *, with_disks: bool) -> str:
    """Return the URL that loads the details which Cinder's list lacks; empty if no row needs any."""
    disk_ids = dict.fromkeys(row.owner_disk_id for row in rows) if with_disks else {}
    parameters = {
        "counted": ",".join(row.id for row in rows) if kind.counts_snapshots else "",
        "disks": ",".join(disk_id for disk_id in disk_ids if CLOUD_ID.fullmatch(disk_id)),
        "failed": ",".join(row.id for row in rows if row.status.tone == "bad"),
    }
    given = {name: ids for name, ids in parameters.items() if ids}
    url = reverse(f"{kind.name}-details", kwargs={"project": request.cloud.slug})
    return f"{url}?{urlencode(given, safe=',')}" if given else ""


def disk_conditions(request: CloudRequest, address: ListAddress) -> list[Condition[Any]]:
    """Return the conditions for the filter by disk: an id, or a name, which costs one more request."""
    wanted = address.filters.get("disk", "")
    if not wanted:
        return []
    if CLOUD_ID.fullmatch(wanted):
        return [of_disks([wanted])]
    page = disks.page(request.cloud, Query(per_page=SEARCH_ROWS, conditions=(with_name(wanted),)))
    return [of_disks([disk.id for disk in page.rows])]


@require_safe
def details(request: CloudRequest, kind: Kind[Any]) -> HttpResponse:
    """Load the details of a list's rows: disks, snapshot counts, and Cinder's messages about failures."""
    disk_ids, failed_ids = ids_in(request, "disks"), ids_in(request, "failed")
    disks_by_id, messages_by_id, counts_by_id = together(
        optional(partial(disks.find_many, request.cloud, disk_ids), None),
        optional(partial(messages.newest_by_id, request.cloud, kind.message_type, failed_ids), {}),
        partial(counted_snapshots, request.cloud, ids_in(request, "counted")),
    )
    context = {
        "kind": kind,
        "disks": _found_or_missing(disk_ids, disks_by_id),
        "messages": messages_by_id.values(),
        "counted": counts_by_id.items(),
    }
    return render(request, "lists/_details.html", context)


def _found_or_missing(disk_ids: Sequence[str], disks_by_id: Mapping[str, Disk] | None) -> list[Disk]:
    """Return the disk for each id; none if the cloud didn't say which of them exist."""
    if disks_by_id is None:
        return []
    return [disks_by_id.get(disk_id) or disks.missing(disk_id) for disk_id in disk_ids]


def counted_snapshots(cloud: Cloud, disk_ids: Sequence[str]) -> dict[str, SnapshotCount]:
    """Return the snapshot count of each disk by id, as far as one request shows it; unknown if the cloud fails."""
    if not disk_ids:
        return {}
    nothing: tuple[dict[str, Summary], bool] = ({}, False)
    summaries, all_seen = optional(partial(snapshots.summaries, cloud, disk_ids), nothing)()
    return {disk_id: SnapshotCount(summaries.get(disk_id), all_seen) for disk_id in disk_ids}


def instances_url(request: CloudRequest, rows: Sequence[Disk], most: int | None = None) -> str:
    """Return the URL that loads the names of the disks' instances; empty if there are none or the cloud has no Nova.

    `most` limits the number of instances per disk, where not all are shown.
    """
    ids = dict.fromkeys(attachment.server_id for row in rows for attachment in row.attachments[:most])
    server_ids = [server_id for server_id in ids if CLOUD_ID.fullmatch(server_id)][: max(PAGE_SIZES)]
    if not server_ids or not request.cloud.endpoint.compute_url:
        return ""
    return f"{reverse('instance-names', kwargs={'project': request.cloud.slug})}?ids={','.join(server_ids)}"


def ids_in(request: CloudRequest, name: str) -> list[str]:
    """Return the valid ids in a comma-separated parameter, at most one page of them."""
    values = dict.fromkeys(request.GET.get(name, "").split(","))
    return [value for value in values if CLOUD_ID.fullmatch(value)][: max(PAGE_SIZES)]
