"""The little that Diskboard itself remembers. Disks and snapshots are the cloud's."""

from django.db import models


class Preference(models.Model):
    """What a person chose, known by Keystone's address and user id: names can be given to somebody else."""

    keystone_url = models.CharField(max_length=500)
    user_id = models.CharField(max_length=255)
    last_project = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["keystone_url", "user_id"], name="one_preference_a_person"),)

    def __str__(self) -> str:
        """Return whose it is."""
        return f"{self.user_id} at {self.keystone_url}"


class SignInAttempt(models.Model):
    """An attempt to sign in that failed, or is under way; what it is counted under is a hash."""

    counted_under = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        indexes = (models.Index(fields=["counted_under", "at"], name="sign_in_attempts"),)

    def __str__(self) -> str:
        """Return what it is counted under, and when it was."""
        return f"{self.counted_under} at {self.at:%H:%M:%S}"
