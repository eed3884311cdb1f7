"""Format dates and times in the user's time zone: "10 Aug 2020 21:09", in Russian "10 авг. 2020 21:09"."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import pgettext_lazy

# Django's Russian abbreviations ("Авг") are capitalised and lack the full stop.
MONTHS = (
    pgettext_lazy("in a date", "Jan"),
    pgettext_lazy("in a date", "Feb"),
    pgettext_lazy("in a date", "Mar"),
    pgettext_lazy("in a date", "Apr"),
    pgettext_lazy("in a date", "May"),
    pgettext_lazy("in a date", "Jun"),
    pgettext_lazy("in a date", "Jul"),
    pgettext_lazy("in a date", "Aug"),
    pgettext_lazy("in a date", "Sep"),
    pgettext_lazy("in a date", "Oct"),
    pgettext_lazy("in a date", "Nov"),
    pgettext_lazy("in a date", "Dec"),
)


def to_the_minute(when: datetime) -> str:
    """Return the date and the time of day without seconds."""
    return _format(when, "%H:%M")


def to_the_second(when: datetime) -> str:
    """Return the date and the time of day with seconds."""
    return _format(when, "%H:%M:%S")


def _format(when: datetime, time_format: str) -> str:
    local = timezone.localtime(when)
    return f"{local.day} {MONTHS[local.month - 1]} {local.year} {local:{time_format}}"
