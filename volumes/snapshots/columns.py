"""The columns of the lists of a project's and of one disk's snapshots."""

from django.utils.translation import gettext_lazy as _

from volumes.lists.columns import (
    CREATED,
    DESCRIPTION,
    DISK,
    ID,
    PROPERTIES,
    STATUS,
    Table,
    name_column,
    size_column,
)

NAME = name_column()
SIZE = size_column("volume_size")

SNAPSHOT_TABLE = Table(
    caption=_("Snapshots"),
    empty="snapshots/_empty.html",
    shown=(NAME, DISK, SIZE, CREATED, PROPERTIES),
    of_one_disk=(NAME, SIZE, CREATED),
    optional=(STATUS, DESCRIPTION),
    exported=(ID, NAME, DISK, STATUS, SIZE, CREATED, DESCRIPTION, PROPERTIES),
)
