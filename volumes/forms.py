"""Form fields with Cinder's limits, and the base class of forms that edit an existing resource."""

import json
import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.cloud.errors import ChangedMeanwhile
from dashboard.cloud.visible import isolated, visible
from dashboard.web.forms import WritingForm
from volumes import properties
from volumes.cinder.snapshots import PROPERTY_KEY
from volumes.names import MAX_LENGTH

BEYOND_THE_BASIC_PLANE = 0xFFFF


def one_line(text: object) -> str:
    """Return the text with line breaks replaced by spaces; None becomes an empty text."""
    return " ".join(str(text or "").splitlines())


class NameField(forms.CharField):
    """An optional name. It is reduced to one line, as browsers do, also for the command in the dialog."""

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, required=False, max_length=MAX_LENGTH)

    def to_python(self, value: object) -> str:
        """Return the value as one line."""
        return one_line(super().to_python(value))


class DescriptionField(forms.CharField):
    """An optional description. It can be typed on several lines, but Cinder accepts only one.

    Descriptions of snapshots and backups can't contain characters above U+FFFF, such as most emoji, or invisible ones
    (cinder/api/validation/parameter_types.py, description). With `free`, as for disks, any character is allowed.
    """

    def __init__(self, *, free: bool = False) -> None:
        self.free = free
        super().__init__(
            label=_("Description"), required=False, max_length=MAX_LENGTH, widget=forms.Textarea(attrs={"rows": 2})
        )

    def to_python(self, value: object) -> str:
        """Return the value as one line."""
        return one_line(super().to_python(value))

    def validate(self, value: str) -> None:
        """Check for characters that Cinder refuses; the error names the first one."""
        super().validate(value)
        bad = "" if self.free else next((sign for sign in value if not _can_be_described(sign)), "")
        if bad:
            message = _("A description can't contain the character “%(sign)s” (U+%(code)s).")
            raise forms.ValidationError(message, params={"sign": visible(bad), "code": f"{ord(bad):04X}"})


def _can_be_described(sign: str) -> bool:
    category = unicodedata.category(sign)
    return ord(sign) < BEYOND_THE_BASIC_PLANE and category[0] != "C" and (category[0] != "Z" or category == "Zs")


class PropertiesField(forms.CharField):
    """Properties as lines ``key=value``; the cleaned value is a dict. `keys` matches the keys that Cinder accepts."""

    def __init__(self, keys: re.Pattern[str] = PROPERTY_KEY) -> None:
        self.keys = keys
        super().__init__(
            label=_("Properties"),
            required=False,
            help_text=_("One key=value per line."),
            widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "class": "code"}),
        )

    def clean(self, value: Any) -> dict[str, str]:
        """Return the properties as a dict."""
        return properties.parse(super().clean(value), self.keys)


class EditingForm(WritingForm):
    """A form that edits an existing resource. `seen` holds the values at the time the dialog opened, as JSON."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def seen_before(self) -> dict[str, Any]:
        """Return the values at the time the dialog opened; empty if the form doesn't contain them."""
        try:
            values = json.loads(self["seen"].value() or "{}")
        except (ValueError, RecursionError):
            values = None
        if not isinstance(values, dict):
            return {}
        pairs = values.get("properties")
        return {**values, "properties": {str(key): str(pairs[key]) for key in pairs} if isinstance(pairs, dict) else {}}

    def refuse_if_changed(self, current: dict[str, Any], wanted: dict[str, Any]) -> None:
        """Check that the values that saving would replace have not been changed by others.

        If someone has, the form's `seen` is updated, so that submitting the form again replaces the new values.

        Raises:
            ChangedMeanwhile: a value in `current` differs both from the one seen before and from the one in `wanted`.
        """
        seen = self.seen_before()
        changed = [name for name in current if current[name] != seen.get(name) and current[name] != wanted[name]]
        if changed:
            self.replace_sent(seen=json.dumps(current))
            raise ChangedMeanwhile("; ".join(f"{self[name].label}: {_quoted(current[name])}" for name in changed))


def _quoted(value: str | dict[str, str]) -> str:
    text = properties.as_text(value).replace("\n", ", ") if isinstance(value, dict) else value
    return f"“{isolated(visible(text))}”"


def text(form: forms.Form, name: str) -> str:
    """Return a field's value as it was typed, without surrounding spaces."""
    value = form[name].value()
    return "" if value is None else str(value).strip()


def typed(form: forms.Form, *names: str) -> dict[str, str]:
    """Return the values of fields as they were typed, each as one line, because Cinder accepts only one."""
    return {name: one_line(text(form, name)) for name in names}
