"""The action "Create disk", with a choice of sources; a button on the Disks page opens it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from volumes.disks.new import DISK, EMPTY, SNAPSHOT, CreateDiskForm, NewDiskAction


class CreateDisk(NewDiskAction):
    """Create a disk. Choosing another source shows the form again with the values typed so far."""

    name = "create-disk"
    path = "create/"
    label = gettext_lazy("Create disk")
    icon = "plus"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Use the posted values as initial ones, without validation, if only another source was chosen."""
        if self.request.method == "POST" and "again" in self.request.GET:
            return {"initial": {**self.request.POST.dict(), "smallest": ""}}
        return super().get_form_kwargs()

    def choose_sources(self, form: CreateDiskForm) -> None:
        """Offer each source except a backup, which has its own dialog."""
        form.offer_sources(EMPTY, SNAPSHOT, DISK)
