"""Properties as a person writes them: one ``key=value`` a line."""

import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from volumes.cinder.snapshots import PROPERTY_KEY
from volumes.names import MAX_LENGTH

ONLY_BY_COMMAND = gettext_lazy(
    "These properties hold line breaks, spaces around a value or unusual signs in a key: they stay as they are, "
    "and can be edited with the command line only."
)
# So many errors are shown; the lines after those are read when they are mended.
MOST_ERRORS = 10


def as_text(properties: Mapping[str, str]) -> str:
    """Return properties as lines, sorted by key."""
    return "\n".join(f"{key}={value}" for key, value in sorted(properties.items()))


def parse(text: str, keys: re.Pattern[str] = PROPERTY_KEY) -> dict[str, str]:
    """Return the properties that the lines of `text` tell; empty lines don't count. `keys` are those that Cinder takes.

    Raises:
        ValidationError: for each line that tells none, or one that Cinder doesn't take or can't change any more.
    """
    found: dict[str, str] = {}
    errors = []
    for number, line in enumerate(text.splitlines(), 1):
        key, equals, value = (part.strip() for part in line.partition("="))
        if not line.strip():
            continue
        wrong = _repeated(key, found) or _wrong(key, equals, value, keys)
        if wrong:
            errors.append(ValidationError(_("Line %(number)s: %(wrong)s") % {"number": number, "wrong": wrong}))
        found[key] = value
    if errors:
        raise ValidationError(errors[:MOST_ERRORS])
    return found


def can_be_written(properties: Mapping[str, str], keys: re.Pattern[str] = PROPERTY_KEY) -> bool:
    """Tell whether lines can hold these properties, and Cinder takes them all again: it replaces all or none."""
    return _lenient(as_text(properties)) == dict(properties) and all(map(keys.fullmatch, properties))


def typed_so_far(text: str) -> dict[str, str]:
    """Return what the lines tell already, the unfinished ones left out."""
    return {key: value for key, value in _lenient(text).items() if key}


def _lenient(text: str) -> dict[str, str]:
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {key.strip(): value.strip() for key, _equals, value in pairs}


def _repeated(key: str, before: Mapping[str, str]) -> str:
    return _("duplicate key “%(key)s”.") % {"key": key} if key in before else ""


def _wrong(key: str, equals: str, value: str, keys: re.Pattern[str]) -> str:
    rules = (
        (not equals, _("there is no “=” between key and value.")),
        (not key, _("there is no key before the “=”.")),
        (
            max(len(key), len(value)) > MAX_LENGTH,
            _("keys and values have at most %(most)s characters.") % {"most": MAX_LENGTH},
        ),
        # Of a snapshot Cinder takes such a key at creation, and can then neither change nor keep it.
        ("/" in key and not keys.fullmatch(key), _("a key can't hold “/”.")),
        (
            not keys.fullmatch(key),
            _("a key can hold only Latin letters, digits, spaces and the signs _ : . -"),
        ),
    )
    return next((told for broken, told in rules if broken), "")
