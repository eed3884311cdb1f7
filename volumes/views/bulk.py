"""Deleting what is selected: a preview that names each, then chunk by chunk, each with its outcome."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe

from dashboard import held
from dashboard.converters import A_CLOUD_ID
from dashboard.dialogs import close, dialog
from dashboard.errors import CloudError, SignInRequired
from dashboard.forms import describe
from dashboard.http import wants_partial
from volumes import bulk
from volumes.cinder import disks
from volumes.cinder.listing import find_all
from volumes.lists import MATCHING, ids_of
from volumes.menus import READ_ONLY
from volumes.parallel import together
from volumes.rows import BACKUPS, SNAPSHOTS
from volumes.views import backups, snapshots
from volumes.views.writing import dialog_methods

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.http import HttpResponse

    from volumes.bulk import Outcome
    from volumes.cinder.values import Disk, Page
    from volumes.requests import CloudRequest
    from volumes.rows import Kind, Shown

CHUNK = 20
# So many reasons are told of those that have no row on the page
TOLD = 5
MOST = 1_000


@require_http_methods(["GET", "HEAD", "POST"])
def delete_snapshots(request: CloudRequest) -> HttpResponse:
    """Show what will happen to the selected snapshots; once confirmed, delete them."""
    return _delete_selected(request, SNAPSHOTS)


@backups.offered
@dialog_methods
def delete_backups(request: CloudRequest) -> HttpResponse:
    """Show what will happen to the selected backups; once confirmed, delete them."""
    return _delete_selected(request, BACKUPS)


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
    sent = request.POST if request.method == "POST" else held.typed(request)
    if request.method == "POST" and "confirmed" in request.POST:
        return _delete_chunk(request, kind, ids_of(request.POST)[:MOST])
    if sent and MATCHING in sent:
        ids, more = _all_that_match(request, kind, sent)
        return _preview(request, kind, ids, more=more)
    return _preview(request, kind, ids_of(sent)[:MOST] if sent else [])


def _all_that_match(request: CloudRequest, kind: Kind[Any], sent: QueryDict) -> tuple[list[str], bool]:
    """Return the ids of the first 1,000 that match the list's search and filters, and whether there are more."""
    page_of: Callable[..., Page[Any]] = snapshots.matching if kind is SNAPSHOTS else backups.matching
    page = page_of(request, QueryDict(str(sent[MATCHING]).lstrip("?")), MOST, _disk_of(sent))
    return [row.id for row in page.rows], page.next_marker is not None


def _preview(request: CloudRequest, kind: Kind[Any], ids: Sequence[str], *, more: bool = False) -> HttpResponse:
    found, (made, looked_at_all) = together(
        partial(find_all, request.cloud, kind.resource, ids, kind.door.find_or_none),
        _made_from(request, kind, ids),
    )
    there = [found[one] for one in ids if one in found]
    going = [one for one in there if not one.refusal_to_delete]
    context = {
        "kind": kind,
        "going": [(one, [disk for disk in made if disk.snapshot_id == one.id]) for one in going],
        "staying": [one for one in there if one.refusal_to_delete],
        "gone_count": len(ids) - len(found),
        "looked_at_all": looked_at_all,
        "more": more,
        "most": MOST,
        "refusal": READ_ONLY if request.cloud.read_only else None,
        "command": kind.delete_command([one.id for one in going]) if going else "",
        "shown": ids_of(request.POST) or ids,
        **_back(request, kind),
    }
    return dialog(request, "lists/delete_dialog.html", context)


def _made_from(request: CloudRequest, kind: Kind[Any], ids: Sequence[str]) -> Callable[[], tuple[list[Disk], bool]]:
    """Return how to read the disks that were made from these snapshots: to know them is good, not needed."""

    def read() -> tuple[list[Disk], bool]:
        if kind is not SNAPSHOTS or not ids:
            return [], True
        try:
            return disks.made_from(request.cloud, frozenset(ids))
        except SignInRequired:
            raise
        except CloudError:
            return [], False

    return read


def _delete_chunk(request: CloudRequest, kind: Kind[Any], ids: Sequence[str]) -> HttpResponse:
    outcomes = bulk.delete(request.cloud, kind, ids[:CHUNK])
    # Where all that match are deleted, the page has rows of only some of them.
    shown = request.POST["shown"].split(",") if "shown" in request.POST else list(ids)
    in_sight = [one for one in outcomes if one.id in shown]
    failed = [one for one in outcomes if one.error]
    done_before, failed_before = _count(request, "done"), _count(request, "failed")
    context = {
        "kind": kind,
        "row_template": kind.template,
        "wide": not _disk_of(request.POST),
        "outcomes": outcomes,
        "shown": shown,
        "gone": [one.id for one in in_sight if one.gone],
        "rows": _rows(request, kind, in_sight),
        "failures": [one for one in in_sight if one.error],
        "rest": ids[CHUNK:],
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
    if not context["rest"]:
        if context["done"]:
            messages.success(request, kind.being_deleted % {"count": context["done"]})
        if context["failed"]:
            messages.error(request, kind.not_deleted % {"count": context["failed"]})
        close(response, {"deletion-requested": {}})
    return response


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
    return disk_id if A_CLOUD_ID.fullmatch(disk_id) else ""


def _back(request: CloudRequest, kind: Kind[Any]) -> dict[str, str]:
    """Return the dialog's own address, and the list that it goes back to: that of the disk it was opened from."""
    here = {"project": request.cloud.slug}
    disk_id = _disk_of(request.POST or request.GET)
    back = (
        reverse("disk-snapshots", kwargs={**here, "disk_id": disk_id}) if disk_id else reverse(kind.name, kwargs=here)
    )
    return {"delete_url": reverse(f"delete-{kind.name}", kwargs=here), "back": back, "disk": disk_id}
