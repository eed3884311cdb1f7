"""Warnings about settings that work, but leave a gap; shown by ``manage.py check`` and in the log at the start."""

import logging
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Info, Warning  # noqa: A004  # Django's own name
from django.core.checks import register as registered

from dashboard.private_files import is_private

logger = logging.getLogger(__name__)


@registered("diskboard")
def trusted_proxies(**_kwargs: Any) -> list[CheckMessage]:
    """Warn if a proxy terminates TLS but isn't counted: all users would share one address, and one throttle."""
    if not settings.HTTPS or settings.TRUSTED_PROXIES is not None:
        return []
    text = "HTTPS is set, but TRUSTED_PROXIES isn't, so that all users count as one address."
    hint = (
        "Set it to the number of your proxies that append to X-Forwarded-For, or to 0 if there is none. "
        "Otherwise anyone can lock everyone out of signing in."
    )
    return [Warning(text, hint=hint, id="diskboard.W001")]


@registered("diskboard")
def private_directory(**_kwargs: Any) -> list[CheckMessage]:
    """Warn if other users of this machine can enter VAR_DIR, because it belongs to another user."""
    if is_private(settings.VAR_DIR):
        return []
    text = f"Other users of this machine can enter VAR_DIR, {settings.VAR_DIR}."
    hint = "It belongs to another user: run chmod 700, or chown it to the user that runs Diskboard."
    return [Warning(text, hint=hint, id="diskboard.W002")]


@registered("diskboard")
def ignored_credentials(**_kwargs: Any) -> list[CheckMessage]:
    """Name the credentials of clouds.yaml that Diskboard doesn't use, without their values. It's no gap, just news."""
    if not settings.NAMED_CLOUD.ignored:
        return []
    text = f"Credentials in clouds.yaml are ignored: {', '.join(settings.NAMED_CLOUD.ignored)}."
    return [Info(text, hint="Users sign in with their own.", id="diskboard.I001")]


def log_warnings() -> None:
    """Log what these checks find; a web server doesn't run Django's."""
    for message in [*trusted_proxies(), *private_directory(), *ignored_credentials()]:
        logger.warning("%s %s", message.msg, message.hint)
