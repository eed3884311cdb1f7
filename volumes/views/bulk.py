"""Deleting what is selected: a preview that names each, then chunk by chunk, each with its outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.cloud.errors import CloudError
from dashboard.cloud.ids import CLOUD_ID
from dashboard.web import carried_form
from dashboard.web.dialogs import close, dialog
from dashboard.web.error_text import describe
from dashboard.web.partials import look_again, wants_partial
from volumes import bulk
from volumes.cinder import disks
from volumes.lists.address import MATCHING, ids_of
from volumes.menus import READ_ONLY
from volumes.rows import BACKUPS, DISKS, SNAPSHOTS
from volumes.views import backups, snapshots
from volumes.views import disks as disk_views
from volumes.views.writing import dialog_methods

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.http import HttpResponse

    from dashboard.web.requests import CloudRequest
    from volumes.bulk import Outcome
    from volumes.cinder.values import Page
    from volumes.rows import Kind, Shown

CHUNK = 20
# So many reasons are told of those that have no row on the page
TOLD = 5
MOST = 1_000


@dialog_methods
def delete_disks(request: CloudRequest) -> HttpResponse:
    """Show what will happen to the selected disks and their snapshots; once confirmed, delete them."""
    return _delete_selected(request, DISKS)


@dialog_methods
def delete_snapshots(request: CloudRequest) -> HttpResponse:
    """Show what will happen to the selected snapshots; once confirmed, delete them."""
    return _delete_selected(request, SNAPSHOTS)


@backups.offered
@dialog_methods
def delete_backups(request: CloudRequest) -> HttpResponse:
    """Show what will happen to the selected backups; once confirmed, delete them."""
    return _delete_selected(request, BACKUPS)


@require_safe
def delete_disk(request: CloudRequest, disk_id: str) -> HttpResponse:
    """Show what will happen to one disk; the dialog then goes on as for several."""
    DISKS.door.find(request.cloud, disk_id)
    return _preview(request, DISKS, [disk_id])


@require_safe
def delete_snapshot(request: CloudRequest, snapshot_id: str) -> HttpResponse:
    """Show what will happen to one snapshot; the dialog then goes on as for several."""
    SNAPSHOTS.door.find(request.cloud, snapshot_id)
    return _preview(request, SNAPSHOTS, [snapshot_id])


@backups.offered
@require_safe
def delete_backup(request: CloudRequest, backup_id: str) -> HttpResponse:
    """Show what will happen to one backup; the dialog then goes on as for several."""
    BACKUPS.door.find(request.cloud, backup_id)
    return _preview(request, BACKUPS, [backup_id])


def _delete_selected(request: CloudRequest, kind: Kind[Any]) -> HttpResponse:
    if request.method == "POST" and "command" in request.GET:
        ids, cascading = _confirmed(request)
        return render(request, "dialogs/_command_line.html", {"command": _command(kind, ids, cascading)})
    if request.method == "POST" and "confirmed" in request.POST:
        ids, cascading = _confirmed(request)
        if ids or "with_snapshots" not in request.POST:
            return _delete_chunk(request, kind, ids, cascading)
        return _preview(request, kind, ids_of(request.POST, "with_snapshots")[:MOST], asked_in_vain=True)
    sent = request.POST if request.method == "POST" else carried_form.typed(request)
    if sent and MATCHING in sent:
        ids, more = _all_that_match(request, kind, sent)
        return _preview(request, kind, ids, more=more)
    return _preview(request, kind, [*ids_of(sent), *ids_of(sent, "with_snapshots")][:MOST] if sent else [])


def _confirmed(request: CloudRequest) -> tuple[list[str], list[str]]:
    """Return what is to be deleted, and which of that are disks that take their snapshots along."""
    cascading = ids_of(request.POST, "with_snapshots") if "cascade" in request.POST else []
    return list(dict.fromkeys([*ids_of(request.POST), *cascading]))[:MOST], cascading


def _command(kind: Kind[Any], ids: Sequence[str], cascading: Sequence[str] = ()) -> str:
    if not ids:
        nothing = _("Nothing would be deleted.")
        return f"# {nothing}"
    return kind.delete_command(ids, cascade=bool(cascading)) if kind is DISKS else kind.delete_command(ids)


def _all_that_match(request: CloudRequest, kind: Kind[Any], sent: QueryDict) -> tuple[list[str], bool]:
    """Return the ids of the first 1,000 that match the list's search and filters, and whether there are more."""
    of_kind: dict[str, Callable[..., Page[Any]]] = {
        DISKS.name: disk_views.matching,
        SNAPSHOTS.name: snapshots.matching,
        BACKUPS.name: backups.matching,
    }
    page = of_kind[kind.name](request, QueryDict(str(sent[MATCHING]).lstrip("?")), MOST, _disk_of(sent))
    return [row.id for row in page.rows], page.next_marker is not None


