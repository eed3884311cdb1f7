"""Properties in a text field: one ``key=value`` per line."""

import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from volumes.cinder.snapshots import PROPERTY_KEY
from volumes.names import MAX_LENGTH

ONLY_BY_COMMAND = gettext_lazy(
    "These properties contain line breaks, spaces around a value or unusual characters in a key: they are kept "
    "unchanged and can be edited only with the command line."
)
# More errors are shown only after these have been corrected.
MAX_ERRORS = 10


def as_text(properties: Mapping[str, str]) -> str:
    """Return properties as lines, sorted by key."""
    return "\n".join(f"{key}={value}" for key, value in sorted(properties.items()))


def parse(text: str, keys: re.Pattern[str] = PROPERTY_KEY) -> dict[str, str]:
    """Return the properties in the lines of `text`, without empty lines. `keys` matches the keys that Cinder accepts.

    Raises:
        ValidationError: with one error for each line that is malformed, repeats a key, or has a key or value that
            Cinder doesn't accept or couldn't change later.
    """
    properties: dict[str, str] = {}
    errors = []
    for number, line in enumerate(text.splitlines(), 1):
        key, equals, value = (part.strip() for part in line.partition("="))
        if not line.strip():
            continue
        error = _repeated(key, properties) or _error_in(key, equals, value, keys)
        if error:
            errors.append(ValidationError(_("Line %(number)s: %(wrong)s") % {"number": number, "wrong": error}))
        properties[key] = value
    if errors:
        raise ValidationError(errors[:MAX_ERRORS])
    return properties


def can_be_written(properties: Mapping[str, str], keys: re.Pattern[str] = PROPERTY_KEY) -> bool:
    """Return whether lines can express these properties and Cinder accepts all of them; it replaces all or none."""
    return _lenient(as_text(properties)) == dict(properties) and all(map(keys.fullmatch, properties))


def typed_so_far(text: str) -> dict[str, str]:
    """Return the properties in the lines typed so far, without unfinished lines."""
    return {key: value for key, value in _lenient(text).items() if key}


def _lenient(text: str) -> dict[str, str]:
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {key.strip(): value.strip() for key, _equals, value in pairs}


def _repeated(key: str, before: Mapping[str, str]) -> str:
    return _("duplicate key “%(key)s”.") % {"key": key} if key in before else ""


def _error_in(key: str, equals: str, value: str, keys: re.Pattern[str]) -> str:
    rules = (
        (not equals, _("the “=” between key and value is missing.")),
        (not key, _("the key before the “=” is missing.")),
        (
            max(len(key), len(value)) > MAX_LENGTH,
            _("keys and values have at most %(most)s characters.") % {"most": MAX_LENGTH},
        ),
        # When creating a snapshot, Cinder accepts such a key, but then refuses any change that keeps it.
        ("/" in key and not keys.fullmatch(key), _("a key can't contain “/”.")),
        (
            not keys.fullmatch(key),
            _("a key can contain only Latin letters, digits, spaces and the characters _ : . -"),
        ),
    )
    return next((error for broken, error in rules if broken), "")
