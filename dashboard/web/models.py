"""Submitted forms, stored to recognise a duplicate submission."""

from django.db import models


class Submission(models.Model):
    """A submitted form that changes something: its one-use key, and its outcome once that is known.

    Cinder has no idempotency keys: without this a double click would create two snapshots.
    """

    key = models.CharField(max_length=64, primary_key=True)
    user_id = models.CharField(max_length=255)
    outcome = models.JSONField(null=True)
    sent_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        """Return the one-use key's hash."""
        return self.key
