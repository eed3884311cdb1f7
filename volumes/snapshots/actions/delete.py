"""The action "Delete snapshot": a bulk deletion of one snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy

from volumes.bulk.delete import preview_of
from volumes.kinds import SNAPSHOTS
from volumes.snapshots.actions.base import SnapshotAction

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise

    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.values import Snapshot


class Delete(SnapshotAction):
    """Show the preview of the bulk deletion for one snapshot."""

    name = "delete-snapshot"
    path = "delete/"
    label = gettext_lazy("Delete snapshot")
    icon = "trash-2"
    audit_name = "snapshot.delete"
    leaves = True
    http_method_names = ["get", "head"]  # noqa: RUF012  # Django's own name

    @classmethod
    def refusal_for(cls, _cloud: Cloud, snapshot: Snapshot) -> _StrPromise | None:
        """Return why it can't be deleted now, or None."""
        return snapshot.refusal_to_delete

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002  # Django's own
        """Show the preview; the response is 404 if the snapshot doesn't exist."""
        self.find_snapshot()
        return preview_of(self.request, SNAPSHOTS, [self.snapshot_id], page_url=self.get_success_url())
