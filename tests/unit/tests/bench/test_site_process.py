"""Which part of a request a look at its stack finds: by the files of the frames, which are made here."""

from types import FrameType, SimpleNamespace
from typing import Any, cast

import pytest

from tests.bench.site_process import part_of

MIDDLEWARE = ["django/core/handlers/wsgi.py", "dashboard/middleware.py"]
VIEW = [*MIDDLEWARE, "volumes/disks/pages.py"]


def stack(files: list[str]) -> FrameType | None:
    """Frames of these files, the outermost first."""
    frame: Any = None
    for file in files:
        frame = SimpleNamespace(f_code=SimpleNamespace(co_filename=f"/checkout/{file}"), f_back=frame)
    return cast("FrameType | None", frame)


@pytest.mark.parametrize(
    ("files", "part"),
    [
        ([], "middleware"),
        ([*MIDDLEWARE, "django/middleware/gzip.py"], "middleware"),
        ([*MIDDLEWARE, "dashboard/accounts/session.py", "dashboard/cloud/keystone.py"], "session"),
        ([*VIEW, "volumes/cinder/disks.py", "dashboard/cloud/transport.py", "urllib3/connection.py"], "client"),
        ([*VIEW, "volumes/cinder/listing.py", "volumes/cinder/readers.py", "volumes/cinder/values.py"], "values"),
        ([*VIEW, "volumes/lists/table.py", "volumes/lists/rows.py", "volumes/cinder/values.py"], "markup"),
        ([*VIEW, "django/template/base.py", "volumes/cinder/values.py"], "markup"),
        ([*VIEW, "volumes/menus.py", "volumes/disks/actions/resize.py", "volumes/cinder/disks.py"], "markup"),
        ([*VIEW, "dashboard/cloud/visible.py"], "markup"),
        ([*VIEW, "dashboard/cloud/parallel.py"], "client"),
        (VIEW, "markup"),
    ],
)
def test_it_knows_the_part_by_the_files(files: list[str], part: str) -> None:
    assert part_of(stack(files)) == part
