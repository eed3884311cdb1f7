"""What a person can do to one backup, in the menu's order: this table gives the URLs and the menu."""

from volumes.actions import Action
from volumes.backups.actions.delete import Delete
from volumes.backups.actions.restore import Restore

ACTIONS: tuple[type[Action], ...] = (Restore, Delete)
