"""Actions on one disk, snapshot or backup: their menu entries, URLs and dialogs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from django.http import Http404
from django.urls import path, reverse

from dashboard.web.dialogs import READ_ONLY, Dialog

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern
    from django.utils.functional import _StrPromise

    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.values import Record


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """An entry of a menu.

    The entry opens a dialog (`opens_dialog`), changes something at once (`acts`) or links to a page. `leaves` is true
    where the action removes its record, so that the record's own page is left afterwards. `refusal` is the reason why
    the entry is disabled, or None.
    """

    label: _StrPromise
    icon: str
    url: str
    opens_dialog: bool = True
    acts: bool = False
    leaves: bool = False
    refusal: _StrPromise | None = None


class Action(Dialog):
    """Base class of the actions on one disk, snapshot or backup.

    `name` is the URL name, and `path` the URL below that of the record. `label` and `icon` belong to the menu entry.
    `audit_name` is the name of the change in the audit log.
    """

    name: ClassVar[str]
    path: ClassVar[str]
    label: ClassVar[_StrPromise]
    icon: ClassVar[str]
    audit_name: ClassVar[str]
    opens_dialog: ClassVar[bool] = True
    leaves: ClassVar[bool] = False

    @classmethod
    def is_offered(cls) -> bool:
        """Return whether the settings of this installation enable the action."""
        return True

    @classmethod
    def refusal_for(cls, _cloud: Cloud, _record: Any) -> _StrPromise | None:
        """Return why the action is impossible now, judged without a request to the cloud, or None."""
        return None

    def refusal_of(self, record: Any) -> _StrPromise | None:
        """Return why the action is impossible now, or None, also if the record could not be read."""
        return self.refusal_for(self.cloud, record) if record else None

    @classmethod
    def label_for(cls, _record: Any) -> _StrPromise:
        """Return the label of the menu entry for this record."""
        return cls.label

    def get_title(self) -> _StrPromise | str:
        """Return the title of the dialog: the label of the menu entry."""
        return self.label

    @classmethod
    def address_of(cls, record: Any) -> dict[str, str]:
        """Return the URL parameters for this record, without the project."""
        raise NotImplementedError

    @classmethod
    def usual_entry(cls, cloud: Cloud, record: Record) -> MenuEntry:
        """Return the menu entry for a record of which nothing is known but its ids."""
        return MenuEntry(
            label=cls.label,
            icon=cls.icon,
            url=reverse(cls.name, kwargs={"project": cloud.slug, **cls.address_of(record)}),
            opens_dialog=cls.opens_dialog,
            acts=not cls.opens_dialog,
            leaves=cls.leaves,
        )

    @classmethod
    def entry(cls, cloud: Cloud, record: Record) -> MenuEntry:
        """Return the menu entry for this record; it is disabled for users with read-only access."""
        refusal = READ_ONLY if cloud.read_only else cls.refusal_for(cloud, record)
        return replace(cls.usual_entry(cloud, record), label=cls.label_for(record), refusal=refusal)

    @classmethod
    def state_of(cls, cloud: Cloud, record: Record) -> tuple[str, str]:
        """Return the label of the record's entry and why it is disabled; each is empty if it is as usual."""
        label = cls.label_for(record)
        refusal = READ_ONLY if cloud.read_only else cls.refusal_for(cloud, record)
        return "" if label is cls.label else str(label), "" if refusal is None else str(refusal)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Handle the request; the response is 404 if the action is not offered."""
        if not self.is_offered():
            raise Http404
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[assignment]  # never async
        return response

    def reverse(self, name: str, **parameters: str) -> str:
        """Return the URL of a page of this project."""
        return reverse(name, kwargs={"project": self.cloud.slug, **parameters})


@dataclass(frozen=True, slots=True)
class PageLink:
    """A menu item that links to a page: `name` is the URL name, `parameter` the URL parameter with the record's id."""

    name: str
    parameter: str
    label: _StrPromise
    icon: str

    def is_offered(self) -> bool:
        """Return True: a link is always offered."""
        return True

    def entry(self, cloud: Cloud, record: Record) -> MenuEntry:
        """Return the menu entry; users with read-only access may follow the link too."""
        url = reverse(self.name, kwargs={"project": cloud.slug, self.parameter: record.id})
        return MenuEntry(self.label, self.icon, url, opens_dialog=False)

    usual_entry = entry

    def state_of(self, _cloud: Cloud, _record: Record) -> tuple[str, str]:
        """Return empty texts: the entry is the same for all records, besides ids."""
        return "", ""


def menu(items: Iterable[type[Action] | PageLink], cloud: Cloud, record: Record) -> list[MenuEntry]:
    """Return the menu entries for a record, in the order of `items`."""
    return [item.entry(cloud, record) for item in items if item.is_offered()]


def urls(items: Iterable[type[Action] | PageLink]) -> list[URLPattern]:
    """Return the URL pattern of each action, relative to the URL of its record."""
    actions = [item for item in items if not isinstance(item, PageLink)]
    return [path(action.path, action.as_view(), name=action.name) for action in actions]
