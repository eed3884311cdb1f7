"""The addresses of one project: all stand below /p/<project>/."""

from django.urls import path

from volumes.views import bulk, disks, snapshots

urlpatterns = [
    path("disks/", disks.disk_list, name="disks"),
    path("disks/changes/", disks.disk_changes, name="disk-changes"),
    path("disks/<cloud_id:disk_id>/create-snapshot/", snapshots.create_snapshot, name="create-snapshot"),
    path("disks/<cloud_id:disk_id>/snapshots/", snapshots.disk_snapshots, name="disk-snapshots"),
    path("disks/<cloud_id:disk_id>/snapshots/changes/", snapshots.disk_snapshot_changes, name="disk-snapshot-changes"),
    path("snapshots/delete/", bulk.delete_snapshots, name="delete-snapshots"),
    path("snapshots/<cloud_id:snapshot_id>/delete/", bulk.delete_snapshot, name="delete-snapshot"),
]
