"""Names that are proposed for what a person makes."""

from collections.abc import Set as AbstractSet
from datetime import date
from itertools import count

from volumes.cinder.values import Disk

# Cinder's limit for names and descriptions, in characters (API reference; cinder/api/validation/parameter_types.py)
MAX_LENGTH = 255


def proposed_snapshot_name(disk: Disk, today: date, taken: AbstractSet[str]) -> str:
    """Return ``<disk>_snapshot_DD-MM-YYYY``, with a counter where that is taken, shortened to Cinder's limit."""
    for number in count(1):
        ending = f"_snapshot_{today:%d-%m-%Y}" + (f"_{number}" if number > 1 else "")
        name = disk.title[: MAX_LENGTH - len(ending)] + ending
        if name not in taken:
            return name
    raise AssertionError("count() never ends")
