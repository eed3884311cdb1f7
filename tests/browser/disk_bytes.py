"""Write to a disk as a guest does, and compare the bytes of disks and snapshots."""

import contextlib
import os
from collections.abc import Iterator
from itertools import chain
from typing import Any

from tests.support.devcloud import Project


def write(project: Project, disk: Any, text: str) -> None:
    """Write at both ends of the disk, as a guest does."""
    with project.disk_file(disk.id).open("r+b") as file:
        for place in (0, os.fstat(file.fileno()).st_size - 4096):
            file.seek(place)
            file.write(text.encode().ljust(64, b"."))


def same_bytes(project: Project, one: Any, other: Any) -> bool:
    """Whether two disks or snapshots hold the same bytes; missing bytes at the end of a shorter file count as zeros."""
    with project.disk_file(one.id).open("rb") as first, project.disk_file(other.id).open("rb") as second:
        return all(
            _read(first.fileno(), begin, end) == _read(second.fileno(), begin, end)
            for begin, end in chain(_written(first.fileno()), _written(second.fileno()))
        )


def _read(descriptor: int, begin: int, end: int) -> bytes:
    return os.pread(descriptor, end - begin, begin).ljust(end - begin, b"\0")


def _written(descriptor: int) -> Iterator[tuple[int, int]]:
    """The parts of a file that are not holes."""
    end = 0
    with contextlib.suppress(OSError):  # The rest of the file is a hole.
        while True:
            begin = os.lseek(descriptor, end, os.SEEK_DATA)
            end = os.lseek(descriptor, begin, os.SEEK_HOLE)
            yield begin, end
