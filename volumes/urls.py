"""The URLs of one project, all below /p/<project>/."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import URLPattern, URLResolver, include, path

from volumes.actions import urls
from volumes.backups import pages as backups
from volumes.backups.actions import ACTIONS as BACKUP_ACTIONS
from volumes.bulk.create_snapshots import CreateSnapshotsCommand, CreateSnapshotsPreview, CreateSnapshotsRun
from volumes.bulk.delete import DeleteCommand, DeletePreview, DeleteRun
from volumes.chosen_columns import choose_columns
from volumes.disks import pages as disks
from volumes.disks.actions import ACTIONS as DISK_ACTIONS
from volumes.disks.actions.create import CreateDisk
from volumes.disks.actions.edit_properties import EditProperties
from volumes.kinds import BACKUPS, DISKS, SNAPSHOTS
from volumes.lists import table
from volumes.menus import actions_page
from volumes.snapshots import pages as snapshots
from volumes.snapshots.actions import ACTIONS as SNAPSHOT_ACTIONS
from volumes.snapshots.actions import WITH_DISK

if TYPE_CHECKING:
    from volumes.bulk.selection import Matching
    from volumes.kinds import Kind

Address = URLPattern | URLResolver


def delete_many(kind: Kind[Any], matching: Matching) -> list[URLPattern]:
    """Return the URL patterns of the bulk deletion: its preview, its command, and its run."""
    offered = backups.offered if kind is BACKUPS else lambda view: view
    return [
        path("delete/", offered(DeletePreview.as_view(kind=kind, matching=matching)), name=f"delete-{kind.name}"),
        path("delete/command/", offered(DeleteCommand.as_view(kind=kind)), name=f"delete-{kind.name}-command"),
        path("delete/run/", offered(DeleteRun.as_view(kind=kind, matching=matching)), name=f"delete-{kind.name}-run"),
    ]


one_disk: list[Address] = [
    path("", disks.disk_page, name="disk"),
    path("actions/", actions_page, {"kind": DISKS}, name="disk-actions"),
    path("more/", disks.disk_more, name="disk-more"),
    path("snapshots/", snapshots.disk_snapshots, name="disk-snapshots"),
    path("snapshots/changes/", snapshots.disk_snapshot_changes, name="disk-snapshot-changes"),
    path("snapshots/export/", snapshots.disk_snapshots_export, name="disk-snapshots-export"),
    path("snapshots/<cloud_id:snapshot_id>/", include(urls(WITH_DISK))),
    *urls(DISK_ACTIONS),
    *urls([EditProperties]),
]
one_snapshot: list[Address] = [
    path("", snapshots.snapshot_page, name="snapshot"),
    path("actions/", actions_page, {"kind": SNAPSHOTS}, name="snapshot-actions"),
    path("more/", snapshots.snapshot_more, name="snapshot-more"),
    *urls(action for action in SNAPSHOT_ACTIONS if action not in WITH_DISK),
]
all_disks: list[Address] = [
    path("", disks.disk_list, name="disks"),
    path("changes/", disks.disk_changes, name="disk-changes"),
    path("export/", disks.disks_export, name="disks-export"),
    path("details/", table.details, {"kind": DISKS, "count": disks.count}, name="disks-details"),
    path("capacity/", disks.capacity_bar, name="capacity"),
    path("instances/", disks.instance_names, name="instance-names"),
    path("filter-choices/", disks.filter_choices, name="filter-choices"),
    path("create-snapshots/", CreateSnapshotsPreview.as_view(matching=disks.matching), name="create-snapshots"),
    path("create-snapshots/command/", CreateSnapshotsCommand.as_view(), name="create-snapshots-command"),
    path("create-snapshots/run/", CreateSnapshotsRun.as_view(matching=disks.matching), name="create-snapshots-run"),
    *urls([CreateDisk]),
    *delete_many(DISKS, disks.matching),
    path("<cloud_id:disk_id>/", include(one_disk)),
]
all_snapshots: list[Address] = [
    path("", snapshots.snapshot_list, name="snapshots"),
    path("changes/", snapshots.snapshot_changes, name="snapshot-changes"),
    path("export/", snapshots.snapshots_export, name="snapshots-export"),
    path("details/", table.details, {"kind": SNAPSHOTS, "count": snapshots.count}, name="snapshots-details"),
    path("clean-up/", snapshots.clean_up, name="clean-up"),
    path("create/", snapshots.choose_disk, name="choose-disk"),
    *delete_many(SNAPSHOTS, snapshots.matching),
    path("<cloud_id:snapshot_id>/", include(one_snapshot)),
]
all_backups: list[Address] = [
    path("", backups.backup_list, name="backups"),
    path("changes/", backups.backup_changes, name="backup-changes"),
    path("export/", backups.backups_export, name="backups-export"),
    path("details/", backups.offered(table.details), {"kind": BACKUPS, "count": backups.count}, name="backups-details"),
    *delete_many(BACKUPS, backups.matching),
    path("<cloud_id:backup_id>/actions/", backups.offered(actions_page), {"kind": BACKUPS}, name="backup-actions"),
    path("<cloud_id:backup_id>/", include(urls(BACKUP_ACTIONS))),
]
urlpatterns = [
    path("columns/", choose_columns, name="choose-columns"),
    path("disks/", include(all_disks)),
    path("snapshots/", include(all_snapshots)),
    path("backups/", include(all_backups)),
]
