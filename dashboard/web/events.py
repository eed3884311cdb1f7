"""The client events that a response can trigger, each with a comment on its listeners.

A response names them in the header HX-Trigger (django_htmx.http.trigger_client_event).
"""

# The list or page of this subject reloads (hx-trigger of #table and #one).
DISKS_CHANGED = "disks-changed"
SNAPSHOTS_CHANGED = "snapshots-changed"
BACKUPS_CHANGED = "backups-changed"
# The quota bars and the page of the disk or snapshot reload (hx-trigger).
DELETION_REQUESTED = "deletion-requested"
# A row was removed: the quota bars reload (templates/disks/page.html).
GONE = "gone"
# The resource of a dialog or selection no longer exists: the list reloads.
NOT_FOUND = "not-found"
# The status region loads new messages (#toasts in templates/base.html).
MESSAGES = "messages"
# The dialog closes, and the focus returns to the element that opened it (static/js/dialogs.js).
DIALOG_DONE = "dialog-done"
# The page of a resource that no longer exists is replaced by the page `url` (static/js/dialogs.js).
LEFT = "left"
# The sign-in dialog closes (static/js/dialogs.js); lists reload, and an interrupted bulk action continues (hx-trigger).
SIGNED_IN = "signed-in"
