"""What the cloud shows of a change whose answer never came, in the user's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from dashboard.web.dates import to_the_second
from volumes.cinder import disks, listing
from volumes.cinder.listing import Query

if TYPE_CHECKING:
    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.listing import Resource


def describe_newest(cloud: Cloud, resource: Resource[Any], name: str, **filters: str) -> str:
    """Tell of the newest one of that name; names need not be unique, so with the time when it was made.

    Raises:
        CloudError: the cloud can't be asked.
    """
    wanted = {**filters, **({"name": name} if name else {})}
    rows = listing.page(cloud, resource, Query(per_page=1, filters=wanted)).rows
    if not rows:
        return _("So far there is none with this name.") if name else _("So far there is none.")
    return _("The newest one now: “%(name)s”, %(status)s, created %(time)s.") % {
        "name": rows[0].title,
        "status": rows[0].status.label,
        "time": to_the_second(rows[0].created_at) if rows[0].created_at else "—",
    }


def saved(there: object, wanted: object) -> str:
    """Tell whether what is there now is what was wanted."""
    return _("It was: what is there now is what you wanted.") if there == wanted else _("So far it was not.")


def disk_now(cloud: Cloud, disk_id: str) -> str:
    """Tell what a disk is like now.

    Raises:
        CloudError: the cloud can't be asked.
    """
    disk = disks.find(cloud, disk_id)
    return _("The disk now: %(status)s, %(size)s GB, type %(type)s.") % {
        "status": disk.status.label,
        "size": disk.size,
        "type": disk.type_name or "—",
    }
