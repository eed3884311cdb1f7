"""The selection of a bulk action: the ids in a form, or everything that matches a list's search and filters."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import QueryDict

from dashboard.web import carried_form
from volumes.lists.address import MATCHING, disk_of, ids_of

# The fields with the ids of selected records: of the list, and of a preview that is shown again
FIELDS = ("ids", "with_snapshots", "left_out")
# The field with the time before which none of the selected records was created
CREATED_SINCE = "created_since"

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dashboard.web.requests import CloudRequest
    from volumes.cinder.values import Page, Record

    # Reads the first records that match a list's query string. The arguments are the request, the query string, the
    # maximum number of records, and a disk id (empty for the whole project).
    Matching = Callable[[CloudRequest, QueryDict, int, str], Page[Any]]


def sent_selection(request: CloudRequest) -> QueryDict:
    """Return the form with the selection: the posted one, or the one carried over from before signing in again."""
    if request.method == "POST":
        return request.POST
    return carried_form.typed(request) or QueryDict()


def selected(request: CloudRequest, sent: QueryDict, matching: Matching, max_count: int) -> tuple[list[str], bool]:
    """Return up to `max_count` selected ids, and whether more records were selected."""
    if MATCHING in sent:
        query = QueryDict(str(sent[MATCHING]).lstrip("?"))
        page = matching(request, query, max_count, disk_of(sent))
        return [row.id for row in page.rows], page.next_marker is not None
    ids = list(dict.fromkeys(record_id for name in FIELDS for record_id in ids_of(sent, name)))
    return ids[:max_count], len(ids) > max_count


def created_since(records: Iterable[Record]) -> datetime | None:
    """Return the time before which none of the records was created; None if it isn't known of all."""
    times = [record.created_at for record in records]
    known = [time for time in times if time]
    return min(known) if known and len(known) == len(times) else None


def sent_created_since(sent: QueryDict) -> datetime | None:
    """Return the time in a form before which none of the selected records was created; None if there is none."""
    try:
        moment = datetime.fromisoformat(sent.get(CREATED_SINCE, ""))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
