"""The names of disk types in words."""

from django.utils.translation import gettext as _

# Cinder makes this type itself, for disks without another (cinder/objects/volume_type.py, DEFAULT)
DEFAULT = "__DEFAULT__"
NOTHING = "—"


def type_words(name: str) -> str:
    """Return how pages name a disk type: Cinder's own default type has an internal name; a disk may have no type."""
    return _("Default type") if name == DEFAULT else name or NOTHING
