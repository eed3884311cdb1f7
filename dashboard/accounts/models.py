"""Data about users that Diskboard stores itself. Disks and snapshots exist only in the cloud."""

from django.db import models


class Preference(models.Model):
    """A user's preferences. The key is Keystone's URL and the user ID, as a name can be reassigned."""

    keystone_url = models.CharField(max_length=500)
    user_id = models.CharField(max_length=255)
    # A region's ID alone may have 255 characters, most of which a slug may escape.
    last_project = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["keystone_url", "user_id"], name="one_preference_a_person"),)

    def __str__(self) -> str:
        """Return the user's ID and Keystone's URL."""
        return f"{self.user_id} at {self.keystone_url}"


class SignInAttempt(models.Model):
    """A sign-in attempt that failed or is in progress, stored under a hash of the user name or client address."""

    counted_under = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        indexes = (models.Index(fields=["counted_under", "at"], name="sign_in_attempts"),)

    def __str__(self) -> str:
        """Return the hash and the time of day."""
        return f"{self.counted_under} at {self.at:%H:%M:%S}"