def _preview(
    request: CloudRequest, kind: Kind[Any], ids: Sequence[str], *, more: bool = False, asked_in_vain: bool = False
) -> HttpResponse:
    found = bulk.preview(request.cloud, kind, ids)
    going = [fate.shown.id for fate in found.going]
    context = {
        "kind": kind,
        "preview": found,
        "more": more,
        "asked_in_vain": asked_in_vain,
        "most": MOST,
        "refusal": READ_ONLY if request.cloud.read_only else None,
        "command": _command(kind, going),
        "shown": _shown(request, ids_of(request.POST) or ids),
        **_back(request, kind),
    }
    response = dialog(request, "lists/delete_dialog.html", context)
    if found.gone:
        look_again(response)
    return response


def _delete_chunk(
    request: CloudRequest, kind: Kind[Any], ids: Sequence[str], with_snapshots: Sequence[str]
) -> HttpResponse:
    outcomes = bulk.delete(request.cloud, kind, ids[:CHUNK], with_snapshots)
    shown = _shown(request, ids)
    in_sight = [one for one in outcomes if one.id in shown]
    failed = [one for one in outcomes if one.error]
    done_before, failed_before = _count(request, "done"), _count(request, "failed")
    context = {
        "kind": kind,
        "wide": not _disk_of(request.POST),
        "outcomes": outcomes,
        "shown": shown,
        "gone": [one.id for one in in_sight if one.gone],
        "rows": _rows(request, kind, in_sight),
        "failures": [one for one in in_sight if one.error],
        "rest": [one for one in ids[CHUNK:] if one not in with_snapshots],
        "rest_with_snapshots": [one for one in ids[CHUNK:] if one in with_snapshots],
        "done": done_before + len(outcomes) - len(failed),
        "failed": failed_before + len(failed),
        "total": done_before + failed_before + len(ids),
        **_back(request, kind),
    }
    if wants_partial(request):
        _tell_of(request, [one for one in failed if one.id not in shown][: max(0, TOLD - failed_before)])
        return _outcome_partial(request, kind, context)
    return dialog(request, "lists/outcome.html", context)


def _rows(request: CloudRequest, kind: Kind[Shown], outcomes: Sequence[Outcome[Shown]]) -> list[Any]:
    shown = [one.shown for one in outcomes if one.shown]
    of_disks = list(dict.fromkeys(disk_id for one in shown if (disk_id := getattr(one, "disk_id", ""))))
    try:
        found = disks.find_all(request.cloud, of_disks)
    except CloudError:
        # What was deleted is told in any case.
        found = {}
    return [kind.row(request.cloud, one, disk=found.get(getattr(one, "disk_id", ""))) for one in shown]


def _outcome_partial(request: CloudRequest, kind: Kind[Any], context: dict[str, Any]) -> HttpResponse:
    response = render(request, "lists/_outcome.html", context)
    if not context["rest"] and not context["rest_with_snapshots"]:
        if context["done"]:
            messages.success(request, kind.being_deleted % {"count": context["done"]})
        if context["failed"]:
            messages.error(request, kind.not_deleted % {"count": context["failed"]})
        close(response, {"deletion-requested": {}})
    return response


def _shown(request: CloudRequest, ids: Sequence[str]) -> list[str]:
    """Return what has a row on the page: where all that match are deleted, only some of them."""
    return request.POST["shown"].split(",")[:MOST] if "shown" in request.POST else list(ids)


def _tell_of(request: CloudRequest, failures: Sequence[Outcome[Any]]) -> None:
    """Tell the reasons of those that have no row on the page to tell them."""
    for one in failures:
        if one.error:
            messages.error(request, format_html("{}: {}", one.id, describe(one.error)))


def _count(request: CloudRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return min(int(text), MOST) if text.isdecimal() and len(text) <= len(str(MOST)) else 0


def _disk_of(sent: QueryDict) -> str:
    disk_id = sent.get("disk", "")
    return disk_id if CLOUD_ID.fullmatch(disk_id) else ""


def _back(request: CloudRequest, kind: Kind[Any]) -> dict[str, str]:
    """Return the dialog's own address, and the list that it goes back to: that of the disk it was opened from."""
    here = {"project": request.cloud.slug}
    disk_id = _disk_of(request.POST or request.GET)
    back = (
        reverse("disk-snapshots", kwargs={**here, "disk_id": disk_id}) if disk_id else reverse(kind.name, kwargs=here)
    )
    return {"delete_url": reverse(f"delete-{kind.name}", kwargs=here), "back": back, "disk": disk_id}
