"""Every view of a project, as the contracts test them."""

from dataclasses import dataclass

import pytest

from tests.support.actions import BACKUP, DISK, EVERY_ACTION, NEEDS, SNAPSHOT, posts, url_of
from tests.support.canned import HTMX
from tests.support.cloud_rows import ago, backup, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import HERE

# As a page, and as a fragment
BOTH_WAYS: list[dict[str, str]] = [{}, HTMX]


@dataclass(frozen=True)
class View:
    """A path below the project's address, and the path of Cinder's that it can't work without.

    It accepts POST if it `posts`; that changes nothing if it only `previews` a selection.
    """

    path: str
    needs: str = ""
    posts: bool = False
    previews: bool = False

    def __str__(self) -> str:
        return self.path.partition("?")[0]

    @property
    def url(self) -> str:
        return f"{HERE}/{self.path}"

    def with_query(self, query: str) -> str:
        """Its address with a query string, which is added to its own if it has one."""
        return f"{self.url}{'&' if '?' in self.url else '?'}{query}"


VIEWS = [
    View("disks/", "/volumes/detail"),
    View("disks/?no_snapshot_for=7", "/snapshots/detail"),
    View("disks/changes/", "/volumes/detail"),
    View("disks/export/", "/volumes/detail"),
    View("disks/delete/", posts=True, previews=True),
    View("disks/delete/command/", posts=True, previews=True),
    View("disks/delete/run/", posts=True),
    View("disks/create-snapshots/", posts=True, previews=True),
    View("disks/create-snapshots/command/", posts=True, previews=True),
    View("disks/create-snapshots/run/", posts=True),
    View("columns/", posts=True, previews=True),
    View("disks/capacity/"),
    View("disks/filter-choices/"),
    View("disks/instances/"),
    View(f"disks/{DISK}/", f"/volumes/{DISK}"),
    View(f"disks/{DISK}/actions/", f"/volumes/{DISK}"),
    View(f"disks/{DISK}/more/"),
    View(f"disks/details/?failed={DISK}"),
    View(f"disks/details/?counted={DISK}"),
    View("disks/details/?matching=%3Fsort%3Dname"),
    View(f"disks/{DISK}/snapshots/", f"/volumes/{DISK}"),
    View(f"disks/{DISK}/snapshots/changes/", "/snapshots/detail"),
    View(f"disks/{DISK}/snapshots/export/", f"/volumes/{DISK}"),
    View("snapshots/", "/snapshots/detail"),
    View("snapshots/?disk=data", "/volumes/detail"),
    View("snapshots/changes/", "/snapshots/detail"),
    View(f"snapshots/details/?disks={DISK}"),
    View("snapshots/export/", "/snapshots/detail"),
    View("snapshots/clean-up/"),
    View("snapshots/create/", "/volumes/detail"),
    View("snapshots/delete/", posts=True, previews=True),
    View("snapshots/delete/command/", posts=True, previews=True),
    View("snapshots/delete/run/", posts=True),
    View(f"snapshots/{SNAPSHOT}/", f"/snapshots/{SNAPSHOT}"),
    View(f"snapshots/{SNAPSHOT}/actions/", f"/snapshots/{SNAPSHOT}"),
    View(f"snapshots/{SNAPSHOT}/more/"),
    View("backups/", "/backups/detail"),
    View("backups/changes/", "/backups/detail"),
    View(f"backups/details/?disks={DISK}"),
    View("backups/export/", "/backups/detail"),
    View(f"backups/{BACKUP}/actions/", f"/backups/{BACKUP}"),
    View("backups/delete/", posts=True, previews=True),
    View("backups/delete/command/", posts=True, previews=True),
    View("backups/delete/run/", posts=True),
    *(
        View(url_of(action).removeprefix(f"{HERE}/"), NEEDS[action][1] if action in NEEDS else "", posts=posts(action))
        for action in EVERY_ACTION
    ),
]
# Those that fail when one answer of Cinder's fails; the others show what is available.
NEEDY = [view for view in VIEWS if view.needs]
POSTING = [view for view in VIEWS if view.posts]
WRITING = [view for view in POSTING if not view.previews]
# Those about one disk, snapshot or backup, by its id
OF_ONE = [view for view in VIEWS if any(f"{one}/" in view.path for one in (DISK, SNAPSHOT, BACKUP))]

EVERY_VIEW = pytest.mark.parametrize("view", VIEWS, ids=str)
EVERY_NEEDY_VIEW = pytest.mark.parametrize("view", NEEDY, ids=str)
EVERY_WRITING_VIEW = pytest.mark.parametrize("view", WRITING, ids=str)
EVERY_POSTING_VIEW = pytest.mark.parametrize("view", POSTING, ids=str)


def stock_one_of_each(cloud: FakeCloud) -> None:
    """Add the resources of the views above to the cloud: a disk, its snapshot, and its backup of yesterday."""
    cloud.volumes = [volume(1, name="data")]
    cloud.snapshots = [snapshot(1001)]
    cloud.backups = [backup(2001, data_timestamp=ago(days=1))]
