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

READ_ONLY = gettext_lazy("Your role in this project may only read.")


class Dialog(DialogView):
    """A form that changes something in the cloud, once, and keeps what was typed until it is done.

    A dialog sets `form_class`, `template_name` and `events`, what the page hears after the change, and defines:

    - `get_context_data`: read what the dialog shows, and propose values with ``self.form.propose``; ``refusal`` in it
      says why nothing can be done now;
    - `act`: make the change from the valid form and return what the person is told, or raise a CloudError;
    - `find_outcome`: say what the cloud shows of a change whose answer never came;
    - `get_command`: the same as a command line;
    - `get_success_url`: where to go without a script;
    - `get_title`: the name of the dialog.
    """

    http_method_names = ["get", "head", "post"]  # noqa: RUF012  # Django's own name
    events: ClassVar[tuple[str, ...]] = ()
    request: CloudRequest
    form: WritingForm

    @property
    def cloud(self) -> Cloud:
        """The project of the cloud that the address names."""
        return self.request.cloud

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Open the dialog, or answer with its command line alone."""
        self.form = self.get_form()
        return self.command_line() if "command" in request.GET else self.show()

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Make the change, or show the form again with what is wrong."""
        self.form = self.get_form()
        if "command" in request.GET:
            return self.command_line()
        return self.form_valid(self.form) if self.form.is_valid() else self.show()

    def get_initial(self) -> dict[str, Any]:
        """Return what was typed before a sign-in in between; otherwise the key that the address names, if any."""
        typed = carried_form.typed(self.request)
        if typed is not None:
            return typed.dict()
        key = key_in_address(self.request)
        return {KEY: key} if key else {}

    def form_valid(self, form: WritingForm) -> HttpResponse:
        """Act once for this sending of the form; what the cloud refuses comes back in the form."""
        try:
            message = act_once(self.request, form.attempt(), self.act)
        except OutcomeUnknown as error:
            form.may_have_acted = look_into(error, self.find_outcome)
            form.refuse(error)
        except CloudError as error:
            form.refuse(error)
        else:
            message = message or _("This was sent before. Look at the list for what came of it.")
            return done(self.request, message, self.events, self.get_success_url())
        return self.show()

    def show(self) -> HttpResponse:
        """Render the form: 422 where it came back with errors."""
        response = dialog(self.request, self.get_template_names()[0], self.get_context_data(form=self.form))
        if self.form.may_have_acted:
            # The table underneath shows it then.
            trigger(response, self.events)
        return response

    def command_line(self) -> HttpResponse:
        """Render the command alone, as it is with what was typed so far."""
        return render(self.request, "dialogs/_command_line.html", {"command": self.get_command()})

    def get_context_data(self, *, refusal: object = None, **kwargs: Any) -> dict[str, Any]:
        """Add what every dialog shows."""
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
        """Say what the cloud shows of the change.

        Raises:
            CloudError: the cloud can't be asked.
        """
        raise NotImplementedError

    def get_title(self) -> _StrPromise | str:
        """Return the name of the dialog."""
        raise NotImplementedError

    def get_command(self) -> str:
        """Return the command line that does the same."""
        raise NotImplementedError

    def needed(self, read: Callable[[], Read]) -> Callable[[], Read | None]:
        """Return `read` for what the dialog can't be opened without.

        It raises where the dialog is only opened. A form that came back is shown in any case, with what was typed: it
        says what is missing.
        """
        return self.optional(read) if self.form.is_bound else read

    def optional(self, read: Callable[[], Read]) -> Callable[[], Read | None]:
        """Return `read` so that it gives None where the cloud fails, which the form then says.

        A cloud that was just out of reach isn't asked again.
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
