"""What a person can do to one disk, snapshot or backup: an entry of its menu, and what the entry opens."""

from __future__ import annotations

from dataclasses import dataclass
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
    """An entry of a menu: its label, icon and address; what choosing it does; why it is greyed (None: it is not).

    It opens a dialog, acts at once, or goes to a page where it does neither. `leaves` says that the page about its
    subject ends with it.
    """

    label: _StrPromise
    icon: str
    url: str
    opens_dialog: bool = True
    acts: bool = False
    leaves: bool = False
    refusal: _StrPromise | None = None


class Action(Dialog):
    """Something a person does to one disk, snapshot or backup.

    `name` and `path` are those of its URL, below that of its subject; `label` and `icon` those of its menu entry.
    `audit_name` is what the audit log calls the change.
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
        """Return whether this Diskboard offers it at all."""
        return True

    @classmethod
    def refusal_for(cls, _cloud: Cloud, _record: Any) -> _StrPromise | None:
        """Return why it can't be done now, as far as that is known without asking the cloud; None where it can."""
        return None

    @classmethod
    def label_for(cls, _record: Any) -> _StrPromise:
        """Return the words of the menu entry."""
        return cls.label

    def get_title(self) -> _StrPromise | str:
        """Return the words of the menu entry."""
        return self.label

    @classmethod
    def address_of(cls, record: Any) -> dict[str, str]:
        """Return the parameters of its URL, without the project."""
        raise NotImplementedError

    @classmethod
    def entry(cls, cloud: Cloud, record: Record) -> MenuEntry:
        """Return its entry in the menu of a disk, snapshot or backup; it is greyed for readers."""
        return MenuEntry(
            label=cls.label_for(record),
            icon=cls.icon,
            url=reverse(cls.name, kwargs={"project": cloud.slug, **cls.address_of(record)}),
            opens_dialog=cls.opens_dialog,
            acts=not cls.opens_dialog,
            leaves=cls.leaves,
            refusal=READ_ONLY if cloud.read_only else cls.refusal_for(cloud, record),
        )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer 404 where this Diskboard doesn't offer it."""
        if not self.is_offered():
            raise Http404
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[assignment]  # never async
        return response

    def reverse(self, name: str, **at: str) -> str:
        """Return the address of a page of this project."""
        return reverse(name, kwargs={"project": self.cloud.slug, **at})


@dataclass(frozen=True, slots=True)
class PageLink:
    """An entry of a menu that leads to a page; `name` is that of its URL, `parameter` names the record's id in it."""

    name: str
    parameter: str
    label: _StrPromise
    icon: str

    def is_offered(self) -> bool:
        """Return whether this Diskboard offers it: always."""
        return True

    def entry(self, cloud: Cloud, record: Record) -> MenuEntry:
        """Return its entry; readers may follow it too."""
        url = reverse(self.name, kwargs={"project": cloud.slug, self.parameter: record.id})
        return MenuEntry(self.label, self.icon, url, opens_dialog=False)


def menu(items: Iterable[type[Action] | PageLink], cloud: Cloud, record: Record) -> list[MenuEntry]:
    """Return the menu of one disk, snapshot or backup, in the order of its items."""
    return [item.entry(cloud, record) for item in items if item.is_offered()]


def urls(items: Iterable[type[Action] | PageLink]) -> list[URLPattern]:
    """Return the address of each action, below that of its subject."""
    actions = [item for item in items if not isinstance(item, PageLink)]
    return [path(action.path, action.as_view(), name=action.name) for action in actions]
