"""Format dates and times in the user's time zone: "10 Aug 2020 21:09", in Russian "10 авг. 2020 21:09"."""

from datetime import UTC, datetime
from html import escape

from django.utils import timezone
from django.utils.safestring import SafeString
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


class Clock:
    """Writes times in the user's time zone and language; for a list of times it looks these up once."""

    def __init__(self) -> None:
        """Take the time zone and the language of the current request."""
        self._zone = timezone.get_current_timezone()
        self._months: dict[int, str] = {}

    def to_the_minute(self, when: datetime) -> str:
        """Return the date and the time of day without seconds."""
        local = when.astimezone(self._zone)
        return f"{local.day} {self._month(local)} {local.year} {local.hour:02}:{local.minute:02}"

    def to_the_second(self, when: datetime) -> str:
        """Return the date and the time of day with seconds."""
        return f"{self.to_the_minute(when)}:{when.second:02}"

    def moment(self, when: datetime | None) -> str:
        """Return HTML with a time; its tooltip adds the seconds and the zone."""
        if when is None:
            return "—"
        local = when.astimezone(self._zone).replace(microsecond=0)
        tooltip = f"{local.replace(tzinfo=None)} {escape(str(local.tzname()))}"
        in_utc = local.astimezone(UTC).replace(tzinfo=None).isoformat()
        # Nothing else in it needs escaping, and a page has a hundred of them.
        return SafeString(f'<time datetime="{in_utc}Z" title="{tooltip}">{self.to_the_minute(local)}</time>')

    def _month(self, local: datetime) -> str:
        if local.month not in self._months:
            self._months[local.month] = str(MONTHS[local.month - 1])
        return self._months[local.month]


def to_the_minute(when: datetime) -> str:
    """Return the date and the time of day without seconds."""
    return Clock().to_the_minute(when)


def to_the_second(when: datetime) -> str:
    """Return the date and the time of day with seconds."""
    return Clock().to_the_second(when)


def moment(when: datetime | None) -> str:
    """Return HTML with a time in the user's time zone; its tooltip adds the seconds and the zone."""
    return Clock().moment(when)
