"""Sign-in forms: by password and by application credential."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from dashboard.accounts import preferences
from dashboard.accounts.session import SignedIn
from dashboard.cloud import keystone
from dashboard.cloud.errors import CloudError, ProjectNeeded
from dashboard.web.error_text import describe


class SigningInForm(forms.Form):
    """Base of the sign-in forms. Hidden fields hold where to continue: a URL, or the form that was interrupted."""

    next = forms.CharField(required=False, max_length=8192, widget=forms.HiddenInput)
    carried = forms.CharField(required=False, widget=forms.HiddenInput)
    # The fields under "More"
    seldom_needed: tuple[str, ...] = ()
    needs_project = False

    @property
    def main_fields(self) -> list[forms.BoundField]:
        """The visible fields that aren't under "More"."""
        return [field for field in self.visible_fields() if field.name not in self.seldom_needed]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """The fields under "More"."""
        return [self[name] for name in self.seldom_needed]

    @property
    def shows_more(self) -> bool:
        """Whether "More" is open: what takes effect must be visible."""
        return self.needs_project or any(field.value() or field.errors for field in self.more_fields)

    def refuse(self, error: CloudError) -> None:
        """Show why signing in failed."""
        self.needs_project = isinstance(error, ProjectNeeded)
        self.add_error(None, describe(error))

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
    """User name, password and domain; a project for clouds that sign in to a project only, or hide the list of them."""

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

    project = forms.CharField(
        label=_("Project"),
        required=False,
        max_length=64,
        initial=lambda: settings.OS_PROJECT_ID or settings.OS_PROJECT_NAME,
        help_text=_("ID or name. Only for clouds that don't list your projects."),
    )
    seldom_needed = ("project",)

    def who(self) -> str:
        """Return ``<user name>@<domain>``."""
        return f"{self.cleaned_data['user_name']}@{self.cleaned_data['domain']}"

    def sign_in(self) -> SignedIn:
        """Sign in by password; unless a project is named, the token isn't scoped to one yet."""
        user_name, password, domain, project = (
            self.cleaned_data[name] for name in ("user_name", "password", "domain", "project")
        )
        if not project:
            return SignedIn(keystone.sign_in(user_name, password, domain))
        login, scoped = keystone.sign_in_to(user_name, password, domain, project)
        preferences.start_in(login, scoped.project_id, chosen="project" in self.changed_data)
        return SignedIn(login, {scoped.project_id: scoped})


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
