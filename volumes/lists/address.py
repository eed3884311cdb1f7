"""The query string of a list: search, filters, order, page size and position."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict

from dashboard.cloud.ids import CLOUD_ID
from dashboard.web.cookies import read_cookie
from volumes.cinder.listing import Condition, Query, Row

PAGE_SIZES = (20, 50, 100)
# The name of the page size parameter, and of the cookie that stores the last size chosen
PER_PAGE = "per_page"
NEWEST_FIRST = "-created_at"
# The form field with the query string of a list, sent when everything that matches it is selected
MATCHING = "matching"

# Functions that normalise the values of the filters by name; an empty result disables the filter
Filters = Mapping[str, Callable[[str], str]]


@dataclass(frozen=True, slots=True)
class ListAddress:
    """The parameters of a list, read from its query string. Invalid values are replaced by the defaults.

    `marker` is the id of the row next to the page, and `back` is true if the page ends before that row. `select_all`
    selects every matching row, also on other pages; links to other views of the list don't repeat it. `usual_size` is
    the user's own page size in rows, used if the query string has none.
    """

    text: str
    sort: str
    per_page: int
    marker: str
    back: bool
    filters: Mapping[str, str] = field(default_factory=dict)
    select_all: bool = False
    usual_size: int = PAGE_SIZES[0]

    @classmethod
    def from_request(
        cls, request: HttpRequest, sorts: Mapping[str, str], filters: Filters | None = None
    ) -> "ListAddress":
        """Read the query string of a request; the default of the page size comes from the cookie."""
        usual_size = page_size(read_cookie(request, PER_PAGE)) or PAGE_SIZES[0]
        return cls.from_query_string(request.GET, sorts, filters, usual_size)

    @classmethod
    def from_query_string(
        cls,
        parameters: QueryDict,
        sorts: Mapping[str, str],
        filters: Filters | None = None,
        usual_size: int = PAGE_SIZES[0],
    ) -> "ListAddress":
        """Read a query string."""
        sort = parameters.get("sort", "")
        marker = parameters.get("marker", "")
        filter_values = {name: read(_clean(parameters.get(name, ""))) for name, read in (filters or {}).items()}
        return cls(
            text=_clean(parameters.get("q", "")),
            sort=sort if sort.removeprefix("-") in sorts else NEWEST_FIRST,
            per_page=page_size(parameters.get(PER_PAGE, "")) or usual_size,
            marker=marker if CLOUD_ID.fullmatch(marker) else "",
            back=parameters.get("back") == "1",
            filters={name: value for name, value in filter_values.items() if value},
            select_all=parameters.get("select") == "all",
            usual_size=usual_size,
        )

    def query(self, sorts: Mapping[str, str], conditions: Sequence[Condition[Row]] = ()) -> Query[Row]:
        """Return the query for Cinder; `sorts` gives Cinder's column for each sort key."""
        return Query(
            text=self.text,
            column=sorts[self.sort.removeprefix("-")],
            descending=self.sort.startswith("-"),
            per_page=self.per_page,
            marker=self.marker,
            back=self.back and bool(self.marker),
            conditions=tuple(conditions),
        )

    def first_rows(self, max_rows: int) -> "ListAddress":
        """Return the same list as a single page from the beginning with at most `max_rows` rows."""
        return replace(self, per_page=max_rows, marker="", back=False)

    def link(self, **changes: str | int) -> str:
        """Return the query string with some `changes`, without parameters that have their default value.

        A user whose own page size isn't the general default gets it in every link, so that the link shows the same
        rows to others.
        """
        default_size = {PER_PAGE: self.usual_size} if self.usual_size == PAGE_SIZES[0] else {}
        defaults = {"q": "", "sort": NEWEST_FIRST, "marker": "", "back": 0, **default_size}
        values = {"q": self.text, **self.filters, "sort": self.sort, PER_PAGE: self.per_page, **changes}
        given = {name: value for name, value in values.items() if value != defaults.get(name, "")}
        return f"?{urlencode(given)}"

    @property
    def here(self) -> str:
        """The query string of this page."""
        return self.link(marker=self.marker, back=int(self.back))

    @property
    def matching(self) -> str:
        """The query string of this page with everything that matches selected."""
        return self.link(marker=self.marker, back=int(self.back), select="all")

    @property
    def narrowed(self) -> bool:
        """Whether a search or a filter is active."""
        return bool(self.text or self.filters)


def page_size(text: str) -> int:
    """Return the page size in rows, or 0 if `text` is not one of PAGE_SIZES."""
    return int(text) if text in map(str, PAGE_SIZES) else 0


def _clean(text: str) -> str:
    return text.replace("\0", "").strip()[:255]


def ids_of(sent: QueryDict, name: str = "ids") -> list[str]:
    """Return the valid ids in a form field, in order and without duplicates."""
    return [value for value in dict.fromkeys(sent.getlist(name)) if CLOUD_ID.fullmatch(value)]


def disk_of(sent: QueryDict) -> str:
    """Return the id of the disk in whose snapshot list the selection was made; empty for a list of the project."""
    disk_id = sent.get("disk", "")
    return disk_id if CLOUD_ID.fullmatch(disk_id) else ""
