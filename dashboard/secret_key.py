"""The generated secret key, for an installation that sets no SECRET_KEY."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def kept_secret_key(path: Path) -> str:
    """Return the key stored in the file at `path`; generate it at the first start.

    Only the file's owner may read it. If several processes start at once, all use the key of the first.

    Raises:
        ImproperlyConfigured: the file can be neither read nor created.
    """
    try:
        return _kept(path)
    except OSError as error:
        expected = f"expected a directory in which Diskboard can create and read files ({path.name}: {error.strerror})"
        raise ImproperlyConfigured(f"VAR_DIR={path.parent}: {expected}") from error


def _kept(path: Path) -> str:
    key = secrets.token_urlsafe(64)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    if not path.exists():
        draft.touch(mode=0o600)
        draft.write_text(key)
        try:
            # Unlike a rename, a hard link fails if the name exists, so it never replaces a key in use.
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
