"""The table of statuses: labels, colours, and which of them are transitions.

Source: Cinder's API reference, "Volumes", "Volume snapshots", "Backups", and cinder/objects/fields.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Status:
    """A status as shown: its label and the tone of its ring (good, used, busy, bad or plain)."""

    code: str
    label: _StrPromise | str
    tone: str = "plain"

    @property
    def in_transition(self) -> bool:
        """Whether Cinder is working on the resource and will change the status by itself."""
        return self.tone == "busy"


_TABLE: dict[str, tuple[_StrPromise, str]] = {
    "available": (_("Available"), "good"),
    "in-use": (_("In use"), "used"),
    "reserved": (_("Reserved"), "used"),
    "maintenance": (_("Maintenance"), "plain"),
    "awaiting-transfer": (_("Awaiting transfer"), "plain"),
    "creating": (_("Creating"), "busy"),
    "deleting": (_("Deleting"), "busy"),
    "attaching": (_("Attaching"), "busy"),
    "detaching": (_("Detaching"), "busy"),
    "extending": (_("Resizing"), "busy"),
    "retyping": (_("Changing type"), "busy"),
    "uploading": (_("Uploading"), "busy"),
    "downloading": (_("Downloading"), "busy"),
    "backing-up": (_("Backing up"), "busy"),
    "restoring": (_("Restoring"), "busy"),
    "restoring-backup": (_("Restoring from backup"), "busy"),
    "managing": (_("Being taken over"), "busy"),
    "unmanaging": (_("Being released"), "busy"),
    "reverting": (_("Rolling back"), "busy"),
    "updating": (_("Updating"), "busy"),
    "error": (_("Error"), "bad"),
    "error_deleting": (_("Error deleting"), "bad"),
    "error_extending": (_("Error resizing"), "bad"),
    "error_restoring": (_("Error restoring"), "bad"),
    "error_managing": (_("Error taking over"), "bad"),
    "error_backing-up": (_("Error backing up"), "bad"),
}


# Labels that differ in languages where a backup has another gender than a disk and a snapshot
_OF_BACKUPS = {"available": pgettext_lazy("backup", "Available")}


def status(code: str, *, of_backup: bool = False) -> Status:
    """Return the status for a code; for an unknown code the label is the code itself."""
    label, tone = _TABLE.get(code, (code, "plain"))
    return Status(code, _OF_BACKUPS.get(code, label) if of_backup else label, tone)


def is_known(code: str) -> bool:
    """Return whether the table contains this code."""
    return code in _TABLE


def choices(codes: tuple[str, ...], *, of_backups: bool = False) -> list[Status]:
    """Return the statuses for these codes, for a choice in a form."""
    return [status(code, of_backup=of_backups) for code in codes]
