"""The base of every form that changes something in the cloud."""

import hashlib
import re
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from dashboard.cloud.errors import (
    Broken,
    CloudError,
    OutcomeUnknown,
    OverQuota,
    RateLimited,
    SignInRequired,
    Unreachable,
)
from dashboard.web.error_text import describe
from dashboard.web.partials import wants_partial

KEY = "key"
A_KEY = re.compile("[0-9a-f]{32}")


def new_key() -> str:
    """Return a one-use key."""
    return uuid.uuid4().hex


def key_in_address(request: HttpRequest) -> str:
    """Return the key that the address of a form as a page names: so the browser's Back leads to the same form.

    Empty where it names none, and over a page, whose address is another one.
    """
    key = request.GET.get(KEY, "")
    return key if A_KEY.fullmatch(key) and not wants_partial(request) else ""


class WritingForm(forms.Form):
    """A form that changes something: it carries a one-use key, so that sending it twice acts once."""

    key = forms.CharField(max_length=64, initial=new_key, widget=forms.HiddenInput)
    cloud_is_down = False
    # Whether it was sent without an answer, and the cloud shows something of it
    may_have_acted = False
    # Why something that belongs into it couldn't be read
    missed = ""
    # The field at which a used up quota is told; None: above all of them
    quota_field: str | None = None

    def attempt(self) -> str:
        """Return what tells one sending of this form from another one: its key, and what was typed.

        Going back in the browser, editing and sending the form again is a new request, not a duplicate.
        """
        typed = sorted((name, str(value)) for name, value in self.cleaned_data.items())
        return hashlib.sha256(repr(typed).encode()).hexdigest()

    def add_error(self, field: Any, error: Any) -> None:
        """Put an error at a field. The first wrong one has the focus, also where the form is a page."""
        super().add_error(field, error)
        first = next((name for name in self.fields if name in self.errors), None)
        for name, one in self.fields.items():
            one.widget.attrs["autofocus"] = name == first

    def propose(self, **values: object) -> None:
        """Fill in what wasn't typed already."""
        for name, value in values.items():
            self.initial.setdefault(name, value)

    def refuse(self, error: CloudError) -> None:
        """Show why the cloud didn't do it, in the form, with what was typed still there.

        Raises:
            SignInRequired: that is answered by signing in.
        """
        if isinstance(error, SignInRequired):
            raise error
        self.cloud_is_down = isinstance(error, Unreachable)
        self.add_error(self.quota_field if isinstance(error, OverQuota) else None, ValidationError(describe(error)))
        if isinstance(error, OutcomeUnknown):
            # Sending it again is then a new attempt, made knowingly.
            self.replace_sent(key=new_key())

    def miss(self, error: CloudError) -> None:
        """Tell that something couldn't be read; not what this person may not read, or the cloud doesn't have."""
        if isinstance(error, Unreachable | Broken | RateLimited):
            self.missed = describe(error)

    def replace_sent(self, **values: str) -> None:
        """Let the form that is shown again carry other values than were sent."""
        sent = {name: self.data.get(name) for name in self.data}
        self.data = {**sent, **values}
