"""What every dialog that changes something does: show, tell its command, act once, and keep what was typed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dashboard.cloud.errors import CloudError, OutcomeUnknown, SignInRequired
from dashboard.web.dialogs import dialog, done
from dashboard.web.one_use_key import act_once
from volumes import outcome_check
from volumes.menus import READ_ONLY

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django.utils.functional import _StrPromise

    from dashboard.web.forms import WritingForm
    from dashboard.web.requests import CloudRequest

Read = TypeVar("Read")

dialog_methods = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """A dialog that changes something.

    `act` makes the change from the valid form and returns what a person is told, or raises a CloudError. `look` reads
    what the dialog shows into its context; it may set what the form proposes; `refusal` in it tells why nothing can be
    done now. `aftermath` tells what the cloud shows of the change where its answer never came. `command` says the same
    in a terminal. `events` are what the page hears afterwards, `back` where to go without a script.
    """

    template: str
    form: WritingForm
    act: Callable[[], str]
    look: Callable[[], dict[str, Any]]
    aftermath: Callable[[], str]
    command: Callable[[], str]
    events: tuple[str, ...]
    back: str


def write(request: CloudRequest, writing: Writing) -> HttpResponse:
    """Answer a request to the dialog: open it, tell its command as one types, or do it."""
    form = writing.form
    if "command" in request.GET:
        return render(request, "dialogs/_command_line.html", {"command": writing.command()})
    if request.method == "POST" and form.is_valid():
        try:
            told = act_once(request, form.attempt(), writing.act)
        except OutcomeUnknown as error:
            form.may_have_acted = outcome_check.look_into(error, writing.aftermath)
            form.refuse(error)
        except CloudError as error:
            form.refuse(error)
        else:
            told = told or _("This was sent before. Look at the list for what came of it.")
            return done(request, told, {event: {} for event in writing.events}, writing.back)
    return _show(request, writing)


def _show(request: CloudRequest, writing: Writing) -> HttpResponse:
    form = writing.form
    seen = writing.look()
    context = {
        **seen,
        "form": form,
        "refusal": _refusal(request, seen.get("refusal")),
        "command": writing.command(),
        "back": writing.back,
    }
    response = dialog(request, writing.template, context)
    if form.may_have_acted:
        # The table underneath shows it then.
        response["HX-Trigger"] = json.dumps({event: {} for event in writing.events})
    return response


def _refusal(request: CloudRequest, refusal: _StrPromise | None) -> _StrPromise | None:
    return READ_ONLY if request.cloud.read_only else refusal


def or_none(form: WritingForm, read: Callable[[], Read], *, needed: bool = False) -> Callable[[], Read | None]:
    """Return `read`, so that it gives None where the cloud fails, which the form tells.

    What is `needed` to open the dialog fails it; not when the form came back: that is shown with what was typed. A
    cloud that was just out of reach isn't asked again.

    Raises:
        SignInRequired: the session has ended.
    """

    def reading() -> Read | None:
        if form.cloud_is_down:
            return None
        try:
            return read()
        except SignInRequired:
            raise
        except CloudError as error:
            if needed and not form.is_bound:
                raise
            form.miss(error)
            return None

    return reading
