"""Bulk creation of snapshots: a dialog for the selected disks, then a chain of requests that create them."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View

from dashboard.cloud.errors import CloudError, OutcomeUnknown, SignInRequired
from dashboard.cloud.optional import optional
from dashboard.cloud.parallel import together
from dashboard.web import events
from dashboard.web.dialog_responses import dialog
from dashboard.web.dialogs import READ_ONLY
from dashboard.web.forms import WritingForm
from dashboard.web.one_use_key import act_once
from dashboard.web.unknown_outcome import look_into
from volumes import commands, quota_lines
from volumes.bulk.chain import ChainRun, Outcome, Progress, not_possible
from volumes.bulk.selection import CREATED_SINCE, created_since, selected, sent_created_since, sent_selection
from volumes.cinder import disks, quota, snapshots
from volumes.cinder.values import short_ids_of
from volumes.forms import DescriptionField, NameField, typed
from volumes.kinds import DISKS
from volumes.lists.address import ids_of
from volumes.llnvme import is_ll_nvme
from volumes.names import DISK, named_after, proposed_name
from volumes.outcome_check import describe_newest
from volumes.quota_lines import Need

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest, HttpResponse

    from dashboard.cloud.keystone import Cloud
    from dashboard.web.requests import CloudRequest
    from volumes.bulk.selection import Matching
    from volumes.cinder.values import Disk
    from volumes.quota_lines import QuotaLine

MAX_DISKS = 100
CHUNK = 20


class SnapshotsForm(WritingForm):
    """Name and description for the snapshots of several disks; `{disk}` in the name stands for the disk's name."""

    name = NameField(gettext_lazy("Snapshot name"))
    description = DescriptionField()

    def typed(self) -> dict[str, Any]:
        """Return the values typed so far, valid or not."""
        return typed(self, "name", "description")


class CreateSnapshotsPreview(View):
    """The dialog: which of the selected disks can get a snapshot, and the snapshot's name."""

    http_method_names = ["get", "head", "post"]  # noqa: RUF012  # Django's own name
    matching: Matching = None  # type: ignore[assignment]  # given to as_view()
    request: CloudRequest

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Show the dialog for the selection made before signing in again, if any."""
        return self.post(request)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002  # Django's own
        """Show the dialog for the disks that the form selects."""
        return ask(self.request, self.matching, sent_selection(self.request))


class CreateSnapshotsCommand(View):
    """The commands that create the snapshots, for the values in the form."""

    http_method_names = ["get", "head", "post"]  # noqa: RUF012  # Django's own name

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Respond as for an empty form."""
        return self.post(request)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Render only the command lines."""
        lines = _commands(ids_of(request.POST)[:MAX_DISKS], SnapshotsForm(request.POST))
        return render(request, "dialogs/_command_line.html", {"command": lines})


class CreateSnapshotsRun(ChainRun):
    """Create a snapshot of each disk of a chunk."""

    http_method_names = ["get", "head", "post"]  # noqa: RUF012  # Django's own name
    max_count = MAX_DISKS
    partial_template = "bulk/_created.html"
    matching: Matching = None  # type: ignore[assignment]  # given to as_view()
    form: SnapshotsForm
    disks_by_id: Mapping[str, Disk]

    @property
    def chunk(self) -> int:
        """The largest number of disks per request."""
        return CHUNK

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002  # Django's own
        """Show the dialog again after signing in again, with the values typed before."""
        return ask(self.request, self.matching, sent_selection(self.request))

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Create the snapshots of the first chunk, or show the dialog with the form's errors."""
        self.form = SnapshotsForm(request.POST)
        ids = ids_of(request.POST)[:MAX_DISKS]
        return (
            self.go(ids) if self.form.is_valid() and ids else ask(self.request, self.matching, request.POST, self.form)
        )

    @property
    def title(self) -> str:
        """The title of the dialog."""
        return _("Create snapshots")

    @property
    def stopped_event(self) -> str:
        """The event that makes the list of disks reload."""
        return events.DISKS_CHANGED

    @property
    def back(self) -> str:
        """The URL of the list of disks."""
        return reverse("disks", kwargs={"project": self.request.cloud.slug})

    def run(self, ids: Sequence[str]) -> list[Outcome[Any]]:
        """Create the snapshots one after the other, at least one. The disks are read together if that is possible."""
        read = partial(disks.find_many, self.request.cloud, ids, sent_created_since(self.request.POST))
        unread: dict[str, Disk] = {}
        self.disks_by_id = optional(read, unread)()
        until = time.monotonic() + self.seconds
        return [self._create(disk_id) for disk_id in ids if disk_id == ids[0] or time.monotonic() < until]

    def carried(self, rest: Sequence[str]) -> list[tuple[str, str]]:
        """Return the form's values and the remaining disk ids."""
        fields = [(field.html_name, str(field.value() or "")) for field in self.form]
        left_out = [("left_out", disk_id) for disk_id in ids_of(self.request.POST, "left_out")]
        fields.append((CREATED_SINCE, self.request.POST.get(CREATED_SINCE, "")))
        return [*fields, *left_out, *(("ids", disk_id) for disk_id in rest)]

    def left_out(self) -> list[Outcome[Any]]:
        """Return why the remaining selected disks get no snapshot, as they are now."""
        ids = ids_of(self.request.POST, "left_out")[:MAX_DISKS]
        refusals = [(disk, disk.refusal_to_snapshot) for disk in disks.find_many(self.request.cloud, ids).values()]
        return [not_possible(disk.id, disk.title, refusal) for disk, refusal in refusals if refusal]

    def more_context(self, outcomes: Sequence[Outcome[Any]]) -> dict[str, Any]:
        """Return the disks that got a snapshot."""
        return {"kind": DISKS, "done": [outcome for outcome in outcomes if not outcome.error]}

    def finish(self, _response: HttpResponse, progress: Progress) -> tuple[str, ...]:
        """Add messages with the numbers of created and failed snapshots."""
        if progress.done:
            created = ngettext(
                "%(count)s snapshot is being created.", "%(count)s snapshots are being created.", progress.done
            )
            messages.success(self.request, created % {"count": progress.done})
        if progress.failed:
            failed = _("Without a new snapshot: %(count)s. The rows say why.")
            messages.error(self.request, failed % {"count": progress.failed})
        if progress.unknown:
            unknown = ngettext(
                "%(count)s snapshot may or may not have been created: its disk's row shows what is known.",
                "%(count)s snapshots may or may not have been created: their disks' rows show what is known.",
                progress.unknown,
            )
            messages.error(self.request, unknown % {"count": progress.unknown})
        return (events.SNAPSHOTS_CHANGED,)

    def _create(self, disk_id: str) -> Outcome[Any]:
        cloud, sent = self.request.cloud, self.form.cleaned_data
        title = disk_id
        try:
            disk = self.disks_by_id.get(disk_id) or disks.find(cloud, disk_id)
            title = disk.title
            name = named_after(sent["name"], disk.plain_name)
            snapshot_id = act_once(
                self.request,
                f"{sent['key']}:{disk_id}",
                lambda: snapshots.create(cloud, disk_id, name, sent["description"]).id,
            )
        except SignInRequired:
            raise
        except OutcomeUnknown as error:
            look_into(error, lambda: describe_newest(cloud, snapshots.SNAPSHOTS, name, volume_id=disk_id))
            return Outcome(disk_id, title, error=error)
        except CloudError as error:
            return Outcome(disk_id, title, error=error)
        if not snapshot_id:
            # An earlier request with this key was sent, and its outcome is unknown.
            return Outcome(disk_id, title, error=OutcomeUnknown())
        return Outcome(disk_id, title, words=_("its snapshot is being created"))


