"""Path converters for the parts of a URL."""

from dashboard.cloud.ids import CLOUD_ID_PATTERN


class ProjectConverter:
    """A project's slug: its ID, with ``@<region>`` if the catalog has several regions."""

    # A region's ID has up to 255 characters, of which each slash takes three.
    regex = r"[^/]{1,1000}"

    def to_python(self, value: str) -> str:
        """Return `value` unchanged."""
        return value

    def to_url(self, value: str) -> str:
        """Return `value` unchanged; Django quotes it."""
        return value


class CloudIdConverter(ProjectConverter):
    """The ID of a disk, snapshot or backup: a UUID."""

    regex = CLOUD_ID_PATTERN
