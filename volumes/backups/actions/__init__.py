"""The actions on one backup, in the menu's order. The URLs and the menu are built from ACTIONS."""

from volumes.actions import Action
from volumes.backups.actions.delete import Delete
from volumes.backups.actions.restore import Restore

ACTIONS: tuple[type[Action], ...] = (Restore, Delete)
