"""Filters of a list as chips: the usual ones to set with a click, and the active ones to remove."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.utils.functional import _StrPromise

    from volumes.lists.address import ListAddress


@dataclass(frozen=True, slots=True)
class QuickFilter:
    """A filter that is offered as a chip: the name and value of the parameter, and the chip's words."""

    name: str
    value: str
    label: _StrPromise


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter with the link that sets it, or removes it if it is active."""

    label: str
    link: str
    active: bool


QUICK_FILTERS: dict[str, tuple[QuickFilter, ...]] = {
    "disks": (
        QuickFilter("no_snapshot_for", "7", _("No snapshot for 7 days")),
        QuickFilter("attached", "no", _("Not attached")),
        QuickFilter("status", "error", _("Error")),
    ),
    "snapshots": (
        QuickFilter("older_than", "30", _("Older than 30 days")),
        QuickFilter("status", "error", _("Error")),
    ),
    "backups": (QuickFilter("status", "error", _("Error")),),
}


def chips(kind_name: str, address: ListAddress, words: Callable[[str, str], str]) -> Iterator[Chip]:
    """Yield the chips of a list: the usual filters, then the other active ones in `words`, by name and value.

    A link changes one filter, and keeps the search, the other filters and the order.
    """
    usual = QUICK_FILTERS[kind_name]
    for one in usual:
        active = address.filters.get(one.name) == one.value
        yield Chip(str(one.label), _link(address, one.name, "" if active else one.value), active)
    offered = {(one.name, one.value) for one in usual}
    for name, value in address.filters.items():
        if (name, value) not in offered:
            yield Chip(words(name, value), _link(address, name, ""), active=True)


def _link(address: ListAddress, name: str, value: str) -> str:
    filters = {key: kept for key, kept in address.filters.items() if key != name} | ({name: value} if value else {})
    return replace(address, filters=filters).link()
