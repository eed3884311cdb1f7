"""The base class of dialogs: forms that change something in the cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from dashboard.cloud.errors import CloudError, OutcomeUnknown, SignInRequired
from dashboard.web import carried_form
from dashboard.web.dialog_responses import dialog, done, trigger
from dashboard.web.forms import KEY, WritingForm, key_in_address
from dashboard.web.one_use_key import act_once
from dashboard.web.unknown_outcome import look_into

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise

    from dashboard.cloud.keystone import Cloud
    from dashboard.web.requests import CloudRequest

    DialogView = FormView[WritingForm]
else:
    DialogView = FormView

Read = TypeVar("Read")

READ_ONLY = gettext_lazy("Your role in this project is read-only.")


class Dialog(DialogView):
    """A form that makes one change in the cloud. It keeps the typed values until the change succeeds.

    A subclass sets `form_class`, `template_name` and `events`, the client events to trigger after the change, and
    defines these methods:

    - `get_context_data`: read what the dialog shows, and propose values with ``self.form.propose``. Its argument
      ``refusal`` is the reason why the change isn't possible now;
    - `act`: make the change from the valid form and return the message for the user, or raise a CloudError;
    - `find_outcome`: return a sentence with the present state, for a change whose answer never came;
    - `get_command`: return the equivalent command line;
    - `get_success_url`: return the URL to redirect to without JavaScript;
    - `get_title`: return the title of the dialog.
    """

    http_method_names = ["get", "head", "post"]  # noqa: RUF012  # Django's own name
    events: ClassVar[tuple[str, ...]] = ()
    request: CloudRequest
    form: WritingForm

    @property
    def cloud(self) -> Cloud:
        """The project that the URL names."""
        return self.request.cloud

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Render the dialog, or only its command line."""
        self.form = self.get_form()
        return self.command_line() if "command" in request.GET else self.show()

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Make the change, or render the form again with its errors."""
        self.form = self.get_form()
        if "command" in request.GET:
            return self.command_line()
        return self.form_valid(self.form) if self.form.is_valid() else self.show()

    def get_initial(self) -> dict[str, Any]:
        """Return the values that were submitted before a sign-in; without them the key from the URL, if any."""
        typed = carried_form.typed(self.request)
        if typed is not None:
            return typed.dict()
        key = key_in_address(self.request)
        return {KEY: key} if key else {}

    def form_valid(self, form: WritingForm) -> HttpResponse:
        """Make the change once per submission; if the cloud refuses it, render the form with the reason."""
        try:
            message = act_once(self.request, form.attempt(), self.act)
        except OutcomeUnknown as error:
            form.may_have_acted = look_into(error, self.find_outcome)
            form.refuse(error)
        except CloudError as error:
            form.refuse(error)
        else:
            message = message or _("This form was already sent. Check the list for the result.")
            return done(self.request, message, self.events, self.get_success_url())
        return self.show()

    def show(self) -> HttpResponse:
        """Render the form, with status 422 if it was submitted with errors."""
        response = dialog(self.request, self.get_template_names()[0], self.get_context_data(form=self.form))
        if self.form.may_have_acted:
            # The page below the dialog reloads, as the change may be visible there.
            trigger(response, self.events)
        return response

    def command_line(self) -> HttpResponse:
        """Render only the command, for the values typed so far."""
        return render(self.request, "dialogs/_command_line.html", {"command": self.get_command()})

    def get_context_data(self, *, refusal: object = None, **kwargs: Any) -> dict[str, Any]:
        """Add the context that every dialog needs."""
        return super().get_context_data(
            title=self.get_title(),
            refusal=READ_ONLY if self.cloud.read_only else refusal,
            command=self.get_command(),
            back=self.get_success_url(),
            **kwargs,
        )

    def act(self) -> str:
        """Make the change.

        Raises:
            CloudError: the cloud refused or failed.
        """
        raise NotImplementedError

    def find_outcome(self) -> str:
        """Return a sentence with the present state in the cloud, which shows whether the change was made.

        Raises:
            CloudError: the state could not be read.
        """
        raise NotImplementedError

    def get_title(self) -> _StrPromise | str:
        """Return the title of the dialog."""
        raise NotImplementedError

    def get_command(self) -> str:
        """Return the equivalent command line."""
        raise NotImplementedError

    def needed(self, read: Callable[[], Read]) -> Callable[[], Read | None]:
        """Wrap `read` for data that the dialog requires.

        When the dialog is opened, a failure is raised. A submitted form is always rendered again, so that its input
        isn't lost; it then shows the failure, and the result is None.
        """
        return self.optional(read) if self.form.is_bound else read

    def optional(self, read: Callable[[], Read]) -> Callable[[], Read | None]:
        """Wrap `read` for optional data: if the cloud fails, the form shows the failure, and the result is None.

        `read` isn't called if the cloud could not be reached when the form was submitted.
        """

        def reading() -> Read | None:
            if self.form.cloud_is_down:
                return None
            try:
                return read()
            except SignInRequired:
                raise
            except CloudError as error:
                self.form.miss(error)
                return None

        return reading
