"""Keep tokens, passwords and cookies out of the error pages shown with DEBUG."""

import re
from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter


class SecretFilter(SafeExceptionReporterFilter):
    """Hides all local variables, as any may hold a token, and the values of all submitted fields and cookies."""

    # Django's own pattern plus COOKIE: request.META contains CSRF_COOKIE.
    hidden_settings = re.compile("API|AUTH|TOKEN|KEY|SECRET|PASS|SIGNATURE|COOKIE", re.IGNORECASE)

    def get_traceback_frame_variables(self, _request: HttpRequest | None, _frame: FrameType) -> ItemsView[str, Any]:
        """Return no variables."""
        return {}.items()

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        """Return the names of the submitted fields with their values hidden."""
        return dict.fromkeys(request.POST, self.cleansed_substitute) if request else {}

    def get_safe_cookies(self, request: HttpRequest) -> dict[str, Any]:
        """Return the names of the cookies with their values hidden."""
        return dict.fromkeys(request.COOKIES, self.cleansed_substitute)
