"""The project's backups, and making one."""

from __future__ import annotations

from functools import partial, wraps
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from dashboard.cloud.parallel import together
from volumes import commands, outcome_check
from volumes.backups.columns import BACKUP_TABLE
from volumes.cinder import backups, disks, quota, snapshots
from volumes.forms import CreateBackupForm
from volumes.lists import filters
from volumes.lists.address import ListAddress
from volumes.lists.filters import BACKUP_FILTERS
from volumes.names import proposed_name
from volumes.rows import BACKUPS
from volumes.statuses import choices
from volumes.views import lists, live
from volumes.views.writing import Writing, dialog_methods, or_none, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse, QueryDict

    from dashboard.web.requests import CloudRequest
    from volumes.cinder.values import Backup, Disk, Page, Snapshot

NO_SERVICE = gettext_lazy("This cloud has no working backup service: its operator has to set one up.")
STATUSES = ("available", "creating", "restoring", "deleting", "error", "error_deleting")


def offered(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let the view be there only where Diskboard offers backups: not with BACKUPS=off."""

    @wraps(view)
    def answer(request: CloudRequest, **at: Any) -> HttpResponse:
        if not settings.BACKUPS:
            raise Http404
        return view(request, **at)

    return answer


@offered
@require_safe
def backup_list(request: CloudRequest) -> HttpResponse:
    """Show a page of the project's backups."""
    address = ListAddress.of(request, BACKUP_TABLE.sorts, BACKUP_FILTERS)
    changes_url = reverse("backup-changes", kwargs={"project": request.cloud.slug})
    context = {
        **lists.context_of(request, BACKUPS, address, page_at(request, address), changes_url=changes_url),
        "wide": True,
        "statuses": choices(STATUSES),
    }
    return lists.answer(request, "backups/page.html", "lists/_table.html", context)


@offered
@require_safe
def backup_changes(request: CloudRequest) -> HttpResponse:
    """Tell what has become of the backups in transition on a page."""
    address = ListAddress.of(request, BACKUP_TABLE.sorts, BACKUP_FILTERS)
    return live.changes(request, BACKUPS, None if address.narrowed else page_at(request, address), wide=True)


def page_at(request: CloudRequest, address: ListAddress) -> Page[Backup]:
    """Return the page of the project's backups that an address means."""
    status = address.filters.get("status")
    conditions = [*([filters.with_status(status)] if status else ()), *lists.disk_conditions(request, address)]
    return backups.page(request.cloud, address.query(BACKUP_TABLE.sorts, conditions))


def matching(request: CloudRequest, told: QueryDict, most: int, _disk_id: str) -> Page[Backup]:
    """Return the first so many backups that match the query string of a list."""
    return page_at(request, ListAddress.told(told, BACKUP_TABLE.sorts, BACKUP_FILTERS).whole(most))


@offered
@dialog_methods
def back_up_disk(request: CloudRequest, disk_id: str) -> HttpResponse:
    """Make a backup of a disk, also of an attached one."""
    return _back_up(request, disk_id, "")


@offered
@dialog_methods
def back_up_snapshot(request: CloudRequest, disk_id: str, snapshot_id: str) -> HttpResponse:
    """Make a backup of a snapshot."""
    return _back_up(request, disk_id, snapshot_id)


def _back_up(request: CloudRequest, disk_id: str, snapshot_id: str) -> HttpResponse:
    form = CreateBackupForm.of(request, {})
    writing = Writing(
        template="backups/create_dialog.html",
        form=form,
        act=lambda: _create(request, disk_id, snapshot_id, form),
        look=lambda: _look(request, disk_id, snapshot_id, form),
        aftermath=lambda: outcome_check.newest(
            request.cloud, BACKUPS.resource, form.cleaned_data["name"], volume_id=disk_id
        ),
        command=lambda: commands.create_backup(disk_id, snapshot_id=snapshot_id, **form.typed()),
        events=(BACKUPS.changed_event,),
        back=reverse("backups", kwargs={"project": request.cloud.slug}),
    )
    return write(request, writing)


def _create(request: CloudRequest, disk_id: str, snapshot_id: str, form: CreateBackupForm) -> str:
    sent = form.cleaned_data
    attached = not snapshot_id and disks.find(request.cloud, disk_id).is_attached
    made = backups.create(
        request.cloud,
        disk_id,
        snapshot_id,
        sent["name"],
        sent["description"],
        incremental=sent["incremental"],
        attached=attached,
    )
    return _("Backup “%(name)s” is being created. The Backups page shows how it goes.") % {"name": made.title}


def _look(request: CloudRequest, disk_id: str, snapshot_id: str, form: CreateBackupForm) -> dict[str, Any]:
    find_snapshot = partial(snapshots.find, request.cloud, snapshot_id) if snapshot_id else lambda: None
    disk, snapshot, taken, left, service = together(
        or_none(form, partial(disks.find, request.cloud, disk_id), needed=True),
        or_none(form, find_snapshot, needed=True),
        or_none(form, partial(backups.names_of, request.cloud, disk_id)),
        or_none(form, partial(quota.of, request.cloud)),
        or_none(form, partial(backups.service_works, request.cloud)),
    )
    before = snapshot.created_at if snapshot else None
    base = or_none(form, partial(backups.base_of, request.cloud, disk_id, before))()
    disk = disk or disks.unknown(disk_id)
    title = (snapshot or disk).title
    form.propose(name=proposed_name(title, "backup", timezone.localdate(), taken or frozenset()))
    form.fields["incremental"].disabled = base is None and not form.is_bound
    return {
        "disk": disk,
        "snapshot": snapshot,
        "base": base,
        "quota": left,
        "service": service,
        "refusal": _refusal(disk, snapshot, service=service),
    }


def _refusal(disk: Disk, snapshot: Snapshot | None, *, service: bool | None) -> object:
    if snapshot:
        # Without a service Cinder takes this on, and leaves snapshot and disk in "backing-up" for good.
        return NO_SERVICE if service is False else snapshot.refusal_to_back_up
    return disk.refusal_to_back_up if disk.status_code else None
