"""The actions "Make bootable" and "Make not bootable"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.cloud.errors import OutcomeUnknown
from dashboard.web.dialog_responses import dialog, done
from dashboard.web.dialogs import READ_ONLY
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
    """Set whether an instance can start from a disk. Without JavaScript a page asks for confirmation.

    It needs no one-use key, because repeating the request leads to the same state.
    """

    name = "set-bootable"
    path = "bootable/"
    label = gettext_lazy("Make bootable")
    icon = "square-play"
    audit_name = "disk.set-bootable"
    opens_dialog = False

    @classmethod
    def label_for(cls, disk: Disk) -> _StrPromise:
        """Return the label for the opposite of the disk's present state."""
        return gettext_lazy("Make not bootable") if disk.bootable else cls.label

    @classmethod
    def refusal_for(cls, _cloud: Cloud, disk: Disk) -> _StrPromise | None:
        """Return why it can't be changed now, or None."""
        return disk.refusal_to_edit

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Ask for confirmation, for browsers without JavaScript."""
        disk = self.find_disk()
        context = {
            "title": self.label_for(disk),
            "disk": disk,
            "refusal": READ_ONLY if self.cloud.read_only else self.refusal_of(disk),
            "command": commands.set_bootable(self.disk_id, not disk.bootable),
        }
        return dialog(request, "disks/actions/set_bootable.html", context)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Set the posted value, or the opposite of the present one if none is posted."""
        disk = self.find_disk()
        wanted = request.POST.get("bootable", "false" if disk.bootable else "true") == "true"
        try:
            disks.set_bootable(self.cloud, self.disk_id, wanted)
        except OutcomeUnknown as error:
            look_into(error, lambda: saved(self.find_disk().bootable, wanted))
            raise
        message = _("Disk “%(name)s” is bootable now.") if wanted else _("Disk “%(name)s” is not bootable any more.")
        return done(request, message % {"name": disk.inline_title}, self.events, self.get_success_url())
