"""A snapshot of each selected disk: one dialog, then chunk by chunk, each with its outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from dashboard.cloud.errors import CloudError, OutcomeUnknown, SignInRequired
from dashboard.web import events
from dashboard.web.dialogs import READ_ONLY, dialog
from dashboard.web.forms import WritingForm
from dashboard.web.one_use_key import act_once
from dashboard.web.unknown_outcome import look_into
from volumes import commands
from volumes.bulk.chain import ChainRun, Outcome, Progress
from volumes.bulk.selection import selected, sent_selection
from volumes.cinder import disks, snapshots
from volumes.forms import DescriptionField, NameField, typed
from volumes.lists.address import ids_of
from volumes.names import DISK, named_after, proposed_name
from volumes.outcome_check import newest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from dashboard.web.requests import CloudRequest
    from volumes.bulk.selection import Matching

MOST = 100


class SnapshotsForm(WritingForm):
    """The name and description of a snapshot of each of several disks; `{disk}` in the name is the disk's."""

    name = NameField(_("Snapshot name"))
    description = DescriptionField()

    def typed(self) -> dict[str, Any]:
        """Return what was typed so far, right or wrong."""
        return typed(self, "name", "description")


class CreateSnapshotsPreview(View):
    """Show of which of the selected disks a snapshot can be made, and ask for the name."""

    http_method_names = ["get", "head", "post"]  # noqa: RUF012  # Django's own name
    matching: Matching = None  # type: ignore[assignment]  # given to as_view()
    request: CloudRequest

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Show it for what was selected before a sign-in in between; without that nothing is selected."""
        return self.post(request)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002  # Django's own
        """Show it for what the form selects."""
        return ask(self.request, self.matching, sent_selection(self.request))


class CreateSnapshotsCommand(View):
    """Tell the commands that make what the form names."""

    http_method_names = ["get", "head", "post"]  # noqa: RUF012  # Django's own name

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Answer as for an empty form."""
        return self.post(request)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Render the command lines alone."""
        lines = _commands(ids_of(request.POST)[:MOST], SnapshotsForm(request.POST))
        return render(request, "dialogs/_command_line.html", {"command": lines})


class CreateSnapshotsRun(ChainRun):
    """Make a snapshot of each disk of a chunk. Cinder takes its time for each, so few go at once."""

    http_method_names = ["get", "head", "post"]  # noqa: RUF012  # Django's own name
    chunk = 5
    most = MOST
    matching: Matching = None  # type: ignore[assignment]  # given to as_view()
    form: SnapshotsForm

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002  # Django's own
        """Ask again after a sign-in in between, with what was typed."""
        return ask(self.request, self.matching, sent_selection(self.request))

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Make the first of these."""
        self.form = SnapshotsForm(request.POST)
        ids = ids_of(request.POST)[:MOST]
        return (
            self.go(ids) if self.form.is_valid() and ids else ask(self.request, self.matching, request.POST, self.form)
        )

    @property
    def title(self) -> str:
        """The name of the dialog."""
        return _("Create snapshots")

    @property
    def stopped_event(self) -> str:
        """Let the list of disks read itself anew."""
        return events.DISKS_CHANGED

    @property
    def back(self) -> str:
        """The list of disks."""
        return reverse("disks", kwargs={"project": self.request.cloud.slug})

    def run(self, ids: Sequence[str]) -> list[Outcome[Any]]:
        """Make them one after the other."""
        return [self._make(disk_id) for disk_id in ids]

    def carried(self, rest: Sequence[str]) -> list[tuple[str, str]]:
        """Return what was typed, and the rest."""
        fields = [(field.html_name, str(field.value() or "")) for field in self.form]
        return [*fields, *(("ids", disk_id) for disk_id in rest)]

    def finish(self, _response: HttpResponse, progress: Progress) -> tuple[str, ...]:
        """Tell how many are being created, and how many are not."""
        if progress.done:
            created = ngettext(
                "%(count)s snapshot is being created.", "%(count)s snapshots are being created.", progress.done
            )
            messages.success(self.request, created % {"count": progress.done})
        if progress.failed:
            failed = _("Without a new snapshot: %(count)s. The rows say why.")
            messages.error(self.request, failed % {"count": progress.failed})
        return (events.SNAPSHOTS_CHANGED,)

    def _make(self, disk_id: str) -> Outcome[Any]:
        cloud, sent = self.request.cloud, self.form.cleaned_data
        title = disk_id
        try:
            title = disks.find(cloud, disk_id).title
            name = named_after(sent["name"], title)
            made = act_once(
                self.request,
                f"{sent['key']}:{disk_id}",
                lambda: snapshots.create(cloud, disk_id, name, sent["description"]).id,
            )
        except SignInRequired:
            raise
        except OutcomeUnknown as error:
            look_into(error, lambda: newest(cloud, snapshots.SNAPSHOTS, name, volume_id=disk_id))
            return Outcome(disk_id, title, error=error)
        except CloudError as error:
            return Outcome(disk_id, title, error=error)
        if not made:
            # Sent before, and what came of it isn't known.
            return Outcome(disk_id, title, error=OutcomeUnknown())
        return Outcome(disk_id, title, words=_("its snapshot is being created"))


def ask(request: CloudRequest, matching: Matching, sent: Any, form: SnapshotsForm | None = None) -> HttpResponse:
    """Show the dialog for the disks that `sent` selects; `form` is one that came back with errors.

    Raises:
        CloudError: the disks could not be read.
    """
    form = form or SnapshotsForm(initial=sent.dict())
    ids, more = selected(request, sent, matching, MOST)
    found = disks.find_many(request.cloud, ids)
    selection = [found[disk_id] for disk_id in ids if disk_id in found]
    going = [disk for disk in selection if not disk.refusal_to_snapshot]
    form.propose(name=proposed_name(DISK, "snapshot", timezone.localdate()))
    at = {"project": request.cloud.slug}
    context = {
        "title": _("Create snapshots"),
        "form": form,
        "going": going,
        "staying": [disk for disk in selection if disk.refusal_to_snapshot],
        "most": MOST if more else 0,
        "refusal": READ_ONLY if request.cloud.read_only else None,
        "command": _commands([disk.id for disk in going], form),
        "run_url": reverse("create-snapshots-run", kwargs=at),
        "command_url": reverse("create-snapshots-command", kwargs=at),
        "back": reverse("disks", kwargs=at),
    }
    return dialog(request, "bulk/create_snapshots.html", context)


def _commands(ids: Sequence[str], form: SnapshotsForm) -> str:
    """Return a command for each disk. Only Diskboard knows the disks' names here: they stay ``{disk}``."""
    return "\n".join(commands.create_snapshot(disk_id, **form.typed(), properties={}) for disk_id in ids)
