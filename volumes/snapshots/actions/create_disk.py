"""The action "Create disk" from a snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from volumes.disks.new import SNAPSHOT, CreateDiskForm, NewDiskAction

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.values import Snapshot


class CreateDiskFromSnapshot(NewDiskAction):
    """Create a disk with the data of a snapshot."""

    name = "clone-snapshot"
    path = "create-disk/"
    label = gettext_lazy("Create disk")
    icon = "hard-drive"

    @classmethod
    def address_of(cls, snapshot: Snapshot) -> dict[str, str]:
        """Return the URL parameter with the snapshot's id."""
        return {"snapshot_id": snapshot.id}

    @classmethod
    def refusal_for(cls, _cloud: Cloud, snapshot: Snapshot) -> _StrPromise | None:
        """Return why a disk can't be created from the snapshot now, or None."""
        return snapshot.refusal_to_clone

    def choose_sources(self, form: CreateDiskForm) -> None:
        """Fix the source to the one in the URL."""
        form.fix_source(SNAPSHOT, self.kwargs["snapshot_id"])
