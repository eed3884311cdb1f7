"""Reading lists page by page, and searching where Cinder itself can't."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from cinderclient import api_versions
from django.core.cache import cache

from dashboard.cloud.errors import Broken, NotAllowed, NotFound
from dashboard.cloud.ids import CLOUD_ID
from dashboard.cloud.keystone import Cloud
from dashboard.cloud.parallel import each
from volumes.cinder import client
from volumes.cinder.client import SERVER_CACHE_SECONDS, get, version
from volumes.cinder.values import Page, Record

logger = logging.getLogger(__name__)

Row = TypeVar("Row", bound=Record)

WITH_COUNT = api_versions.APIVersion("3.45")
# From here on the cloud tells which filters its operator offers.
RESOURCE_FILTERS = api_versions.APIVersion("3.33")
# A stock Cinder finds no substrings: a search reads on for so many requests of so many rows.
SEARCH_REQUESTS = 10
SEARCH_ROWS = 1000
# So many are read at most, and so a page can't be longer
MOST_ROWS = SEARCH_REQUESTS * SEARCH_ROWS
# Up to so many are looked up one by one, more by reading the list
FEW = 20
# What may be a part of an id, and so is no matter for a filter by name
PART_OF_AN_ID = re.compile(r"[0-9a-f-]+", re.IGNORECASE)
WILDCARDS = re.compile("[%_]")


@dataclass(frozen=True, slots=True)
class Condition(Generic[Row]):
    """What narrows a list: a filter of Cinder's where the cloud offers that one, else `narrow` on what was read.

    It returns None where that can't be decided within the bound of what is read.
    """

    narrow: Callable[[list[Row]], list[Row] | None]
    filter_name: str = ""
    filter_value: str = ""


@dataclass(frozen=True, slots=True)
class Query(Generic[Row]):
    """Which rows to show: searched `text`, `conditions`, order, how many, and from where.

    `column` is one of Cinder's own sort columns. `marker` is the id of the row after which the page begins, or before
    which it ends when `back` is set. `filters` are Cinder's own, for what every cloud offers.
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
        """Return the order in Cinder's words; a page backwards is read in the opposite one."""
        return f"{self.column}:{'desc' if self.descending != self.back else 'asc'}"


@dataclass(frozen=True, slots=True)
class Resource(Generic[Row]):
    """A kind of thing that Cinder lists: its name in URLs and answers, and how to read a row."""

    name: str
    read: Callable[[dict[str, Any]], Row]


def names_of(cloud: Cloud, resource: Resource[Row], disk_id: str) -> frozenset[str]:
    """Return the names of the newest 1,000 of a disk: one request."""
    parameters: dict[str, str | int] = {"volume_id": disk_id, "limit": SEARCH_ROWS}
    answer = get(cloud, f"/{resource.name}", parameters)
    return frozenset(str(row.get("name") or "") for row in client.rows(answer, resource.name))


def page(cloud: Cloud, resource: Resource[Row], query: Query[Row]) -> Page[Row]:
    """Return one page of a list.

    Costs one request; what the cloud has no filter for, and a page of more than SEARCH_ROWS, up to SEARCH_REQUESTS; a
    marker that is gone one more, for page one; and once an hour one that asks for the filters.

    Raises:
        CloudError: the cloud refused or failed.
    """
    query = _with_offered_filters(cloud, resource, query)
    if query.conditions or query.per_page > SEARCH_ROWS:
        return _search(cloud, resource, query)
    try:
        found = _read(cloud, resource, query)
    except NotFound:
        if not query.marker:
            raise
        found = None
    if found and (found.rows or not query.marker):
        return found
    # The marker is gone, or nothing is left behind it.
    return replace(page(cloud, resource, replace(query, marker="", back=False)), marker_gone=True)


def find_many(
    cloud: Cloud, resource: Resource[Row], ids: Sequence[str], find_or_none: Callable[[Cloud, str], Row | None]
) -> dict[str, Row]:
    """Return what there is of these, by id: a few one by one; many from the newest 1,000, and the rest one by one."""
    found: dict[str, Row] = {}
    if len(ids) > FEW:
        rows, _total, _linked_on = _rows(cloud, resource, {"limit": SEARCH_ROWS, "sort": Query().sort()})
        wanted = frozenset(ids)
        found = {row.id: row for row in rows if row.id in wanted}
    missing = [one for one in ids if one not in found]
    for row in each(lambda one: find_or_none(cloud, one), missing):
        if row is not None:
            found[row.id] = row
    return found


def everything(cloud: Cloud, resource: Resource[Row]) -> tuple[list[Row], bool]:
    """Return the newest 10,000 rows, and whether these are all: up to SEARCH_REQUESTS requests."""
    requests = list(_everything(cloud, resource, Query()))
    return [row for rows, _last in requests for row in rows], requests[-1][1]


def _with_offered_filters(cloud: Cloud, resource: Resource[Row], query: Query[Row]) -> Query[Row]:
    """Return the query with the conditions as Cinder's filters where it has them; the others remain."""
    # A search narrows first, as it does where Cinder searches.
    conditions = (*((_text_condition(query.text),) if query.text else ()), *query.conditions)
    if not conditions:
        return query
    offered = _offered_filters(cloud, resource)
    filters = {one.filter_name: one.filter_value for one in conditions if one.filter_name in offered}
    left = tuple(one for one in conditions if one.filter_name not in offered)
    return replace(query, text="", filters={**filters, **query.filters}, conditions=left)


def _text_condition(text: str) -> Condition[Row]:
    wanted = text.casefold()
    by_name = not PART_OF_AN_ID.fullmatch(text) and not WILDCARDS.search(text)
    return Condition(
        lambda rows: [row for row in rows if wanted in row.name.casefold() or wanted in row.id],
        "name~" if by_name else "",
        text,
    )


