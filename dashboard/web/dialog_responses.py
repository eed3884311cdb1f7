"""Responses of dialogs, which have their own URLs and also work as pages.

After success htmx gets status 204 with client events; without JavaScript the response is a redirect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django_htmx.http import trigger_client_event

from dashboard.web import events
from dashboard.web.partials import page_or_partial, wants_partial

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import HttpRequest


def dialog(request: HttpRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """Render a dialog, with status 422 if its form was submitted with errors."""
    form = context.get("form")
    status = 422 if form is not None and form.is_bound and form.errors else 200
    frame = {"frame": "dialog_partial.html" if wants_partial(request) else "dialog_page.html"}
    return page_or_partial(request, template, template, {**context, **frame}, status)


def done(request: HttpRequest, message: str, client_events: Iterable[str], url: str) -> HttpResponse:
    """Close the dialog, show `message` and trigger the client events; without JavaScript redirect to `url`."""
    messages.success(request, message)
    if not wants_partial(request):
        return redirect(url)
    response = HttpResponse(status=204)
    close(response, client_events)
    return response


def close(response: HttpResponse, client_events: Iterable[str]) -> None:
    """Trigger the client events, then the one that closes the dialog: htmx triggers all of them inside the dialog.

    If the response has content, they are triggered after it has settled, as they refer to rows in that content.
    """
    all_events = (*client_events, events.MESSAGES, events.DIALOG_DONE)
    trigger(response, all_events, after_settle=bool(response.content))


def trigger(response: HttpResponse, client_events: Iterable[str], *, after_settle: bool = False) -> None:
    """Make htmx trigger these events when it receives the response, or after the content has settled."""
    for event in client_events:
        trigger_client_event(response, event, after="settle" if after_settle else "receive")
