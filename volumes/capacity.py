"""What a project uses of its quota of gigabytes: by disks, by snapshots, and by the disk types that are limited."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from dashboard.cloud.optional import optional
from dashboard.cloud.parallel import together
from volumes.cinder import disks, quota
from volumes.disk_types import type_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.limits import Allowance, Quota

# From this share of the quota on, the bar warns.
NEARLY_FULL = 0.9


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the bar: ``disks`` or ``snapshots``; `start` and `width` are percentages as in SVG."""

    name: str
    start: str
    width: str


@dataclass(frozen=True, slots=True)
class Capacity:
    """The project's quota, and what uses it.

    `disks_size` is the size of all disks in GiB, None if the cloud doesn't say it (before 3.12). `types` are the names
    of the disk types whose gigabytes are limited, with their quotas in GiB.
    """

    quota: Quota
    disks_size: int | None
    types: Sequence[tuple[str, Allowance]]

    @property
    def snapshots_size(self) -> int | None:
        """The part of the used gigabytes that isn't that of disks: snapshots, if the cloud counts them; else 0."""
        return None if self.disks_size is None else max(0, self.quota.gigabytes.used - self.disks_size)

    @property
    def is_nearly_full(self) -> bool:
        """Whether little of the quota is left."""
        allowed = self.quota.gigabytes.allowed
        return allowed is not None and self.quota.gigabytes.used >= allowed * NEARLY_FULL

    @property
    def parts(self) -> list[Part]:
        """The parts of the bar; one for everything if the cloud doesn't say what belongs to disks."""
        total = self.quota.gigabytes
        of_disks = min(total.used, self.disks_size) if self.disks_size is not None else total.used
        share = 100 / max(1, total.allowed or 0, total.used)
        return [
            Part("disks", "0%", f"{of_disks * share:.2f}%"),
            Part("snapshots", f"{of_disks * share:.2f}%", f"{(total.used - of_disks) * share:.2f}%"),
        ]


def of_project(cloud: Cloud) -> Capacity | None:
    """Return what the project uses: three requests at once. None if its quota can't be read."""
    project, by_type, size = together(
        optional(partial(quota.of_project, cloud), None),
        optional(partial(quota.of_types, cloud), {}),
        optional(partial(disks.total_size, cloud), None),
    )
    if project is None:
        return None
    limited = [
        (type_words(name), one.gigabytes) for name, one in sorted(by_type.items()) if one.gigabytes.allowed is not None
    ]
    return Capacity(project, size, limited)
