"""The action "Delete backup": a bulk deletion of one backup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_lazy

from volumes.actions import Action
from volumes.bulk.delete import preview_of
from volumes.cinder import backups
from volumes.kinds import BACKUPS

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise

    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.values import Backup


class Delete(Action):
    """Show the preview of the bulk deletion for one backup."""

    name = "delete-backup"
    path = "delete/"
    label = gettext_lazy("Delete backup")
    icon = "trash-2"
    audit_name = "backup.delete"
    leaves = True
    http_method_names = ["get", "head"]  # noqa: RUF012  # Django's own name

    @classmethod
    def is_offered(cls) -> bool:
        """Return whether the settings enable backups."""
        return settings.BACKUPS

    @classmethod
    def address_of(cls, backup: Backup) -> dict[str, str]:
        """Return the URL parameter with the backup's id."""
        return {"backup_id": backup.id}

    @classmethod
    def refusal_for(cls, _cloud: Cloud, backup: Backup) -> _StrPromise | None:
        """Return why it can't be deleted now, or None."""
        return backup.refusal_to_delete

    def get(self, request: HttpRequest, *_args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002  # Django's own
        """Show the preview; the response is 404 if the backup doesn't exist."""
        backups.find(self.cloud, kwargs["backup_id"])
        return preview_of(self.request, BACKUPS, [kwargs["backup_id"]])
