"""Responses of dialogs: real addresses that also work as pages.

Success is 204 with events for htmx, and a redirect without JavaScript.
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
    """Render a dialog: 422 where its form came back with errors."""
    form = context.get("form")
    status = 422 if form is not None and form.is_bound and form.errors else 200
    frame = {"frame": "dialog_partial.html" if wants_partial(request) else "dialog_page.html"}
    return page_or_partial(request, template, template, {**context, **frame}, status)


def done(request: HttpRequest, message: str, heard: Iterable[str], url: str) -> HttpResponse:
    """Close the dialog, show `message`, and let the page hear the events; without JavaScript go to `url`."""
    messages.success(request, message)
    if not wants_partial(request):
        return redirect(url)
    response = HttpResponse(status=204)
    close(response, heard)
    return response


def close(response: HttpResponse, heard: Iterable[str]) -> None:
    """Let htmx close the dialog after the page has heard the events: they are sent from within the dialog.

    Content of the answer takes the dialog's place first: its rows are found only from within the page.
    """
    trigger(response, (*heard, events.MESSAGES, events.DIALOG_DONE), settled=bool(response.content))


def trigger(response: HttpResponse, heard: Iterable[str], *, settled: bool = False) -> None:
    """Let the page hear these events, once the answer's content is in its place where it is `settled` first."""
    for event in heard:
        trigger_client_event(response, event, after="settle" if settled else "receive")
