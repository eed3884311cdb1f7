"""The events that a page hears from an answer: each stands here once, with what listens to it.

An answer names them in the header HX-Trigger (django_htmx.http.trigger_client_event).
"""

# Lists and pages of one subject read themselves anew (hx-trigger of #table and #one).
DISKS_CHANGED = "disks-changed"
SNAPSHOTS_CHANGED = "snapshots-changed"
BACKUPS_CHANGED = "backups-changed"
# The poller of a list starts again (static/js/live.js).
DELETION_REQUESTED = "deletion-requested"
# A row is gone: the list reads itself anew, so that a row from the next page moves up.
GONE = "gone"
# What a dialog or a selection was about is not there any more: the list reads itself anew.
NOT_FOUND = "not-found"
# The status region asks for new messages (#toasts in templates/base.html).
MESSAGES = "messages"
# The dialog closes, and the focus goes back to what opened it (static/js/dialogs.js).
DIALOG_DONE = "dialog-done"
# Forms that waited for a sign-in go on (static/js/dialogs.js).
SIGNED_IN = "signed-in"
