"""Make bootable, or not bootable any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.cloud.errors import OutcomeUnknown
from dashboard.web.dialogs import READ_ONLY, dialog, done
from dashboard.web.unknown_outcome import look_into
from volumes import commands
from volumes.cinder import disks
from volumes.disks.actions.base import DiskAction
from volumes.outcome_check import saved

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise

    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.values import Disk


class SetBootable(DiskAction):
    """Mark a disk as one that an instance can start from, or not. Opened as a page, it asks first.

    Without a form of its own: the same request twice leads to the same state.
    """

    name = "set-bootable"
    path = "bootable/"
    label = gettext_lazy("Make bootable")
    icon = "power"
    audit_name = "disk.set-bootable"
    opens_dialog = False

    @classmethod
    def label_for(cls, disk: Disk) -> _StrPromise:
        """Return what choosing it does to this disk."""
        return gettext_lazy("Make not bootable") if disk.bootable else cls.label

    @classmethod
    def refusal_for(cls, _cloud: Cloud, disk: Disk) -> _StrPromise | None:
        """Return why it can't be changed now."""
        return disk.refusal_to_edit

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Ask first: where no script acts at once."""
        disk = self.find_disk()
        context = {
            "title": self.label_for(disk),
            "disk": disk,
            "refusal": READ_ONLY if self.cloud.read_only else disk.refusal_to_edit,
            "command": commands.set_bootable(self.disk_id, not disk.bootable),
        }
        return dialog(request, "disks/actions/set_bootable.html", context)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Change it to what the form says; without one, to the opposite."""
        disk = self.find_disk()
        wanted = request.POST.get("bootable", "false" if disk.bootable else "true") == "true"
        try:
            disks.set_bootable(self.cloud, self.disk_id, wanted)
        except OutcomeUnknown as error:
            look_into(error, lambda: saved(self.find_disk().bootable, wanted))
            raise
        message = _("Disk “%(name)s” is bootable now.") if wanted else _("Disk “%(name)s” is not bootable any more.")
        return done(request, message % {"name": disk.title}, self.events, self.get_success_url())
