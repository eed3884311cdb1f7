"""The interface to disks, snapshots or backups that lists and bulk actions use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from volumes.cinder.listing import Row

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.listing import Query
    from volumes.cinder.values import Page


class Door(Protocol[Row]):
    """The functions that the modules ``disks``, ``snapshots`` and ``backups`` of this package share.

    Each can raise a CloudError.
    """

    def page(self, cloud: Cloud, query: Query[Row], /) -> Page[Row]:
        """Read a page of the project's records."""

    def count(self, cloud: Cloud, query: Query[Row], /) -> int | None:
        """Count the project's records that match; None if the cloud doesn't."""

    def find(self, cloud: Cloud, record_id: str, /) -> Row:
        """Read one record; raise NotFound if the project has no such record."""

    def find_many(self, cloud: Cloud, ids: Sequence[str], created_since: datetime | None = None, /) -> dict[str, Row]:
        """Read the records that exist, by id. None of them was created before `created_since`; None means unknown."""

    def delete(self, cloud: Cloud, record_id: str, /) -> None:
        """Request the deletion of a record; it is no error if it no longer exists."""
