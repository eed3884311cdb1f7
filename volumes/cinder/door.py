"""What lists and bulk actions need of disks, snapshots or backups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from volumes.cinder.listing import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.listing import Query
    from volumes.cinder.values import Page


class Door(Protocol[Row]):
    """The functions that the modules ``disks``, ``snapshots`` and ``backups`` of this package have in common.

    Each may raise a CloudError.
    """

    def page(self, cloud: Cloud, query: Query[Row], /) -> Page[Row]:
        """Read a page of the project's rows."""

    def find(self, cloud: Cloud, record_id: str, /) -> Row:
        """Read one; raises NotFound where the project has no such one."""

    def find_many(self, cloud: Cloud, ids: Sequence[str], /) -> dict[str, Row]:
        """Read those of these ids that exist, by id."""

    def delete(self, cloud: Cloud, record_id: str, /) -> None:
        """Ask for the deletion of one; one that is gone is no error."""
