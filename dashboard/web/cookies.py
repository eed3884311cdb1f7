"""Diskboard's own cookies: with the path and the names by which two installations on one host stay apart."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def cookie_name(name: str) -> str:
    """Return the full name of a cookie."""
    return f"diskboard_{name}{settings.COOKIE_SUFFIX}"


def read_cookie(request: HttpRequest, name: str) -> str:
    """Return the value that the browser sent, or an empty string."""
    return request.COOKIES.get(cookie_name(name), "")


def set_cookie(response: HttpResponse, name: str, value: str, seconds: int) -> None:
    """Store a value in the browser for a number of seconds; no script can read it."""
    response.set_cookie(
        cookie_name(name),
        value,
        max_age=seconds,
        path=settings.COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def delete_cookie(response: HttpResponse, name: str) -> None:
    """Make the browser forget a value."""
    response.delete_cookie(cookie_name(name), path=settings.COOKIE_PATH, samesite="Lax")
