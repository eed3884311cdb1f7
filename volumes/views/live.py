"""Live status: a table asks what has become of its rows in transition."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render

from dashboard.converters import A_CLOUD_ID
from volumes.lists import PAGE_SIZES
from volumes.parallel import each

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from dashboard.keystone import Cloud
    from volumes.cinder.values import Page
    from volumes.rows import Kind, Shown

SETTLED = 286


def changes(
    request: HttpRequest,
    kind: Kind[Shown],
    page: Page[Shown] | None,
    find_or_none: Callable[[Cloud, str], Shown | None],
) -> HttpResponse:
    """Answer 204 where nothing changed, else with the changed rows; with 286 once all has settled.

    The page is read in one request; only a row that left it is asked for by itself, to tell deleted from moved. Where
    reading the page would take many requests, as a search does, it is None, and every row is asked for by itself.
    """
    cloud: Cloud = request.cloud  # type: ignore[attr-defined]  # set by CloudMiddleware
    before = _seen_before(request)
    now = {one.id: one for one in page.rows} if page else {}
    missing = [one for one in before if one not in now]
    for found in each(partial(find_or_none, cloud), missing):
        if found is not None:
            now[found.id] = found
    changed = [now[one] for one, status in before.items() if one in now and now[one].status_code != status]
    gone = [one for one in missing if one not in now]
    if not changed and not gone:
        return HttpResponse(status=204)
    settled = not any(now[one].status.in_transition for one in before if one in now)
    context = {
        "rows": [kind.row(cloud, one) for one in changed],
        "gone": gone,
        "row_template": kind.template,
    }
    return render(request, "lists/_changes.html", context, status=SETTLED if settled else 200)


def _seen_before(request: HttpRequest) -> dict[str, str]:
    pairs = (one.split(":", 1) for one in request.GET.get("seen", "").split(",")[: max(PAGE_SIZES)] if ":" in one)
    return {one: status for one, status in pairs if A_CLOUD_ID.fullmatch(one)}
