"""Bulk deletion: a preview of the selected records, then a chain of requests that delete them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.generic import View

from dashboard.cloud.errors import CloudError
from dashboard.web import events
from dashboard.web.dialog_responses import dialog
from dashboard.web.dialogs import READ_ONLY
from dashboard.web.error_text import describe
from dashboard.web.partials import leave_for, look_again, wants_partial
from volumes.bulk.chain import ChainRun, Outcome, Progress, not_possible
from volumes.bulk.deletion import delete, with_records
from volumes.bulk.fates import preview
from volumes.bulk.selection import CREATED_SINCE, selected, sent_created_since, sent_selection
from volumes.cinder import disks
from volumes.kinds import DISKS
from volumes.lists.address import disk_of, ids_of
from volumes.lists.table import instances_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse, QueryDict

    from dashboard.cloud.keystone import Cloud
    from dashboard.web.requests import CloudRequest
    from volumes.bulk.selection import Matching
    from volumes.kinds import Kind
    from volumes.lists.rows import Row, Shown

MAX_RECORDS = 1_000
# The number of failure messages for records without a row on the page
MAX_REASONS = 5
# The field of a deletion that was opened on the record's own page
OWN_PAGE = "own_page"


class DeletePreview(View):
    """The preview: what the deletion will do to each selected record."""

    http_method_names = ["get", "head", "post"]  # noqa: RUF012  # Django's own name
    kind: Kind[Any] = None  # type: ignore[assignment]  # given to as_view()
    matching: Matching = None  # type: ignore[assignment]  # given to as_view()
    request: CloudRequest

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Show the preview for the selection made before signing in again, if any."""
        return self.post(request)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002  # Django's own
        """Show the preview for the records that the form selects."""
        ids, more = selected(self.request, sent_selection(self.request), self.matching, MAX_RECORDS)
        return preview_of(self.request, self.kind, ids, more=more)


class DeleteCommand(View):
    """The command that deletes the records confirmed in the preview."""

    http_method_names = ["get", "head", "post"]  # noqa: RUF012  # Django's own name
    kind: Kind[Any] = None  # type: ignore[assignment]  # given to as_view()

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Respond as for an empty form."""
        return self.post(request)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Render only the command line."""
        return render(request, "dialogs/_command_line.html", {"command": _command(self.kind, *_confirmed(request))})


