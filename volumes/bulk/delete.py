"""Deleting what is selected: a preview that names each, then chunk by chunk, each with its outcome."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.generic import View

from dashboard.cloud.errors import CloudError, NotFound, OutcomeUnknown, SignInRequired
from dashboard.cloud.parallel import each
from dashboard.web import events
from dashboard.web.dialogs import READ_ONLY, dialog
from dashboard.web.error_text import describe
from dashboard.web.partials import look_again, wants_partial
from dashboard.web.unknown_outcome import look_into
from volumes.bulk.chain import ChainRun, Outcome, Progress
from volumes.bulk.fates import preview
from volumes.bulk.selection import disk_of, selected, sent_selection
from volumes.cinder import disks
from volumes.lists.address import ids_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from django.http import HttpRequest, HttpResponse

    from dashboard.cloud.keystone import Cloud
    from dashboard.web.requests import CloudRequest
    from volumes.bulk.selection import Matching
    from volumes.kinds import Kind
    from volumes.lists.rows import Row, Shown

MOST = 1_000
# How many reasons are told of those that have no row on the page
MOST_REASONS = 5
DELETING = "deleting"


class DeletePreview(View):
    """Show what will happen to what is selected."""

    http_method_names = ["get", "head", "post"]  # noqa: RUF012  # Django's own name
    kind: Kind[Any] = None  # type: ignore[assignment]  # given to as_view()
    matching: Matching = None  # type: ignore[assignment]  # given to as_view()
    request: CloudRequest

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Show it for what was selected before a sign-in in between; without that nothing is selected."""
        return self.post(request)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002  # Django's own
        """Show it for what the form selects."""
        ids, more = selected(self.request, sent_selection(self.request), self.matching, MOST)
        return preview_of(self.request, self.kind, ids, more=more)


class DeleteCommand(View):
    """Tell the command that deletes what the form of the preview names."""

    http_method_names = ["get", "head", "post"]  # noqa: RUF012  # Django's own name
    kind: Kind[Any] = None  # type: ignore[assignment]  # given to as_view()

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Answer as for an empty form."""
        return self.post(request)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Render the command line alone."""
        return render(request, "dialogs/_command_line.html", {"command": _command(self.kind, *_confirmed(request))})


