"""Links to other views of the same list."""

from dataclasses import dataclass

from django import template

from volumes.cinder.values import Disk, Page, Snapshot
from volumes.lists import ListAddress

register = template.Library()


@dataclass(frozen=True, slots=True)
class Sorting:
    """How a column is sorted now (``ascending``, ``descending`` or empty), and the link that sorts it next."""

    current: str
    link: str


@register.simple_tag
def sorting(address: ListAddress, name: str) -> Sorting:
    """Return the sorting of a column: a click sorts upwards, another one downwards."""
    current = {name: "ascending", f"-{name}": "descending"}.get(address.sort, "")
    return Sorting(current, address.link(sort=f"-{name}" if current == "ascending" else name))


@register.simple_tag
def next_link(address: ListAddress, page: Page[Disk] | Page[Snapshot]) -> str:
    """Return the link to the page after this."""
    return address.link(marker=page.next_marker or "")


@register.simple_tag
def previous_link(address: ListAddress, page: Page[Disk] | Page[Snapshot]) -> str:
    """Return the link to the page before this."""
    return address.link(marker=page.previous_marker or "", back=1)


@register.simple_tag
def size_link(address: ListAddress, size: int) -> str:
    """Return the link to this list's first page with `size` rows."""
    return address.link(per_page=size)
