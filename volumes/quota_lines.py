"""What a change uses of the project's quotas, as the lines of a dialog."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from volumes.disk_types import type_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from django.utils.functional import _StrPromise

    from volumes.cinder.limits import Allowance, Quota, TypeQuota


@dataclass(frozen=True, slots=True)
class Need:
    """What a change adds: numbers of disks and snapshots, and GiB, of one disk type (may be empty)."""

    type_name: str = ""
    disks: int = 0
    snapshots: int = 0
    gigabytes: int = 0


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """One limited quota: how much of it is used, and how much the change adds."""

    label: _StrPromise | str
    allowance: Allowance
    needed: int

    @property
    def is_short(self) -> bool:
        """Whether the quota leaves too little room."""
        return self.allowance.left is not None and self.allowance.left < self.needed


PROJECT_LABELS = {"disks": _("Disks"), "snapshots": _("Snapshots"), "gigabytes": _("Gigabytes")}
TYPE_LABELS = {
    "disks": _("Disks of type %(name)s"),
    "snapshots": _("Snapshots of type %(name)s"),
    "gigabytes": _("Gigabytes of type %(name)s"),
}


def lines(
    project: Quota | None, by_type: Mapping[str, TypeQuota] | None, needs: Sequence[Need], *, together: bool = True
) -> list[QuotaLine]:
    """Return a line for each limit that the change touches: first those of the project, then those of disk types.

    Cinder checks both. `project` or `by_type` is None if it could not be read. If the needs are alternatives of which
    only one will be chosen, they are not `together`: the project's lines show the first one.
    """
    counted = needs if together else needs[:1]
    result = list(_lines(project, PROJECT_LABELS, counted)) if project else []
    for name in dict.fromkeys(need.type_name for need in needs):
        if by_type and name in by_type:
            labels = {quota_name: label % {"name": type_words(name)} for quota_name, label in TYPE_LABELS.items()}
            result += _lines(by_type[name], labels, [need for need in needs if need.type_name == name])
    return result


def _lines(
    quota: Quota | TypeQuota, labels: Mapping[str, _StrPromise | str], needs: Sequence[Need]
) -> Iterator[QuotaLine]:
    for quota_name, label in labels.items():
        needed = sum(getattr(need, quota_name) for need in needs)
        allowance: Allowance = getattr(quota, quota_name)
        if needed and allowance.allowed is not None:
            yield QuotaLine(label, allowance, needed)
