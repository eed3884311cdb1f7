"""Reading lists page by page, and searches that Cinder itself doesn't support."""

import logging
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from cinderclient import api_versions
from django.core.cache import caches

from dashboard.cloud.errors import Broken, NotAllowed, NotFound, OverQuota, Refused
from dashboard.cloud.ids import CLOUD_ID
from dashboard.cloud.keystone import Cloud
from dashboard.cloud.parallel import each
from volumes.cinder import client
from volumes.cinder.client import get
from volumes.cinder.values import Page, Record
from volumes.cinder.versions import CACHE_SECONDS, version

logger = logging.getLogger(__name__)

Row = TypeVar("Row", bound=Record)

# The microversion from which the number of all matching rows can be requested
WITH_COUNT = api_versions.APIVersion("3.45")
# The microversion from which the filters that the operator allows can be read
RESOURCE_FILTERS = api_versions.APIVersion("3.33")
# Cinder's default configuration can't search for substrings, so a search reads up to this many pages of this many rows.
SEARCH_REQUESTS = 10
SEARCH_ROWS = 1000
# The maximum number of rows that are read, and therefore of a page
MAX_ROWS = SEARCH_REQUESTS * SEARCH_ROWS
# The maximum number of records that are read with one request each; more are read from the list first
MAX_SINGLE_READS = 20
# The same if it is known since when the records exist
MAX_SINGLE_READS_SINCE = 5
# The minimum number of rows of the first list, which may be enough: a page has up to 100 rows
MIN_LIST_ROWS = 200
MIN_LIST_ROWS_SINCE = 20
# Search texts that can be the beginning of an id, so that a filter by name would miss matches. Shorter ones are names.
BEGINNING_OF_AN_ID = re.compile(r"[0-9a-f]{8}[0-9a-f-]{0,28}", re.IGNORECASE)
WILDCARDS = re.compile("[%_]")


@dataclass(frozen=True, slots=True)
class Condition(Generic[Row]):
    """A restriction of a list: a filter of Cinder if the cloud offers it, else `narrow`, applied to the rows read.

    `narrow` returns None if the decision would need more rows than are read.
    """

    narrow: Callable[[list[Row]], list[Row] | None]
    filter_name: str = ""
    filter_value: str = ""


@dataclass(frozen=True, slots=True)
class Query(Generic[Row]):
    """The rows to read: the search `text`, `conditions`, order, page size in rows, and position.

    `column` is one of Cinder's sort columns. `marker` is the id of the row after which the page begins, or before which
    it ends if `back` is set. `filters` are filters of Cinder that every cloud offers.
    """

    text: str = ""
    column: str = "created_at"
    descending: bool = True
    per_page: int = 20
    marker: str = ""
    back: bool = False
    filters: Mapping[str, str] = field(default_factory=dict)
    conditions: tuple[Condition[Row], ...] = ()

    def sort(self) -> str:
        """Return Cinder's sort parameter; a page before a marker is read in the opposite order."""
        return f"{self.column}:{'desc' if self.descending != self.back else 'asc'}"


@dataclass(frozen=True, slots=True)
class Resource(Generic[Row]):
    """A resource that Cinder lists: its name in URLs and answers, and the function that converts a row."""

    name: str
    read: Callable[[dict[str, Any]], Row]


@dataclass(frozen=True, slots=True)
class _Answer(Generic[Row]):
    """One answer to a request for a list.

    `total` is the number of all matching rows, or None if unknown. `has_link` means that it has a link to more rows.
    `unreadable` is the number of rows that are missing although the answer says that they exist.
    """

    rows: list[Row]
    total: int | None
    has_link: bool
    unreadable: int


def names_of(cloud: Cloud, resource: Resource[Row], disk_id: str) -> frozenset[str]:
    """Return the names of a disk's newest 1,000 snapshots or backups: one request."""
    parameters: dict[str, str | int] = {"volume_id": disk_id, "limit": SEARCH_ROWS}
    answer = get(cloud, f"/{resource.name}", parameters)
    return frozenset(str(row.get("name") or "") for row in client.rows(answer, resource.name))


