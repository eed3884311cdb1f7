"""Proposed names for new resources."""

from collections.abc import Set as AbstractSet
from datetime import date
from itertools import count

# Cinder's limit for names and descriptions, in characters (API reference; cinder/api/validation/parameter_types.py)
MAX_LENGTH = 255
# The placeholder for a disk's name in a pattern
DISK = "{disk}"


def named_after(pattern: str, title: str) -> str:
    """Return the pattern with ``{disk}`` replaced by a disk's title, which is shortened to fit Cinder's limit."""
    room = MAX_LENGTH - len(pattern.replace(DISK, ""))
    return pattern.replace(DISK, title[: max(0, room)], 1).replace(DISK, "")[:MAX_LENGTH]


def proposed_name(title: str, kind: str, today: date, taken: AbstractSet[str] = frozenset()) -> str:
    """Return ``<title>_<kind>_DD-MM-YYYY`` with a counter if the name is taken, shortened to Cinder's limit.

    An empty kind is left out.
    """
    for number in count(1):
        ending = (f"_{kind}" if kind else "") + f"_{today:%d-%m-%Y}" + (f"_{number}" if number > 1 else "")
        name = title[: MAX_LENGTH - len(ending)] + ending
        if name not in taken:
            return name
    raise AssertionError("count() never ends")
