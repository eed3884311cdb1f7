"""Dialogs: real addresses that also work as pages. Success is 204 with events for htmx, a redirect otherwise."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from dashboard.web.partials import page_or_partial, wants_partial


def dialog(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Render a dialog: 422 where its form came back with errors."""
    form = context.get("form")
    status = 422 if form is not None and form.is_bound and form.errors else 200
    frame = {"frame": "dialog_partial.html" if wants_partial(request) else "dialog_page.html"}
    return page_or_partial(request, template, template, {**context, **frame}, status)


def done(request: HttpRequest, message: str, events: dict[str, Any], url: str) -> HttpResponse:
    """Close the dialog, tell `message`, and let the page hear `events`; without JavaScript go to `url`."""
    messages.success(request, message)
    if not wants_partial(request):
        return redirect(url)
    response = HttpResponse(status=204)
    close(response, events)
    return response


def close(response: HttpResponse, events: dict[str, Any]) -> None:
    """Let htmx close the dialog after the page has heard `events`: they are sent from within the dialog.

    Where the answer has content, that takes the dialog's place first: rows are found only from within the page.
    """
    response["HX-Trigger-After-Settle" if response.content else "HX-Trigger"] = json.dumps(
        {**events, "messages": {}, "dialog-done": {}}
    )
