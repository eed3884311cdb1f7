"""Encryption of session data at rest."""

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
    """Session serializer: JSON encrypted with SECRET_KEY, so that a copy of the database reveals no token.

    Sessions encrypted with a key in SECRET_KEY_FALLBACKS can still be read.
    """

    def _cipher(self) -> MultiFernet:
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        return MultiFernet([_fernet(key) for key in keys])

    def dumps(self, obj: Any) -> bytes:
        """Return the JSON-serializable `obj` as encrypted bytes."""
        return self._cipher().encrypt(json.dumps(obj, separators=(",", ":")).encode())

    def loads(self, data: bytes) -> Any:
        """Return the decrypted object, or an empty dictionary if no known key decrypts it."""
        try:
            return json.loads(self._cipher().decrypt(data))
        except InvalidToken:
            return {}
