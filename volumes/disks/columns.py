"""The columns of the list of disks."""

from django.utils.translation import gettext_lazy as _

from volumes.lists.columns import CREATED, DESCRIPTION, ID, PROPERTIES, STATUS, Column, Table, name_column, size_column
from volumes.lists.csv_export import as_boolean

NAME = name_column()
BOOTABLE = Column(
    name="bootable",
    label=_("Bootable"),
    sort="bootable",
    csv_value=lambda disk: as_boolean(disk.bootable),
)
# Sorting by the type's id groups equal types. Cinder responds with 500 to a sort by volume_type.
TYPE = Column(
    name="type",
    label=_("Type"),
    sort="volume_type_id",
    csv_value=lambda disk: disk.type_name,
)
ZONE = Column(name="zone", label=_("Availability zone"), csv_value=lambda disk: disk.zone)
SIZE = size_column("size")
# The sort order only separates attached disks from others.
ATTACHED = Column(
    name="attached",
    label=_("Attached to"),
    sort="attach_status",
    csv_value=lambda disk: "; ".join(f"{one.server_id} {one.device}".strip() for one in disk.attachments),
)

# In this column instead of below the name; loads after the page
SNAPSHOTS = Column(name="snapshots", label=_("Snapshots"))

DISK_TABLE = Table(
    caption=_("Disks"),
    empty="disks/_empty.html",
    shown=(NAME, BOOTABLE, TYPE, SIZE, ATTACHED),
    optional=(STATUS, SNAPSHOTS, CREATED, DESCRIPTION, ID),
    exported=(ID, NAME, STATUS, SIZE, TYPE, ZONE, BOOTABLE, ATTACHED, CREATED, PROPERTIES),
)
