"""How static files are served: hashed, compressed, and Diskboard's scripts joined into one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

if TYPE_CHECKING:
    from collections.abc import Iterator

# Each is a module of its own; none imports another one.
SCRIPTS = (
    "js/htmx_config.js",
    "js/page.js",
    "js/dialogs.js",
    "js/menus.js",
    "js/selection.js",
    "js/polling.js",
)
JOINED = "js/diskboard.js"


class StaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise is untyped
    """WhiteNoise's storage, which also joins SCRIPTS into JOINED: one request instead of five."""

    # The scripts of a page
    scripts = (JOINED,)

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Write the joined file, then hash and compress everything."""
        if not dry_run:
            self.delete(JOINED)
            self.save(JOINED, ContentFile("".join(self._as_block(name) for name in SCRIPTS)))
            paths[JOINED] = (self, JOINED)
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _as_block(self, name: str) -> str:
        """Return a script as a block, which keeps its names to itself as a module does."""
        with self.open(name) as file:
            return f"{{\n{file.read().decode()}\n}}\n"
