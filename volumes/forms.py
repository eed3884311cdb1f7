"""Fields of the dialogs' forms, with Cinder's limits, and the base of forms that change what exists."""

import json
import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.cloud.errors import ChangedMeanwhile
from dashboard.web.forms import WritingForm
from volumes import properties
from volumes.cinder.snapshots import PROPERTY_KEY
from volumes.names import MAX_LENGTH

BEYOND_THE_BASIC_PLANE = 0xFFFF


def one_line(text: object) -> str:
    """Return a text without its line breaks."""
    return " ".join(str(text or "").splitlines())


class NameField(forms.CharField):
    """A name; it may be empty. A browser sends one line; the command in the dialog knows no more either."""

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, required=False, max_length=MAX_LENGTH)

    def to_python(self, value: object) -> str:
        """Return it as one line."""
        return one_line(super().to_python(value))


class DescriptionField(forms.CharField):
    """A description, written over several lines if need be; Cinder takes only one.

    Those of snapshots and backups hold no signs beyond U+FFFF, as most emoji are, and no invisible ones
    (cinder/api/validation/parameter_types.py, description). Those of disks hold any: they are `free`.
    """

    def __init__(self, *, free: bool = False) -> None:
        self.free = free
        super().__init__(
            label=_("Description"), required=False, max_length=MAX_LENGTH, widget=forms.Textarea(attrs={"rows": 2})
        )

    def to_python(self, value: object) -> str:
        """Return it as one line."""
        return one_line(super().to_python(value))

    def validate(self, value: str) -> None:
        """Refuse what Cinder would refuse, naming the first sign of it."""
        super().validate(value)
        bad = "" if self.free else next((sign for sign in value if not _can_be_described(sign)), "")
        if bad:
            told = _("A description can't hold the sign “%(sign)s” (U+%(code)s).")
            raise forms.ValidationError(told, params={"sign": bad, "code": f"{ord(bad):04X}"})


def _can_be_described(sign: str) -> bool:
    category = unicodedata.category(sign)
    return ord(sign) < BEYOND_THE_BASIC_PLANE and category[0] != "C" and (category[0] != "Z" or category == "Zs")


class PropertiesField(forms.CharField):
    """Properties, one ``key=value`` a line; its value is a dict. `keys` are those that Cinder takes."""

    def __init__(self, keys: re.Pattern[str] = PROPERTY_KEY) -> None:
        self.keys = keys
        super().__init__(
            label=_("Properties"),
            required=False,
            help_text=_("One key=value per line."),
            widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "class": "code"}),
        )

    def clean(self, value: Any) -> dict[str, str]:
        """Return what the lines tell."""
        return properties.parse(super().clean(value), self.keys)


class EditingForm(WritingForm):
    """Changes something that exists. `seen` is what it was like when the dialog opened, as JSON."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def seen_before(self) -> dict[str, Any]:
        """Return what it was like when the dialog opened, as far as the form tells."""
        try:
            found = json.loads(self["seen"].value() or "{}")
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            return {}
        pairs = found.get("properties")
        return {**found, "properties": {str(key): str(pairs[key]) for key in pairs} if isinstance(pairs, dict) else {}}

    def refuse_if_changed(self, there: dict[str, Any], wanted: dict[str, Any]) -> None:
        """Compare what is `there` now with what was seen; saved again, the form replaces that.

        Raises:
            ChangedMeanwhile: somebody else has changed what `wanted` would replace.
        """
        seen = self.seen_before()
        others = [name for name in there if there[name] != seen.get(name) and there[name] != wanted[name]]
        if others:
            self.replace_sent(seen=json.dumps(there))
            raise ChangedMeanwhile("; ".join(f"{self[name].label}: {_shown(there[name])}" for name in others))


def _shown(value: str | dict[str, str]) -> str:
    return f"“{properties.as_text(value).replace(chr(10), ', ') if isinstance(value, dict) else value}”"


def text(form: forms.Form, name: str) -> str:
    """Return a field as it was typed, without the spaces around it."""
    value = form[name].value()
    return "" if value is None else str(value).strip()


def typed(form: forms.Form, *names: str) -> dict[str, str]:
    """Return fields as they were typed, each as the one line that Cinder takes."""
    return {name: one_line(text(form, name)) for name in names}