class DeleteRun(ChainRun):
    """Delete a chunk of the records confirmed in the preview."""

    http_method_names = ["get", "head", "post"]  # noqa: RUF012  # Django's own name
    max_count = MAX_RECORDS
    partial_template = "bulk/_deleted.html"
    kind: Kind[Any] = None  # type: ignore[assignment]  # given to as_view()
    matching: Matching = None  # type: ignore[assignment]  # given to as_view()
    cascading: Sequence[str] = ()
    staying_ids: Sequence[str] = ()
    # Whether rows on the page show records as they were before the deletion
    rows_are_old = False

    @property
    def chunk(self) -> int:
        """The largest number of records per request."""
        return self.kind.chunk

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002  # Django's own
        """Show the preview again after signing in again."""
        ids, more = selected(self.request, sent_selection(self.request), self.matching, MAX_RECORDS)
        return preview_of(self.request, self.kind, ids, more=more)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Delete the first chunk. Disks that have snapshots are included only if the form's `cascade` is checked."""
        ids, self.cascading = _confirmed(request)
        self.staying_ids = _left_out(request, ids)
        if ids:
            return self._go(ids)
        with_snapshots = ids_of(request.POST, "with_snapshots")[:MAX_RECORDS]
        return preview_of(self.request, self.kind, with_snapshots, asked_in_vain="with_snapshots" in request.POST)

    @property
    def title(self) -> Any:
        """The title of the dialog."""
        return self.kind.delete_title

    @property
    def stopped_event(self) -> str:
        """The event that makes the list reload."""
        return self.kind.changed_event

    @property
    def back(self) -> str:
        """The URL of the list in which the records were selected."""
        return _list_url(self.request, self.kind)

    def run(self, ids: Sequence[str]) -> list[Outcome[Any]]:
        """Delete the records in parallel, and read those that the response shows once for all of them.

        A full page of outcomes shows all names, so these are read before the records are deleted. Otherwise only the
        records with a row on the page are shown.
        """
        cloud, is_page = self.request.cloud, not wants_partial(self.request)
        created_since = sent_created_since(self.request.POST)
        records_by_id = self.kind.door.find_many(cloud, ids, created_since) if is_page else {}
        pending_ids = ids_of(self.request.POST) if self.may_wait else None
        outcomes = delete(cloud, self.kind, ids, self.cascading, pending_ids, seconds=self.seconds)
        shown_ids = ids if is_page else self._ids_on_page(ids)
        try:
            outcomes = with_records(cloud, self.kind, outcomes, shown_ids, created_since)
        except CloudError:
            # What was done is reported anyway.
            self.rows_are_old = True
        return [
            replace(outcome, title=records_by_id[outcome.id].title) if outcome.id in records_by_id else outcome
            for outcome in outcomes
        ]

    def carried(self, rest: Sequence[str]) -> list[tuple[str, str]]:
        """Return the remaining ids, and which of them have a row on the page."""
        cascading = [record_id for record_id in rest if record_id in self.cascading]
        return [
            ("shown", ",".join(self._ids_on_page([*rest, *self.staying_ids]))),
            (CREATED_SINCE, self.request.POST.get(CREATED_SINCE, "")),
            ("disk", disk_of(self.request.POST)),
            *(("left_out", record_id) for record_id in self.staying_ids),
            *(("ids", record_id) for record_id in rest if record_id not in self.cascading),
            *(("with_snapshots", record_id) for record_id in cascading),
            *((("cascade", "1"),) if cascading else ()),
        ]

    def left_out(self) -> list[Outcome[Any]]:
        """Return why the remaining selected records are not deleted, as they are now."""
        if not self.staying_ids:
            return []
        fates = preview(self.request.cloud, self.kind, self.staying_ids).fates
        reasons = ((fate.shown, fate.refusal or _("It has snapshots, so it is kept.")) for fate in fates)
        return [not_possible(record.id, record.title, reason) for record, reason in reasons]

    def more_context(self, outcomes: Sequence[Outcome[Any]]) -> dict[str, Any]:
        """Return the updated rows of the records that are on the page."""
        ids_on_page = self._ids_on_page([outcome.id for outcome in outcomes])
        on_page = [outcome for outcome in outcomes if outcome.id in ids_on_page]
        self._add_failure_messages([outcome for outcome in outcomes if outcome.error and outcome.id not in ids_on_page])
        return {
            "kind": self.kind,
            "wide": not disk_of(self.request.POST),
            "gone": [outcome.id for outcome in on_page if outcome.gone],
            "rows": _rows(self.request.cloud, self.kind, on_page),
            "selection": {outcome.id: "no" for outcome in on_page},
            "failures": [outcome for outcome in on_page if outcome.error],
        }

    def finish(self, _response: HttpResponse, progress: Progress) -> tuple[str, ...]:
        """Add messages with the numbers of accepted and failed deletions."""
        if progress.done:
            messages.success(self.request, self.kind.being_deleted % {"count": progress.done})
        # The page of the record itself has no row; the reason is a message of its own there.
        if progress.failed and OWN_PAGE not in self.request.POST:
            messages.error(self.request, self.kind.not_deleted % {"count": progress.failed})
        if progress.unknown:
            messages.error(self.request, self.kind.maybe_deleted % {"count": progress.unknown})
        return (events.DELETION_REQUESTED,)

    def leave(self, progress: Progress) -> HttpResponse | None:
        """Lead to the list if a record was deleted on its own page, which will no longer exist."""
        if OWN_PAGE not in self.request.POST or progress.failed or progress.unknown:
            return None
        messages.success(self.request, self.kind.being_deleted % {"count": progress.done})
        return leave_for(self.back) if wants_partial(self.request) else redirect(self.back)

    def _go(self, ids: Sequence[str]) -> HttpResponse:
        """Handle the first chunk; the list is read again if the rows of the chunk could not be read."""
        response = self.go(ids)
        if self.rows_are_old:
            look_again(response)
        return response

    def _ids_on_page(self, ids: Sequence[str]) -> list[str]:
        """Return the ids that have a row on the page: only some, if everything that matches a search is deleted."""
        return _sent_ids_on_page(self.request.POST, ids)

    def _add_failure_messages(self, failures: Sequence[Outcome[Any]]) -> None:
        """Add messages for failures without a row on the page; a full page of outcomes lists all failures itself."""
        if not wants_partial(self.request):
            return
        for outcome in failures[: max(0, MAX_REASONS - self._count("failed"))]:
            if outcome.error:
                messages.error(self.request, format_html("{}: {}", outcome.id, describe(outcome.error)))


