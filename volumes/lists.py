"""What the address of a list says: search, order, page size, position."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict

from dashboard.converters import A_CLOUD_ID
from volumes.cinder.listing import Query

PAGE_SIZES = (20, 50, 100)
NEWEST_FIRST = "-created_at"

# What a sort in the address is in Cinder's words. Types sort by their id, which groups equal ones: Cinder answers 500
# to a sort by volume_type. Attached to sorts by attached or not.
DISK_SORTS = {
    "name": "display_name",
    "bootable": "bootable",
    "type": "volume_type_id",
    "size": "size",
    "attached": "attach_status",
    "created_at": "created_at",
}
SNAPSHOT_SORTS = {"name": "display_name", "size": "volume_size", "created_at": "created_at"}


@dataclass(frozen=True, slots=True)
class ListAddress:
    """The view of a list as its address tells it. What makes no sense has become the default."""

    text: str
    sort: str
    per_page: int
    marker: str
    back: bool

    @classmethod
    def of(cls, request: HttpRequest, sorts: Mapping[str, str]) -> "ListAddress":
        """Read the query string."""
        sort = request.GET.get("sort", "")
        per_page = request.GET.get("per_page", "")
        marker = request.GET.get("marker", "")
        return cls(
            text=request.GET.get("q", "").replace("\0", "").strip()[:255],
            sort=sort if sort.removeprefix("-") in sorts else NEWEST_FIRST,
            per_page=int(per_page) if per_page in map(str, PAGE_SIZES) else PAGE_SIZES[0],
            marker=marker if A_CLOUD_ID.fullmatch(marker) else "",
            back=request.GET.get("back") == "1",
        )

    def query(self, sorts: Mapping[str, str]) -> Query:
        """Return it in Cinder's words."""
        return Query(
            text=self.text,
            column=sorts[self.sort.removeprefix("-")],
            descending=self.sort.startswith("-"),
            per_page=self.per_page,
            marker=self.marker,
            back=self.back and bool(self.marker),
        )

    def link(self, **changes: str | int) -> str:
        """Return the query string of this view with some `changes`, the defaults left out."""
        defaults = {"q": "", "sort": NEWEST_FIRST, "per_page": PAGE_SIZES[0], "marker": "", "back": 0}
        now = {"q": self.text, "sort": self.sort, "per_page": self.per_page, "marker": "", "back": 0, **changes}
        kept = {name: value for name, value in now.items() if value != defaults[name]}
        return f"?{urlencode(kept)}"

    @property
    def here(self) -> str:
        """The query string of this very view."""
        return self.link(marker=self.marker, back=int(self.back))


def ids_of(sent: QueryDict, name: str = "ids") -> list[str]:
    """Return the ids that a form selects, each once, in their order; what is no id is left out."""
    return [one for one in dict.fromkeys(sent.getlist(name)) if A_CLOUD_ID.fullmatch(one)]
