"""The snapshots of a disk, and making one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.dialogs import dialog, done
from dashboard.errors import CloudError, Unreachable
from dashboard.http import page_or_partial
from dashboard.once import once
from volumes.cinder import disks, snapshots
from volumes.forms import CreateSnapshotForm
from volumes.lists import PAGE_SIZES, SNAPSHOT_SORTS, ListAddress
from volumes.menus import READ_ONLY
from volumes.names import proposed_snapshot_name
from volumes.rows import SNAPSHOTS
from volumes.views import live

if TYPE_CHECKING:
    from django.http import HttpResponse

    from volumes.cinder.values import Disk
    from volumes.requests import CloudRequest


@require_safe
def disk_snapshots(request: CloudRequest, disk_id: str) -> HttpResponse:
    """Show a page of one disk's snapshots: two requests, the disk and the list."""
    address = ListAddress.of(request, SNAPSHOT_SORTS)
    disk = disks.find(request.cloud, disk_id)
    page = snapshots.page(request.cloud, address.query(SNAPSHOT_SORTS), disk_id)
    context = {
        "disk": disk,
        "page": page,
        "rows": [SNAPSHOTS.row(request.cloud, snapshot) for snapshot in page.rows],
        "address": address,
        "page_sizes": PAGE_SIZES,
        "poll_url": _poll_url(request, disk_id, address),
        "create_refusal": READ_ONLY if request.cloud.read_only else disk.refusal_to_snapshot,
    }
    return page_or_partial(request, "snapshots/of_disk.html", "snapshots/_table.html", context)


@require_safe
def disk_snapshot_changes(request: CloudRequest, disk_id: str) -> HttpResponse:
    """Tell what has become of the snapshots in transition on a page."""
    address = ListAddress.of(request, SNAPSHOT_SORTS)
    page = None if address.text else snapshots.page(request.cloud, address.query(SNAPSHOT_SORTS), disk_id)
    return live.changes(request, SNAPSHOTS, page, snapshots.find_or_none)


def _poll_url(request: CloudRequest, disk_id: str, address: ListAddress) -> str:
    at = {"project": request.cloud.slug, "disk_id": disk_id}
    return reverse("disk-snapshot-changes", kwargs=at) + address.here


@require_http_methods(["GET", "HEAD", "POST"])
def create_snapshot(request: CloudRequest, disk_id: str) -> HttpResponse:
    """Make a snapshot of a disk, also of an attached one."""
    if request.method == "POST":
        return _create_snapshot(request, disk_id)
    disk = disks.find(request.cloud, disk_id)
    form = CreateSnapshotForm.of(request, {"name": _proposed_name(request, disk)})
    return _create_dialog(request, disk, form)


def _create_snapshot(request: CloudRequest, disk_id: str) -> HttpResponse:
    form = CreateSnapshotForm.of(request, {})
    disk = None
    if form.is_valid():
        try:
            message = once(request, form.cleaned_data["key"], lambda: _create(request, disk_id, form))
        except CloudError as error:
            form.refuse(error)
            if isinstance(error, Unreachable):
                disk = disks.unknown(disk_id)
        else:
            at = {"project": request.cloud.slug, "disk_id": disk_id}
            told = message or _("This was sent before. Look at the list for what came of it.")
            return done(request, told, {SNAPSHOTS.changed_event: {}}, reverse("disk-snapshots", kwargs=at))
    return _create_dialog(request, disk or disks.find_or_unknown(request.cloud, disk_id), form)


def _create_dialog(request: CloudRequest, disk: Disk, form: CreateSnapshotForm) -> HttpResponse:
    refusal = READ_ONLY if request.cloud.read_only else disk.refusal_to_snapshot
    return dialog(request, "snapshots/create_dialog.html", {"form": form, "disk": disk, "refusal": refusal})


def _create(request: CloudRequest, disk_id: str, form: CreateSnapshotForm) -> str:
    made = snapshots.create(request.cloud, disk_id, form.cleaned_data["name"], form.cleaned_data["description"])
    return _("Snapshot “%(name)s” is being created.") % {"name": made.title}


def _proposed_name(request: CloudRequest, disk: Disk) -> str:
    return proposed_snapshot_name(disk, timezone.localdate(), snapshots.names_of(request.cloud, disk.id))