def preview_of(
    request: CloudRequest,
    kind: Kind[Any],
    ids: Sequence[str],
    *,
    more: bool = False,
    asked_in_vain: bool = False,
    page_url: str = "",
) -> HttpResponse:
    """Show the preview of a deletion; `page_url` is the URL of the page of a single record.

    `more` is true if more records match than one deletion allows. `asked_in_vain` is true if the form was submitted
    although nothing can be deleted without deleting snapshots too.

    Raises:
        CloudError: a record could not be read.
    """
    cascade, own_page = "cascade" in request.POST, OWN_PAGE in (request.POST or request.GET)
    record_preview = preview(request.cloud, kind, ids, cascade=cascade)
    confirmed = [*record_preview.going, *(record_preview.with_snapshots if cascade else ())]
    url_parameters = {"project": request.cloud.slug}
    context = {
        "title": kind.delete_title,
        "kind": kind,
        "preview": record_preview,
        "more": more,
        "asked_in_vain": asked_in_vain,
        "cascade": cascade,
        "most": MAX_RECORDS,
        "refusal": READ_ONLY if request.cloud.read_only else None,
        "command": _command(
            kind, [fate.shown.id for fate in confirmed], record_preview.with_snapshots if cascade else ()
        ),
        "preview_url": reverse(f"delete-{kind.name}", kwargs=url_parameters),
        "shown": [] if own_page else _sent_ids_on_page(request.POST, ids_of(request.POST) or ids),
        "own_page": own_page,
        "instances_url": instances_url(request, [fate.shown for fate in record_preview.staying])
        if kind is DISKS
        else "",
        "disk": disk_of(request.POST or request.GET),
        "run_url": reverse(f"delete-{kind.name}-run", kwargs=url_parameters),
        "command_url": reverse(f"delete-{kind.name}-command", kwargs=url_parameters),
        "back": page_url if own_page and page_url else _list_url(request, kind),
    }
    response = dialog(request, "bulk/delete_preview.html", context)
    if record_preview.gone:
        look_again(response)
    return response


def _confirmed(request: HttpRequest) -> tuple[list[str], list[str]]:
    """Return the ids to delete, and those of them that are disks to delete together with their snapshots."""
    cascading = ids_of(request.POST, "with_snapshots") if "cascade" in request.POST else []
    return list(dict.fromkeys([*ids_of(request.POST), *cascading]))[:MAX_RECORDS], cascading


def _left_out(request: HttpRequest, confirmed: Sequence[str]) -> list[str]:
    """Return the selected ids that are not to be deleted, also disks that have snapshots which are kept."""
    ids = [*ids_of(request.POST, "left_out"), *ids_of(request.POST, "with_snapshots")]
    return [record_id for record_id in dict.fromkeys(ids) if record_id not in confirmed][:MAX_RECORDS]


def _sent_ids_on_page(sent: QueryDict, default: Sequence[str]) -> list[str]:
    return str(sent["shown"]).split(",")[:MAX_RECORDS] if "shown" in sent else list(default)


def _command(kind: Kind[Any], ids: Sequence[str], cascading: Sequence[Any] = ()) -> str:
    if not ids:
        return "# " + _("Nothing would be deleted.")
    return kind.cascade_command(ids) if kind.cascade_command and cascading else kind.delete_command(ids)


def _rows(cloud: Cloud, kind: Kind[Shown], outcomes: Sequence[Outcome[Shown]]) -> list[Row[Shown]]:
    records = [outcome.shown for outcome in outcomes if outcome.shown]
    owner_ids = [disk_id for disk_id in dict.fromkeys(record.owner_disk_id for record in records) if disk_id]
    try:
        disks_by_id = disks.find_many(cloud, owner_ids)
    except CloudError:
        # The rows are useful without the names of their disks.
        disks_by_id = {}
    return [kind.row(record, disk=disks_by_id.get(record.owner_disk_id)) for record in records]


def _list_url(request: CloudRequest, kind: Kind[Any]) -> str:
    """Return the URL of the list in which the records were selected: one disk's snapshots, or the project's list."""
    project = request.cloud.slug
    disk_id = disk_of(request.POST or request.GET)
    if disk_id:
        return reverse("disk-snapshots", kwargs={"project": project, "disk_id": disk_id})
    return reverse(kind.name, kwargs={"project": project})
