"""Redirect targets that stay on this site."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def safe_url(request: HttpRequest, url: str) -> str:
    """Return `url` if it is a path on this site, else the URL of the home page. Prevents open redirects."""
    ours = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    # redirect() would resolve other relative text as a view name; "//" starts a host name.
    return url if ours and url.startswith("/") and not url.startswith("//") else reverse("home")
