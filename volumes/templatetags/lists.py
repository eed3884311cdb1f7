"""Template tags and filters for lists: links to other views of a list, menus, and values in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.cloud.keystone import Cloud
from dashboard.web.jinja import render_jinja, render_macro
from volumes import commands, llnvme, menus
from volumes.actions import MenuEntry
from volumes.chosen_columns import TABLES, columns_for
from volumes.cinder.values import Page, Record
from volumes.disk_types import type_words
from volumes.disks.forms import choice_words
from volumes.kinds import BACKUPS, Kind
from volumes.lists.address import ListAddress
from volumes.lists.chips import Chip, chips
from volumes.lists.columns import Column, Table
from volumes.lists.row_texts import ListTexts
from volumes.lists.rows import Row
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
BOOLEAN = frozenset({"bootable", "attached"})
YES_NO = {"yes": gettext_lazy("yes"), "no": gettext_lazy("no")}


@dataclass(frozen=True, slots=True)
class Sorting:
    """The current sorting of a column (``ascending``, ``descending`` or empty), and the link for the next one."""

    current: str
    link: str

    @property
    def icon(self) -> str:
        """The icon that shows how the column is sorted."""
        return {"ascending": "chevron-up", "descending": "chevron-down"}.get(self.current, "chevrons-up-down")


@register.simple_tag
def total_words(kind: Kind[Any], total: int, narrowed: object) -> str:
    """Return the number of rows in words; `narrowed` is true if they are the result of a search or filter."""
    return kind.total_words(total, narrowed=bool(narrowed))


@register.simple_tag
def table_of(kind: Kind[Any]) -> Table:
    """Return the table definition for a kind."""
    return TABLES[kind.name]


@register.simple_tag(takes_context=True)
def columns_of(context: Context, kind: Kind[Any], wide: object) -> tuple[Column, ...]:
    """Return the columns that a list shows; `wide` means that its rows belong to several disks."""
    return columns_for(context["request"], kind.name, wide=bool(wide))


@register.simple_tag
def texts_of(kind: Kind[Any], cloud: Cloud, wide: object, short_ids: object) -> ListTexts:
    """Return the texts that the rows of a list share; see ListTexts."""
    known = short_ids if isinstance(short_ids, dict) else None
    return ListTexts(cloud, kind, wide=bool(wide), short_ids=known, menus=menus.Menus(cloud))


@register.simple_tag
def select_label(texts: ListTexts, title: str) -> str:
    """Return the label of a row's checkbox."""
    return texts.select_label(title)


@register.simple_tag(takes_context=True)
def write_rows(
    context: Context, texts: ListTexts, rows: Sequence[Row[Any]], *, oob: bool = False, selected: object = None
) -> SafeString:
    """Write table rows; with `oob`, to replace those on the page.

    `selected` is yes or no for the ids of the rows whose selection is to be set.
    """
    return render_jinja(
        "lists/rows.jinja",
        texts=texts,
        rows=texts.rows(rows, selected if isinstance(selected, dict) else None),
        columns=[column.name for column in columns_of(context, texts.kind, texts.wide)],
        oob=oob,
        checked=not oob and context["address"].select_all,
    )


@register.simple_tag(takes_context=True)
def write_menus(context: Context, texts: ListTexts, *, oob: bool = False) -> SafeString:
    """Write the menus of the rows that were written before; with `oob`, in addition to those on the page."""
    return render_jinja(
        "lists/menus.jinja", menus=texts.menus, of_disk=texts.of_disk, form_key=context["form_key"], oob=oob
    )


@register.simple_tag
def write_part(name: str, *arguments: object) -> SafeString:
    """Write a part of the rows (templates/lists/parts.jinja) elsewhere on a page."""
    return render_macro("lists/parts.jinja", name, *arguments)


@register.simple_tag
def sorting(address: ListAddress, name: str) -> Sorting:
    """Return the sorting of a column: the first click sorts ascending, the second descending."""
    current = {name: "ascending", f"-{name}": "descending"}.get(address.sort, "")
    return Sorting(current, address.link(sort=f"-{name}" if current == "ascending" else name))


@register.filter
def and_all_selected(link: str, address: ListAddress) -> str:
    """Return a link of a list with everything that matches selected, if it is now: for browsers without JavaScript.

    With JavaScript the table sends its present selection itself, which may have been changed since.
    """
    return f"{link}&select=all" if address.select_all else link


@register.simple_tag
def next_link(address: ListAddress, page: Page[Any]) -> str:
    """Return the link to the next page."""
    return address.link(marker=page.next_marker or "")


@register.simple_tag
def previous_link(address: ListAddress, page: Page[Any]) -> str:
    """Return the link to the previous page."""
    return address.link(marker=page.previous_marker or "", back=1)


@register.simple_tag
def size_link(address: ListAddress, size: int) -> str:
    """Return the link to this list's first page with `size` rows."""
    return address.link(per_page=size)


@register.simple_tag
def list_url(kind: Kind[Any], cloud: Cloud) -> str:
    """Return the URL of the project's list of this kind."""
    return reverse(kind.name, kwargs={"project": cloud.slug})


@register.simple_tag
def delete_url(kind: Kind[Any], cloud: Cloud) -> str:
    """Return the URL of the deletion preview for this kind."""
    return reverse(f"delete-{kind.name}", kwargs={"project": cloud.slug})


@register.simple_tag
def menu_of(cloud: Cloud, record: Record) -> list[MenuEntry]:
    """Return the menu entries of a record."""
    return menus.menu_of(cloud, record)


@register.simple_tag
def show_command(snapshot_id: str) -> str:
    """Return the command that shows a snapshot."""
    return commands.show_snapshot(snapshot_id)


@register.filter
def choice(record: Record, short_ids: Mapping[str, str]) -> str:
    """Return a disk or snapshot as an option of a select field."""
    return choice_words(record, short_ids)


@register.filter
def short_id(record: Record, short_ids: Mapping[str, str]) -> str:
    """Return the beginning of a record's id if others have a look-alike name, else an empty string."""
    return short_ids.get(record.id, "")


@register.filter
def filters_in_words(address: ListAddress, kind: Kind[Any]) -> Iterator[str]:
    """Yield a description of each active filter of a list of this kind."""
    for name, value in address.filters.items():
        yield _filter_in_words(kind, name, value)


def _filter_in_words(kind: Kind[Any], name: str, value: str) -> str:
    words: object = value
    if name == "status":
        words = status(value, of_backup=kind is BACKUPS).label
    elif name == "type":
        words = type_words(value)
    elif name in BOOLEAN:
        words = YES_NO.get(value, value)
    return str(FILTER_WORDS[name]) % {"value": words}


@register.filter
def chips_of(address: ListAddress, kind: Kind[Any]) -> Iterator[Chip]:
    """Return the chips of a list of this kind."""
    return chips(kind.name, address, partial(_filter_in_words, kind))


@register.filter
def yes_no(value: bool) -> str:
    """Return a translated "Yes" or "No"."""
    return _("Yes") if value else _("No")


@register.filter
def in_sentence(reason: object) -> str:
    """Return a reason that is a sentence as the end of another one."""
    text = str(reason)
    return text[:1].lower() + text[1:]


register.filter(type_words)


@register.filter
def is_ll_nvme(type_name: str) -> bool:
    """Return whether disks of this type lose their snapshots when their instance migrates."""
    return llnvme.is_ll_nvme(type_name)
