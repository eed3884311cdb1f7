"""Making disks."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from volumes import commands
from volumes.cinder import backups, choices, disks, quota, snapshots
from volumes.cinder.disks import NewDisk
from volumes.forms import CreateDiskForm
from volumes.parallel import together
from volumes.rows import DISKS
from volumes.views.backups import offered
from volumes.views.writing import Writing, dialog_methods, or_none, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from volumes.cinder.values import Backup, Snapshot
    from volumes.requests import CloudRequest

TOO_OLD_TO_RESTORE = gettext_lazy("This cloud is too old to create a disk from a backup.")


@dialog_methods
def clone_snapshot(request: CloudRequest, snapshot_id: str) -> HttpResponse:
    """Make a disk that has the bytes of a snapshot."""

    def look_for_refusal(source: Snapshot) -> object:
        return source.refusal_to_clone

    find = partial(snapshots.find, request.cloud, snapshot_id)
    return _create_from(request, {"snapshot_id": snapshot_id}, find, look_for_refusal)


@offered
@dialog_methods
def restore_backup(request: CloudRequest, backup_id: str) -> HttpResponse:
    """Make a disk that has the bytes of a backup."""

    def look_for_refusal(source: Backup) -> object:
        return source.refusal_to_restore if disks.can_restore(request.cloud) else TOO_OLD_TO_RESTORE

    return _create_from(
        request, {"backup_id": backup_id}, partial(backups.find, request.cloud, backup_id), look_for_refusal
    )


def _create_from(
    request: CloudRequest, source: dict[str, str], find: Callable[[], Any], look_for_refusal: Callable[[Any], object]
) -> HttpResponse:
    form = CreateDiskForm.of(request, {})
    form.offer_source("snapshot" if "snapshot_id" in source else "backup")
    writing = Writing(
        template="disks/create_dialog.html",
        form=form,
        act=lambda: _create(request, form, source),
        look=lambda: _look(request, form, find, look_for_refusal),
        command=lambda: commands.create_disk(**form.typed(), **source),
        events=(DISKS.changed_event,),
        back=reverse("disks", kwargs={"project": request.cloud.slug}),
    )
    return write(request, writing)


def _create(request: CloudRequest, form: CreateDiskForm, source: dict[str, str]) -> str:
    sent = form.cleaned_data
    wanted = NewDisk(
        name=sent["name"],
        description=sent["description"],
        size=sent["size"],
        type_name=sent["disk_type"],
        zone=sent["zone"],
        **source,
    )
    made = disks.create(request.cloud, wanted)
    return _("Disk “%(name)s” is being created.") % {"name": made.title}


def _look(
    request: CloudRequest, form: CreateDiskForm, find: Callable[[], Any], look_for_refusal: Callable[[Any], object]
) -> dict[str, Any]:
    source, types, zones, left = together(
        or_none(form, find, needed=True),
        or_none(form, partial(choices.disk_types, request.cloud)),
        or_none(form, partial(choices.zones, request.cloud)),
        or_none(form, partial(quota.of, request.cloud)),
    )
    disk_id = source.disk_id if source else ""
    own = or_none(form, partial(disks.find_or_unknown, request.cloud, disk_id))() if disk_id else None
    form.offer(own.type_name if own else "", [one.name for one in types or ()], own.zone if own else "", zones or ())
    if source:
        form.propose(size=source.size, smallest=source.size)
    return {"source": source, "quota": left, "refusal": look_for_refusal(source) if source else None}
