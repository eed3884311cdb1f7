"""What the error pages of DEBUG may show: no tokens, passwords or cookies, wherever they are."""

import re
from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter


class SecretFilter(SafeExceptionReporterFilter):
    """Leaves out the variables of a traceback, for any of them may hold a token, and all that was sent."""

    # Django's own, and every cookie: CSRF_COOKIE stands among the headers too.
    hidden_settings = re.compile("API|AUTH|TOKEN|KEY|SECRET|PASS|SIGNATURE|COOKIE", re.IGNORECASE)

    def get_traceback_frame_variables(self, _request: HttpRequest | None, _frame: FrameType) -> ItemsView[str, Any]:
        """Return no variables."""
        return {}.items()

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        """Return the names of what was sent."""
        return dict.fromkeys(request.POST, self.cleansed_substitute) if request else {}

    def get_safe_cookies(self, request: HttpRequest) -> dict[str, Any]:
        """Return the names of the cookies."""
        return dict.fromkeys(request.COOKIES, self.cleansed_substitute)
