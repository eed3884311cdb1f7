"""Delete expired sessions, used form keys and old sign-in attempts. Runs at sign-in, at most once an hour."""

from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from dashboard.accounts.models import SignInAttempt
from dashboard.web.models import Submission

INTERVAL_SECONDS = 3600
# A form submitted again within this time is recognised as a duplicate.
SUBMISSION_LIFETIME = timedelta(days=7)


def delete_expired() -> None:
    """Delete what has expired, unless a process has done so within the last hour."""
    if not cache.add("tidied-up", 1, INTERVAL_SECONDS):
        return
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    now = timezone.now()
    Submission.objects.filter(sent_at__lt=now - SUBMISSION_LIFETIME).delete()
    SignInAttempt.objects.filter(at__lt=now - timedelta(minutes=settings.SIGN_IN_WINDOW_MINUTES)).delete()
