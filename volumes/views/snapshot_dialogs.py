"""Making, editing and going back to a snapshot."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.cloud.errors import NotPossible
from dashboard.cloud.parallel import together
from volumes import commands, outcome_check, properties
from volumes.cinder import disks, quota, snapshots
from volumes.cinder.values import rollback_refusal
from volumes.forms import CreateSnapshotForm, EditSnapshotForm, RollBackForm
from volumes.llnvme import is_ll_nvme
from volumes.names import proposed_name
from volumes.rows import DISKS, SNAPSHOTS
from volumes.views.writing import Writing, dialog_methods, or_none, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from dashboard.web.requests import CloudRequest
    from volumes.cinder.values import Snapshot


@dialog_methods
def create_snapshot(request: CloudRequest, disk_id: str) -> HttpResponse:
    """Make a snapshot of a disk, also of an attached one."""
    form = CreateSnapshotForm.of(request, {})
    writing = Writing(
        template="snapshots/create_dialog.html",
        form=form,
        act=lambda: _create(request, disk_id, form),
        look=lambda: _look_at_disk(request, disk_id, form),
        aftermath=lambda: outcome_check.newest(
            request.cloud, SNAPSHOTS.resource, form.cleaned_data["name"], volume_id=disk_id
        ),
        command=lambda: commands.create_snapshot(disk_id, **form.typed()),
        events=(SNAPSHOTS.changed_event,),
        back=_list_of(request, disk_id),
    )
    return write(request, writing)


def _create(request: CloudRequest, disk_id: str, form: CreateSnapshotForm) -> str:
    sent = form.cleaned_data
    made = snapshots.create(request.cloud, disk_id, sent["name"], sent["description"], sent["properties"])
    return _("Snapshot “%(name)s” is being created.") % {"name": made.title}


def _look_at_disk(request: CloudRequest, disk_id: str, form: CreateSnapshotForm) -> dict[str, Any]:
    disk, taken, left = together(
        or_none(form, partial(disks.find, request.cloud, disk_id), needed=True),
        or_none(form, partial(snapshots.names_of, request.cloud, disk_id)),
        or_none(form, partial(quota.of, request.cloud)),
    )
    disk = disk or disks.unknown(disk_id)
    form.propose(name=proposed_name(disk.title, "snapshot", timezone.localdate(), taken or frozenset()))
    return {
        "disk": disk,
        "quota": left,
        "refusal": disk.refusal_to_snapshot if disk.status_code else None,
        "is_ll_nvme": is_ll_nvme(disk.type_name),
        "backups": settings.BACKUPS,
    }


@dialog_methods
def edit_snapshot(request: CloudRequest, snapshot_id: str) -> HttpResponse:
    """Change a snapshot's name, description and properties."""
    form = EditSnapshotForm.of(request, {})
    writing = Writing(
        template="snapshots/edit_dialog.html",
        form=form,
        act=lambda: _save(request, snapshot_id, form),
        look=lambda: _look_at_snapshot(request, snapshot_id, form),
        aftermath=lambda: _look_again(request, snapshot_id, form),
        command=lambda: commands.edit_snapshot(snapshot_id, **form.typed()),
        events=(SNAPSHOTS.changed_event,),
        back=reverse("snapshot", kwargs={"project": request.cloud.slug, "snapshot_id": snapshot_id}),
    )
    return write(request, writing)


def _look_at_snapshot(request: CloudRequest, snapshot_id: str, form: EditSnapshotForm) -> dict[str, Any]:
    found: Snapshot | None = or_none(form, partial(snapshots.find, request.cloud, snapshot_id), needed=True)()
    if found:
        kept = _kept(found)
        form.propose(**{**kept, "properties": properties.as_text(found.properties), "seen": json.dumps(kept)})
    as_lines = not found or properties.can_be_written(found.properties)
    form.fields["properties"].disabled = not as_lines
    return {"snapshot": found, "as_lines": as_lines, "refusal": found.refusal_to_edit if found else None}