def page(cloud: Cloud, resource: Resource[Row], query: Query[Row]) -> Page[Row]:
    """Return one page of a list.

    It costs one request, or up to SEARCH_REQUESTS for a condition that the cloud has no filter for and for a page of
    more than SEARCH_ROWS. A marker that no longer exists costs one more, for page one, and the offered filters are read
    once an hour.

    Raises:
        CloudError: the cloud refused or failed.
    """
    query = _with_offered_filters(cloud, resource, query)
    if query.conditions or query.per_page > SEARCH_ROWS:
        return _search(cloud, resource, query)
    try:
        result = _read(cloud, resource, query)
    except NotFound:
        if not query.marker:
            raise
        result = None
    if result and (result.rows or not query.marker):
        return result
    # The marker no longer exists, or no rows follow it.
    return replace(page(cloud, resource, replace(query, marker="", back=False)), marker_gone=True)


def count(cloud: Cloud, resource: Resource[Row], query: Query[Row]) -> int | None:
    """Return the number of rows that match a query; None if the cloud doesn't count them: one request.

    Counting takes Cinder a noticeable part of the time of a page, so pages don't wait for it.

    Raises:
        CloudError: the cloud refused or failed.
    """
    query = _with_offered_filters(cloud, resource, query)
    if query.conditions or version(cloud) < WITH_COUNT:
        return None
    total = get(cloud, f"/{resource.name}", {**query.filters, "limit": 1, "with_count": "true"}).get("count")
    return total if isinstance(total, int) else None


def find_many(
    cloud: Cloud,
    resource: Resource[Row],
    ids: Sequence[str],
    find_or_none: Callable[[Cloud, str], Row | None],
    created_since: datetime | None = None,
) -> dict[str, Row]:
    """Return the existing ones of these records by id.

    Up to MAX_SINGLE_READS records cost one request each. For more, the list is read first, newest rows first: one
    request for twice as many rows, at least MIN_LIST_ROWS, and another one for 1,000 more if more than MAX_SINGLE_READS
    records are not among them. Records that were not found are then read one by one, unless all rows of the list were.

    `created_since` is a time before which none of the records was created. If it is given, MAX_SINGLE_READS_SINCE and
    MIN_LIST_ROWS_SINCE apply, and rows from before that time need not be read.
    """
    most = MAX_SINGLE_READS_SINCE if created_since else MAX_SINGLE_READS
    found, complete = _newest_of(cloud, resource, ids, created_since) if len(ids) > most else ({}, False)
    missing_ids = [] if complete else [record_id for record_id in ids if record_id not in found]
    for record in each(lambda record_id: find_or_none(cloud, record_id), missing_ids):
        if record is not None:
            found[record.id] = record
    return found


def _newest_of(
    cloud: Cloud, resource: Resource[Row], ids: Sequence[str], created_since: datetime | None
) -> tuple[dict[str, Row], bool]:
    """Return the ones of these records that are among the newest, and whether the answers prove that others are gone.

    They do if they have as many rows as Cinder counts, or a row older than all of these records.
    """
    found: dict[str, Row] = {}
    wanted_ids, count, readable = frozenset(ids), 0, True
    parameters: dict[str, str | int] = {"sort": Query().sort(), **_count_parameter(cloud)}
    least = MIN_LIST_ROWS_SINCE if created_since else MIN_LIST_ROWS
    for limit in (min(max(2 * len(ids), least), SEARCH_ROWS), SEARCH_ROWS):
        try:
            answer = _rows(cloud, resource, {**parameters, "limit": limit})
        except NotFound:
            if "marker" not in parameters:
                raise
            # The row after which this page begins has been deleted.
            break
        found |= {row.id: row for row in answer.rows if row.id in wanted_ids}
        count, readable = count + len(answer.rows), readable and not answer.unreadable
        if answer.total is not None and count >= answer.total:
            return found, readable
        if not answer.rows:
            break
        if _is_older(answer.rows[-1], created_since):
            return found, readable
        if len(wanted_ids) - len(found) <= MAX_SINGLE_READS:
            break
        parameters["marker"] = answer.rows[-1].id
    return found, False


