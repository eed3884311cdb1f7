"""Sentences about the present state of the cloud, for changes whose response was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from dashboard.cloud.errors import Broken
from dashboard.web.dates import to_the_second
from volumes.cinder import disks, listing
from volumes.cinder.listing import Query
from volumes.disk_types import type_words

if TYPE_CHECKING:
    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.listing import Resource


def describe_newest(cloud: Cloud, resource: Resource[Any], name: str, **filters: str) -> str:
    """Describe the newest record with this name. Names need not be unique, so the time of creation is included.

    Raises:
        CloudError: the record could not be read.
    """
    all_filters = {**filters, **({"name": name} if name else {})}
    page = listing.page(cloud, resource, Query(per_page=1, filters=all_filters))
    rows = page.rows
    if page.unreadable:
        raise Broken("an entry that can't be read")
    if not rows:
        return _("Nothing with this name exists so far.") if name else _("None exists so far.")
    return _("The newest one now: “%(name)s”, %(status)s, created %(time)s.") % {
        "name": rows[0].inline_title,
        "status": rows[0].status.label,
        "time": to_the_second(rows[0].created_at) if rows[0].created_at else "—",
    }


def saved(current: object, wanted: object) -> str:
    """Return a sentence that says whether the current values are the wanted ones."""
    return _("The change was made.") if current == wanted else _("The change has not been made so far.")


def disk_now(cloud: Cloud, disk_id: str) -> str:
    """Return a sentence with a disk's present status, size and type.

    Raises:
        CloudError: the record could not be read.
    """
    disk = disks.find(cloud, disk_id)
    return _("The disk now: %(status)s, %(size)s GB, type %(type)s.") % {
        "status": disk.status.label,
        "size": disk.size,
        "type": type_words(disk.type_name),
    }
