"""What Diskboard remembers only for a while is cleared away by itself, now and then when somebody signs in."""

from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from dashboard.accounts.models import SignInAttempt
from dashboard.web.models import Submission

EVERY_SECONDS = 3600
# So long a form can be sent again and still act once
SUBMISSION_LIVES = timedelta(days=7)


def tidy_up() -> None:
    """Clear old sessions, used keys of forms, and failed attempts to sign in: once an hour, whoever comes first."""
    if not cache.add("tidied-up", 1, EVERY_SECONDS):
        return
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    now = timezone.now()
    Submission.objects.filter(sent_at__lt=now - SUBMISSION_LIVES).delete()
    SignInAttempt.objects.filter(at__lt=now - timedelta(minutes=settings.SIGN_IN_WINDOW_MINUTES)).delete()
