"""The action "Delete disk": a bulk deletion of one disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy

from volumes.bulk.delete import preview_of
from volumes.disks.actions.base import DiskAction
from volumes.kinds import DISKS

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise

    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.values import Disk


class Delete(DiskAction):
    """Show the preview of the bulk deletion for one disk."""

    name = "delete-disk"
    path = "delete/"
    label = gettext_lazy("Delete disk")
    icon = "trash-2"
    audit_name = "disk.delete"
    leaves = True
    http_method_names = ["get", "head"]  # noqa: RUF012  # Django's own name

    @classmethod
    def refusal_for(cls, _cloud: Cloud, disk: Disk) -> _StrPromise | None:
        """Return why it can't be deleted now, or None."""
        return disk.refusal_to_delete

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002  # Django's own
        """Show the preview; the response is 404 if the disk doesn't exist."""
        self.find_disk()
        return preview_of(self.request, DISKS, [self.disk_id], page_url=self.get_success_url())
