"""The sign-in form, and the base of every form that changes something in the cloud."""

import uuid
from typing import Any, Self

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from dashboard import held
from dashboard.errors import CloudError, OutcomeUnknown, OverQuota, SignInRequired, Unreachable


class SignInForm(forms.Form):
    """User name, password and domain, and the way back to what was interrupted."""

    user_name = forms.CharField(
        label=_("User name"), max_length=255, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    domain = forms.CharField(label=_("Domain"), max_length=64, initial=lambda: settings.OS_USER_DOMAIN_NAME)
    next = forms.CharField(required=False, max_length=8192, widget=forms.HiddenInput)
    carried = forms.CharField(required=False, widget=forms.HiddenInput)


def new_key() -> str:
    """Return a one-use key."""
    return uuid.uuid4().hex


class WritingForm(forms.Form):
    """A form that changes something: it carries a one-use key, so that sending it twice acts once."""

    key = forms.CharField(max_length=64, initial=new_key, widget=forms.HiddenInput)
    cloud_is_down = False
    # Whether it was sent without an answer, and the cloud shows something of it
    may_have_acted = False
    # The field at which a used up quota is told; None: above all of them
    quota_field: str | None = None

    @classmethod
    def of(cls, request: HttpRequest, initial: dict[str, Any], **options: Any) -> Self:
        """Return the form as sent; when it is only opened, with `initial`, or with what was typed before a sign-in."""
        if request.method == "POST":
            return cls(request.POST, **options)
        typed = held.typed(request)
        if typed is not None:
            return cls(initial={**initial, **typed.dict()}, **options)
        return cls(initial=initial, **options)

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

    def replace_sent(self, **values: str) -> None:
        """Let the form that is shown again carry other values than were sent."""
        sent = {name: self.data.get(name) for name in self.data}
        self.data = {**sent, **values}


def describe(error: CloudError) -> str:
    """Return a failure in the user's words, with the cloud's reason and request id."""
    text = str(error.message)
    if error.reason:
        text = format_html("{} <span class=reason>{}</span>", text, error.reason)
    if isinstance(error, OutcomeUnknown) and error.found:
        text = format_html("{} <span class=found>{}</span>", text, error.found)
    if error.request_id:
        text = format_html("{} <code class=request-id>{}</code>", text, error.request_id)
    return text