class DeleteRun(ChainRun):
    """Delete a chunk of what was confirmed in the preview."""

    http_method_names = ["get", "head", "post"]  # noqa: RUF012  # Django's own name
    chunk = 20
    most = MOST
    partial_template = "bulk/_deleted.html"
    kind: Kind[Any] = None  # type: ignore[assignment]  # given to as_view()
    matching: Matching = None  # type: ignore[assignment]  # given to as_view()
    cascading: Sequence[str] = ()

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002  # Django's own
        """Show the preview again after a sign-in in between."""
        ids, more = selected(self.request, sent_selection(self.request), self.matching, MOST)
        return preview_of(self.request, self.kind, ids, more=more)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Delete the first of these; disks with snapshots alone go only where the form says so."""
        ids, self.cascading = _confirmed(request)
        if ids:
            return self.go(ids)
        staying = ids_of(request.POST, "with_snapshots")[:MOST]
        return preview_of(self.request, self.kind, staying, asked_in_vain="with_snapshots" in request.POST)

    @property
    def title(self) -> Any:
        """The name of the dialog."""
        return self.kind.delete_title

    @property
    def stopped_event(self) -> str:
        """Let the list read itself anew."""
        return self.kind.changed_event

    @property
    def back(self) -> str:
        """The list that the selection was made in."""
        return _list_url(self.request, self.kind)

    def run(self, ids: Sequence[str]) -> list[Outcome[Any]]:
        """Delete these, some at a time. A page of outcomes names them, also those that are gone by then."""
        cloud = self.request.cloud
        named = {} if wants_partial(self.request) else self.kind.door.find_many(cloud, ids)
        outcomes = delete(cloud, self.kind, ids, self.cascading)
        return [
            replace(outcome, title=named[outcome.id].title) if outcome.id in named else outcome for outcome in outcomes
        ]

    def carried(self, rest: Sequence[str]) -> list[tuple[str, str]]:
        """Return the rest, and which of it has a row on the page."""
        cascading = [record_id for record_id in rest if record_id in self.cascading]
        return [
            ("shown", ",".join(self._shown(rest))),
            ("disk", disk_of(self.request.POST)),
            *(("ids", record_id) for record_id in rest if record_id not in self.cascading),
            *(("with_snapshots", record_id) for record_id in cascading),
            *((("cascade", "1"),) if cascading else ()),
        ]

    def more_context(self, ids: Sequence[str], outcomes: Sequence[Outcome[Any]]) -> dict[str, Any]:
        """Return the rows of those that have one on the page."""
        shown = self._shown(ids)
        in_sight = [outcome for outcome in outcomes if outcome.id in shown]
        self._tell_reasons([outcome for outcome in outcomes if outcome.error and outcome.id not in shown])
        return {
            "kind": self.kind,
            "wide": not disk_of(self.request.POST),
            "gone": [outcome.id for outcome in in_sight if outcome.gone],
            "rows": _rows(self.request.cloud, self.kind, in_sight),
            "failures": [outcome for outcome in in_sight if outcome.error],
        }

    def finish(self, _response: HttpResponse, progress: Progress) -> tuple[str, ...]:
        """Tell how many are being deleted, and how many are not."""
        if progress.done:
            messages.success(self.request, self.kind.being_deleted % {"count": progress.done})
        if progress.failed:
            messages.error(self.request, self.kind.not_deleted % {"count": progress.failed})
        return (events.DELETION_REQUESTED,)

    def _shown(self, ids: Sequence[str]) -> list[str]:
        """Return what has a row on the page: where all that match are deleted, only some of them."""
        return self.request.POST["shown"].split(",")[:MOST] if "shown" in self.request.POST else list(ids)

    def _tell_reasons(self, failures: Sequence[Outcome[Any]]) -> None:
        """Tell why some have failed that have no row on the page to say it; as a page, all of them stand there."""
        if not wants_partial(self.request):
            return
        for outcome in failures[: max(0, MOST_REASONS - self._count("failed"))]:
            if outcome.error:
                messages.error(self.request, format_html("{}: {}", outcome.id, describe(outcome.error)))


def preview_of(
    request: CloudRequest, kind: Kind[Any], ids: Sequence[str], *, more: bool = False, asked_in_vain: bool = False
) -> HttpResponse:
    """Show what will happen to these. `more` says that more match than go at once.

    Raises:
        CloudError: one of them could not be looked at.
    """
    found = preview(request.cloud, kind, ids)
    at = {"project": request.cloud.slug}
    context = {
        "title": kind.delete_title,
        "kind": kind,
        "preview": found,
        "more": more,
        "asked_in_vain": asked_in_vain,
        "most": MOST,
        "refusal": READ_ONLY if request.cloud.read_only else None,
        "command": _command(kind, [fate.shown.id for fate in found.going]),
        "shown": request.POST["shown"].split(",")[:MOST] if "shown" in request.POST else ids_of(request.POST) or ids,
        "disk": disk_of(request.POST or request.GET),
        "run_url": reverse(f"delete-{kind.name}-run", kwargs=at),
        "command_url": reverse(f"delete-{kind.name}-command", kwargs=at),
        "back": _list_url(request, kind),
    }
    response = dialog(request, "bulk/delete_preview.html", context)
    if found.gone:
        look_again(response)
    return response


def delete(
    cloud: Cloud, kind: Kind[Shown], ids: Sequence[str], cascading: Collection[str] = ()
) -> list[Outcome[Shown]]:
    """Ask for the deletion of these, and return what came of each; disks among `cascading` take their snapshots along.

    Raises:
        SignInRequired: the session ended; what was asked for before stays so, and asking again does no harm.
    """
    return each(partial(_delete, cloud, kind, cascading), ids)


def _delete(cloud: Cloud, kind: Kind[Shown], cascading: Collection[str], record_id: str) -> Outcome[Shown]:
    ask = kind.cascade if kind.cascade and record_id in cascading else kind.door.delete
    try:
        ask(cloud, record_id)
    except SignInRequired:
        raise
    except OutcomeUnknown as error:
        return _look_for(cloud, kind, record_id, error)
    except CloudError as error:
        return Outcome(record_id, error=error)
    try:
        # A deletion that has failed already is reported as one that fails later: by the poller, with the reason.
        return _being_deleted(replace(kind.door.find(cloud, record_id), status_code=DELETING))
    except NotFound:
        return _gone(record_id)
    except CloudError:
        return Outcome(record_id, words=_("is being deleted"))


def _look_for(cloud: Cloud, kind: Kind[Shown], record_id: str, error: OutcomeUnknown) -> Outcome[Shown]:
    """Look at what became of a deletion whose answer never came."""
    found: list[Shown] = []

    def look() -> str:
        found.append(kind.door.find(cloud, record_id))
        return _("So far it was not: %(status)s.") % {"status": found[0].status.label}

    try:
        look_into(error, look)
    except NotFound:
        return _gone(record_id)
    goes = found and found[0].status_code == DELETING
    return _being_deleted(found[0]) if goes else Outcome(record_id, error=error)


def _being_deleted(shown: Shown) -> Outcome[Shown]:
    return Outcome(shown.id, title=shown.title, words=_("is being deleted"), shown=shown)


def _gone(record_id: str) -> Outcome[Any]:
    return Outcome(record_id, words=_("is deleted"), gone=True)


def _confirmed(request: HttpRequest) -> tuple[list[str], list[str]]:
    """Return what is to be deleted, and which of that are disks that take their snapshots along."""
    cascading = ids_of(request.POST, "with_snapshots") if "cascade" in request.POST else []
    return list(dict.fromkeys([*ids_of(request.POST), *cascading]))[:MOST], cascading


def _command(kind: Kind[Any], ids: Sequence[str], cascading: Sequence[str] = ()) -> str:
    if not ids:
        return "# " + _("Nothing would be deleted.")
    return kind.cascade_command(ids) if kind.cascade_command and cascading else kind.delete_command(ids)


def _rows(cloud: Cloud, kind: Kind[Shown], outcomes: Sequence[Outcome[Shown]]) -> list[Row[Shown]]:
    shown = [outcome.shown for outcome in outcomes if outcome.shown]
    owners = [disk_id for disk_id in dict.fromkeys(record.owner_disk_id for record in shown) if disk_id]
    try:
        of_disks = disks.find_many(cloud, owners)
    except CloudError:
        # The rows say what was deleted in any case.
        of_disks = {}
    return [kind.row(record, disk=of_disks.get(record.owner_disk_id)) for record in shown]


def _list_url(request: CloudRequest, kind: Kind[Any]) -> str:
    """Return the list that the selection was made in: that of one disk's snapshots, or that of the project."""
    at = {"project": request.cloud.slug}
    disk_id = disk_of(request.POST or request.GET)
    return reverse("disk-snapshots", kwargs={**at, "disk_id": disk_id}) if disk_id else reverse(kind.name, kwargs=at)
