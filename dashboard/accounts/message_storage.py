"""Toasts in a cookie that only the user for whom they are gets to see."""

from typing import Any

from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from dashboard.accounts.session import user_id_in
from dashboard.web.cookies import cookie_name


def _signer(request: HttpRequest) -> signing.TimestampSigner:
    user_id = user_id_in(request.session) or ""
    return signing.get_cookie_signer(salt=f"{CookieStorage.key_salt}.{user_id}")


class MessageStorage(CookieStorage):
    """Django's cookie of messages, signed for the signed-in user, with a name of this installation.

    Toasts name disks. After signing out, after the end of the session, or by another user they can't be read, and the
    next page deletes them.
    """

    cookie_name = cookie_name("messages")

    def _decode(self, data: str | None) -> list[Message] | None:
        if data:
            self.signer = _signer(self.request)
        messages: list[Message] | None = super()._decode(data)  # type: ignore[misc]  # not in the stubs
        return messages

    def _store(self, messages: list[Message], response: HttpResponseBase, *args: Any, **kwargs: Any) -> list[Message]:
        """Store the messages of a signed-in user; those of a session that ends with this request are dropped."""
        self.signer = _signer(self.request)
        kept = messages if user_id_in(self.request.session) else []
        unstored: list[Message] = super()._store(kept, response, *args, **kwargs)  # type: ignore[misc]  # as above
        return unstored
