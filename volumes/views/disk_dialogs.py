"""Changing one disk."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from dashboard.cloud.errors import OutcomeUnknown
from dashboard.cloud.parallel import together
from dashboard.web.dialogs import dialog, done
from volumes import commands, properties
from volumes.cinder import choices, disks, quota
from volumes.disk_forms import ChangeTypeForm, DiskPropertiesForm, RenameDiskForm, ResizeDiskForm, offer_types
from volumes.menus import READ_ONLY, refusal_to_resize
from volumes.outcome_check import disk_now, look_into, saved
from volumes.rows import DISKS
from volumes.views.writing import Writing, dialog_methods, or_none, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from dashboard.web.forms import WritingForm
    from dashboard.web.requests import CloudRequest
    from volumes.cinder.values import Disk


def _change(
    request: CloudRequest,
    disk_id: str,
    form: WritingForm,
    template: str,
    *,
    act: Callable[[], str],
    look: Callable[[], dict[str, Any]],
    command: Callable[[], str],
    aftermath: Callable[[], str],
) -> HttpResponse:
    """Answer a request to a dialog that changes a disk."""
    back = reverse("disk", kwargs={"project": request.cloud.slug, "disk_id": disk_id})
    writing = Writing(
        template=template,
        form=form,
        act=act,
        look=look,
        command=command,
        aftermath=aftermath,
        events=(DISKS.changed_event,),
        back=back,
    )
    return write(request, writing)


@dialog_methods
def rename_disk(request: CloudRequest, disk_id: str) -> HttpResponse:
    """Change a disk's name and description."""
    form = RenameDiskForm.of(request, {})

    def act() -> str:
        disk = disks.find(request.cloud, disk_id)
        there = _names(disk)
        wanted = {name: form.cleaned_data[name] for name in there}
        form.refuse_if_changed(there, wanted)
        if wanted != there:
            disks.rename(request.cloud, disk_id, wanted["name"], wanted["description"])
        return _("Disk “%(name)s” is saved.") % {"name": wanted["name"] or disk_id}

    def look() -> dict[str, Any]:
        disk = _disk(request, form, disk_id)
        if disk:
            there = _names(disk)
            form.propose(**there, seen=json.dumps(there))
        return {"disk": disk or disks.unknown(disk_id), "refusal": disk.refusal_to_edit if disk else None}

    def command() -> str:
        return commands.rename_disk(disk_id, **form.typed())

    def after() -> str:
        there = _names(disks.find(request.cloud, disk_id))
        return saved(there, {name: form.cleaned_data[name] for name in there})

    return _change(
        request, disk_id, form, "disks/rename_dialog.html", act=act, look=look, command=command, aftermath=after
    )


def _names(disk: Disk) -> dict[str, str]:
    return {"name": disk.name, "description": disk.description}


@dialog_methods
def edit_properties(request: CloudRequest, disk_id: str) -> HttpResponse:
    """Replace a disk's properties."""
    form = DiskPropertiesForm.of(request, {})

    def act() -> str:
        there, wanted = disks.own_properties(request.cloud, disk_id), form.cleaned_data["properties"]
        form.refuse_if_changed({"properties": there}, {"properties": wanted})
        if wanted != there:
            disks.replace_properties(request.cloud, disk_id, wanted)
        return _("The disk's properties are saved.")

    def look() -> dict[str, Any]:
        disk, there = together(
            partial(_disk, request, form, disk_id),
            or_none(form, partial(disks.own_properties, request.cloud, disk_id), needed=True),
        )
        if there is not None:
            form.propose(properties=properties.as_text(there), seen=json.dumps({"properties": there}))
        by_command = there is not None and not properties.can_be_written(there, disks.PROPERTY_KEY)
        refusal = properties.ONLY_BY_COMMAND if by_command else disk.refusal_to_change_properties if disk else None
        return {"disk": disk or disks.unknown(disk_id), "refusal": refusal}

    def command() -> str:
        return commands.set_disk_properties(disk_id, **form.typed())

    def after() -> str:
        return saved(disks.own_properties(request.cloud, disk_id), form.cleaned_data["properties"])

    return _change(
        request,
        disk_id,
        form,
        "disks/properties_dialog.html",
        act=act,
        look=look,
        command=command,
        aftermath=after,
    )


