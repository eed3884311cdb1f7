"""The list of the project's backups."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.views.decorators.http import require_safe

from volumes.backups.columns import BACKUP_TABLE
from volumes.cinder import backups
from volumes.cinder.listing import MAX_ROWS
from volumes.kinds import BACKUPS
from volumes.lists import exports, filters, polling, table
from volumes.lists.address import ListAddress
from volumes.lists.filters import BACKUP_FILTERS
from volumes.statuses import choices

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse, QueryDict
    from django.http.response import HttpResponseBase

    from dashboard.web.requests import CloudRequest
    from volumes.cinder.listing import Query
    from volumes.cinder.values import Backup, Page

# The statuses offered in the filter: those in which a backup can stay for long
STATUSES = ("available", "creating", "restoring", "deleting", "error", "error_deleting")


def offered(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorate a view so that it responds with 404 if the setting BACKUPS is off."""

    @wraps(view)
    def wrapper(request: CloudRequest, **parameters: Any) -> HttpResponseBase:
        if not settings.BACKUPS:
            raise Http404
        return view(request, **parameters)

    return wrapper


@offered
@require_safe
def backup_list(request: CloudRequest) -> HttpResponse:
    """Show a page of the project's backups."""
    address = ListAddress.from_request(request, BACKUP_TABLE.sorts, BACKUP_FILTERS)
    changes_url = reverse("backup-changes", kwargs={"project": request.cloud.slug})
    context = {
        **table.context_of(request, BACKUPS, address, page_at(request, address), changes_url=changes_url),
        "wide": True,
        "statuses": choices(STATUSES, of_backups=True),
    }
    return table.answer(request, "backups/page.html", "lists/_table.html", context)


@offered
@require_safe
def backup_changes(request: CloudRequest) -> HttpResponse:
    """Return the changes of the backups in transition on a page."""
    address = ListAddress.from_request(request, BACKUP_TABLE.sorts, BACKUP_FILTERS)
    return polling.changes(request, BACKUPS, None if address.narrowed else page_at(request, address), wide=True)


def query_at(request: CloudRequest, address: ListAddress) -> Query[Backup]:
    """Return the query for the parameters of a list."""
    status = address.filters.get("status")
    conditions = [*([filters.with_status(status)] if status else ()), *table.disk_conditions(request, address)]
    return address.query(BACKUP_TABLE.sorts, conditions)


def page_at(request: CloudRequest, address: ListAddress) -> Page[Backup]:
    """Return the page of the project's backups for the parameters of a list."""
    return backups.page(request.cloud, query_at(request, address))


def count(request: CloudRequest, query: QueryDict, _disk_id: str) -> int | None:
    """Return the number of backups that match the query string of a list; None if the cloud doesn't count them."""
    address = ListAddress.from_query_string(query, BACKUP_TABLE.sorts, BACKUP_FILTERS)
    return backups.count(request.cloud, query_at(request, address))


def matching(request: CloudRequest, query: QueryDict, max_rows: int, _disk_id: str) -> Page[Backup]:
    """Return the first `max_rows` backups that match the query string of a list."""
    address = ListAddress.from_query_string(query, BACKUP_TABLE.sorts, BACKUP_FILTERS)
    return page_at(request, address.first_rows(max_rows))


@offered
@require_safe
def backups_export(request: CloudRequest) -> HttpResponse:
    """Export the project's backups that match the query string of the list."""
    return exports.csv_file(BACKUP_TABLE, "backups", matching(request, request.GET, MAX_ROWS, ""))
