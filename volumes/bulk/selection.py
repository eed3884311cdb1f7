"""What is selected: by ids that a form sends, or all that match a list's search and filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import QueryDict

from dashboard.cloud.ids import CLOUD_ID
from dashboard.web import carried_form
from volumes.lists.address import MATCHING, ids_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.web.requests import CloudRequest
    from volumes.cinder.values import Page

    # Reads the first rows that match the query string of a list: how many at most, and of which disk, if of one
    Matching = Callable[[CloudRequest, QueryDict, int, str], Page[Any]]


def sent_selection(request: CloudRequest) -> QueryDict:
    """Return the form that names the selection: as posted, or as it was before a sign-in in between."""
    if request.method == "POST":
        return request.POST
    return carried_form.typed(request) or QueryDict()


def selected(request: CloudRequest, sent: QueryDict, matching: Matching, most: int) -> tuple[list[str], bool]:
    """Return the selected ids, up to `most`, and whether more were selected."""
    if MATCHING in sent:
        query = QueryDict(str(sent[MATCHING]).lstrip("?"))
        page = matching(request, query, most, disk_of(sent))
        return [row.id for row in page.rows], page.next_marker is not None
    ids = list(dict.fromkeys([*ids_of(sent), *ids_of(sent, "with_snapshots")]))
    return ids[:most], len(ids) > most


def disk_of(sent: QueryDict) -> str:
    """Return the id of the disk whose list the selection was made in; empty for a list of the whole project."""
    disk_id = sent.get("disk", "")
    return disk_id if CLOUD_ID.fullmatch(disk_id) else ""
