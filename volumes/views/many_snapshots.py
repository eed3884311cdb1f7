"""A snapshot of each of several disks: one dialog, then disk by disk, each with its outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from dashboard.cloud.errors import CloudError, OutcomeUnknown, SignInRequired
from dashboard.web import carried_form
from dashboard.web.dialogs import close, dialog
from dashboard.web.one_use_key import act_once
from dashboard.web.partials import wants_partial
from volumes import commands
from volumes.cinder import disks, snapshots
from volumes.forms import CreateSnapshotsForm
from volumes.lists.address import MATCHING, ids_of
from volumes.menus import READ_ONLY
from volumes.names import DISK, named_after, proposed_name
from volumes.outcome_check import look_into, newest
from volumes.rows import SNAPSHOTS
from volumes.views.disks import matching

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from dashboard.web.requests import CloudRequest

# Cinder takes its time for each, and none is asked for twice: so few go at once.
CHUNK = 5
MOST = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one disk: why it has no new snapshot, or nothing."""

    id: str
    title: str
    error: CloudError | None = None


@require_http_methods(["GET", "HEAD", "POST"])
def create_snapshots(request: CloudRequest) -> HttpResponse:
    """Ask for the name of the snapshots; then make one of each disk."""
    sent = request.POST if request.method == "POST" else carried_form.typed(request) or QueryDict()
    confirmed = "key" in request.POST
    form = CreateSnapshotsForm(sent) if confirmed else CreateSnapshotsForm(initial=sent.dict())
    ids = ids_of(sent)
    if "command" in request.GET:
        return render(request, "dialogs/_command_line.html", {"command": _command(ids[:MOST], form)})
    if confirmed and form.is_valid() and ids:
        return _make_some(request, form, ids[:MOST])
    if MATCHING in sent:
        ids = _all_that_match(request, sent)
    form.propose(name=proposed_name(DISK, "snapshot", timezone.localdate()))
    return _ask(request, form, ids[:MOST], more=len(ids) > MOST)


def _all_that_match(request: CloudRequest, sent: QueryDict) -> list[str]:
    """Return the ids of the first that match the list's search and filters: one more than go at once, if there are."""
    page = matching(request, QueryDict(str(sent[MATCHING]).lstrip("?")), MOST + 1, "")
    return [row.id for row in page.rows]


def _ask(request: CloudRequest, form: CreateSnapshotsForm, ids: Sequence[str], *, more: bool) -> HttpResponse:
    found = disks.find_all(request.cloud, ids)
    there = [found[one] for one in ids if one in found]
    context = {
        "form": form,
        "going": [disk for disk in there if not disk.refusal_to_snapshot],
        "staying": [disk for disk in there if disk.refusal_to_snapshot],
        "most": MOST if more else 0,
        "refusal": READ_ONLY if request.cloud.read_only else None,
        "command": _command([disk.id for disk in there if not disk.refusal_to_snapshot], form),
        "back": _back(request),
    }
    return dialog(request, "disks/create_snapshots_dialog.html", context)


def _command(ids: Sequence[str], form: CreateSnapshotsForm) -> str:
    """Return a command for each disk. Only Diskboard knows the disks' names here: they stay ``{disk}``."""
    typed = form.typed()
    return "\n".join(commands.create_snapshot(one, **typed, properties={}) for one in ids)


def _make_some(request: CloudRequest, form: CreateSnapshotsForm, ids: Sequence[str]) -> HttpResponse:
    outcomes = [_make(request, form, one) for one in ids[:CHUNK]]
    failed = [one for one in outcomes if one.error]
    context = {
        "form": form,
        "outcomes": outcomes,
        "failures": failed,
        "rest": ids[CHUNK:],
        "done": _count(request, "done") + len(outcomes) - len(failed),
        "failed": _count(request, "failed") + len(failed),
        "total": _count(request, "done") + _count(request, "failed") + len(ids),
        "back": _back(request),
    }
    if not wants_partial(request):
        return dialog(request, "disks/snapshots_outcome.html", context)
    response = render(request, "disks/_snapshots_outcome.html", context)
    if not context["rest"]:
        _tell(request, context)
        close(response, {SNAPSHOTS.changed_event: {}})
    return response


def _make(request: CloudRequest, form: CreateSnapshotsForm, disk_id: str) -> Outcome:
    sent = form.cleaned_data
    title = disk_id
    try:
        title = disks.find(request.cloud, disk_id).title
        name = named_after(sent["name"], title)
        made = act_once(
            request,
            f"{sent['key']}:{disk_id}",
            lambda: snapshots.create(request.cloud, disk_id, name, sent["description"]).id,
        )
    except SignInRequired:
        raise
    except OutcomeUnknown as error:
        look_into(error, lambda: newest(request.cloud, SNAPSHOTS.resource, name, volume_id=disk_id))
        return Outcome(disk_id, title, error)
    except CloudError as error:
        return Outcome(disk_id, title, error)
    # Sent before, and what came of it isn't known.
    return Outcome(disk_id, title, None if made else OutcomeUnknown())


def _tell(request: CloudRequest, context: dict[str, Any]) -> None:
    if context["done"]:
        told = ngettext(
            "%(count)s snapshot is being created.", "%(count)s snapshots are being created.", context["done"]
        )
        messages.success(request, told % {"count": context["done"]})
    if context["failed"]:
        messages.error(
            request, _("Without a new snapshot: %(count)s. The rows say why.") % {"count": context["failed"]}
        )


def _count(request: CloudRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return min(int(text), MOST) if text.isdecimal() and len(text) <= len(str(MOST)) else 0


def _back(request: CloudRequest) -> str:
    return reverse("disks", kwargs={"project": request.cloud.slug})
