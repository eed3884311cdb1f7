"""What Diskboard keeps at rest about a signed-in person, encrypted."""

import base64
import hashlib
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes


def _fernet(secret_key: str | bytes) -> Fernet:
    digest = hashlib.sha256(b"diskboard.session" + force_bytes(secret_key)).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


class EncryptedJSON:
    """A serializer for Django's sessions: JSON, encrypted under SECRET_KEY, so that the database holds no token.

    Keys in SECRET_KEY_FALLBACKS still read.
    """

    def _box(self) -> MultiFernet:
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        return MultiFernet([_fernet(key) for key in keys])

    def dumps(self, obj: Any) -> bytes:
        """Return `obj`, anything JSON can hold, as encrypted bytes."""
        return self._box().encrypt(json.dumps(obj, separators=(",", ":")).encode())

    def loads(self, data: bytes) -> Any:
        """Return what `dumps` was given; an empty dictionary where the key has changed since."""
        try:
            return json.loads(self._box().decrypt(data))
        except InvalidToken:
            return {}
