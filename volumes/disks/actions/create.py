"""Create disk: of any source. A button on the Disks page opens it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from volumes.disks.new import DISK, EMPTY, SNAPSHOT, CreateDiskForm, NewDiskAction


class CreateDisk(NewDiskAction):
    """Make a disk; choosing another source shows the form again, with what was typed."""

    name = "create-disk"
    path = "create/"
    label = gettext_lazy("Create disk")
    icon = "plus"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Leave the form unsent where only another source was chosen."""
        if self.request.method == "POST" and "again" in self.request.GET:
            return {"initial": {**self.request.POST.dict(), "smallest": ""}}
        return super().get_form_kwargs()

    def choose_sources(self, form: CreateDiskForm) -> None:
        """Offer each source but a backup, which has a dialog of its own."""
        form.offer_sources(EMPTY, SNAPSHOT, DISK)