def _save(request: CloudRequest, snapshot_id: str, form: EditSnapshotForm) -> str:
    """Save what was changed in the form; where somebody else changed the same meanwhile, show that instead."""
    found = snapshots.find(request.cloud, snapshot_id)
    there, wanted = _kept(found), _wanted(found, form)
    form.refuse_if_changed(there, wanted)
    if (wanted["name"], wanted["description"]) != (found.name, found.description):
        snapshots.rename(request.cloud, snapshot_id, wanted["name"], wanted["description"])
    if wanted["properties"] != there["properties"]:
        snapshots.replace_properties(request.cloud, snapshot_id, wanted["properties"])
    return _("Snapshot “%(name)s” is saved.") % {"name": wanted["name"] or snapshot_id}


def _look_again(request: CloudRequest, snapshot_id: str, form: EditSnapshotForm) -> str:
    found = snapshots.find(request.cloud, snapshot_id)
    return outcome_check.saved(_kept(found), _wanted(found, form))


def _wanted(found: Snapshot, form: EditSnapshotForm) -> dict[str, Any]:
    """Return what a snapshot is to be like; properties that can't be edited as lines stay as they are."""
    kept = _kept(found)
    editable = kept if properties.can_be_written(found.properties) else kept.keys() - {"properties"}
    return {**kept, **{name: form.cleaned_data[name] for name in editable}}


def _kept(found: Snapshot) -> dict[str, Any]:
    """Return what the dialog may change, as it is now."""
    return {"name": found.name, "description": found.description, "properties": dict(found.properties)}


@dialog_methods
def roll_back(request: CloudRequest, disk_id: str, snapshot_id: str) -> HttpResponse:
    """Let a disk have the bytes again that it had when the snapshot was made."""
    form = RollBackForm.of(request, {})
    writing = Writing(
        template="snapshots/roll_back_dialog.html",
        form=form,
        act=lambda: _roll_back(request, disk_id, snapshot_id),
        look=lambda: _look_back(request, disk_id, snapshot_id, form),
        aftermath=lambda: outcome_check.disk_now(request.cloud, disk_id),
        command=lambda: commands.roll_back(snapshot_id),
        events=(SNAPSHOTS.changed_event, DISKS.changed_event),
        back=_list_of(request, disk_id),
    )
    return write(request, writing)


def _roll_back(request: CloudRequest, disk_id: str, snapshot_id: str) -> str:
    # Cinder checks some of it only after it has begun (rollback_refusal), so it is checked again now.
    snapshot, disk, newest, possible = together(*_reads_before_rolling_back(request, disk_id, snapshot_id))
    refusal = rollback_refusal(snapshot, disk, newest, possible=possible)
    if refusal:
        raise NotPossible(str(refusal))
    disks.roll_back(request.cloud, disk_id, snapshot_id)
    return _("Disk “%(name)s” is being rolled back.") % {"name": disk.title}


def _look_back(request: CloudRequest, disk_id: str, snapshot_id: str, form: RollBackForm) -> dict[str, Any]:
    reads = _reads_before_rolling_back(request, disk_id, snapshot_id)
    snapshot, disk, newest, possible = together(*(or_none(form, read, needed=True) for read in reads))
    known = snapshot and disk and possible is not None
    refusal = rollback_refusal(snapshot, disk, newest, possible=possible) if known else None
    return {"snapshot": snapshot, "disk": disk or disks.unknown(disk_id), "refusal": refusal}


def _reads_before_rolling_back(
    request: CloudRequest, disk_id: str, snapshot_id: str
) -> tuple[Callable[[], Any], Callable[[], Any], Callable[[], Any], Callable[[], Any]]:
    return (
        partial(snapshots.find, request.cloud, snapshot_id),
        partial(disks.find, request.cloud, disk_id),
        partial(snapshots.newest_of, request.cloud, disk_id),
        partial(disks.can_roll_back, request.cloud),
    )


def _list_of(request: CloudRequest, disk_id: str) -> str:
    return reverse("disk-snapshots", kwargs={"project": request.cloud.slug, "disk_id": disk_id})
