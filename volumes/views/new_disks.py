"""Making disks: empty ones, or from a snapshot, a disk or a backup."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.cloud.parallel import together
from volumes import commands, outcome_check
from volumes.cinder import backups, choices, disks, quota, snapshots
from volumes.cinder.disks import NewDisk
from volumes.cinder.listing import SEARCH_ROWS, Query
from volumes.cinder.values import Backup, Disk, Snapshot
from volumes.disk_forms import (
    BACKUP,
    DISK,
    EMPTY,
    MAX_SIZE,
    SNAPSHOT,
    CloneDiskForm,
    CreateDiskForm,
    offer_records,
)
from volumes.names import MAX_LENGTH
from volumes.rows import DISKS
from volumes.views.backups import offered
from volumes.views.writing import Writing, dialog_methods, or_none, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from dashboard.web.forms import WritingForm
    from dashboard.web.requests import CloudRequest
    from volumes.cinder.values import Record

CLONE = "_clone"
TOO_OLD_TO_RESTORE = gettext_lazy("This cloud is too old to create a disk from a backup.")


@dialog_methods
def create_disk(request: CloudRequest) -> HttpResponse:
    """Make a disk of any source; choosing another source shows the form again, with what was typed."""
    form = CreateDiskForm.of(request, {})
    if request.method == "POST" and "again" in request.GET:
        form = CreateDiskForm(initial={**request.POST.dict(), "smallest": ""})
    form.offer_sources(EMPTY, SNAPSHOT, DISK)
    return _create(request, form)


@dialog_methods
def clone_snapshot(request: CloudRequest, snapshot_id: str) -> HttpResponse:
    """Make a disk that has the bytes of a snapshot."""
    return _create(request, _from(request, SNAPSHOT, snapshot_id))


@offered
@dialog_methods
def restore_backup(request: CloudRequest, backup_id: str) -> HttpResponse:
    """Make a disk that has the bytes of a backup."""
    return _create(request, _from(request, BACKUP, backup_id))


def _from(request: CloudRequest, kind: str, source_id: str) -> CreateDiskForm:
    """Return the form of a disk whose source the address names."""
    form = CreateDiskForm.of(request, {})
    form.offer_sources(kind)
    form.fix_source(kind, source_id)
    return form


def _create(request: CloudRequest, form: CreateDiskForm) -> HttpResponse:
    writing = Writing(
        template="disks/create_dialog.html",
        form=form,
        act=lambda: _make(request, form),
        look=lambda: _look(request, form),
        aftermath=lambda: outcome_check.newest(request.cloud, DISKS.resource, form.cleaned_data["name"]),
        command=lambda: commands.create_disk(**form.typed()),
        events=(DISKS.changed_event,),
        back=reverse("disks", kwargs={"project": request.cloud.slug}),
    )
    return write(request, writing)


def _make(request: CloudRequest, form: CreateDiskForm) -> str:
    sent = form.cleaned_data
    wanted = NewDisk(
        name=sent["name"],
        description=sent["description"],
        size=sent["size"],
        type_name=sent["disk_type"],
        zone=sent["zone"],
        **form.origin(),
    )
    return _told(disks.create(request.cloud, wanted))


def _told(made: Disk) -> str:
    return _("Disk “%(name)s” is being created.") % {"name": made.title}


def _look(request: CloudRequest, form: CreateDiskForm) -> dict[str, Any]:
    source, offered, types, zones, left, of_types = together(
        or_none(form, _source_of(request, form), needed=form.source_is_fixed),
        or_none(form, _offered_sources(request, form)),
        or_none(form, partial(choices.disk_types, request.cloud)),
        or_none(form, partial(choices.zones, request.cloud)),
        or_none(form, partial(quota.of, request.cloud)),
        or_none(form, partial(quota.of_types, request.cloud)),
    )
    if not form.source_is_fixed:
        if source is None and offered is not None:
            # What was chosen is of another kind, or gone.
            form["source_id"].initial = ""
        offer_records(form["source_id"], offered or ())
    own = _own(request, form, source)
    names = [one.name for one in types or ()]
    if isinstance(source, Backup):
        form.resemble(own, names, zones or ())
        own = None
    form.offer(own.type_name if own else "", names, own.zone if own else "", zones or ())
    if source:
        form.initial["smallest"] = source.size
        form.initial["size"] = max(source.size, _number(form.initial.get("size")))
    return {
        "source": source,
        "quota": left,
        # Cinder tells those of types too that the project can't use.
        "of_types": {one.name: of_types[one.name] for one in types or () if one.name in (of_types or ())},
        "refusal": _refusal(request, source) if form.source_is_fixed else None,
    }


def _number(value: object) -> int:
    text = str(value or "")
    return int(text) if text.isdecimal() and len(text) < len(str(MAX_SIZE)) else 0


def _source_of(request: CloudRequest, form: CreateDiskForm) -> Callable[[], Record | None]:
    """Return how to read what the disk is to be made from; that is None for an empty one."""
    doors: tuple[tuple[str, Callable[..., Record]], ...] = (
        (SNAPSHOT, snapshots.find),
        (DISK, disks.find),
        (BACKUP, backups.find),
    )
    return next(
        (partial(find, request.cloud, form.chosen(kind)) for kind, find in doors if form.chosen(kind)), _nothing
    )


def _nothing() -> None:
    return None


def _offered_sources(request: CloudRequest, form: CreateDiskForm) -> Callable[[], list[Record] | None]:
    """Return how to read the newest 1,000 snapshots or disks to choose from; None where there is nothing to choose."""
    kind = str(form["source"].value())

    def read() -> list[Record] | None:
        if form.source_is_fixed or kind not in (SNAPSHOT, DISK):
            return None
        page: Any = (snapshots if kind == SNAPSHOT else disks).page(request.cloud, Query(per_page=SEARCH_ROWS))
        return [one for one in page.rows if not one.refusal_to_clone]

    return read


def _own(request: CloudRequest, form: WritingForm, source: Record | None) -> Disk | None:
    """Return the disk whose type and zone the new one has, unless others are asked for."""
    if source is None or isinstance(source, Disk):
        return source
    disk_id = getattr(source, "disk_id", "")
    return or_none(form, partial(disks.find_or_unknown, request.cloud, disk_id))() if disk_id else None


def _refusal(request: CloudRequest, source: Record | None) -> object:
    if isinstance(source, Snapshot):
        return source.refusal_to_clone
    if isinstance(source, Backup):
        return source.refusal_to_restore if disks.can_restore(request.cloud) else TOO_OLD_TO_RESTORE
    return None


@dialog_methods
def clone_disk(request: CloudRequest, disk_id: str) -> HttpResponse:
    """Make a disk that has the bytes of another one."""
    form = CloneDiskForm.of(request, {})
    writing = Writing(
        template="disks/clone_dialog.html",
        form=form,
        act=lambda: _clone(request, disk_id, form),
        look=lambda: _look_at_original(request, disk_id, form),
        aftermath=lambda: outcome_check.newest(request.cloud, DISKS.resource, form.cleaned_data["name"]),
        command=lambda: commands.create_disk(
            **form.typed(), description="", type_name="", zone="", source_disk_id=disk_id
        ),
        events=(DISKS.changed_event,),
        back=reverse("disks", kwargs={"project": request.cloud.slug}),
    )
    return write(request, writing)


def _clone(request: CloudRequest, disk_id: str, form: CloneDiskForm) -> str:
    wanted = NewDisk(name=form.cleaned_data["name"], size=form.cleaned_data["size"], source_disk_id=disk_id)
    return _told(disks.create(request.cloud, wanted))


def _look_at_original(request: CloudRequest, disk_id: str, form: CloneDiskForm) -> dict[str, Any]:
    disk, left = together(
        or_none(form, partial(disks.find, request.cloud, disk_id), needed=True),
        or_none(form, partial(quota.of, request.cloud)),
    )
    if disk:
        name = disk.title[: MAX_LENGTH - len(CLONE)] + CLONE
        form.propose(name=name, size=disk.size, smallest=disk.size)
    return {
        "disk": disk or disks.unknown(disk_id),
        "quota": left,
        "refusal": disk.refusal_to_clone if disk else None,
    }
