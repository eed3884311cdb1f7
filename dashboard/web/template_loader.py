"""Load the templates in Django's language without their indentation."""

import re

from django.template import Origin
from django.template.loaders import filesystem

INDENTATION = re.compile(r"\n[ \t]+")


class Loader(filesystem.Loader):
    """Removes the indentation of lines, which is a twentieth of the bytes of a compressed page.

    A newline alone has the same meaning in HTML, and line numbers in error messages stay the same. A template must not
    contain text whose indentation matters (``pre``, ``textarea``); values in such elements aren't affected.
    """

    def get_contents(self, origin: Origin) -> str:
        """Return the source of a template."""
        return INDENTATION.sub("\n", super().get_contents(origin))