def _count_parameter(cloud: Cloud) -> dict[str, str]:
    """Return the parameter that makes Cinder count all rows, if it can."""
    return {"with_count": "true"} if version(cloud) >= WITH_COUNT else {}


def _is_older(row: Row, moment: datetime | None) -> bool:
    return moment is not None and row.created_at is not None and row.created_at < moment


def everything(cloud: Cloud, resource: Resource[Row]) -> tuple[list[Row], bool]:
    """Return the newest 10,000 rows, and whether there are no others: up to SEARCH_REQUESTS requests."""
    answers = list(_everything(cloud, resource, Query()))
    complete = answers[-1][1] and not any(answer.unreadable for answer, _last in answers)
    return [row for answer, _last in answers for row in answer.rows], complete


def _with_offered_filters(cloud: Cloud, resource: Resource[Row], query: Query[Row]) -> Query[Row]:
    """Return the query with conditions replaced by Cinder's filters if the cloud offers them."""
    # The search text is applied first, as it is when Cinder searches.
    conditions = (*((_text_condition(query.text),) if query.text else ()), *query.conditions)
    if not conditions:
        return query
    offered = _offered_filters(cloud, resource)
    filters = {
        condition.filter_name: condition.filter_value for condition in conditions if condition.filter_name in offered
    }
    remaining = tuple(condition for condition in conditions if condition.filter_name not in offered)
    return replace(query, text="", filters={**filters, **query.filters}, conditions=remaining)


def _text_condition(text: str) -> Condition[Row]:
    """Return the condition that the name contains the text, or that the id begins with it."""
    wanted = comparable(text)
    id_begins = wanted if BEGINNING_OF_AN_ID.fullmatch(text) else None
    by_name = id_begins is None and text.isascii() and not WILDCARDS.search(text)
    return Condition(
        lambda rows: [
            row
            for row in rows
            if wanted in comparable(row.name) or (id_begins is not None and row.id.casefold().startswith(id_begins))
        ],
        "name~" if by_name else "",
        text,
    )


