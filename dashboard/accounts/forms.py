"""Sign-in forms: by password and by application credential."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from dashboard.accounts.session import SignedIn
from dashboard.cloud import keystone


class SigningInForm(forms.Form):
    """Base of the sign-in forms. Hidden fields hold where to continue: a URL, or the form that was interrupted."""

    next = forms.CharField(required=False, max_length=8192, widget=forms.HiddenInput)
    carried = forms.CharField(required=False, widget=forms.HiddenInput)

    def who(self) -> str:
        """Return the identity to be throttled, as typed."""
        raise NotImplementedError

    def sign_in(self) -> SignedIn:
        """Authenticate with Keystone.

        Raises:
            WrongCredentials: Keystone rejects the credentials.
            CloudError: any other failure.
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
        """Return ``<user name>@<domain>``."""
        return f"{self.cleaned_data['user_name']}@{self.cleaned_data['domain']}"

    def sign_in(self) -> SignedIn:
        """Sign in by password; the token isn't scoped to a project yet."""
        data = self.cleaned_data
        return SignedIn(keystone.sign_in(data["user_name"], data["password"], data["domain"]))


class CredentialForm(SigningInForm):
    """ID and secret of an application credential, which is valid for one project."""

    credential = forms.CharField(
        label=_("Application credential ID"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    secret = forms.CharField(
        label=_("Secret"), max_length=255, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Both forms are on the same page, so their element ids must differ.
        super().__init__(*args, **{"auto_id": "credential_%s", **kwargs})

    def who(self) -> str:
        """Return the credential's ID."""
        return str(self.cleaned_data["credential"])

    def sign_in(self) -> SignedIn:
        """Sign in with the credential; Keystone issues a token that is already scoped to its project."""
        login, scoped = keystone.sign_in_by_credential(self.cleaned_data["credential"], self.cleaned_data["secret"])
        return SignedIn(login, {scoped.project_id: scoped})


def sign_in_forms(submitted: SigningInForm | None = None, /, **initial: str) -> dict[str, SigningInForm]:
    """Return both sign-in forms for the template context; `submitted` takes the place of the one of its class."""
    if submitted is not None:
        initial = {name: str(submitted[name].value() or "") for name in ("next", "carried")}
    return {
        "form": submitted if isinstance(submitted, SignInForm) else SignInForm(initial=initial),
        "credential_form": submitted if isinstance(submitted, CredentialForm) else CredentialForm(initial=initial),
    }
