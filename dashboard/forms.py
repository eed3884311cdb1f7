"""The sign-in form, and the base of every form that changes something in the cloud."""

import hashlib
import re
import uuid
from typing import Any, Self

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from dashboard import held, keystone
from dashboard.errors import Broken, CloudError, OutcomeUnknown, OverQuota, RateLimited, SignInRequired, Unreachable
from dashboard.http import wants_partial
from dashboard.signed_in import SignedIn


class SigningInForm(forms.Form):
    """A way of signing in, with the way back to what was interrupted."""

    next = forms.CharField(required=False, max_length=8192, widget=forms.HiddenInput)
    carried = forms.CharField(required=False, widget=forms.HiddenInput)

    def who(self) -> str:
        """Return who wants in, as typed."""
        raise NotImplementedError

    def sign_in(self) -> SignedIn:
        """Ask Keystone to let them in.

        Raises:
            WrongCredentials: it doesn't.
            CloudError: whatever else goes wrong.
        """
        raise NotImplementedError


class SignInForm(SigningInForm):
    """User name, password and domain."""

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

    def who(self) -> str:
        """Return the name and the domain."""
        return f"{self.cleaned_data['user_name']}@{self.cleaned_data['domain']}"

    def sign_in(self) -> SignedIn:
        """Sign in by password."""
        sent = self.cleaned_data
        return SignedIn(keystone.sign_in(sent["user_name"], sent["password"], sent["domain"]))


class CredentialForm(SigningInForm):
    """The id and the secret of an application credential, which is good for one project."""

    credential = forms.CharField(
        label=_("Application credential ID"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    secret = forms.CharField(
        label=_("Secret"), max_length=255, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Both ways stand on the same page.
        super().__init__(*args, **{"auto_id": "credential_%s", **kwargs})

    def who(self) -> str:
        """Return the credential's id."""
        return str(self.cleaned_data["credential"])

    def sign_in(self) -> SignedIn:
        """Sign in by the credential: its token is one of its project already."""
        login, scoped = keystone.sign_in_by_credential(self.cleaned_data["credential"], self.cleaned_data["secret"])
        return SignedIn(login, {scoped.project_id: scoped})


def sign_in_forms(sent: SigningInForm | None = None, /, **initial: str) -> dict[str, SigningInForm]:
    """Return the form of each way of signing in, for the template; one of them may come back as `sent`."""
    if sent is not None:
        initial = {name: str(sent[name].value() or "") for name in ("next", "carried")}
    return {
        "form": sent if isinstance(sent, SignInForm) else SignInForm(initial=initial),
        "credential_form": sent if isinstance(sent, CredentialForm) else CredentialForm(initial=initial),
    }


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

    @classmethod
    def of(cls, request: HttpRequest, initial: dict[str, Any], **options: Any) -> Self:
        """Return the form as sent; when it is only opened, with `initial`, or with what was typed before a sign-in."""
        if request.method == "POST":
            return cls(request.POST, **options)
        typed = held.typed(request)
        if typed is not None:
            return cls(initial={**initial, **typed.dict()}, **options)
        key = key_in_address(request)
        return cls(initial={**initial, KEY: key} if key else initial, **options)

    def attempt(self) -> str:
        """Return what tells one sending of this form from another one: its key, and what was typed.

        Whoever goes back to it in the browser, changes the name and sends it again, wants another one.
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
