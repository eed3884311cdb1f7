"""The columns of the list of backups."""

from django.utils.translation import gettext_lazy as _

from volumes.lists.columns import (
    CREATED,
    DESCRIPTION,
    DISK,
    ID,
    PROPERTIES,
    STATUS,
    Column,
    Table,
    name_column,
    size_column,
)
from volumes.lists.csv_export import as_boolean

NAME = name_column()
SIZE = size_column("size")
KIND = Column(
    name="kind",
    label=_("Kind"),
    csv_title=_("Incremental"),
    csv_value=lambda backup: as_boolean(backup.is_incremental),
)
SNAPSHOT = Column(name="snapshot", label=_("Snapshot id"), csv_value=lambda backup: backup.snapshot_id)

BACKUP_TABLE = Table(
    caption=_("Backups"),
    empty="backups/_empty.html",
    shown=(NAME, DISK, SIZE, CREATED, KIND),
    optional=(STATUS, DESCRIPTION),
    exported=(ID, NAME, DISK, SNAPSHOT, STATUS, SIZE, KIND, CREATED, DESCRIPTION, PROPERTIES),
)
