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
KEY_PATTERN = re.compile("[0-9a-f]{32}")


def new_key() -> str:
    """Return a one-use key."""
    return uuid.uuid4().hex


def key_in_address(request: HttpRequest) -> str:
    """Return the key in the URL of a form shown as a page, so that the browser's Back opens the same form.

    It is empty if the URL has none, and in a modal dialog, where the browser shows the URL of the page below.
    """
    key = request.GET.get(KEY, "")
    return key if KEY_PATTERN.fullmatch(key) and not wants_partial(request) else ""


class WritingForm(forms.Form):
    """A form that changes something. It has a one-use key, so that submitting it twice makes the change once."""

    key = forms.CharField(max_length=64, initial=new_key, widget=forms.HiddenInput)
    cloud_is_down = False
    # Whether no answer to the change arrived, but the present state could be read
    may_have_acted = False
    # Why some of the dialog's data could not be read
    missed = ""
    # The field that shows an exceeded quota; None shows it above all fields
    quota_field: str | None = None

    def attempt(self) -> str:
        """Return a hash that identifies this submission: of the key and the typed values.

        Going back in the browser, editing the form and submitting it again is a new request, not a duplicate.
        """
        typed = sorted((name, str(value)) for name, value in self.cleaned_data.items())
        return hashlib.sha256(repr(typed).encode()).hexdigest()

    def add_error(self, field: Any, error: Any) -> None:
        """Add an error, and give the first invalid field the focus, which also works without JavaScript."""
        super().add_error(field, error)
        first = next((name for name in self.fields if name in self.errors), None)
        for name, form_field in self.fields.items():
            form_field.widget.attrs["autofocus"] = name == first

    def propose(self, **values: object) -> None:
        """Set initial values for fields that have none yet."""
        for name, value in values.items():
            self.initial.setdefault(name, value)

    def refuse(self, error: CloudError) -> None:
        """Add the reason why the cloud didn't make the change to the form's errors.

        Raises:
            SignInRequired: the session has ended; this isn't an error of the form.
        """
        if isinstance(error, SignInRequired):
            raise error
        self.cloud_is_down = isinstance(error, Unreachable)
        self.add_error(self.quota_field if isinstance(error, OverQuota) else None, ValidationError(describe(error)))
        if isinstance(error, OutcomeUnknown):
            # The user knows about the unknown outcome, so submitting the form again is a new attempt.
            self.replace_sent(key=new_key())

    def miss(self, error: CloudError) -> None:
        """Show that data could not be read; data that the user may not read or that doesn't exist is ignored."""
        if isinstance(error, Unreachable | Broken | RateLimited):
            self.missed = describe(error)

    def replace_sent(self, **values: str) -> None:
        """Replace submitted values in the form before it is rendered again."""
        sent = {name: self.data.get(name) for name in self.data}
        self.data = {**sent, **values}
