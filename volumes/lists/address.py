"""What the address of a list says: search, filters, order, page size, position."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict

from dashboard.cloud.ids import CLOUD_ID
from volumes.cinder.listing import Condition, Query, Row

PAGE_SIZES = (20, 50, 100)
# Both the parameter that names the page size and the cookie that remembers the last one named
PER_PAGE = "per_page"
NEWEST_FIRST = "-created_at"
# The field in which a form sends the query string of a list of which everything is selected
MATCHING = "matching"

# How the value of a filter is read; what makes no sense becomes empty, which is no filter
Filters = Mapping[str, Callable[[str], str]]


@dataclass(frozen=True, slots=True)
class ListAddress:
    """The view of a list as its address tells it. What makes no sense has become the default.

    With `select_all` every row that matches is selected, also on the other pages; only the address says so, not the
    links from it. `usual_size` is the page size of an address that names none, which differs from person to person.
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
    def of(cls, request: HttpRequest, sorts: Mapping[str, str], filters: Filters | None = None) -> "ListAddress":
        """Read the query string of a request; a page size that it doesn't name is the one remembered by the cookie."""
        usual_size = page_size(request.COOKIES.get(PER_PAGE, "")) or PAGE_SIZES[0]
        return cls.told(request.GET, sorts, filters, usual_size)

    @classmethod
    def told(
        cls,
        told: QueryDict,
        sorts: Mapping[str, str],
        filters: Filters | None = None,
        usual_size: int = PAGE_SIZES[0],
    ) -> "ListAddress":
        """Read a query string."""
        sort = told.get("sort", "")
        marker = told.get("marker", "")
        wanted = {name: read(_clean(told.get(name, ""))) for name, read in (filters or {}).items()}
        return cls(
            text=_clean(told.get("q", "")),
            sort=sort if sort.removeprefix("-") in sorts else NEWEST_FIRST,
            per_page=page_size(told.get(PER_PAGE, "")) or usual_size,
            marker=marker if CLOUD_ID.fullmatch(marker) else "",
            back=told.get("back") == "1",
            filters={name: value for name, value in wanted.items() if value},
            select_all=told.get("select") == "all",
            usual_size=usual_size,
        )

    def query(self, sorts: Mapping[str, str], conditions: Sequence[Condition[Row]] = ()) -> Query[Row]:
        """Return it in Cinder's words."""
        return Query(
            text=self.text,
            column=sorts[self.sort.removeprefix("-")],
            descending=self.sort.startswith("-"),
            per_page=self.per_page,
            marker=self.marker,
            back=self.back and bool(self.marker),
            conditions=tuple(conditions),
        )

    def whole(self, most: int) -> "ListAddress":
        """Return the same list from its beginning, up to so many rows."""
        return replace(self, per_page=most, marker="", back=False)

    def link(self, **changes: str | int) -> str:
        """Return the query string of this view with some `changes`, the defaults left out.

        Who usually has another page size than most people names it always: the link shows others the same.
        """
        usual = {PER_PAGE: self.usual_size} if self.usual_size == PAGE_SIZES[0] else {}
        defaults = {"q": "", "sort": NEWEST_FIRST, "marker": "", "back": 0, **usual}
        now = {"q": self.text, **self.filters, "sort": self.sort, PER_PAGE: self.per_page, **changes}
        kept = {name: value for name, value in now.items() if value != defaults.get(name, "")}
        return f"?{urlencode(kept)}"

    @property
    def here(self) -> str:
        """The query string of this very view."""
        return self.link(marker=self.marker, back=int(self.back))

    @property
    def matching(self) -> str:
        """The query string of everything that matches, and all of it selected."""
        return self.link(marker=self.marker, back=int(self.back), select="all")

    @property
    def narrowed(self) -> bool:
        """Whether it shows only what matches a search or a filter."""
        return bool(self.text or self.filters)


def page_size(text: str) -> int:
    """Return the page size that a text names, in rows; 0 where it names none of ours."""
    return int(text) if text in map(str, PAGE_SIZES) else 0


def _clean(text: str) -> str:
    return text.replace("\0", "").strip()[:255]


def ids_of(sent: QueryDict, name: str = "ids") -> list[str]:
    """Return the ids that a form selects, each once, in their order; what is no id is left out."""
    return [one for one in dict.fromkeys(sent.getlist(name)) if CLOUD_ID.fullmatch(one)]
