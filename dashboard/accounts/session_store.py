"""Database sessions whose table holds hashes of the session keys, so that a copy of the database opens no session."""

import base64
import hashlib

from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session
from django.utils import timezone

# The column takes 40 characters, which are 30 bytes in base64.
HASH_BYTES = 30


def stored_key(session_key: str) -> str:
    """Return what the table holds for `session_key`: its SHA-256, cut to 240 bits.

    It needs neither salt nor secret key, as a session key is random.
    """
    digest = hashlib.sha256(session_key.encode(errors="replace")).digest()
    return base64.urlsafe_b64encode(digest[:HASH_BYTES]).decode()


class SessionStore(db.SessionStore):
    """Django's database sessions; only the browser's cookie has the session key itself.

    The asynchronous methods are Django's, which don't hash: Diskboard has no asynchronous views.
    """

    def exists(self, session_key: str) -> bool:
        """Return whether a session has this key."""
        return super().exists(stored_key(session_key))

    def delete(self, session_key: str | None = None) -> None:
        """Delete the session with this key, else this session."""
        key = session_key or self.session_key
        if key:
            super().delete(stored_key(key))

    def create_model_instance(self, data: dict[str, object]) -> AbstractBaseSession:
        """Return the row that holds `data`."""
        row = super().create_model_instance(data)
        row.session_key = stored_key(row.session_key)
        return row

    def _get_session_from_db(self) -> Session | None:
        """Return the row of this session; forget the key if it has none. Django's `load` calls this."""
        rows = Session.objects.filter(expire_date__gt=timezone.now())
        row = rows.filter(session_key=stored_key(self.session_key or "")).first()
        if row is None:
            self._session_key = None
        return row
