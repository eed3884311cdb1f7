"""The secret key of an installation that was given none."""

import os
import secrets
from pathlib import Path


def kept_secret_key(path: Path) -> str:
    """Return the key kept in the file at `path`, made there at the first start.

    Only the file's owner may read it. Of several processes that start at once, the first one's key holds.

    Raises:
        OSError: the file can be neither read nor made.
    """
    key = secrets.token_urlsafe(64)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    if not path.exists():
        draft.touch(mode=0o600)
        draft.write_text(key)
        try:
            # A hard link fails where the name is taken: unlike a rename it never replaces a key in use.
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