def ask(request: CloudRequest, matching: Matching, sent: Any, form: SnapshotsForm | None = None) -> HttpResponse:
    """Show the dialog for the disks that `sent` selects; `form` is given if it was submitted with errors.

    Raises:
        CloudError: the disks could not be read.
    """
    form = form or SnapshotsForm(initial=sent.dict())
    ids, more = selected(request, sent, matching, MAX_DISKS)
    disks_by_id = disks.find_many(request.cloud, ids)
    selection = [disks_by_id[disk_id] for disk_id in ids if disk_id in disks_by_id]
    going = [disk for disk in selection if not disk.refusal_to_snapshot]
    form.propose(name=proposed_name(DISK, "snapshot", timezone.localdate()))
    url_parameters = {"project": request.cloud.slug}
    context = {
        "title": _("Create snapshots"),
        "form": form,
        "going": going,
        "created_since": created_since(going),
        "short_ids": short_ids_of(selection),
        "staying": [disk for disk in selection if disk.refusal_to_snapshot],
        "most": MAX_DISKS if more else 0,
        "attached": [disk for disk in going if disk.is_attached],
        "ll_nvme": [disk for disk in going if is_ll_nvme(disk.type_name)],
        "lines": _quota_lines(request.cloud, going),
        "refusal": READ_ONLY if request.cloud.read_only else None,
        "command": _commands([disk.id for disk in going], form),
        "run_url": reverse("create-snapshots-run", kwargs=url_parameters),
        "command_url": reverse("create-snapshots-command", kwargs=url_parameters),
        "back": reverse("disks", kwargs=url_parameters),
    }
    return dialog(request, "bulk/create_snapshots.html", context)


def _quota_lines(cloud: Cloud, going: Sequence[Disk]) -> list[QuotaLine]:
    """Return what the snapshots use of the quotas; two requests if there are any."""
    if not going:
        return []
    project_quota, quotas_by_type = together(
        optional(partial(quota.of_project, cloud), None), optional(partial(quota.of_types, cloud), None)
    )
    needs = [Need(disk.type_name, snapshots=1, gigabytes=disk.size) for disk in going]
    return quota_lines.lines(project_quota, quotas_by_type, needs)


def _commands(ids: Sequence[str], form: SnapshotsForm) -> str:
    """Return one command per disk. ``{disk}`` stays in the names, because only Diskboard replaces it."""
    return "\n".join(commands.create_snapshot(disk_id, **form.typed(), properties={}) for disk_id in ids)