def _offered_filters(cloud: Cloud, resource: Resource[Row]) -> frozenset[str]:
    """Return the filters that the operator lets members use: one request an hour and endpoint."""
    if version(cloud) < RESOURCE_FILTERS:
        return frozenset()
    singular = resource.name.removesuffix("s")
    key = f"cinder-filters:{singular}:{cloud.endpoint.url.replace(cloud.project.id, '')}"
    offered: frozenset[str] | None = cache.get(key)
    if offered is None:
        try:
            answer = get(cloud, "/resource_filters", {"resource": singular}).get("resource_filters")
        except (NotAllowed, NotFound):
            answer = None
        offered = frozenset(_filter_names(answer, singular))
        cache.set(key, offered, SERVER_CACHE_SECONDS)
    return offered


def _filter_names(answer: object, singular: str) -> Iterator[str]:
    """Yield the names in a list of resource filters; nothing where the answer is of another shape."""
    for row in answer if isinstance(answer, list) else ():
        if isinstance(row, dict) and row.get("resource") == singular and isinstance(row.get("filters"), list):
            yield from map(str, row["filters"])


def _read(cloud: Cloud, resource: Resource[Row], query: Query[Row]) -> Page[Row]:
    # One row more than shown tells whether there is another page.
    parameters: dict[str, str | int] = {**query.filters, "limit": query.per_page + 1, "sort": query.sort()}
    if query.marker:
        parameters["marker"] = query.marker
    if version(cloud) >= WITH_COUNT:
        parameters["with_count"] = "true"
    rows, total, linked_on = _rows(cloud, resource, parameters)
    more = len(rows) > query.per_page or _cut_short(cloud, query, len(rows), total, linked_on=linked_on)
    shown = rows[: query.per_page]
    if query.back:
        shown.reverse()
    return _page(query, shown, total, before=more if query.back else bool(query.marker), after=query.back or more)


def _cut_short(cloud: Cloud, query: Query[Row], rows: int, total: int | None, *, linked_on: bool) -> bool:
    """Tell whether the server sent fewer rows than there are, because its own limit is lower than ours.

    Without a count its link to the rest says so. With one the link is there on the last page too, because Cinder then
    compares the limit with the count of all (cinder/api/common.py): page one shows the server's limit to later pages.
    """
    if total is None or not linked_on:
        return linked_on
    key = f"cinder-limit:{cloud.endpoint.url}"
    if not query.marker and total > rows:
        cache.set(key, rows, SERVER_CACHE_SECONDS)
    known: int = cache.get(key, query.per_page + 1)
    return rows >= known


def _page(query: Query[Row], shown: list[Row], total: int | None, *, before: bool, after: bool) -> Page[Row]:
    return Page(
        rows=tuple(shown),
        total=total if total is not None or query.marker or after else len(shown),
        previous_marker=shown[0].id if shown and before else None,
        next_marker=shown[-1].id if shown and after else None,
    )


def _search(cloud: Cloud, resource: Resource[Row], query: Query[Row]) -> Page[Row]:
    requests = list(_everything(cloud, resource, replace(query, back=False)))
    found = [row for rows, _ in requests for row in rows]
    read = None if requests[-1][1] else len(found)
    for condition in query.conditions:
        narrowed = condition.narrow(found)
        if narrowed is None:
            return Page(rows=(), undecided=True)
        found = narrowed
    start, end = _window(found, query)
    gone = bool(query.marker) and not found[start:end]
    if gone:
        query = replace(query, marker="", back=False)
        start, end = _window(found, query)
    answer = _page(query, found[start:end], len(found), before=start > 0, after=end < len(found))
    return replace(answer, stopped_after=read, marker_gone=gone)


def _window(found: list[Row], query: Query[Row]) -> tuple[int, int]:
    """Return where the page begins and ends among all that was found; an empty one where the marker is not among it."""
    if not query.marker:
        return 0, query.per_page
    position = next((index for index, row in enumerate(found) if row.id == query.marker), len(found))
    if query.back and position < len(found):
        return max(0, position - query.per_page), position
    return position + 1, position + 1 + query.per_page


def _everything(cloud: Cloud, resource: Resource[Row], query: Query[Row]) -> Iterator[tuple[list[Row], bool]]:
    """Yield the rows of each request, and whether they were the last."""
    parameters: dict[str, str | int] = {**query.filters, "limit": SEARCH_ROWS, "sort": query.sort()}
    for _ in range(SEARCH_REQUESTS):
        rows, _total, linked_on = _rows(cloud, resource, parameters)
        last = not rows or not (linked_on or len(rows) == SEARCH_ROWS)
        yield rows, last
        if last:
            return
        parameters["marker"] = rows[-1].id


def _rows(
    cloud: Cloud, resource: Resource[Row], parameters: Mapping[str, str | int]
) -> tuple[list[Row], int | None, bool]:
    """Return the rows, how many there are in all (None: not told), and whether the answer links on to more."""
    body = get(cloud, f"/{resource.name}/detail", parameters)
    rows = body.get(resource.name)
    if not isinstance(rows, list):
        raise Broken(f"an answer without {resource.name}")
    count = body.get("count")
    read = [resource.read(row) for row in rows if _has_id(row)]
    if len(read) < len(rows):
        logger.warning("Left out %s %s without a usable id", len(rows) - len(read), resource.name)
    return read, count if isinstance(count, int) else None, bool(body.get(f"{resource.name}_links"))


def _has_id(row: Any) -> bool:
    return isinstance(row, dict) and CLOUD_ID.fullmatch(str(row.get("id"))) is not None
