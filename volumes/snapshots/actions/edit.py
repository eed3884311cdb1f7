"""The action "Edit snapshot": its name, description and properties."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.cloud.visible import isolated, shown_name
from volumes import commands, properties
from volumes.cinder import snapshots
from volumes.forms import EditingForm
from volumes.outcome_check import saved
from volumes.snapshots.actions.base import SnapshotAction
from volumes.snapshots.forms import SnapshotForm

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.values import Snapshot


class EditForm(EditingForm, SnapshotForm):
    """Name, description and properties of an existing snapshot."""

    def typed(self) -> dict[str, Any]:
        """Return the values typed so far; `properties` is None if the present ones can't be edited."""
        values = super().typed()
        before = self.seen_before().get("properties", {})
        return values if properties.can_be_written(before) else {**values, "properties": None}


class Edit(SnapshotAction):
    """Change a snapshot, unless someone else has changed it in the meantime."""

    name = "edit-snapshot"
    path = "edit/"
    label = gettext_lazy("Edit snapshot")
    icon = "pencil"
    audit_name = "snapshot.edit"
    form_class = EditForm
    template_name = "snapshots/actions/edit.html"
    form: EditForm

    @classmethod
    def refusal_for(cls, _cloud: Cloud, snapshot: Snapshot) -> _StrPromise | None:
        """Return why it can't be edited now, or None."""
        return snapshot.refusal_to_edit

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Read the snapshot, and propose its present values."""
        snapshot = self.needed(self.find_snapshot)()
        if snapshot:
            current = _editable(snapshot)
            as_text = properties.as_text(snapshot.properties)
            self.form.propose(**{**current, "properties": as_text, "seen": json.dumps(current)})
        as_lines = not snapshot or properties.can_be_written(snapshot.properties)
        self.form.fields["properties"].disabled = not as_lines
        refusal = self.refusal_of(snapshot)
        return super().get_context_data(snapshot=snapshot, as_lines=as_lines, refusal=refusal, **kwargs)

    def act(self) -> str:
        """Save the values that differ.

        Raises:
            ChangedMeanwhile: someone else has changed the same values since the dialog opened.
            CloudError: the cloud refused or failed.
        """
        snapshot = self.find_snapshot()
        current, wanted = _editable(snapshot), self._wanted(snapshot)
        self.form.refuse_if_changed(current, wanted)
        if (wanted["name"], wanted["description"]) != (snapshot.name, snapshot.description):
            snapshots.rename(self.cloud, self.snapshot_id, wanted["name"], wanted["description"])
        if wanted["properties"] != current["properties"]:
            snapshots.replace_properties(self.cloud, self.snapshot_id, wanted["properties"])
        return _("Snapshot “%(name)s” is saved.") % {"name": isolated(shown_name(wanted["name"], self.snapshot_id))}

    def find_outcome(self) -> str:
        """Return a sentence that says whether the change was saved."""
        snapshot = self.find_snapshot()
        return saved(_editable(snapshot), self._wanted(snapshot))

    def get_command(self) -> str:
        """Return the command for the values typed so far."""
        return commands.edit_snapshot(self.snapshot_id, **self.form.typed())

    def _wanted(self, snapshot: Snapshot) -> dict[str, Any]:
        """Return the values to save; properties that can't be edited as lines keep their present value."""
        current = _editable(snapshot)
        editable_names = current if properties.can_be_written(snapshot.properties) else current.keys() - {"properties"}
        return {**current, **{name: self.form.cleaned_data[name] for name in editable_names}}


def _editable(snapshot: Snapshot) -> dict[str, Any]:
    """Return the present values of what the dialog can change."""
    return {
        "name": snapshot.name,
        "description": snapshot.description,
        "properties": dict(snapshot.properties),
    }
