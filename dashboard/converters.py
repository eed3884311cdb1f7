"""What the parts of an address may look like."""

import re


class ProjectConverter:
    """A project's id, with ``@<region>`` where the catalog has several regions."""

    regex = r"[^/]{1,255}"

    def to_python(self, value: str) -> str:
        """Return it as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Return it as it is."""
        return value


class CloudIdConverter(ProjectConverter):
    """An id of Cinder's: a UUID."""

    regex = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


A_CLOUD_ID = re.compile(CloudIdConverter.regex)
