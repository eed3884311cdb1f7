"""Deleting the selected snapshots: a preview that names them, then chunk by chunk, each with its outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from dashboard import held
from dashboard.converters import A_CLOUD_ID
from dashboard.dialogs import close, dialog
from dashboard.http import wants_partial
from volumes import bulk
from volumes.cinder import snapshots
from volumes.lists import ids_of
from volumes.menus import READ_ONLY
from volumes.rows import SNAPSHOTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from volumes.requests import CloudRequest

CHUNK = 20
MOST = 1_000


@require_http_methods(["GET", "HEAD", "POST"])
def delete_snapshots(request: CloudRequest) -> HttpResponse:
    """Show what will happen to the selected snapshots; once confirmed, delete them."""
    sent = request.POST if request.method == "POST" else held.typed(request)
    ids = ids_of(sent)[:MOST] if sent else []
    if request.method == "POST" and "confirmed" in request.POST:
        return _delete_chunk(request, ids)
    return _preview(request, ids)


@require_http_methods(["GET", "HEAD"])
def delete_snapshot(request: CloudRequest, snapshot_id: str) -> HttpResponse:
    """Show what will happen to one snapshot; the dialog then goes on as for several."""
    snapshots.find(request.cloud, snapshot_id)
    return _preview(request, [snapshot_id])


def _preview(request: CloudRequest, ids: Sequence[str]) -> HttpResponse:
    found = bulk.look_at(request.cloud, ids)
    context = {
        "going": [one for one in found if not one.refusal_to_delete],
        "staying": [one for one in found if one.refusal_to_delete],
        "gone_count": len(ids) - len(found),
        "refusal": READ_ONLY if request.cloud.read_only else None,
        "disk": found[0].disk_id if found else "",
        "back": _back(request, found[0].disk_id if found else ""),
    }
    return dialog(request, "snapshots/delete_dialog.html", context)


def _delete_chunk(request: CloudRequest, ids: Sequence[str]) -> HttpResponse:
    outcomes = bulk.delete(request.cloud, ids[:CHUNK])
    failed = [one for one in outcomes if one.error]
    done_before, failed_before = _count(request, "done"), _count(request, "failed")
    context = {
        "outcomes": outcomes,
        "gone": [one.id for one in outcomes if one.gone],
        "rows": [SNAPSHOTS.row(request.cloud, one.snapshot) for one in outcomes if one.snapshot],
        "failures": failed,
        "rest": ids[CHUNK:],
        "done": done_before + len(outcomes) - len(failed),
        "failed": failed_before + len(failed),
        "disk": request.POST.get("disk", ""),
        "total": done_before + failed_before + len(ids),
        "back": _back(request, request.POST.get("disk", "")),
    }
    if wants_partial(request):
        return _outcome_partial(request, context)
    return dialog(request, "snapshots/outcome.html", context)


def _outcome_partial(request: CloudRequest, context: dict[str, object]) -> HttpResponse:
    response = render(request, "snapshots/_outcome.html", context)
    if not context["rest"]:
        _tell(request, int(str(context["done"])), int(str(context["failed"])))
        close(response, {})
    return response


def _tell(request: CloudRequest, done: int, failed: int) -> None:
    if done:
        text = ngettext("%(count)s snapshot is being deleted.", "%(count)s snapshots are being deleted.", done)
        messages.success(request, text % {"count": done})
    if failed:
        text = ngettext(
            "%(count)s snapshot could not be deleted: its row says why.",
            "%(count)s snapshots could not be deleted: their rows say why.",
            failed,
        )
        messages.error(request, text % {"count": failed})


def _count(request: CloudRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return min(int(text), MOST) if text.isdecimal() and len(text) <= len(str(MOST)) else 0


def _back(request: CloudRequest, disk_id: str) -> str:
    """Return the list to which the dialog's page goes back."""
    if A_CLOUD_ID.fullmatch(disk_id):
        return reverse("disk-snapshots", kwargs={"project": request.cloud.slug, "disk_id": disk_id})
    return reverse("disks", kwargs={"project": request.cloud.slug})
