"""What the parts of an address may look like."""

from dashboard.cloud.ids import CLOUD_ID_PATTERN


class ProjectConverter:
    """A project's id, with ``@<region>`` where the catalog has several regions."""

    regex = r"[^/]{1,255}"

    def to_python(self, value: str) -> str:
        """Return the text of the address unchanged."""
        return value

    def to_url(self, value: str) -> str:
        """Return the id unchanged."""
        return value


class CloudIdConverter(ProjectConverter):
    """The id of a disk, a snapshot or a backup."""

    regex = CLOUD_ID_PATTERN
