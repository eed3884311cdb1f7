"""The addresses of one project: all stand below /p/<project>/."""

from django.urls import include, path

from volumes.rows import BACKUPS, DISKS, SNAPSHOTS
from volumes.views import (
    backups,
    bulk,
    disk_dialogs,
    disks,
    exports,
    lists,
    many_snapshots,
    new_disks,
    snapshot_dialogs,
    snapshots,
)

one_disk = [
    path("", disks.disk_page, name="disk"),
    path("more/", disks.disk_more, name="disk-more"),
    path("delete/", bulk.delete_disk, name="delete-disk"),
    path("resize/", disk_dialogs.resize_disk, name="resize-disk"),
    path("change-type/", disk_dialogs.change_type, name="change-disk-type"),
    path("rename/", disk_dialogs.rename_disk, name="rename-disk"),
    path("properties/", disk_dialogs.edit_properties, name="edit-disk-properties"),
    path("bootable/", disk_dialogs.set_bootable, name="set-bootable"),
    path("clone/", new_disks.clone_disk, name="clone-disk"),
    path("create-snapshot/", snapshot_dialogs.create_snapshot, name="create-snapshot"),
    path("create-backup/", backups.back_up_disk, name="back-up-disk"),
    path("snapshots/", snapshots.disk_snapshots, name="disk-snapshots"),
    path("snapshots/changes/", snapshots.disk_snapshot_changes, name="disk-snapshot-changes"),
    path("snapshots/export/", exports.disk_snapshots, name="disk-snapshots-export"),
    path("snapshots/<cloud_id:snapshot_id>/roll-back/", snapshot_dialogs.roll_back, name="roll-back"),
    path("snapshots/<cloud_id:snapshot_id>/create-backup/", backups.back_up_snapshot, name="back-up-snapshot"),
]
one_snapshot = [
    path("", snapshots.snapshot_page, name="snapshot"),
    path("more/", snapshots.snapshot_more, name="snapshot-more"),
    path("edit/", snapshot_dialogs.edit_snapshot, name="edit-snapshot"),
    path("create-disk/", new_disks.clone_snapshot, name="clone-snapshot"),
    path("delete/", bulk.delete_snapshot, name="delete-snapshot"),
]
one_backup = [
    path("create-disk/", new_disks.restore_backup, name="restore-backup"),
    path("delete/", bulk.delete_backup, name="delete-backup"),
]
urlpatterns = [
    path("disks/", disks.disk_list, name="disks"),
    path("disks/changes/", disks.disk_changes, name="disk-changes"),
    path("disks/export/", exports.disks, name="disks-export"),
    path("disks/details/", lists.details, {"kind": DISKS}, name="disks-details"),
    path("disks/create/", new_disks.create_disk, name="create-disk"),
    path("disks/delete/", bulk.delete_disks, name="delete-disks"),
    path("disks/create-snapshots/", many_snapshots.create_snapshots, name="create-snapshots"),
    path("disks/quota/", disks.quota_bars, name="quota"),
    path("disks/instances/", disks.instance_names, name="instance-names"),
    path("disks/filter-choices/", disks.filter_choices, name="filter-choices"),
    path("disks/<cloud_id:disk_id>/", include(one_disk)),
    path("snapshots/", snapshots.snapshot_list, name="snapshots"),
    path("snapshots/changes/", snapshots.snapshot_changes, name="snapshot-changes"),
    path("snapshots/export/", exports.snapshots, name="snapshots-export"),
    path("snapshots/details/", lists.details, {"kind": SNAPSHOTS}, name="snapshots-details"),
    path("snapshots/clean-up/", snapshots.clean_up, name="clean-up"),
    path("snapshots/create/", snapshots.choose_disk, name="choose-disk"),
    path("snapshots/delete/", bulk.delete_snapshots, name="delete-snapshots"),
    path("snapshots/<cloud_id:snapshot_id>/", include(one_snapshot)),
    path("backups/", backups.backup_list, name="backups"),
    path("backups/changes/", backups.backup_changes, name="backup-changes"),
    path("backups/export/", exports.backups, name="backups-export"),
    path("backups/details/", backups.offered(lists.details), {"kind": BACKUPS}, name="backups-details"),
    path("backups/delete/", bulk.delete_backups, name="delete-backups"),
    path("backups/<cloud_id:backup_id>/", include(one_backup)),
]
