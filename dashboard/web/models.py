"""Forms that were sent: sent again, they do nothing."""

from django.db import models


class Submission(models.Model):
    """A writing form that was sent, known by the one-use key it carried, with what came of it.

    Cinder has no idempotency key of its own: without this a double click makes two snapshots.
    """

    key = models.CharField(max_length=64, primary_key=True)
    user_id = models.CharField(max_length=255)
    outcome = models.JSONField(null=True)
    sent_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        """Return its key."""
        return self.key