@dialog_methods
def resize_disk(request: CloudRequest, disk_id: str) -> HttpResponse:
    """Let a disk grow."""
    form = ResizeDiskForm.of(request, {})

    def act() -> str:
        disks.resize(request.cloud, disk_id, form.cleaned_data["size"])
        return _("The disk is being resized.")

    def look() -> dict[str, Any]:
        disk, left = together(partial(_disk, request, form, disk_id), or_none(form, partial(quota.of, request.cloud)))
        if disk:
            form.propose(size=disk.size + 1, smallest=disk.size + 1, attached=disk.is_attached)
        refusal = refusal_to_resize(request.cloud, disk) if disk else None
        return {"disk": disk or disks.unknown(disk_id), "quota": left, "refusal": refusal}

    def command() -> str:
        return commands.resize_disk(disk_id, **form.typed())

    def after() -> str:
        return disk_now(request.cloud, disk_id)

    return _change(
        request, disk_id, form, "disks/resize_dialog.html", act=act, look=look, command=command, aftermath=after
    )


@dialog_methods
def change_type(request: CloudRequest, disk_id: str) -> HttpResponse:
    """Give a disk another type."""
    form = ChangeTypeForm.of(request, {})

    def act() -> str:
        sent = form.cleaned_data
        disks.change_type(request.cloud, disk_id, sent["disk_type"], migrate=sent["migrate"])
        return _("The disk's type is being changed.")

    def look() -> dict[str, Any]:
        disk, types = together(
            partial(_disk, request, form, disk_id), or_none(form, partial(choices.disk_types, request.cloud))
        )
        others = [one.name for one in types or () if not disk or one.name != disk.type_name]
        form.propose(disk_type=next(iter(others), ""))
        offer_types(form["disk_type"], others)
        return {"disk": disk or disks.unknown(disk_id), "refusal": disk.refusal_to_change_type if disk else None}

    def command() -> str:
        return commands.change_type(disk_id, **form.typed())

    def after() -> str:
        return disk_now(request.cloud, disk_id)

    return _change(
        request,
        disk_id,
        form,
        "disks/change_type_dialog.html",
        act=act,
        look=look,
        command=command,
        aftermath=after,
    )


@dialog_methods
def set_bootable(request: CloudRequest, disk_id: str) -> HttpResponse:
    """Make a disk bootable, or not so any more. Opened as a page, it asks first."""
    disk = disks.find(request.cloud, disk_id)
    if request.method == "POST":
        wanted = request.POST.get("bootable", "false" if disk.bootable else "true") == "true"
        _set_bootable(request, disk_id, wanted)
        told = _("Disk “%(name)s” is bootable now.") if wanted else _("Disk “%(name)s” is not bootable any more.")
        back = reverse("disk", kwargs={"project": request.cloud.slug, "disk_id": disk_id})
        return done(request, told % {"name": disk.title}, {DISKS.changed_event: {}}, back)
    context = {
        "disk": disk,
        "refusal": READ_ONLY if request.cloud.read_only else disk.refusal_to_edit,
        "command": commands.set_bootable(disk_id, not disk.bootable),
    }
    return dialog(request, "disks/bootable_dialog.html", context)


def _set_bootable(request: CloudRequest, disk_id: str, wanted: bool) -> None:
    try:
        disks.set_bootable(request.cloud, disk_id, wanted)
    except OutcomeUnknown as error:
        look_into(error, lambda: saved(disks.find(request.cloud, disk_id).bootable, wanted))
        raise


def _disk(request: CloudRequest, form: WritingForm, disk_id: str) -> Disk | None:
    return or_none(form, partial(disks.find, request.cloud, disk_id), needed=True)()
