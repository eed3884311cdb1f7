"""The parts that all lists share: the context of the table, the response, and details loaded afterwards."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import replace_url

from dashboard.cloud.ids import CLOUD_ID
from dashboard.cloud.optional import optional
from dashboard.cloud.parallel import together
from dashboard.web.cookies import set_cookie
from dashboard.web.jinja import render_jinja
from dashboard.web.partials import page_or_partial
from volumes import nova
from volumes.cinder import disks, messages, snapshots
from volumes.cinder.listing import SEARCH_ROWS, Query
from volumes.cinder.values import Disk, short_ids_of
from volumes.lists.address import MATCHING, PAGE_SIZES, PER_PAGE, disk_of, page_size
from volumes.lists.filters import of_disks, with_name
from volumes.lists.row_texts import INSTANCES_PER_ROW, ListTexts
from volumes.lists.rows import SnapshotCount

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dashboard.cloud.keystone import Cloud
    from dashboard.web.requests import CloudRequest
    from volumes.cinder.listing import Condition
    from volumes.cinder.snapshots import Summary
    from volumes.cinder.values import Page, Record
    from volumes.kinds import Kind
    from volumes.lists.address import ListAddress
    from volumes.lists.rows import Shown

    # Counts the records that match a list's query string. The arguments are the request, the query string, and a disk
    # id (empty for the whole project). The result is None if the cloud doesn't count them.
    Count = Callable[[CloudRequest, QueryDict, str], int | None]

# The parameters of a list that don't narrow it
ORDER = frozenset({"sort", PER_PAGE})
# In characters: gunicorn and the usual web servers accept request lines of 8 KiB.
MAX_URL_LENGTH = 8000
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
        "details_urls": _details_urls(request, kind, address, page, disk),
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
        set_cookie(response, PER_PAGE, str(size), REMEMBERED_SECONDS)
    return response


def _text_in(url: str | None) -> str:
    """Return the search text in the browser's URL; empty if the header holds no URL."""
    try:
        query = urlsplit(url or "").query
    except ValueError:
        return ""
    return QueryDict(query).get("q", "")


def _details_urls(
    request: CloudRequest, kind: Kind[Shown], address: ListAddress, page: Page[Shown], disk: Disk | None
) -> list[str]:
    """Return the URLs that load the details which Cinder's list lacks: one, unless it would be too long.

    There is none if no row needs any details.
    """
    rows = page.rows
    disk_ids = {} if disk else dict.fromkeys(row.owner_disk_id for row in rows)
    parts = [
        {"counted": ",".join(row.id for row in rows) if kind.counts_snapshots else ""},
        {"disks": ",".join(disk_id for disk_id in disk_ids if CLOUD_ID.fullmatch(disk_id))},
        {"failed": ",".join(row.id for row in rows if row.status.tone == "bad")},
        {"instances": ",".join(_server_ids(request, rows, INSTANCES_PER_ROW))},
        _counting(address, disk) if page.total is None and rows else {},
    ]
    url = reverse(f"{kind.name}-details", kwargs={"project": request.cloud.slug})
    urls: list[str] = []
    for part in parts:
        query = urlencode({name: value for name, value in part.items() if value}, safe=",")
        if query and urls and len(urls[-1]) + len(query) < MAX_URL_LENGTH:
            urls[-1] += f"&{query}"
        elif query:
            urls.append(f"{url}?{query}")
    return urls


def _counting(address: ListAddress, disk: Disk | None) -> dict[str, str]:
    """Return the parameters for counting what matches a list, also in the link that selects everything if it shows."""
    select = "all" if address.select_all else ""
    return {MATCHING: address.link(), "disk": disk.id if disk else "", "select": select}


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
def details(request: CloudRequest, kind: Kind[Any], count: Count) -> HttpResponse:
    """Load what Cinder's list lacks: disks, snapshot counts, messages about failures, instances, and the total."""
    disk_ids, failed_ids = ids_in(request, "disks"), ids_in(request, "failed")
    counting = MATCHING in request.GET
    matching = QueryDict(request.GET.get(MATCHING, "").lstrip("?"))
    disks_by_id, messages_by_id, counts_by_id, names_by_id, total = together(
        optional(partial(disks.find_many, request.cloud, disk_ids), None),
        optional(partial(messages.newest_by_id, request.cloud, kind.message_type, failed_ids), {}),
        partial(counted_snapshots, request.cloud, ids_in(request, "counted")),
        partial(nova.names, request.cloud, ids_in(request, "instances")),
        optional(partial(count, request, matching, disk_of(request.GET)), None) if counting else lambda: None,
    )
    context = {
        "texts": ListTexts(request.cloud, kind, wide=True),
        "disks": _found_or_missing(disk_ids, disks_by_id),
        "messages": messages_by_id.values(),
        "counted": counts_by_id.items(),
        "instances": names_by_id.items(),
        "total": total,
        "select_words": "" if "select" in request.GET else _("Select all %(total)s that match") % {"total": total},
        "total_words": "" if total is None else kind.total_words(total, narrowed=bool(set(matching) - ORDER)),
    }
    return HttpResponse(render_jinja("lists/details.jinja", **context))


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


def instances_url(request: CloudRequest, rows: Sequence[Disk]) -> str:
    """Return the URL that loads the names of the disks' instances; empty if there are none or the cloud has no Nova."""
    server_ids = _server_ids(request, rows)
    if not server_ids:
        return ""
    return f"{reverse('instance-names', kwargs={'project': request.cloud.slug})}?ids={','.join(server_ids)}"


def _server_ids(request: CloudRequest, rows: Sequence[Record], most: int | None = None) -> list[str]:
    """Return the ids of the instances of disks, at most a page of them; none if the cloud has no Nova.

    `most` limits the number of instances per disk, where not all are shown.
    """
    if not request.cloud.endpoint.compute_url:
        return []
    disks_shown = (row for row in rows if isinstance(row, Disk))
    ids = dict.fromkeys(attachment.server_id for disk in disks_shown for attachment in disk.attachments[:most])
    return [server_id for server_id in ids if CLOUD_ID.fullmatch(server_id)][: max(PAGE_SIZES)]


def ids_in(request: CloudRequest, name: str) -> list[str]:
    """Return the valid ids in a comma-separated parameter, at most one page of them."""
    values = dict.fromkeys(request.GET.get(name, "").split(","))
    return [value for value in values if CLOUD_ID.fullmatch(value)][: max(PAGE_SIZES)]
