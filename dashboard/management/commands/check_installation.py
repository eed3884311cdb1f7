"""``diskboard check``: look at settings, database and cloud, and say what is wrong."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.checks import WARNING, run_checks
from django.core.management.base import BaseCommand, CommandError

from dashboard.cloud import keystone
from dashboard.cloud.errors import CloudError, NoService
from dashboard.probes import database_trouble

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator

NO_CLOUD = "no cloud is set; set OS_AUTH_URL or OS_CLOUD"
NO_USER = "not checked; set OS_USERNAME, OS_PASSWORD and OS_PROJECT_NAME for this command"


class Command(BaseCommand):
    """Check one thing after the other, with a line for each; the exit status is 1 if one isn't in order."""

    help = "Check the settings, the database, Keystone with its TLS certificate, and the catalog."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --database-only."""
        parser.add_argument(
            "--database-only", action="store_true", help="check settings and database, as for an init container"
        )

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Print the result of each check."""
        failed = []
        for name, trouble in self._checked(cloud=not options["database_only"]):
            self.stdout.write(f"{name}: {trouble or 'ok'}")
            if trouble and trouble != NO_USER:
                failed.append(name)
        if failed:
            raise CommandError(f"Not in order: {', '.join(failed)}")

    def _checked(self, *, cloud: bool) -> Iterator[tuple[str, str]]:
        """Yield the name of each check, and what is wrong. A cloud that doesn't answer is not asked further."""
        yield "settings", "; ".join(_warnings())
        yield "database", database_trouble(in_detail=True)
        if settings.REDIS_URL:
            # Imported here, as it needs an extra.
            from dashboard import redis_cache  # noqa: PLC0415  needs the extra

            yield "redis", redis_cache.trouble()
        if not cloud:
            return
        trouble = _trouble_of_keystone()
        yield "keystone", trouble
        if not trouble:
            yield "catalog", _trouble_of_catalog()


def _warnings() -> Iterator[str]:
    for message in run_checks():
        if message.level >= WARNING and not message.is_silenced():
            yield f"{message.msg} {message.hint or ''}".strip()


def _trouble_of_keystone() -> str:
    if not settings.OS_AUTH_URL:
        return NO_CLOUD
    try:
        keystone.check()
    except CloudError as error:
        return f"{settings.OS_AUTH_URL}: {error.reason or error.message}"
    return ""


def _trouble_of_catalog() -> str:
    # Credentials are for this command alone: Diskboard itself has none, and no setting for them.
    user_name, password, project_id, project_name = (
        os.environ.get(name, "") for name in ("OS_USERNAME", "OS_PASSWORD", "OS_PROJECT_ID", "OS_PROJECT_NAME")
    )
    project = project_id or project_name
    if not (user_name and password and project):
        return NO_USER
    try:
        keystone.sign_in_to(user_name, password, settings.OS_USER_DOMAIN_NAME, project)
    except NoService as error:
        where = f"OS_REGION_NAME={settings.OS_REGION_NAME}: " if settings.OS_REGION_NAME else ""
        return f"{where}{error.reason or error.message}"
    except CloudError as error:
        return str(error.reason or error.message)
    return ""
