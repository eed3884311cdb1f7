"""Links to other views of the same list, and its rows' and filters' words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.cloud.keystone import Cloud
from volumes import commands, llnvme, menus
from volumes.actions import MenuEntry
from volumes.backups.columns import BACKUP_TABLE
from volumes.cinder.values import Page, Record
from volumes.disks.columns import DISK_TABLE
from volumes.kinds import Kind
from volumes.lists.address import ListAddress
from volumes.lists.columns import Column, Table
from volumes.snapshots.columns import SNAPSHOT_TABLE
from volumes.statuses import status

register = template.Library()

FILTER_WORDS = {
    "type": gettext_lazy("type %(value)s"),
    "zone": gettext_lazy("availability zone %(value)s"),
    "bootable": gettext_lazy("bootable: %(value)s"),
    "attached": gettext_lazy("attached: %(value)s"),
    "no_snapshot_for": gettext_lazy("no snapshot for %(value)s days"),
    "status": gettext_lazy("status %(value)s"),
    "disk": gettext_lazy("disk %(value)s"),
    "property": gettext_lazy("property %(value)s"),
    "older_than": gettext_lazy("older than %(value)s days"),
    "beyond_newest": gettext_lazy("all but the newest %(value)s of each disk"),
}
TABLES = {"disks": DISK_TABLE, "snapshots": SNAPSHOT_TABLE, "backups": BACKUP_TABLE}
BOOLEAN = frozenset({"bootable", "attached"})
YES_NO = {"yes": gettext_lazy("yes"), "no": gettext_lazy("no")}
# So much of a snapshot's properties stands in its row; its own page has them all.
SHORT = 120


@dataclass(frozen=True, slots=True)
class Sorting:
    """How a column is sorted now (``ascending``, ``descending`` or empty), and the link that sorts it next."""

    current: str
    link: str

    @property
    def icon(self) -> str:
        """The icon that shows how the column is sorted."""
        return {"ascending": "chevron-up", "descending": "chevron-down"}.get(self.current, "chevrons-up-down")


@register.simple_tag
def table_of(kind: Kind[Any]) -> Table:
    """Return the table of columns of a kind."""
    return TABLES[kind.name]


@register.simple_tag
def columns_of(kind: Kind[Any], wide: object) -> tuple[Column, ...]:
    """Return the columns on a page of this kind; `wide` where its rows are of several disks."""
    return TABLES[kind.name].columns(wide=bool(wide))


@register.simple_tag
def sorting(address: ListAddress, name: str) -> Sorting:
    """Return the sorting of a column: a click sorts upwards, another one downwards."""
    current = {name: "ascending", f"-{name}": "descending"}.get(address.sort, "")
    return Sorting(current, address.link(sort=f"-{name}" if current == "ascending" else name))


@register.simple_tag
def next_link(address: ListAddress, page: Page[Any]) -> str:
    """Return the link to the page after this."""
    return address.link(marker=page.next_marker or "")


@register.simple_tag
def previous_link(address: ListAddress, page: Page[Any]) -> str:
    """Return the link to the page before this."""
    return address.link(marker=page.previous_marker or "", back=1)


@register.simple_tag
def size_link(address: ListAddress, size: int) -> str:
    """Return the link to this list's first page with `size` rows."""
    return address.link(per_page=size)


@register.simple_tag
def delete_url(kind: Kind[Any], cloud: Cloud) -> str:
    """Return where a selection of this kind is deleted."""
    return reverse(f"delete-{kind.name}", kwargs={"project": cloud.slug})


@register.simple_tag
def menu_of(cloud: Cloud, record: Record) -> list[MenuEntry]:
    """Return what a person can do to one disk, snapshot or backup."""
    return menus.menu_of(cloud, record)


@register.simple_tag
def show_command(snapshot_id: str) -> str:
    """Return the command that shows a snapshot."""
    return commands.show_snapshot(snapshot_id)


@register.filter
def filters_in_words(address: ListAddress) -> Iterator[str]:
    """Yield what a list is filtered by, as a person would say it."""
    for name, value in address.filters.items():
        shown = status(value).label if name == "status" else YES_NO.get(value, value) if name in BOOLEAN else value
        yield FILTER_WORDS[name] % {"value": shown}


@register.filter
def yes_no(value: bool) -> str:
    """Return yes or no."""
    return _("Yes") if value else _("No")


@register.filter
def age(moment: datetime) -> str:
    """Return how long ago that was, in the largest unit alone."""
    return timesince(moment, depth=1)


@register.filter
def in_short(properties: Mapping[str, str]) -> str:
    """Return properties on one line, cut where there are many."""
    return Truncator(", ".join(f"{key}={value}" for key, value in sorted(properties.items()))).chars(SHORT)


@register.filter
def is_ll_nvme(type_name: str) -> bool:
    """Tell whether snapshots of disks of this type vanish when the instance migrates."""
    return llnvme.is_ll_nvme(type_name)
