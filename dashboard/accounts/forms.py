"""The ways to sign in, as forms."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from dashboard.accounts.session import SignedIn
from dashboard.cloud import keystone


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
