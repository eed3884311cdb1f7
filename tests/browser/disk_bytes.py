"""What a guest writes to a disk, and whether two disks or snapshots hold the same."""

import filecmp
from typing import Any

from tests.support.devcloud import Project

GIB = 1024**3


def write(project: Project, disk: Any, text: str) -> None:
    """Let a guest write something at both ends of the disk."""
    with project.disk_file(disk.id).open("r+b") as file:
        for place in (0, GIB - 4096):
            file.seek(place)
            file.write(text.encode().ljust(64, b"."))


def same_bytes(project: Project, one: Any, other: Any) -> bool:
    """Whether two disks or snapshots hold the same."""
    filecmp.clear_cache()
    return filecmp.cmp(project.disk_file(one.id), project.disk_file(other.id), shallow=False)