def comparable(text: str) -> str:
    """Return a name without differences in case and Unicode normalisation, which look the same to a user.

    Cinder compares the stored characters, so its filters are used for ASCII texts only.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def _offered_filters(cloud: Cloud, resource: Resource[Row]) -> frozenset[str]:
    """Return the names of the filters that the operator allows: one request per hour, process and endpoint."""
    if version(cloud) < RESOURCE_FILTERS:
        return frozenset()
    singular = resource.name.removesuffix("s")
    key = f"cinder-filters:{singular}:{cloud.endpoint.url.replace(cloud.project.id, '')}"
    offered: frozenset[str] | None = caches["process"].get(key)
    if offered is None:
        try:
            answer = get(cloud, "/resource_filters", {"resource": singular}).get("resource_filters")
        except (NotAllowed, NotFound):
            answer = None
        except (Broken, Refused, OverQuota):
            # A gateway may hide this URL. This isn't cached, because it may be temporary.
            return frozenset()
        offered = frozenset(_filter_names(answer, singular))
        caches["process"].set(key, offered, CACHE_SECONDS)
    return offered


def _filter_names(answer: object, singular: str) -> Iterator[str]:
    """Yield the names in a list of resource filters; none if the answer is malformed."""
    for row in answer if isinstance(answer, list) else ():
        if isinstance(row, dict) and row.get("resource") == singular and isinstance(row.get("filters"), list):
            yield from map(str, row["filters"])


def _read(cloud: Cloud, resource: Resource[Row], query: Query[Row]) -> Page[Row]:
    # One extra row shows whether another page exists.
    parameters: dict[str, str | int] = {**query.filters, "limit": query.per_page + 1, "sort": query.sort()}
    if query.marker:
        parameters["marker"] = query.marker
    answer = _rows(cloud, resource, parameters)
    # A server with a lower limit of its own sends fewer rows, and a link to the next ones.
    more = len(answer.rows) > query.per_page or answer.has_link
    shown = answer.rows[: query.per_page]
    if query.back:
        shown.reverse()
    before, after = more if query.back else bool(query.marker), query.back or more
    total = None if query.marker or more else len(shown)
    return replace(_page(shown, total, before=before, after=after), unreadable=answer.unreadable)


def _page(shown: list[Row], total: int | None, *, before: bool, after: bool) -> Page[Row]:
    return Page(
        rows=tuple(shown),
        total=total,
        previous_marker=shown[0].id if shown and before else None,
        next_marker=shown[-1].id if shown and after else None,
    )


def _search(cloud: Cloud, resource: Resource[Row], query: Query[Row]) -> Page[Row]:
    answers = list(_everything(cloud, resource, replace(query, back=False)))
    matches = [row for answer, _last in answers for row in answer.rows]
    unreadable = sum(answer.unreadable for answer, _last in answers)
    stopped_after = None if answers[-1][1] else len(matches)
    for condition in query.conditions:
        narrowed = condition.narrow(matches)
        if narrowed is None:
            return Page(rows=(), undecided=True, unreadable=unreadable)
        matches = narrowed
    start, end = _window(matches, query)
    marker_gone = bool(query.marker) and not matches[start:end]
    if marker_gone:
        query = replace(query, marker="", back=False)
        start, end = _window(matches, query)
    result = _page(matches[start:end], len(matches), before=start > 0, after=end < len(matches))
    return replace(result, stopped_after=stopped_after, marker_gone=marker_gone, unreadable=unreadable)


def _window(matches: list[Row], query: Query[Row]) -> tuple[int, int]:
    """Return the page's begin and end index among the matches; an empty range if the marker's row is missing."""
    if not query.marker:
        return 0, query.per_page
    position = next((index for index, row in enumerate(matches) if row.id == query.marker), len(matches))
    if query.back and position < len(matches):
        return max(0, position - query.per_page), position
    return position + 1, position + 1 + query.per_page


def _everything(cloud: Cloud, resource: Resource[Row], query: Query[Row]) -> Iterator[tuple[_Answer[Row], bool]]:
    """Yield the answer to each request, and whether it is the last one."""
    parameters: dict[str, str | int] = {**query.filters, "limit": SEARCH_ROWS, "sort": query.sort()}
    for _ in range(SEARCH_REQUESTS):
        answer = _rows(cloud, resource, parameters)
        is_full = len(answer.rows) + answer.unreadable == SEARCH_ROWS
        last = not answer.rows or not (answer.has_link or is_full)
        yield answer, last
        if last:
            return
        parameters["marker"] = answer.rows[-1].id


def _rows(cloud: Cloud, resource: Resource[Row], parameters: Mapping[str, str | int]) -> _Answer[Row]:
    body = get(cloud, f"/{resource.name}/detail", parameters)
    rows = body.get(resource.name)
    if not isinstance(rows, list):
        raise Broken(f"an answer without {resource.name}")
    count = body.get("count")
    total = count if isinstance(count, int) else None
    has_link = bool(body.get(f"{resource.name}_links"))
    records = [resource.read(row) for row in rows if _has_id(row)]
    unreadable = len(rows) - len(records)
    if not rows and "marker" not in parameters:
        # A list can't be empty and have a count or a next page.
        unreadable = max(total or 0, int(has_link))
    if unreadable:
        logger.warning("Left out %s %s: without a usable id, or counted only", unreadable, resource.name)
    return _Answer(records, total, has_link, unreadable)


def _has_id(row: Any) -> bool:
    return isinstance(row, dict) and CLOUD_ID.fullmatch(str(row.get("id"))) is not None
