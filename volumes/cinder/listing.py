"""Reading lists page by page, and searching where Cinder itself can't."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from cinderclient import api_versions
from django.core.cache import cache

from dashboard.converters import A_CLOUD_ID
from dashboard.errors import Broken, NotFound
from dashboard.keystone import Cloud
from volumes.cinder.client import SERVER_CACHE_SECONDS, get, version
from volumes.cinder.values import Disk, Page, Snapshot

logger = logging.getLogger(__name__)

Row = TypeVar("Row", Disk, Snapshot)

WITH_COUNT = api_versions.APIVersion("3.45")
# A stock Cinder finds no substrings: a search reads on for so many requests of so many rows.
SEARCH_REQUESTS = 10
SEARCH_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Query:
    """Which rows to show: searched `text`, order, how many, and from where.

    `column` is one of Cinder's own sort columns. `marker` is the id of the row after which the page begins, or before
    which it ends when `back` is set.
    """

    text: str = ""
    column: str = "created_at"
    descending: bool = True
    per_page: int = 20
    marker: str = ""
    back: bool = False
    filters: Mapping[str, str] = field(default_factory=dict)

    def sort(self) -> str:
        """Return the order in Cinder's words; a page backwards is read in the opposite one."""
        return f"{self.column}:{'desc' if self.descending != self.back else 'asc'}"


@dataclass(frozen=True, slots=True)
class Resource(Generic[Row]):
    """A kind of thing that Cinder lists: its name in URLs and answers, and how to read a row."""

    name: str
    read: Callable[[dict[str, Any]], Row]


def page(cloud: Cloud, resource: Resource[Row], query: Query) -> Page[Row]:
    """Return one page of a list.

    Costs one request; a search up to SEARCH_REQUESTS; a marker that is gone one more, for page one.

    Raises:
        CloudError: the cloud refused or failed.
    """
    if query.text:
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


def _read(cloud: Cloud, resource: Resource[Row], query: Query) -> Page[Row]:
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


def _cut_short(cloud: Cloud, query: Query, rows: int, total: int | None, *, linked_on: bool) -> bool:
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


def _page(query: Query, shown: list[Row], total: int | None, *, before: bool, after: bool) -> Page[Row]:
    return Page(
        rows=tuple(shown),
        total=total if total is not None or query.marker or after else len(shown),
        previous_marker=shown[0].id if shown and before else None,
        next_marker=shown[-1].id if shown and after else None,
    )


def _search(cloud: Cloud, resource: Resource[Row], query: Query) -> Page[Row]:
    wanted = query.text.casefold()
    requests = list(_everything(cloud, resource, replace(query, back=False)))
    found = [row for rows, _ in requests for row in rows if wanted in row.name.casefold() or wanted in row.id]
    start, end = _window(found, query)
    gone = bool(query.marker) and not found[start:end]
    if gone:
        query = replace(query, marker="", back=False)
        start, end = _window(found, query)
    shown = found[start:end]
    answer = _page(query, shown, len(found), before=start > 0, after=end < len(found))
    read = None if requests[-1][1] else sum(len(rows) for rows, _ in requests)
    return replace(answer, stopped_after=read, marker_gone=gone)


def _window(found: list[Row], query: Query) -> tuple[int, int]:
    """Return where the page begins and ends among all that was found; an empty one where the marker is not among it."""
    if not query.marker:
        return 0, query.per_page
    position = next((index for index, row in enumerate(found) if row.id == query.marker), len(found))
    if query.back and position < len(found):
        return max(0, position - query.per_page), position
    return position + 1, position + 1 + query.per_page


def _everything(cloud: Cloud, resource: Resource[Row], query: Query) -> Iterator[tuple[list[Row], bool]]:
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
    return isinstance(row, dict) and A_CLOUD_ID.fullmatch(str(row.get("id"))) is not None
